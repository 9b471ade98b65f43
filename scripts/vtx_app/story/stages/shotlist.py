"""The shot list: the shots of each scene, by a model call or by rule."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from vtx_app.compile.duration import spoken_seconds
from vtx_app.formats.base import Format
from vtx_app.formats.metadata import MAX_SECONDS
from vtx_app.formats.shot_list import Shot, ShotDraft
from vtx_app.project.paths import SHOT_LIST
from vtx_app.story.names import name_key
from vtx_app.story.screenplay.cues import joint_names
from vtx_app.story.screenplay.fountain import read_fountain
from vtx_app.story.screenplay.script import ScriptScene
from vtx_app.story.screenplay.shots import RuleShot, rule_shots
from vtx_app.story.stable_ids import assign_ids, new_clip_id
from vtx_app.story.stage import Part, Stage
from vtx_app.story.stages.model_requests import (
    answer_check,
    film_context,
    make_request,
    scene_summary,
    unknown_name,
)
from vtx_app.story.stages.screenplay_names import find_id
from vtx_app.story.stages.shot_headings import shot_headings
from vtx_app.story.story_files import SceneFile, StoryFiles, scene_of
from vtx_app.story.yaml_text import comment_line, without_empty, yaml_text

__all__ = ["ModelShotList", "RuleShotList", "SceneShots"]

_MIN_SECONDS = 2.0
_HEAD = """\
The cut. Shots play in this order; a clip id is a name, not a position. A new shot takes any free id of its scene.
To move a shot, move its lines; to drop one, delete them. Edit anything: later versions are merged with your edits."""


class SceneShots(Format):
    """The shots of one scene."""

    shots: Annotated[list[ShotDraft], Field(description="in the order of the cut")]


class _ShotList(Stage):
    """``story/04_shotlist.yaml`` from the scene files."""

    name = "shotlist"
    needs = ("outline", "bibles", "screenplay")

    def parts(self, files: StoryFiles) -> Sequence[Part]:
        """One part for each scene of the screenplay."""
        headings = shot_headings(files.scenes)
        return [self._part(files, scene, headings[scene.scene]) for scene in files.scenes]

    @abstractmethod
    def _part(self, files: StoryFiles, scene: SceneFile, headings: Sequence[Mapping[str, Any]]) -> Part:
        """The part of one scene. ``headings``: what the shots under each heading in its file have of it."""

    def text(self, files: StoryFiles, path: str, made: Mapping[str, Any]) -> str:
        """All shots as YAML, scene by scene, each scene under a comment with its title."""
        blocks = [yaml_text({"version": 1}, _HEAD) + "\nshots:" + ("" if any(made.values()) else " []") + "\n"]
        for scene_id, shots in made.items():
            outlined = files.outlined.get(scene_id)
            title = comment_line(f"{scene_id} {outlined[1].title}" if outlined else scene_id)
            for place, shot in enumerate(shots):
                Shot.model_validate(shot)
                head = f"  {title}\n" if place == 0 else ""
                blocks.append(head + yaml_text({"shots": [shot]}).removeprefix("shots:\n"))
        return blocks[0] + "\n".join(blocks[1:])


def _with_ids(
    files: StoryFiles, scene_id: str, drafts: Sequence[Mapping[str, Any]], made: Sequence[Mapping[str, Any]] | None
) -> list[dict[str, Any]]:
    """The drafts of a scene's shots with ids: those of the shots that they are new versions of, or new ones."""
    written = [
        (shot.clip_id, _shot_text(shot.model_dump(mode="json")))
        for shot in files.shots.shots
        if scene_of(shot.clip_id) == scene_id
    ]
    ids = assign_ids(
        [_shot_text(draft) for draft in drafts],
        [(shot["clip_id"], _shot_text(shot)) for shot in made or []],
        written,
        [name for name in files.clip_ids() if scene_of(name) == scene_id],
        new_clip_id(scene_id),
    )
    return [{"clip_id": name, **_entry(draft)} for name, draft in zip(ids, drafts, strict=True)]


def _shot_text(shot: Mapping[str, Any]) -> str:
    """The text by which a shot is recognised: what is said and what happens in it."""
    lines = [speech["line"] for speech in shot.get("dialogue", [])]
    return "\n".join([*lines, shot.get("title", ""), *shot.get("beats", [])])


def _entry(draft: Mapping[str, Any]) -> dict[str, Any]:
    entry = {key: value for key, value in without_empty(dict(draft)).items() if value != "cut"}
    if "characters" in entry:
        entry["characters"] = [who if who.get("wardrobe") else who["id"] for who in entry["characters"]]
    return entry


class ModelShotList(_ShotList):
    """By a model, one call for each scene."""

    def _part(self, files: StoryFiles, scene: SceneFile, headings: Sequence[Mapping[str, Any]]) -> Part:
        outlined = files.outlined.get(scene.scene)
        text = "\n".join(scene.text.splitlines()).strip()
        cast = _mentioned(files.character_names, text, outlined[1].characters if outlined else [])
        places = _mentioned(files.location_names, text, [outlined[1].location] if outlined else [])
        inputs = {
            "film": film_context(files),
            "purpose": scene_summary(outlined[1]) if outlined else None,
            "screenplay": text,
            "characters": [
                {"id": name, "name": who.name, "wardrobe": list(who.wardrobe)}
                for name, who in files.characters.characters.items()
                if name in cast
            ],
            "locations": [
                {"id": name, "name": its_name} for name, its_name in files.location_names.items() if name in places
            ],
            "profiles": [{"id": name, "mood": profile.prefix} for name, profile in files.style.profiles.items()],
        }
        only = headings[0] if len(headings) == 1 else {}  # which shot is under which of several is not known
        return Part(
            key=scene.scene,
            path=SHOT_LIST,
            inputs=inputs,
            check=answer_check(SceneShots, _faults(inputs, text)),
            request=make_request(files, self.name, scene.scene, SceneShots, inputs),
            finish=lambda draft, before: _with_ids(
                files, scene.scene, [{**shot, **only} for shot in draft["shots"]], before
            ),
        )


def _mentioned(names: Mapping[str, str], text: str, outlined: Iterable[str | None]) -> set[str]:
    """The ids that the outline or the text mentions; all of them if there is none."""
    folded = text.casefold()
    found = {each for each, name in names.items() if name and name.casefold() in folded}
    return found | (names.keys() & set(outlined)) or set(names)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _faults(inputs: Mapping[str, Any], text: str) -> Callable[[SceneShots], Iterable[str]]:
    """Finds unknown names, impossible lengths, and dialogue that is not the scene's, word for word."""
    costumes = {who["id"]: who["wardrobe"] for who in inputs["characters"]}
    places = [place["id"] for place in inputs["locations"]]
    profiles = [profile["id"] for profile in inputs["profiles"]]
    elements = (element for scene in read_fountain(text).scenes for element in scene.elements)
    speeches = [element.text for element in elements if element.kind == "dialogue"]

    def faults(answer: SceneShots) -> Iterable[str]:
        if not answer.shots:
            yield "there is no shot"
        for place, shot in enumerate(answer.shots, 1):
            yield from unknown_names(f"shot {place}", shot)
            yield from _shot_faults(f"shot {place}", shot)
            if place == 1 and shot.continues == "continue_from":
                yield f"shot {place}: the first shot of a scene can't continue from another"
        spoken = f" {' '.join(_words(speech.line) for shot in answer.shots for speech in shot.dialogue)} "
        written = f" {' '.join(map(_words, speeches))} "
        for speech in speeches:
            if f" {_words(speech)} " not in spoken:
                yield f"the scene's dialogue is not spoken word for word: {speech!r}"
        for place, shot in enumerate(answer.shots, 1):
            for line in shot.dialogue:
                if f" {_words(line.line)} " not in written:
                    yield f"shot {place} says what the scene doesn't: {line.line!r}"

    def unknown_names(at: str, shot: ShotDraft) -> Iterable[str]:
        for who in shot.characters:
            yield from unknown_name("character", at, who.id, costumes)
            known = costumes.get(who.id, [who.wardrobe or ""])
            yield from unknown_name(f"costume of {who.id}", at, who.wardrobe, known)
        for line in shot.dialogue:
            yield from unknown_name("character", at, line.character, costumes)
        yield from unknown_name("location", at, shot.location, places)
        yield from unknown_name("profile", at, shot.profile, profiles)

    return faults


def _shot_faults(at: str, shot: ShotDraft) -> Iterable[str]:
    if not shot.beats and not shot.dialogue:
        yield f"{at}: nothing happens in it; give it a beat"
    speech = sum(spoken_seconds(line.line) for line in shot.dialogue)
    if speech > MAX_SECONDS:
        yield f"{at}: its dialogue takes {speech:.1f} s; a shot lasts at most {MAX_SECONDS:g} s: divide it"
    elif shot.seconds is None or shot.seconds < max(_MIN_SECONDS, speech):
        had = "no length" if shot.seconds is None else f"{shot.seconds:g} s"
        yield f"{at}: {had}; it needs {max(_MIN_SECONDS, speech):.1f} to {MAX_SECONDS:g} s"


class RuleShotList(_ShotList):
    """By rule."""

    def _part(self, files: StoryFiles, scene: SceneFile, headings: Sequence[Mapping[str, Any]]) -> Part:
        shots = [
            {**_draft(shot, each, files), **heading}
            for each, heading in zip(read_fountain(scene.text).scenes, headings, strict=True)
            for shot in rule_shots(each)
        ]
        return Part(
            key=scene.scene,
            path=SHOT_LIST,
            inputs=shots,
            check=lambda _: shots,
            finish=lambda draft, before: _with_ids(files, scene.scene, draft, before),
        )


def _is_named(name: str, words: str) -> bool:
    """Whether a name stands in ``words`` (a :func:`name_key`): IDA is not in ``friday``."""
    return re.search(rf"(?<!\w){re.escape(name_key(name))}(?!\w)", words) is not None


def _speakers(cue: str, names: Mapping[str, str]) -> list[str | None]:
    """The ids of those who speak under a cue: of both in ``IDA AND BO`` if it is nobody's name; [None] if unknown."""
    whole = find_id(cue, names)
    together = [find_id(name, names) for name in joint_names(cue)]
    return together if whole is None and all(together) else [whole]


def _draft(shot: RuleShot, scene: ScriptScene, files: StoryFiles) -> dict[str, Any]:
    words = name_key(" ".join(shot.beats))
    spoken = [(name, cue, line) for cue, line in shot.dialogue for name in _speakers(cue, files.character_names)]
    seen = [name for name, cue, _ in spoken if name and cue not in shot.unseen]
    seen += [name for name, its_name in files.character_names.items() if _is_named(its_name, words)]
    return {
        "title": shot.title,
        "size": shot.size,
        "angle": shot.angle,
        "movement": shot.movement,
        "beats": list(shot.beats),
        "dialogue": [{"character": name or cue, "line": line} for name, cue, line in spoken],
        "characters": [{"id": name} for name in dict.fromkeys(seen)],
        "location": find_id(scene.place, files.location_names) if scene.place else None,
        "seconds": shot.seconds,
        "continues": shot.continues,
    }
