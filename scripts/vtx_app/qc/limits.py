"""Every limit of the checks, with its unit and its source; how things are measured: ``picture``, ``sound``.

Where the source is "here", the value lies between made faults and good clips of the tests, nearer to the faults.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LIMITS", "Limit", "limit"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A ``value`` in ``unit``, and where it is from."""

    value: float
    unit: str
    source: str


LIMITS = {
    "black": Limit(0.2, "seconds", "here; what is shorter is a flash. blackdetect's default, 2 s, is made for gaps"),
    "frozen_end": Limit(
        0.4, "seconds", "here: a first frame that stays (LTX-2 11, 117, 100) is seen from ten frames on"
    ),
    "frozen_middle": Limit(0.8, "seconds", "here: a held look lasts less. freezedetect's default is 2 s"),
    "flash": Limit(0.06 * 255, "levels", "here; ITU-R BT.1702-3 counts flashes from 10 % of full brightness"),
    "cut": Limit(0.10 * 255, "levels", "FFmpeg's scdet: threshold 10 % of full scale, good values 8 to 14"),
    "cut_ratio": Limit(3, "times the motion around it", "here: fast motion is no cut"),
    "soft_cut": Limit(0.03 * 255, "levels", "here: a cut in the dark, where all changes little"),
    "soft_cut_ratio": Limit(8, "times the motion around it", "here"),
    "glitch": Limit(0.025 * 255, "levels", "here"),
    "glitch_ratio": Limit(5, "times the motion around it", "here"),
    "glitch_end": Limit(1.0, "seconds", "where LTX-2's glitches are: LTX-2 148"),
    "length": Limit(0.1, "seconds", "two blocks of AAC and two of the model's sound steps of 40 ms"),
    "silence": Limit(-50, "LUFS", "below it the mix takes a clip for silent (sound/level.py)"),
    "clipping": Limit(10, "flat tops", "here: a few are a hard hit; speech that clips has hundreds"),
    "hum": Limit(20, "decibels above its surroundings", "here; two of the tones at once"),
    "hum_level": Limit(-60, "dBFS", "at the level of the quietest room in a mix"),
    "loudness": Limit(12, "LU from its scene", "as far as the mix turns a clip (sound/level.py)"),
    "rate": Limit(1e-4, "part of the rate", "24 and 24000/1001 are a thousandth apart"),
    "drift": Limit(20, "ΔE*ab of means", "here: what is seen moves the mean too, by 10 in the demo film"),
    "drift_growing": Limit(
        5, "ΔE*ab of means", "twice the just noticeable 2.3 of Mahy et al., 1994, and more with each link"
    ),
    "drift_spread": Limit(2.0, "times the spread of luma", "here: 1.5 between two shots of the demo film"),
    "drift_links": Limit(3, "links", "drift shows after three: Wan2GP 2132, 268, 619"),
    "seam": Limit(5, "ΔE*ab of means", "twice what is just noticeable, where a shot runs on"),
    "seam_spread": Limit(1.2, "times the spread of luma", "here"),
    "cut_seam": Limit(45, "ΔE*ab of means", "here: shots of one place and scene; day against night is 50 and more"),
}
"""By name. Differences of pictures are mean absolute differences of 8 bit luma."""


def limit(name: str) -> float:
    """The value of the limit ``name``."""
    return LIMITS[name].value
