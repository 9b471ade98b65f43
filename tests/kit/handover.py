"""Cuts for hand-overs, made of an edit and clips."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from vtx_app.cut.edited import build_timeline, film_row
from vtx_app.cut.timeline import Material
from vtx_app.formats.edit import Edit
from vtx_app.handover.lay_out import Format, lay_out
from vtx_app.handover.model import Cut, Laid, Marker, Media
from vtx_app.handover.names import media_name, reel_name

RATES = tuple(Fraction(text) for text in ("16", "24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001"))
CODED = RATES[1:]
"""Those that SMPTE has a time code for."""

IDS = ("A01_S01_SH001", "A01_S01_SH002", "A01_S02_SH001A", "A02_S01_SH001")


def material(clip_id: str, frames: int = 48, **parts: Any) -> Material:
    return Material(clip_id, int(clip_id[1:3]), int(clip_id[5:7]), frames, **parts)


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
) -> Cut:
    model = edit if isinstance(edit, Edit) else Edit.model_validate(edit)
    timeline = build_timeline(materials, model)
    shown = {each.clip_id: media_of(each) for each in materials}
    return lay_out(
        Format("The film", "film", rate, 1920, 800),
        film_row(materials, model),
        timeline.sound,
        shown,
        edit=model,
        laid=laid,
        markers=markers,
        media=list(shown.values()),
    )


@st.composite
def edits(draw: st.DrawFn) -> tuple[list[Material], dict[str, Any]]:
    """Clips with and without handles, and an edit that may not fit them."""
    materials, clips, transitions = [], {}, []
    for clip_id in IDS[: draw(st.integers(1, 4))]:
        head, tail = draw(st.sampled_from([(0, 0), (8, 8), (3, 12)]))
        frames = draw(st.integers(20, 60))
        materials.append(material(clip_id, frames, head=head, tail=tail))
        entry: dict[str, Any] = {}
        if draw(st.booleans()):
            entry["in"] = draw(st.integers(-head, 5))
        if draw(st.booleans()):
            entry["out"] = draw(st.integers(frames - 5, frames + tail))
        if draw(st.booleans()):
            entry |= {"gain_db": draw(st.integers(-12, 6))}
        if draw(st.booleans()):
            entry |= {"sound_in": draw(st.integers(-8, 4)), "sound_out": draw(st.integers(-4, 8))}
        if draw(st.integers(0, 9)) == 0:
            entry |= {"mute": True}
        if draw(st.integers(0, 6)) == 0:
            entry |= {"repeat": 2}
        if entry:
            clips[clip_id] = entry
    for left in materials[:-1]:
        kind = draw(st.sampled_from(["", "dissolve", "dip", "fade_out"]))
        if kind:
            transitions.append({"after": left.clip_id, kind: draw(st.integers(1, 11))})
    if draw(st.booleans()):
        transitions.append({"before": materials[0].clip_id, "fade_in": draw(st.integers(1, 6))})
    if draw(st.booleans()):
        transitions.append({"after": materials[-1].clip_id, "fade_out": draw(st.integers(1, 6))})
    return materials, {"clips": clips, "transitions": transitions}
