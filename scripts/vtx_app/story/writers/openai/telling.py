"""How the film and its scenes are told to a model: summaries, so that no call needs more than a scene's worth."""

from __future__ import annotations

import re
from typing import Any

from vtx_app.formats.outline import Outline, OutlineScene
from vtx_app.story.story_files import Sources

__all__ = ["film_told", "scene_summary", "scene_told", "treatment_of"]

_LONGEST = 6_000
"""Characters of a treatment that one call is given at most."""


def film_told(sources: Sources) -> dict[str, Any]:
    """The film in two sentences."""
    return {
        "title": sources.outline.title or sources.metadata.title,
        "logline": sources.metadata.logline,
        "theme": sources.outline.theme,
    }


def scene_told(outline: Outline, scene: OutlineScene) -> dict[str, Any]:
    """A scene of the outline with the names of who and where, without its id."""
    places = {place.id: place for place in outline.locations}
    cast = {who.id: who for who in outline.characters}
    place = places.get(scene.location or "")
    return {
        "title": scene.title,
        "location": {"name": place.name, "about": place.about} if place else scene.location,
        "time": scene.time,
        "characters": [
            {"id": name, "name": cast[name].name, "role": cast[name].role} if name in cast else {"id": name}
            for name in scene.characters
        ],
        "purpose": scene.purpose,
        "beats": scene.beats,
        "seconds": scene.seconds,
    }


def scene_summary(scene: OutlineScene | None) -> str | None:
    """A neighbouring scene in a line or two."""
    return None if scene is None else f"{scene.title}: {scene.purpose} {' '.join(scene.beats)}".strip()


def treatment_of(sources: Sources, scene_id: str) -> str:
    """What the treatment says of a scene: the text under its heading (``### A01_S02 …``), else that of its act.

    A treatment without such headings, longer than a call may be given, is given around the scene's place in it.
    """
    text = sources.treatment
    found = re.search(rf"^#+ {scene_id}\b[^\n]*\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    if found:
        return found[1].strip()[:_LONGEST]
    act, _ = sources.outlined[scene_id]
    ids = [scene.scene for scene in act.scenes]
    chapter = re.search(rf"^(#+) Act {act.act}\b[^\n]*\n(.*?)(?=^\1 |\Z)", text, re.MULTILINE | re.DOTALL)
    if chapter:
        text = chapter[2]
    else:
        ids = list(sources.outlined)
    text = text.strip()
    if len(text) <= _LONGEST:
        return text
    middle = round(len(text) * (ids.index(scene_id) + 0.5) / len(ids))
    start = min(max(0, middle - _LONGEST // 2), len(text) - _LONGEST)
    return text[start : start + _LONGEST]
