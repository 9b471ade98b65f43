"""Characters and locations that the screenplay names and the bibles lack, described in the screenplay's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vtx_app.story.bible_text import added
from vtx_app.story.ledger import Ledger
from vtx_app.story.names import display_name
from vtx_app.story.screenplay.descriptions import introduction, place_description
from vtx_app.story.screenplay.script import speakers
from vtx_app.story.stage import Part
from vtx_app.story.story_files import CHARACTERS, LOCATIONS, Sources
from vtx_app.story.writers.rule.script import ids_by_name, scene_files

__all__ = ["BiblesOfScreenplay"]


class BiblesOfScreenplay:
    """``prompts/characters.yaml`` and ``prompts/locations.yaml``, added to."""

    name = "bibles"
    additive = True
    needs: tuple[str, ...] = ("outline", "screenplay")

    def parts(self, sources: Sources, ledger: Ledger) -> Sequence[Part]:
        """A part for each speaker and each place that is missing; by hand, only where the whole file is."""
        screenplay = scene_files(sources)
        people = {name: who.name for name, who in sources.characters.characters.items()}
        places = {name: place.name for name, place in sources.locations.locations.items()}
        found: dict[str, Part] = {}
        for cue, name in ids_by_name(speakers(screenplay), people | _outlined(sources.outline.characters)).items():
            if name not in people:
                entry = {"name": display_name(cue), "description": introduction(cue, screenplay)}
                found.setdefault(f"character {name}", _part(f"character {name}", CHARACTERS, entry))
        names = dict.fromkeys(scene.place for scene in screenplay.scenes if scene.place)
        for place, name in ids_by_name(names, places | _outlined(sources.outline.locations)).items():
            if name not in places:
                entry = {"name": display_name(place), "description": place_description(place, screenplay)}
                found.setdefault(f"location {name}", _part(f"location {name}", LOCATIONS, entry))
        return [part for part in found.values() if sources.writer != "hand" or not sources.exists(part.path)]

    def text(self, sources: Sources, path: str, made: Mapping[str, Any]) -> str:
        """The file with the new entries at its end, every other byte as it was."""
        return added(sources.read(path), path, {key.partition(" ")[2]: entry for key, entry in made.items()})


def _outlined(entries: Sequence[Any]) -> dict[str, str]:
    return {each.id: each.name for each in entries}


def _part(key: str, path: str, entry: Mapping[str, str]) -> Part:
    return Part(key=key, path=path, inputs=entry, check=lambda _: dict(entry))
