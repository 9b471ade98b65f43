"""Cuts for hand-overs, made of an edit and clips."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from vtx_app.cut.edited import build_timeline, film_row
from vtx_app.cut.timeline import Material
from vtx_app.formats.edit import Edit
from vtx_app.handover.changes import found_of
from vtx_app.handover.found import Piece
from vtx_app.handover.lay_out import Format, lay_out
from vtx_app.handover.model import Cut, Laid, Marker, Media
from vtx_app.handover.names import media_name, reel_name

RATES = tuple(
    map(Fraction, ("16", "24000/1001", "24", "25", "30000/1001", "30", "48000/1001", "48", "50", "60000/1001", "60"))
)
CODED = RATES[1:]
"""Those that SMPTE has a time code for."""

IDS = ("A01_S01_SH001", "A01_S01_SH002", "A01_S02_SH001A", "A02_S01_SH001")


def material(clip_id: str, frames: int = 48, **parts: Any) -> Material:
    return Material(clip_id, int(clip_id[1:3]), int(clip_id[5:7]), frames, **parts)


THREE = [
    material("A01_S01_SH001", head=8, tail=8),
    material("A01_S01_SH002", head=8, tail=8),
    material("A02_S01_SH001"),
]
"""Two clips with handles, and one without."""

EDITED: dict[str, Any] = {
    "clips": {
        "A01_S01_SH001": {"in": -2, "sound_out": 3, "gain_db": -3},
        "A01_S01_SH002": {"sound_in": -4, "fade_in": 4},
    },
    "transitions": [
        {"after": "A01_S01_SH001", "dissolve": 9},
        {"after": "A01_S01_SH002", "dip": 7},
        {"after": "A02_S01_SH001", "fade_out": 5},
    ],
}
"""An edit of them: into a handle, a dissolve, a dip and a fade, J and L cuts, a level and a fade of sound."""


def media_of(each: Material, number: int = 1) -> Media:
    frames = each.head + each.frames + each.tail
    name = media_name(each.clip_id, number)
    return Media(name, each.clip_id, number, "ab" * 32, reel_name(each.clip_id, number), frames, each.head, each.frames)


def cut_of(
    materials: Sequence[Material],
    edit: dict[str, Any] | Edit,
    rate: Fraction = Fraction(24),
    laid: Sequence[Laid] = (),
    markers: Sequence[Marker] = (),
    title: str = "The film",
) -> Cut:
    model = edit if isinstance(edit, Edit) else Edit.model_validate(edit)
    timeline = build_timeline(materials, model)
    shown = {each.clip_id: media_of(each) for each in materials}
    return lay_out(
        Format(title, "film", rate, 1920, 800),
        film_row(materials, model),
        timeline.sound,
        shown,
        edit=model,
        laid=laid,
        markers=markers,
        media=list(shown.values()),
    )


def pieces(cut: Cut) -> list[Piece]:
    """What a list of the cut holds of its picture."""
    return list(found_of(cut).pieces)


@st.composite
def clips(draw: st.DrawFn) -> list[Material]:
    """One to four clips, with and without handles."""
    found = []
    for clip_id in IDS[: draw(st.integers(1, 4))]:
        head, tail = draw(st.sampled_from([(0, 0), (8, 8), (3, 12)]))
        found.append(material(clip_id, draw(st.integers(20, 60)), head=head, tail=tail))
    return found


@st.composite
def edit_of(draw: st.DrawFn, materials: Sequence[Material]) -> dict[str, Any]:
    """An edit of those clips, which may not fit them."""
    entries: dict[str, Any] = {}
    transitions: list[dict[str, Any]] = []
    for each in materials:
        entry: dict[str, Any] = {}
        if draw(st.booleans()):
            entry["in"] = draw(st.integers(-each.head, 5))
        if draw(st.booleans()):
            entry["out"] = draw(st.integers(each.frames - 5, each.frames + each.tail))
        if draw(st.booleans()):
            entry |= {"gain_db": draw(st.integers(-12, 6))}
        if draw(st.integers(0, 3)) == 0:
            entry |= {"sound_in": draw(st.integers(-3, 4)), "sound_out": draw(st.integers(-4, 3))}
        if draw(st.integers(0, 9)) == 0:
            entry |= {"mute": True}
        if draw(st.integers(0, 6)) == 0:
            entry |= {"repeat": 2}
        if draw(st.integers(0, 6)) == 0:
            entry |= {"hold": {draw(st.sampled_from(["first", "last"])): draw(st.integers(12, 20))}}
        if entry:
            entries[each.clip_id] = entry
    for left in materials[:-1]:
        kind = draw(st.sampled_from(["", "dissolve", "dip", "fade_out"]))
        if kind:
            transitions.append({"after": left.clip_id, kind: draw(st.integers(1, 11))})
    if draw(st.booleans()):
        transitions.append({"before": materials[0].clip_id, "fade_in": draw(st.integers(1, 6))})
    if draw(st.booleans()):
        transitions.append({"after": materials[-1].clip_id, "fade_out": draw(st.integers(1, 6))})
    return {"clips": entries, "transitions": transitions}


@st.composite
def edits(draw: st.DrawFn) -> tuple[list[Material], dict[str, Any]]:
    """Clips, and an edit that may not fit them."""
    materials = draw(clips())
    return materials, draw(edit_of(materials))


@st.composite
def two_edits(draw: st.DrawFn) -> tuple[list[Material], dict[str, Any], dict[str, Any]]:
    """Clips, and two edits of them."""
    materials = draw(clips())
    return materials, draw(edit_of(materials)), draw(edit_of(materials))
