"""How long the edit has the picture stand still, and how long a film may be."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from vtx_app.cut.timeline import Timeline
from vtx_app.cut.trim import Fault
from vtx_app.formats.edit import Edit
from vtx_app.formats.yaml_reader import Keys
from vtx_app.text import format_duration

__all__ = ["length_faults", "long_stills"]

_LONG = 60
"""Seconds of one still picture from which on it may be a slip."""

_MOST_HOURS = 23
"""Of a film: its time code begins at 01:00:00:00 and ends with the day."""

_Still = tuple[Keys, int, int]
"""The keys of a value in the edit, its frames, and how many times they are shown."""


def long_stills(edit: Edit, rate: Fraction) -> list[Fault]:
    """The keys of each still picture that stands for a minute or more, and for how long in time."""
    return [
        (keys, f"{frames} frames are {format_duration(float(frames / rate))} of one still picture")
        for keys, frames, _ in _stills(edit)
        if frames >= _LONG * rate
    ]


def length_faults(timeline: Timeline, edit: Edit, rate: Fraction) -> list[Fault]:
    """What makes a film too long: its longest still, or nothing if the film is short enough or has none."""
    stills = list(_stills(edit))
    if timeline.frames <= _MOST_HOURS * 3600 * rate or not stills:
        return []
    keys, frames, times = max(stills, key=lambda still: still[1] * still[2])
    shown = f"{frames} frames, shown {times} times," if times > 1 else f"{frames} frames"
    length = format_duration(float(timeline.frames / rate))
    return [(keys, f"{shown} make the film {length} long; it may last {_MOST_HOURS} hours, until its time code ends")]


def _stills(edit: Edit) -> Iterator[_Still]:
    for clip_id, clip in edit.clips.items():
        if not clip.leave_out:
            for end in ("first", "last"):
                if frames := getattr(clip.hold, end):
                    yield ("clips", clip_id, "hold", end), frames, clip.repeat
    for number, title in enumerate(edit.titles):
        if not title.over:
            yield ("titles", number, "frames"), title.frames, 1
    if edit.end_card:
        yield ("end_card", "frames"), edit.end_card.frames, 1
