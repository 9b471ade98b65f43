"""The drawn pieces of the cut with what decides their pixels. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vtx_app.compile.request import stamp_of
from vtx_app.cut.delivery import STORYBOARD_VERSION
from vtx_app.cut.timeline import Drawn, Footage, Plain, Roll, Timeline, Words
from vtx_app.models.fingerprint import file_sha256
from vtx_app.plan.clip_plan import ClipPlan
from vtx_app.plan.film_plan import InsertPlan
from vtx_app.plan.shots import Tier

__all__ = ["INSERT_VERSION", "plan_inserts"]

INSERT_VERSION = 1
"""Raised when the same piece of the same takes would be drawn differently."""


def plan_inserts(
    common: Tier, timeline: Timeline, clips: Mapping[str, ClipPlan], folder: Path
) -> dict[str, InsertPlan]:
    """The drawn pieces by name, in order; their files lie in ``folder``. ``clips`` by id."""
    font = common.film.title_font
    lettered = any(isinstance(layer.content, Words | Roll) for piece in timeline.drawn for layer in piece.layers)
    font_digest = file_sha256(font) if font and lettered else ""
    found = {}
    for piece in timeline.drawn:
        shown = [layer.content.clip_id for layer in piece.layers if isinstance(layer.content, Footage)]
        used = {clip_id: clips[clip_id] for clip_id in shown}
        stamp = _stamp(common, piece, used, font_digest)
        found[piece.name] = InsertPlan(piece, tuple(used.values()), font, stamp, folder / f"{piece.name}.mp4")
    return found


def _stamp(common: Tier, piece: Drawn, clips: Mapping[str, ClipPlan], font: str) -> str:
    """The stamp of a piece. Its place in the film and the names of its clips don't count, because they don't show."""
    numbers = {clip_id: number for number, clip_id in enumerate(clips)}
    slates = any(clip.delivery.slate for clip in clips.values())
    lettered = any(isinstance(layer.content, Words | Roll) for layer in piece.layers)
    facts = {
        "size": common.size,
        "rate": common.rate,
        "frames": piece.frames,
        "clips": [_seen(clip) for clip in clips.values()],
        "layers": [
            (_content(layer.content, numbers), layer.at, layer.frames, layer.fade_in, layer.fade_out)
            for layer in piece.layers
        ],
        "font": font if lettered else "",
        "slate_font": common.slate_font if slates else "",
    } | ({"storyboard": STORYBOARD_VERSION} if slates else {})
    return stamp_of("insert", INSERT_VERSION, facts)


def _seen(clip: ClipPlan) -> tuple[Any, ...]:
    """What decides how a clip's frames look: its take, its picture, its slate (which counts the shot's frames), and
    what its colour is matched to."""
    delivery = clip.delivery
    picture = delivery.picture_width, delivery.picture_height
    slate = (delivery.slate, clip.material.frames) if delivery.slate else None
    seen = clip.take.digest, delivery.head or 0, picture, slate
    return (*seen, delivery.match) if delivery.match else seen


def _content(content: Footage | Plain | Words | Roll, numbers: Mapping[str, int]) -> tuple[Any, ...]:
    match content:
        case Footage():
            return "footage", numbers[content.clip_id], content.first, content.still
        case Plain():
            return "plain", content.colour.lower()
        case Words():
            words = content.lettering
            return "words", _text(words.text), words.model_dump(exclude={"text", "frames", "fade"})
        case Roll():
            return "roll", _text("\n".join(content.lines)), content.roll.model_dump(exclude={"file"})


def _text(text: str) -> str:
    """A digest of ``text`` in which every space counts; canonical JSON would fold them."""
    return hashlib.sha256(text.encode()).hexdigest()
