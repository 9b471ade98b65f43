"""The shots of a scene, by a model: a call for each scene of the screenplay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from vtx_app.compile.duration import spoken_seconds
from vtx_app.formats.base import Format
from vtx_app.formats.metadata import MAX_SECONDS
from vtx_app.formats.shot_list import ShotDraft
from vtx_app.story.ledger import Ledger
from vtx_app.story.screenplay.fountain import read_fountain
from vtx_app.story.shot_list_text import settled_shots, shot_list_text
from vtx_app.story.stage import Part
from vtx_app.story.story_files import SHOTLIST, SceneFile, Sources
from vtx_app.story.writers.openai.call import call, names_at, reader
from vtx_app.story.writers.openai.telling import film_told, scene_summary

__all__ = ["SceneShots", "ShotListByModel"]

_MIN_SECONDS = 2.0


class SceneShots(Format):
    """The shots of one scene."""

    shots: Annotated[list[ShotDraft], Field(description="in the order of the cut")]


class ShotListByModel:
    """``story/04_shotlist.yaml`` of the screenplay."""

    name = "shotlist"
    additive = False
    needs: tuple[str, ...] = ("outline", "bibles", "screenplay")

    def parts(self, sources: Sources, ledger: Ledger) -> Sequence[Part]:
        """A part for each scene of the screenplay."""
        return [self._scene(sources, scene) for scene in sources.scenes]

    def _scene(self, sources: Sources, scene: SceneFile) -> Part:
        outlined = sources.outlined.get(scene.scene)
        text = "\n".join(scene.text.splitlines()).strip()
        cast = _cast(sources, scene.scene, text)
        places = _places(sources, scene.scene, text)
        profiles = sources.style.profiles
        inputs = {
            "film": film_told(sources),
            "purpose": scene_summary(outlined[1]) if outlined else None,
            "screenplay": text,
            "characters": [
                {"id": name, "name": who.name, "wardrobe": list(who.wardrobe)}
                for name, who in sources.characters.characters.items()
                if name in cast
            ],
            "locations": [
                {"id": name, "name": place.name}
                for name, place in sources.locations.locations.items()
                if name in places
            ],
            "profiles": [{"id": name, "mood": profile.prefix} for name, profile in profiles.items()],
        }
        return Part(
            key=scene.scene,
            path=SHOTLIST,
            inputs=inputs,
            check=reader(SceneShots, _Sense(inputs, text)),
            request=call(sources, self.name, scene.scene, SceneShots, inputs),
            settle=lambda draft, made: settled_shots(sources, scene.scene, draft["shots"], made),
        )

    def text(self, sources: Sources, path: str, made: Mapping[str, Any]) -> str:
        """All shots, scene by scene."""
        return shot_list_text(sources, made)


def _named(text: str, names: Iterable[str]) -> bool:
    folded = text.casefold()
    return any(name.casefold() in folded for name in names if name)


def _cast(sources: Sources, scene_id: str, text: str) -> set[str]:
    """Who can be in the scene: whom the outline puts there and whom the text names; everybody where that is nobody."""
    known = sources.characters.characters
    outlined = sources.outlined.get(scene_id)
    found = {name for name, who in known.items() if _named(text, [who.name])}
    found |= {name for name in (outlined[1].characters if outlined else []) if name in known}
    return found or set(known)


def _places(sources: Sources, scene_id: str, text: str) -> set[str]:
    known = sources.locations.locations
    outlined = sources.outlined.get(scene_id)
    found = {name for name, place in known.items() if _named(text, [place.name])}
    found |= {outlined[1].location} & set(known) if outlined and outlined[1].location else set()
    return found or set(known)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


class _Sense:
    """Whether the shots make sense: known names, possible lengths, and all the dialogue, word for word."""

    def __init__(self, inputs: Mapping[str, Any], text: str) -> None:
        self.costumes = {who["id"]: who["wardrobe"] for who in inputs["characters"]}
        self.places = [place["id"] for place in inputs["locations"]]
        self.profiles = [profile["id"] for profile in inputs["profiles"]]
        self.speeches = [
            element.text
            for scene in read_fountain(text).scenes
            for element in scene.elements
            if element.kind == "dialogue"
        ]

    def __call__(self, answer: SceneShots) -> Iterable[str]:
        if not answer.shots:
            yield "there is no shot"
        for place, shot in enumerate(answer.shots, 1):
            yield from self._shot(f"shot {place}", shot, first=place == 1)
        spoken = f" {' '.join(_words(said.line) for shot in answer.shots for said in shot.dialogue)} "
        written = f" {' '.join(map(_words, self.speeches))} "
        for speech in self.speeches:
            if f" {_words(speech)} " not in spoken:
                yield f"the scene's dialogue is not spoken word for word: {speech!r}"
        for place, shot in enumerate(answer.shots, 1):
            for said in shot.dialogue:
                if f" {_words(said.line)} " not in written:
                    yield f"shot {place} says what the scene doesn't: {said.line!r}"

    def _shot(self, at: str, shot: ShotDraft, *, first: bool) -> Iterable[str]:
        for who in shot.characters:
            yield from names_at("character", at, who.id, self.costumes)
            yield from names_at(
                f"costume of {who.id}", at, who.wardrobe, self.costumes.get(who.id, [who.wardrobe or ""])
            )
        for said in shot.dialogue:
            yield from names_at("character", at, said.character, self.costumes)
        yield from names_at("location", at, shot.location, self.places)
        yield from names_at("profile", at, shot.profile, self.profiles)
        if not shot.beats and not shot.dialogue:
            yield f"{at}: nothing happens in it; give it a beat"
        speech = sum(spoken_seconds(said.line) for said in shot.dialogue)
        if speech > MAX_SECONDS:
            yield f"{at}: its dialogue takes {speech:.1f} s; a shot lasts at most {MAX_SECONDS:g} s: divide it"
        elif shot.seconds is None or shot.seconds < max(_MIN_SECONDS, speech):
            had = "no length" if shot.seconds is None else f"{shot.seconds:g} s"
            yield f"{at}: {had}; it needs {max(_MIN_SECONDS, speech):.1f} to {MAX_SECONDS:g} s"
        if first and shot.continues == "continue_from":
            yield f"{at}: the first shot of a scene can't continue from another"
