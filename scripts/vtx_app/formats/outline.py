"""``story/01_outline.yaml``: who and where the film is, and its acts and scenes in the order they are told.

A scene id (``A01_S03``) is an identity, never a position: a scene put in between takes any free number of its act.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from vtx_app.formats.base import WHOLE, Format, Name, Number, Text

__all__ = [
    "ID_PATTERN",
    "SCENE_ID_PATTERN",
    "ActDraft",
    "CastMember",
    "Outline",
    "OutlineAct",
    "OutlineDraft",
    "OutlineScene",
    "Place",
    "SceneDraft",
    "SceneId",
    "scene_numbers",
    "unknown_names",
]

SCENE_ID_PATTERN = r"^A\d{2,3}_S\d{2,3}$"
ID_PATTERN = r"^[a-z0-9][a-z0-9_]{0,39}$"

SceneId = Annotated[str, Field(pattern=SCENE_ID_PATTERN, description="A01_S03; it stays, wherever the scene is moved")]
PlainId = Annotated[str, Field(pattern=ID_PATTERN, description="small letters, digits and _: old_keeper")]


def scene_numbers(scene_id: str) -> tuple[int, int]:
    """Act and scene of a scene id."""
    found = re.fullmatch(r"A(\d+)_S(\d+)", scene_id)
    if found is None:
        raise ValueError(f"{scene_id!r} is not a scene id")
    return int(found[1]), int(found[2])


# The names, docstrings and descriptions from here on are part of the requests that are sent to a language model, and so
# of the keys of answers already paid for: tests/unit/story/stages/test_golden_digests.py holds them.
class CastMember(Format):
    """A character of the film."""

    id: PlainId
    name: Annotated[Name, Field(description="the name as the audience knows it")]
    role: Annotated[Text, Field(description="who they are, and what they want")] = ""


class Place(Format):
    """A place of the film."""

    id: PlainId
    name: Annotated[Name, Field(description="the name in scene headings")]
    about: Annotated[Text, Field(description="what it is, and what it means to the story")] = ""


class SceneDraft(Format):
    """A scene, before it has an id."""

    title: Annotated[Text, Field(description="what the scene is called; names its screenplay file")] = ""
    location: Annotated[Name | None, Field(description="an id of locations")] = None
    time: Annotated[Text, Field(description="dusk, night, the next morning …")] = ""
    characters: Annotated[list[Name], Field(description="ids of characters, on screen or heard")] = []
    purpose: Annotated[Text, Field(description="why the film needs it: what is different after it")] = ""
    beats: Annotated[list[Text], Field(description="what happens, one beat a line")] = []
    seconds: Annotated[Number | None, Field(gt=0, le=3600, description="roughly how long it lasts, in seconds")] = None


class OutlineScene(SceneDraft):
    """A scene of the film."""

    scene: SceneId


class ActDraft(Format):
    """An act, before its scenes have ids."""

    title: Annotated[Text, Field(description="what the act is called")] = ""
    turn: Annotated[Text, Field(description="what has changed when it ends, in a sentence or two")] = ""
    scenes: Annotated[list[SceneDraft], Field(description="in the order they are told")] = []


class OutlineAct(Format):
    """An act of the film."""

    act: Annotated[int, Field(ge=1, le=999, description="1, 2, 3 …; the A01 of its scenes"), WHOLE]
    title: Annotated[Text, Field(description="what the act is called")] = ""
    turn: Annotated[Text, Field(description="what has changed when it ends, in a sentence or two")] = ""
    scenes: Annotated[list[OutlineScene], Field(description="in the order they are told")] = []


class OutlineDraft(Format):
    """An outline, before its acts and scenes have numbers."""

    title: Annotated[Text, Field(description="the film's working title")] = ""
    theme: Annotated[Text, Field(description="what the film is about, in a sentence")] = ""
    characters: Annotated[list[CastMember], Field(description="everybody who is seen or heard")] = []
    locations: Annotated[list[Place], Field(description="every place of the film")] = []
    acts: Annotated[list[ActDraft], Field(description="in the order they are told")] = []


class Outline(Format):
    """The film in acts and scenes."""

    version: Annotated[Literal[1], Field(description="the format's version")] = 1
    title: Annotated[Text, Field(description="the film's working title")] = ""
    theme: Annotated[Text, Field(description="what the film is about, in a sentence")] = ""
    characters: Annotated[list[CastMember], Field(description="everybody who is seen or heard")] = []
    locations: Annotated[list[Place], Field(description="every place of the film")] = []
    acts: Annotated[list[OutlineAct], Field(description="in the order they are told")] = []

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for kind, names in (
            ("act", [str(act.act) for act in self.acts]),
            ("scene", [scene.scene for act in self.acts for scene in act.scenes]),
            ("character", [who.id for who in self.characters]),
            ("location", [place.id for place in self.locations]),
        ):
            if twice := [name for name, count in Counter(names).items() if count > 1]:
                raise ValueError(f"{kind} {', '.join(twice)}: listed more than once")
        for act in self.acts:
            for scene in act.scenes:
                if scene_numbers(scene.scene)[0] != act.act:
                    raise ValueError(f"scene {scene.scene} is under act {act.act}; its id names another act")
        if faults := list(unknown_names(self)):
            raise ValueError(faults[0])
        return self

    def scenes(self) -> Iterator[tuple[OutlineAct, OutlineScene]]:
        """Every scene with its act, in the order they are told."""
        for act in self.acts:
            for scene in act.scenes:
                yield act, scene


def unknown_names(outline: Outline | OutlineDraft) -> Iterable[str]:
    """A line for every scene's character or location that an outline with a list of them does not list."""
    cast = {who.id for who in outline.characters}
    places = {place.id for place in outline.locations}
    acts: Iterable[Any] = outline.acts
    for act in acts:
        for scene in act.scenes:
            at = getattr(scene, "scene", "") or f"scene {scene.title!r}"
            for who in scene.characters:
                if cast and who not in cast:
                    yield f"{at}: character {who!r} is not among the outline's characters ({', '.join(sorted(cast))})"
            if places and scene.location is not None and scene.location not in places:
                yield (
                    f"{at}: location {scene.location!r} is not among the outline's locations "
                    f"({', '.join(sorted(places))})"
                )
