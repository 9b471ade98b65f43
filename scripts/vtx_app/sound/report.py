"""What was measured while the film was mixed: ``<slug>.sound.json``, which ``plan`` and the manifest show.

Loudness is in LUFS and true peak in dBTP (EBU R128, ITU-R BS.1770-4); both are null for silence.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["ClipSound", "Measured", "SoundReport", "read_report", "report_data", "report_text"]

ALLOWED = 0.5
"""LU by which a film may miss its loudness (EBU R128, 2020: ±0.5 LU where it is practicable, else ±1)."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Integrated ``loudness`` and highest ``true_peak``."""

    loudness: float | None
    true_peak: float | None


@dataclass(frozen=True, slots=True)
class ClipSound:
    """One clip as it is heard from film frame ``start`` on.

    ``loudness`` of the stretch of the take that is used, ``level`` that of its dialogue alone if it has any, ``peak``
    its highest sample in dBFS. ``level_db`` is the gain that brings it to its scene's level, ``gain_db`` the edit's
    own. ``loudness_after`` is that in the film.
    ``broken``: samples of the take that are not numbers, and silent in the film.
    """

    clip_id: str
    digest: str
    start: int
    frames: int
    speaks: bool
    loudness: float | None
    level: float | None
    peak: float | None
    level_db: float
    gain_db: float
    loudness_after: float | None
    broken: int = 0


@dataclass(frozen=True, slots=True)
class SoundReport:
    """A whole mix.

    ``before``: with the clips' levels, music and effects, before ``gain_db``, the one gain of the film. ``after``: as
    it is in the file. ``limited_seconds``: how long the limiter was at work, ``limited_db`` the most it took away.
    """

    stamp: str
    frames: int
    rate: str
    samples: int
    target: Measured
    before: Measured
    after: Measured
    gain_db: float
    limited_seconds: float
    limited_db: float
    clips: tuple[ClipSound, ...]

    def notices(self) -> list[str]:
        """What the film-maker should know, a line each."""
        lines = [
            f"{clip.clip_id}: {clip.broken} samples of its take's sound are not numbers; they are silent in the film"
            for clip in {clip.clip_id: clip for clip in self.clips}.values()
            if clip.broken
        ]
        wanted, found = self.target.loudness, self.after.loudness
        if wanted is not None and found is not None and abs(found - wanted) > ALLOWED:
            lines.append(
                f"the film is at {found:.1f} LUFS, not {wanted:.1f}: a few of its sounds are much louder than all "
                f"others, and the limiter already takes {self.limited_db:.1f} dB off them; turn those clips down "
                "(gain_db in story/05_edit.yaml)"
            )
        return lines


def report_text(report: SoundReport) -> str:
    """The report as the text of its file; the film's gain is exact, because stems have it too."""
    data = {"version": 1} | report_data(report) | {"gain_db": report.gain_db}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def report_data(report: SoundReport) -> dict[str, Any]:
    """The report as JSON's types; decibels to a hundredth."""
    rounded = _rounded(asdict(report))
    assert isinstance(rounded, dict)  # noqa: S101
    return rounded


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return round(value, 2) + 0.0 if isinstance(value, float) else value


def read_report(path: Path) -> SoundReport | None:
    """The report at ``path``; None if there is none, or it can't be read as one."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        data.pop("version")
        for key in ("target", "before", "after"):
            data[key] = Measured(**data[key])
        data["clips"] = tuple(ClipSound(**clip) for clip in data["clips"])
        return SoundReport(**data)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
