"""A shot in which a light comes on or goes out, as two states of its reading."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vtx_app.render.animatic.reading.model import Reading

__all__ = ["Change", "states_of"]

_BEFORE, _AFTER = 0.25, 0.75


@dataclass(frozen=True, slots=True)
class Change:
    """From ``at`` (a share of the shot's length) on, the shot is as ``reading`` says."""

    at: float
    reading: Reading


def states_of(reading: Reading) -> list[Change]:
    """The reading before and after its lights change; the reading itself if none does."""
    if not any(each.change for each in reading.things):
        return [Change(0.0, reading)]
    return [Change(_BEFORE, _state(reading, after=False)), Change(_AFTER, _state(reading, after=True))]


def _state(reading: Reading, *, after: bool) -> Reading:
    things = tuple(
        replace(each, lit=(each.change == "begins") == after) if each.change else each for each in reading.things
    )
    ends = any(each.change == "ends" for each in reading.things)
    dark = reading.dark or (after and ends and reading.time in ("night", "evening"))
    return replace(reading, things=things, dark=dark if after == ends or reading.dark else False)
