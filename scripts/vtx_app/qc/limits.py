"""Every limit of the checks, with its unit and its source; how things are measured: ``picture``, ``sound``.

Where the source is "here", the value lies between made faults and good clips of the tests (``tests/unit/qc``), nearer
to the faults. FFmpeg's values are those of ``man ffmpeg-filters``.
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
    "black": Limit(
        0.2, "seconds", "here; what is shorter is a flash. FFmpeg's blackdetect waits for 2 s (black_min_duration)"
    ),
    "frozen_end": Limit(
        0.4,
        "seconds",
        "here: first frames that stay (Lightricks/LTX-2 issues 11, 100; ComfyUI-LTXVideo issue 384: 1 to 2 s)",
    ),
    "frozen_middle": Limit(0.8, "seconds", "here: a held look lasts less. FFmpeg's freezedetect waits for 2 s"),
    "flash": Limit(0.06 * 255, "levels", "here; ITU-R BT.1702 counts flashes from 20 cd/m², a tenth of a screen's 200"),
    "cut": Limit(
        0.10 * 255, "levels", "FFmpeg's scdet: threshold 10 % of the largest change; 8 to 14 are good, says its manual"
    ),
    "cut_ratio": Limit(3, "times the motion around it", "here: fast motion is not a cut"),
    "soft_cut": Limit(0.03 * 255, "levels", "here: a cut in the dark, where all changes little"),
    "soft_cut_ratio": Limit(8, "times the motion around it", "here"),
    "glitch": Limit(0.025 * 255, "levels", "here"),
    "glitch_ratio": Limit(5, "times the motion around it", "here"),
    "glitch_end": Limit(1.0, "seconds", '"in the final second": Lightricks/LTX-2 issue 148'),
    "length": Limit(0.1, "seconds", "here: two blocks of AAC (43 ms) and one of LTX-2's steps of sound (40 ms)"),
    "silence": Limit(-50, "LUFS", "below it the mix takes a clip for silent (sound/level.py)"),
    "words": Limit(0.5, "word error rate", "here: a model of speech gets some words wrong by itself"),
    "clipping": Limit(10, "flat tops", "here: a few are a hard hit; speech that clips has hundreds"),
    "hum": Limit(20, "decibels above its surroundings", "here; two of the tones at once"),
    "hum_level": Limit(-60, "dBFS", "here: what is softer is lost in the sound of a room"),
    "loudness": Limit(12, "LU from its scene", "as far as the mix turns a clip (sound/level.py)"),
    "rate": Limit(1e-4, "part of the rate", "24 and 24000/1001 are a thousandth apart"),
    "drift": Limit(20, "ΔE*ab of means", "here: what is seen moves the mean too, by 10 in the demo film"),
    "drift_growing": Limit(
        5, "ΔE*ab of means", "twice the just noticeable 2.3 of Mahy et al. (1994), and more with each link"
    ),
    "drift_spread": Limit(2.0, "times the spread of luma", "here: 1.5 between two shots of the demo film"),
    "drift_links": Limit(3, "links", "it grows with each window: deepbeepmeep/Wan2GP issues 268, 2132"),
    "seam": Limit(5, "ΔE*ab of means", "twice what is just noticeable, where a shot runs on"),
    "seam_spread": Limit(1.2, "times the spread of luma", "here"),
    "cut_seam": Limit(45, "ΔE*ab of means", "here: shots of one place and scene; day against night is 50 and more"),
}
"""By name. Differences of pictures are mean absolute differences of 8 bit luma."""


def limit(name: str) -> float:
    """The value of the limit ``name``."""
    return LIMITS[name].value
