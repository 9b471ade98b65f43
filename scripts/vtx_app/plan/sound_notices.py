"""What was measured of the film's sound, once it is mixed: lines of ``vtx plan``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vtx_app.plan.film_plan import FilmPlan
from vtx_app.sound.level import MOST_GAIN
from vtx_app.sound.report import ClipSound, Measured, SoundReport, read_report, report_data
from vtx_app.text import listed, plural

__all__ = ["sound_data", "sound_lines"]

_MOST_IDS = 8


def sound_lines(plan: FilmPlan, *, every: bool = False) -> list[str]:
    """The film's loudness before and after the mix, and what was done to its clips; a line for each with ``every``.

    Nothing if the mix is still to be made.
    """
    report = _report(plan)
    if report is None:
        return []
    return [*_film_lines(report), *report.notices(), *(_clip_lines(report.clips) if every else [])]


def sound_data(plan: FilmPlan) -> dict[str, Any] | None:
    """For ``--json``: what ``<slug>.sound.json`` holds; None if the mix is still to be made."""
    report = _report(plan)
    return None if report is None else report_data(report)


def _report(plan: FilmPlan) -> SoundReport | None:
    return read_report(plan.mix.report) if plan.mix is not None and plan.is_current(plan.mix) else None


def _film_lines(report: SoundReport) -> list[str]:
    if report.before.loudness is None:
        return ["sound: the film is silent"]
    line = f"sound: {_lufs(report.before.loudness)} as its takes are, mixed to {_loudness(report.after)}"
    if report.limited_seconds >= 0.05:
        line += f"; the limiter takes up to {report.limited_db:.1f} dB off {report.limited_seconds:.1f} s of it"
    up = [clip for clip in report.clips if clip.level_db > 0.05]
    down = [clip for clip in report.clips if clip.level_db < -0.05]
    moved = [
        f"{plural(len(clips), 'clip')} {way} by up to {max(abs(clip.level_db) for clip in clips):.1f} dB"
        for clips, way in ((up, "up"), (down, "down"))
        if clips
    ]
    lines = [line, f"sound: brought to the level of their scene: {', '.join(moved)}"] if moved else [line]
    if bound := sorted({clip.clip_id for clip in report.clips if abs(clip.level_db) >= MOST_GAIN}):
        lines.append(
            f"sound: still not at the level of their scene, turned by {MOST_GAIN:.0f} dB, the most: "
            f"{listed(bound, _MOST_IDS)}; gain_db in story/05_edit.yaml turns them further, or render another take"
        )
    return lines


def _clip_lines(clips: Sequence[ClipSound]) -> list[str]:
    return [
        f"sound: {clip.clip_id}  {_lufs(clip.loudness)}, level {clip.level_db:+.1f} dB, edit {clip.gain_db:+.1f} dB, "
        f"in the film {_lufs(clip.loudness_after)}"
        for clip in clips
    ]


def _loudness(measured: Measured) -> str:
    peak = "" if measured.true_peak is None else f", {measured.true_peak:.1f} dBTP"
    return _lufs(measured.loudness) + peak


def _lufs(loudness: float | None) -> str:
    return "silent" if loudness is None else f"{loudness:.1f} LUFS"
