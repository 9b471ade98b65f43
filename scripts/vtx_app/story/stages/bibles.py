"""Descriptions of the characters and locations that the bibles lack: by a model call for each, or in the screenplay's
own words. What ``prompts/characters.yaml`` and ``prompts/locations.yaml`` hold already is never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from vtx_app.formats.base import Format, Name, Text
from vtx_app.formats.outline import CastMember, OutlineScene, Place
from vtx_app.formats.yaml_reader import read_yaml_text
from vtx_app.merge import rewrite_yaml
from vtx_app.project.paths import CHARACTERS, LOCATIONS
from vtx_app.story.names import display_name
from vtx_app.story.screenplay.descriptions import introduction, place_description
from vtx_app.story.screenplay.script import speakers
from vtx_app.story.stage import Part, Stage
from vtx_app.story.stages.model_requests import answer_check, film_context, make_request, repeated, word_faults
from vtx_app.story.stages.screenplay_names import ids_by_name, scene_files_as_screenplay
from vtx_app.story.story_files import StoryFiles
from vtx_app.story.yaml_text import yaml_text

__all__ = ["CharacterDraft", "LocationDraft", "ModelBibles", "RuleBibles", "empty_bible"]

_MOST_SCENES = 12
_MOST_WORDS = 70
_HEADS = {
    "characters": "Canonical looks and voices, used by every prompt that names a character. Only ever added to.",
    "locations": "Canonical looks of places, used by every prompt that names one. Only ever added to.",
}


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


class _Bibles(Stage):
    """``prompts/characters.yaml`` and ``prompts/locations.yaml``, added to."""

    name = "bibles"
    additive = True

    def text(self, files: StoryFiles, path: str, made: Mapping[str, Any]) -> str:
        """The file with the new entries at its end, every other byte unchanged."""
        kind = _kind(path)
        entries = {key.partition(" ")[2]: entry for key, entry in made.items()}
        text = files.read(path)
        if not text.strip():
            return yaml_text({"version": 1, kind: entries}, _HEADS[kind])
        data = read_yaml_text(text, path) or {}
        return rewrite_yaml(text, {**data, kind: {**(data.get(kind) or {}), **entries}}, path)


def empty_bible(path: str) -> str:
    """The file without entries."""
    return yaml_text({"version": 1, _kind(path): {}}, _HEADS[_kind(path)])


def _kind(path: str) -> str:
    return "characters" if path == CHARACTERS else "locations"


class ModelBibles(_Bibles):
    """By a model."""

    needs = ("outline", "treatment")

    def parts(self, files: StoryFiles) -> Sequence[Part]:
        """One part for each character and location that is missing."""
        people, places = files.character_names, files.location_names
        return [
            *(self._character(files, who) for who in files.outline.characters if who.id not in people),
            *(self._location(files, place) for place in files.outline.locations if place.id not in places),
        ]

    def _character(self, files: StoryFiles, who: CastMember) -> Part:
        inputs = {
            "film": film_context(files),
            "character": {"name": who.name, "role": who.role},
            "scenes": _scenes(scene for _, scene in files.outline.scenes() if who.id in scene.characters),
            "said_of_them": _mentions(files.treatment, who.name),
        }
        return Part(
            key=f"character {who.id}",
            path=CHARACTERS,
            inputs=inputs,
            check=answer_check(CharacterDraft, _character_faults),
            request=make_request(files, self.name, f"character {who.id}", CharacterDraft, inputs, "characters"),
            finish=lambda draft, before: {
                "name": who.name,
                "description": draft["description"],
                "wardrobe": {each["name"]: each["clothes"] for each in draft["wardrobe"]},
                "voice": draft["voice"],
            },
        )

    def _location(self, files: StoryFiles, place: Place) -> Part:
        inputs = {
            "film": film_context(files),
            "location": {"name": place.name, "about": place.about},
            "scenes": _scenes(scene for _, scene in files.outline.scenes() if scene.location == place.id),
            "said_of_it": _mentions(files.treatment, place.name),
        }
        return Part(
            key=f"location {place.id}",
            path=LOCATIONS,
            inputs=inputs,
            check=answer_check(LocationDraft, _location_faults),
            request=make_request(files, self.name, f"location {place.id}", LocationDraft, inputs, "locations"),
            finish=lambda draft, before: {"name": place.name, "description": draft["description"]},
        )


def _scenes(scenes: Iterable[OutlineScene]) -> list[str]:
    return [f"{scene.title}: {scene.purpose}" for scene in scenes][:_MOST_SCENES]


def _mentions(treatment: str, name: str) -> list[str]:
    paragraphs = [each.strip() for each in treatment.split("\n\n") if name.casefold() in each.casefold()]
    return [paragraph[:800] for paragraph in paragraphs if not paragraph.startswith("#")][:3]


def _character_faults(draft: CharacterDraft) -> Iterable[str]:
    yield from _location_faults(draft)
    names = [costume.name for costume in draft.wardrobe]
    yield from (f"costume {name!r} is listed twice" for name in repeated(names))


def _location_faults(draft: CharacterDraft | LocationDraft) -> Iterable[str]:
    return word_faults("description", draft.description, _MOST_WORDS, "go into every prompt")


class RuleBibles(_Bibles):
    """From the scene files."""

    needs = ("outline", "screenplay")

    def parts(self, files: StoryFiles) -> Sequence[Part]:
        """One part for each speaker and each place that is missing; for writer ``hand``, only if the file is."""
        screenplay = scene_files_as_screenplay(files)
        people, places = files.character_names, files.location_names
        outlined_people = {who.id: who.name for who in files.outline.characters}
        outlined_places = {place.id: place.name for place in files.outline.locations}
        headings = dict.fromkeys(scene.place for scene in screenplay.scenes if scene.place)
        found: dict[str, Part] = {}
        for cue, name in ids_by_name(speakers(screenplay), people | outlined_people).items():
            if name not in people:
                entry = {"name": display_name(cue), "description": introduction(cue, screenplay)}
                found.setdefault(f"character {name}", _rule_part(f"character {name}", CHARACTERS, entry))
        for place, name in ids_by_name(headings, places | outlined_places).items():
            if name not in places:
                entry = {"name": display_name(place), "description": place_description(place, screenplay)}
                found.setdefault(f"location {name}", _rule_part(f"location {name}", LOCATIONS, entry))
        return [part for part in found.values() if files.writer != "hand" or not files.exists(part.path)]


def _rule_part(key: str, path: str, entry: Mapping[str, str]) -> Part:
    return Part(key=key, path=path, inputs=entry, check=lambda _: dict(entry))
