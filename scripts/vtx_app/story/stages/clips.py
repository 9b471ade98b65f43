"""The clip specs, one for each shot: the prompt by a model call, or in the shot list's own words."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from vtx_app.compile.clip_request import default_seed
from vtx_app.errors import SpecError
from vtx_app.formats.base import Format, Text
from vtx_app.formats.check import location, unknown_name
from vtx_app.formats.clip_spec import ClipSpec, clip_numbers
from vtx_app.formats.shot_list import Shot
from vtx_app.project.paths import CHARACTERS, LOCATIONS, SHOT_LIST, SPECS, STYLE_BIBLE
from vtx_app.story.names import slug_of
from vtx_app.story.stage import Part, Stage
from vtx_app.story.stages.model_requests import answer_check, make_request, word_faults
from vtx_app.story.story_files import StoryFiles, scene_of
from vtx_app.story.yaml_text import without_empty, yaml_text
from vtx_app.text import shortened

__all__ = ["ClipWords", "ModelClips", "RuleClips"]

_HEAD = "Made from story/04_shotlist.yaml. Edit anything: later versions are merged with your edits."
_MOST_WORDS = 170
_NOT_FOR_THE_MODEL = {"clip_id", "heading", "characters", "location", "profile", "continues"}
_STILL = ("", "hold", "static", "still", "locked off")
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", ":", '"', "”", "»")


class ClipWords(Format):
    """What a shot shows, in words for the video model."""

    positive: Annotated[Text, Field(description="picture, movement and sound, in flowing sentences")]
    negative: Annotated[Text | None, Field(description="what this shot must not show")] = None


@dataclass(frozen=True, slots=True)
class _ShotInCut:
    """A shot, and the one from whose last frame it continues, if any."""

    shot: Shot
    parent: Shot | None

    @property
    def parent_id(self) -> str | None:
        return self.parent.clip_id if self.parent else None

    def inputs(self) -> dict[str, Any]:
        """What decides the spec, besides the prompt."""
        return {"clip": self.shot.model_dump(mode="json", exclude_none=True), "continue_from": self.parent_id}

    def spec(self, positive: str, negative: str) -> dict[str, Any]:
        """The clip spec as plain data, in the order in which people write it."""
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
            "dialogue": [{"character": speech.character, "line": speech.line} for speech in shot.dialogue],
        }
        duration = {"mode": "fixed", "seconds": shot.seconds} if shot.seconds else {"mode": "auto"}
        spec = {
            "version": 1,
            "clip_id": shot.clip_id,
            "title": " ".join(shot.title.split())[:200] or shot.clip_id,
            "act": act,
            "scene": scene,
            "shot": number,
            "continuity": without_empty(continuity),
            "heading": shot.heading.model_dump(exclude_none=True) if shot.heading else {},
            "story_beats": shot.beats,
            "prompt": without_empty(prompt),
            "render": {"duration": duration, "seed": default_seed(shot.clip_id)},
            "inputs": {"type": "i2v", "continue_from": self.parent_id} if self.parent else {"type": "t2v"},
        }
        spec = without_empty(spec)
        ClipSpec.model_validate(spec)
        return spec


class _Clips(Stage):
    """``prompts/clips/<clip_id>__<slug>.yaml``."""

    name = "clips"

    def parts(self, files: StoryFiles) -> Sequence[Part]:
        """One part for each shot of the shot list. Raises :class:`SpecError` for names that the bibles lack."""
        if faults := _unknown_names(files):
            raise SpecError(shortened(faults, 20))
        shots = files.shots.shots
        parents = [
            before if shot.continues == "continue_from" else None
            for before, shot in zip([None, *shots], shots, strict=False)
        ]
        return [self._part(files, _ShotInCut(shot, parent)) for shot, parent in zip(shots, parents, strict=True)]

    @abstractmethod
    def _part(self, files: StoryFiles, cut: _ShotInCut) -> Part:
        """The part of one shot."""

    def text(self, files: StoryFiles, path: str, made: Mapping[str, Any]) -> str:
        """The spec as YAML."""
        (spec,) = made.values()
        return yaml_text(spec, _HEAD)


def _path(files: StoryFiles, shot: Shot) -> str:
    """The shot's existing spec, whatever its slug, else one named by the title."""
    return files.spec_paths.get(shot.clip_id) or f"{SPECS}/{shot.clip_id}__{slug_of(shot.title or 'shot')}.yaml"


def _unknown_names(files: StoryFiles) -> list[str]:
    """A line for each name in the shot list that the bibles lack, at most five for each shot."""
    people, places, profiles = files.characters.characters, files.locations.locations, files.style.profiles
    path = files.path(SHOT_LIST)
    lines = []
    for index, shot in enumerate(files.shots.shots):
        faults: list[tuple[tuple[str | int, ...], str]] = []
        for number, who in enumerate(shot.characters):
            at = ("characters", number)
            if who.id not in people:
                faults.append((at, unknown_name("character", who.id, people, CHARACTERS)))
            elif who.wardrobe is not None and who.wardrobe not in (wardrobe := people[who.id].wardrobe):
                message = unknown_name("wardrobe", who.wardrobe, wardrobe, f"{who.id}'s wardrobe in {CHARACTERS}")
                faults.append((at, message))
        for number, speech in enumerate(shot.dialogue):
            if speech.character not in people:
                faults.append((("dialogue", number), unknown_name("character", speech.character, people, CHARACTERS)))
        if shot.location is not None and shot.location not in places:
            faults.append((("location",), unknown_name("location", shot.location, places, LOCATIONS)))
        if shot.profile is not None and shot.profile not in profiles:
            faults.append((("profile",), unknown_name("profile", shot.profile, profiles, STYLE_BIBLE)))
        if index == 0 and shot.continues == "continue_from":
            faults.append((("continues",), "the first shot of the film can't continue from another"))
        lines += [f"{location(path, 'shots', index, *keys)}: {message}" for keys, message in faults[:5]]
    return lines


class ModelClips(_Clips):
    """The prompt by a model: one call for each shot, so that a changed shot is one call and one take."""

    needs = ("outline", "bibles", "shotlist")

    def _part(self, files: StoryFiles, cut: _ShotInCut) -> Part:
        shot = cut.shot
        people = files.character_names
        outlined = files.outlined.get(scene_of(shot.clip_id))
        words = shot.model_dump(mode="json", exclude=_NOT_FOR_THE_MODEL)
        context = {
            "shot": {
                **words,
                "characters": [people[who.id] for who in shot.characters],
                "dialogue": [{"character": people[speech.character], "line": speech.line} for speech in shot.dialogue],
                "location": files.location_names[shot.location] if shot.location else None,
                "time": outlined[1].time if outlined else "",
            },
            "goes_on_from": cut.parent.beats if cut.parent else None,
        }
        return Part(
            key=shot.clip_id,
            path=_path(files, shot),
            inputs={**context, **cut.inputs()},
            check=answer_check(ClipWords, _faults),
            request=make_request(files, self.name, shot.clip_id, ClipWords, context),
            finish=lambda draft, before: cut.spec(draft["positive"], draft.get("negative", "")),
        )


def _faults(words: ClipWords) -> Iterable[str]:
    return word_faults("positive", words.positive, _MOST_WORDS, "leave room for who and where")


class RuleClips(_Clips):
    """The prompt in the shot list's own words."""

    needs = ("bibles", "shotlist")

    def _part(self, files: StoryFiles, cut: _ShotInCut) -> Part:
        return Part(
            key=cut.shot.clip_id,
            path=_path(files, cut.shot),
            inputs=cut.inputs(),
            check=lambda _: cut.spec(_positive(cut.shot, files.character_names), ""),
        )


def _positive(shot: Shot, names: Mapping[str, str]) -> str:
    """The shot in sentences: framing, what happens, who speaks, how the camera moves."""
    framing = ", ".join(word for word in (shot.size and f"{shot.size} shot", shot.angle) if word)
    speakers = list(dict.fromkeys(speech.character for speech in shot.dialogue if speech.character in names))
    seen = {who.id for who in shot.characters}
    parts = [framing, *shot.beats]
    if not shot.beats and speakers:
        shown = [names[each] for each in speakers if each in seen]
        parts += [f"{' and '.join(shown)} speaking"] if shown else []
        parts += [f"{names[each]}'s voice" for each in speakers if each not in seen]
    if shot.movement.strip().casefold() not in _STILL:
        parts.append(f"Camera: {shot.movement}")
    return " ".join(_sentence(each) for each in parts if each.strip()) or shot.title or shot.clip_id


def _sentence(text: str) -> str:
    words = " ".join(text.split())
    words = words[:1].upper() + words[1:]
    return words if words.endswith(_SENTENCE_ENDS) else f"{words}."
