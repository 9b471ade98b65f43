"""Which frames of a shot the film shows, and which requests of the edit the take can't meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vtx_app.cut.timeline import Material
from vtx_app.errors import CutError
from vtx_app.formats.edit import ClipEdit
from vtx_app.formats.yaml_reader import Keys
from vtx_app.text import plural

__all__ = ["EditFaults", "Fault", "Trim", "trim"]

Fault = tuple[Keys, str]
"""The keys of a value in the edit, and what is wrong with it."""


class EditFaults(CutError):
    """An edit that does not fit its clips. ``faults``: the keys of each value that doesn't, and why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{'.'.join(map(str, keys))}: {text}" for keys, text in faults))


@dataclass(frozen=True, slots=True)
class Trim:
    """The frames ``first`` up to ``end`` of a shot. ``faults``: what of the edit does not fit. ``notes``: what a
    fixed take has too little for."""

    first: int
    end: int
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


def trim(material: Material, edit: ClipEdit) -> Trim:
    """The frames of a shot that the edit shows, within what its take has."""
    first, end, low, high = edit.in_, _end(material, edit), -material.head, material.frames + material.tail
    keys = ("clips", material.clip_id)
    faults: list[Fault] = []
    notes: list[Fault] = []
    if first < low:
        has = f"its take has {plural(material.head, 'frame')} before the shot"
        if material.fixed:
            notes.append(((*keys, "in"), f"{edit.in_}: {has}"))
        else:
            faults.append(((*keys, "in"), f"{edit.in_}: {has}, so at least {low}"))
        first = low
    if end > high:
        has = f"its take has {plural(material.tail, 'frame')} after the shot's {material.frames}"
        if material.fixed:
            notes.append(((*keys, "out"), f"{edit.out}: {has}"))
        else:
            faults.append(((*keys, "out"), f"{edit.out}: {has}, so at most {high}"))
        end = high
    if first >= end:
        on_in = edit.out is None or first >= high
        key, value, most = ("in", edit.in_, (end if end > low else high) - 1) if on_in else ("out", edit.out, first + 1)
        hint = f"at most {most}" if on_in else f"from frame {first} on, at least {most}"
        faults.append(((*keys, key), f"{value}: nothing is left of the shot's {material.frames} frames; {hint}"))
        first = min(first, high - 1)
        end = first + 1
    return Trim(first, end, tuple(faults), tuple(notes))


def _end(material: Material, edit: ClipEdit) -> int:
    if edit.out is None:
        return material.frames
    return edit.out + material.frames if edit.out < 0 else edit.out
