"""``story/04_shotlist.yaml``: the shots in the order they are cut. Order lives here, never in clip ids."""

from collections import Counter
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from vtx_app.formats.base import ClipId, Format, Name, Text
from vtx_app.formats.clip_spec import AnyCharacter, CharacterRef, DialogueLine, ShotHeading
from vtx_app.formats.metadata import Seconds

__all__ = ["Shot", "ShotDraft", "ShotList"]


# Part of the requests that are sent to a language model, with CharacterRef and DialogueLine: see outline.py.
class ShotDraft(Format):
    """One shot as it is planned, before it has an id."""

    title: Annotated[Text, Field(description="what the shot is called")] = ""
    size: Annotated[Text, Field(description="wide, medium, close-up …")] = ""
    angle: Annotated[Text, Field(description="eye level, low, high …")] = ""
    movement: Annotated[Text, Field(description="hold, push in, pan left …")] = ""
    beats: Annotated[list[Text], Field(description="what happens")] = []
    dialogue: Annotated[list[DialogueLine], Field(description="what is said")] = []
    characters: Annotated[
        list[CharacterRef], Field(description="who is in the picture, by ids of characters.yaml, and what they wear")
    ] = []
    location: Annotated[Name | None, Field(description="an id of locations.yaml")] = None
    seconds: Annotated[Seconds | None, Field(description="the planned length")] = None
    continues: Annotated[
        Literal["cut", "continue_from"],
        Field(description="how it follows the shot before: a cut, or on from its last frame"),
    ] = "cut"
    profile: Annotated[Name | None, Field(description="a profile of style_bible.yaml, where not the film's own")] = None


class Shot(ShotDraft):
    """One shot of the film. Its place in the list is its place in the cut."""

    clip_id: ClipId
    heading: Annotated[
        ShotHeading | None, Field(description="of its scene: inside or outside, the place, the time and the weather")
    ] = None
    characters: Annotated[
        list[AnyCharacter], Field(description="who is in the picture: ids of characters.yaml, or {id, wardrobe}")
    ] = []


class ShotList(Format):
    """The order of the film."""

    version: Annotated[Literal[1], Field(description="the format's version")] = 1
    shots: Annotated[list[Shot], Field(description="in the order of the cut")] = []

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        counts = Counter(shot.clip_id for shot in self.shots)
        if twice := [clip_id for clip_id, count in counts.items() if count > 1]:
            raise ValueError(f"{', '.join(twice)}: listed more than once; a clip has one place in the cut")
        return self
