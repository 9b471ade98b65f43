"""From a shot of the shot list to its spec: what every writer's specs share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from vtx_app.compile.clip_request import default_seed
from vtx_app.errors import SpecError
from vtx_app.formats.check import place, unknown
from vtx_app.formats.clip_spec import ClipSpec, clip_numbers
from vtx_app.formats.shot_list import Shot
from vtx_app.project.paths import shown
from vtx_app.story.names import slug_of
from vtx_app.story.story_files import CHARACTERS, LOCATIONS, SHOTLIST, SPECS, Sources
from vtx_app.story.yaml_text import yaml_text

__all__ = ["Following", "known_names", "spec_path", "spec_text", "with_shot_before"]

_HEAD = "Made from story/04_shotlist.yaml. Edit anything: what is made anew later is merged with your words."


@dataclass(frozen=True, slots=True)
class Following:
    """A shot, and the shot whose last frame it goes on from, if any."""

    shot: Shot
    parent: Shot | None

    def decides(self) -> dict[str, Any]:
        """What of the shot decides its spec besides the words: plain data."""
        shot = self.shot
        return {
            "clip": shot.model_dump(mode="json", exclude_none=True),
            "continue_from": self.parent.clip_id if self.parent else None,
        }

    def spec(self, positive: str, negative: str) -> dict[str, Any]:
        """The clip spec as plain data, in the order that people write it."""
        shot = self.shot
        act, scene, number, _ = clip_numbers(shot.clip_id)
        continuity = {
            "shared_prompt_profile": shot.profile,
            "characters": [
                {"id": who.id, "wardrobe": who.wardrobe} if who.wardrobe else who.id for who in shot.characters
            ],
            "locations": [shot.location] if shot.location else [],
        }
        prompt = {
            "positive": positive,
            "negative": negative,
            "dialogue": [{"character": said.character, "line": said.line} for said in shot.dialogue],
        }
        fixed = {"mode": "fixed", "seconds": shot.seconds} if shot.seconds else {"mode": "auto"}
        spec = {
            "version": 1,
            "clip_id": shot.clip_id,
            "title": " ".join(shot.title.split())[:200] or shot.clip_id,
            "act": act,
            "scene": scene,
            "shot": number,
            "continuity": _written(continuity),
            "story_beats": shot.beats,
            "prompt": _written(prompt),
            "render": {"duration": fixed, "seed": default_seed(shot.clip_id)},
            "inputs": {"type": "i2v", "continue_from": self.parent.clip_id} if self.parent else {"type": "t2v"},
        }
        spec = _written(spec)
        ClipSpec.model_validate(spec)
        return spec


def with_shot_before(shots: Sequence[Shot]) -> Iterable[Following]:
    """Every shot, with the one before it in the list where it goes on from its last frame."""
    before: Shot | None = None
    for shot in shots:
        yield Following(shot, before if shot.continues == "continue_from" else None)
        before = shot


def known_names(sources: Sources) -> None:
    """Raises :class:`SpecError` with a line for everything the shot list names and the bibles lack."""
    people, places, profiles = sources.characters.characters, sources.locations.locations, sources.style.profiles
    path = sources.path(SHOTLIST)
    problems = []
    for index, shot in enumerate(sources.shots.shots):
        at = ("shots", index)
        faults: list[tuple[tuple[str | int, ...], str]] = [
            *(
                ((*at, "characters", number), unknown("character", who.id, people, CHARACTERS))
                for number, who in enumerate(shot.characters)
                if who.id not in people
            ),
            *(
                (
                    (*at, "characters", number),
                    unknown("wardrobe", who.wardrobe, people[who.id].wardrobe, f"{who.id}'s wardrobe in {CHARACTERS}"),
                )
                for number, who in enumerate(shot.characters)
                if who.id in people and who.wardrobe is not None and who.wardrobe not in people[who.id].wardrobe
            ),
            *(
                ((*at, "dialogue", number), unknown("character", said.character, people, CHARACTERS))
                for number, said in enumerate(shot.dialogue)
                if said.character not in people
            ),
        ]
        if shot.location is not None and shot.location not in places:
            faults.append(((*at, "location"), unknown("location", shot.location, places, LOCATIONS)))
        if shot.profile is not None and shot.profile not in profiles:
            faults.append(((*at, "profile"), unknown("profile", shot.profile, profiles, "prompts/style_bible.yaml")))
        if index == 0 and shot.continues == "continue_from":
            faults.append(((*at, "continues"), "the first shot of the film can't continue from another"))
        problems += [f"{place(path, shown(path), *keys)}: {message}" for keys, message in faults[:5]]
    if problems:
        raise SpecError(problems[:20] + ([f"… and {len(problems) - 20} more"] if len(problems) > 20 else []))


def spec_path(sources: Sources, shot: Shot) -> str:
    """The shot's spec: the file that is there, whatever its slug, else one named by the title."""
    return sources.spec_paths.get(shot.clip_id) or f"{SPECS}/{shot.clip_id}__{slug_of(shot.title or 'shot')}.yaml"


def spec_text(spec: dict[str, Any]) -> str:
    """The spec as YAML."""
    return yaml_text(spec, _HEAD)


def _written(data: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing."""
    return {key: value for key, value in data.items() if value not in (None, "", [], {})}
