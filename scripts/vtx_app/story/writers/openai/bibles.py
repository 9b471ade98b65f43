"""Characters and locations that the outline names and the bibles lack, by a model: a call for each.

What stands in ``prompts/characters.yaml`` and ``prompts/locations.yaml`` is a person's and is never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from vtx_app.formats.base import Format, Name, Text
from vtx_app.formats.outline import CastMember, OutlineScene
from vtx_app.formats.outline import Place as OutlinePlace
from vtx_app.story.bible_text import added
from vtx_app.story.ledger import Ledger
from vtx_app.story.stage import Part
from vtx_app.story.story_files import CHARACTERS, LOCATIONS, Sources
from vtx_app.story.writers.openai.call import call, listed_twice, reader
from vtx_app.story.writers.openai.telling import film_told

__all__ = ["BiblesByModel", "CharacterDraft", "LocationDraft"]

_SHOWN_SCENES = 12
_MOST_WORDS = 70


class Costume(Format):
    """What a character wears in a part of the story."""

    name: Annotated[Name, Field(description="one small ASCII word: storm, morning")]
    clothes: Annotated[Text, Field(description="in …")]


class CharacterDraft(Format):
    """A character as every prompt describes them."""

    description: Annotated[Text, Field(description="looks: age, face, hair, build; what never changes")]
    wardrobe: Annotated[list[Costume], Field(description="the costumes the story needs")]
    voice: Annotated[Text, Field(description="how they sound")]


class LocationDraft(Format):
    """A location as every prompt describes it."""

    description: Annotated[Text, Field(description="looks: architecture, light, props")]


class BiblesByModel:
    """``prompts/characters.yaml`` and ``prompts/locations.yaml``, added to."""

    name = "bibles"
    additive = True
    needs: tuple[str, ...] = ("outline", "treatment")

    def parts(self, sources: Sources, ledger: Ledger) -> Sequence[Part]:
        """A part for each character and each location that is missing."""
        return [
            *(
                self._character(sources, who)
                for who in sources.outline.characters
                if who.id not in sources.characters.characters
            ),
            *(
                self._location(sources, place)
                for place in sources.outline.locations
                if place.id not in sources.locations.locations
            ),
        ]

    def _character(self, sources: Sources, who: CastMember) -> Part:
        scenes = [scene for _, scene in sources.outline.scenes() if who.id in scene.characters]
        inputs = {
            "film": film_told(sources),
            "character": {"name": who.name, "role": who.role},
            "scenes": _told(scenes),
            "said_of_them": _mentions(sources.treatment, who.name),
        }
        return Part(
            key=f"character {who.id}",
            path=CHARACTERS,
            inputs=inputs,
            check=reader(CharacterDraft, _character_faults),
            request=call(sources, self.name, f"character {who.id}", CharacterDraft, inputs, "characters"),
            settle=lambda draft, _: {
                "name": who.name,
                "description": draft["description"],
                "wardrobe": {each["name"]: each["clothes"] for each in draft["wardrobe"]},
                "voice": draft["voice"],
            },
        )

    def _location(self, sources: Sources, place: OutlinePlace) -> Part:
        scenes = [scene for _, scene in sources.outline.scenes() if scene.location == place.id]
        inputs = {
            "film": film_told(sources),
            "location": {"name": place.name, "about": place.about},
            "scenes": _told(scenes),
            "said_of_it": _mentions(sources.treatment, place.name),
        }
        return Part(
            key=f"location {place.id}",
            path=LOCATIONS,
            inputs=inputs,
            check=reader(LocationDraft, _location_faults),
            request=call(sources, self.name, f"location {place.id}", LocationDraft, inputs, "locations"),
            settle=lambda draft, _: {"name": place.name, "description": draft["description"]},
        )

    def text(self, sources: Sources, path: str, made: Mapping[str, Any]) -> str:
        """The file with the new entries at its end, every other byte as it was."""
        return added(sources.read(path), path, {key.partition(" ")[2]: entry for key, entry in made.items()})


def _told(scenes: Sequence[OutlineScene]) -> list[str]:
    return [f"{scene.title}: {scene.purpose}" for scene in scenes[:_SHOWN_SCENES]]


def _mentions(treatment: str, name: str) -> list[str]:
    paragraphs = [each.strip() for each in treatment.split("\n\n") if name.casefold() in each.casefold()]
    return [paragraph[:800] for paragraph in paragraphs if not paragraph.startswith("#")][:3]


def _character_faults(draft: CharacterDraft) -> Iterable[str]:
    yield from _words("description", draft.description)
    names = [costume.name for costume in draft.wardrobe]
    yield from (f"costume {name!r} is listed twice" for name in listed_twice(names))


def _location_faults(draft: LocationDraft) -> Iterable[str]:
    yield from _words("description", draft.description)


def _words(key: str, text: str) -> Iterable[str]:
    size = len(text.split())
    if not size:
        yield f"{key} is empty"
    if size > _MOST_WORDS:
        yield f"{key} has {size} words; at most {_MOST_WORDS} go into every prompt"
