"""The text files that a film's story consists of, read when a stage needs them. Nothing is written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from vtx_app.errors import SpecError
from vtx_app.files import display_path
from vtx_app.formats.base import Format
from vtx_app.formats.bibles import Characters, Locations, StyleBible
from vtx_app.formats.check import load_format
from vtx_app.formats.decode import decode, is_utf16
from vtx_app.formats.metadata import Metadata
from vtx_app.formats.outline import Outline, OutlineAct, OutlineScene, scene_numbers
from vtx_app.formats.shot_list import ShotList
from vtx_app.project.paths import (
    BRIEF,
    CHARACTERS,
    LOCATIONS,
    OUTLINE,
    SCENES,
    SHOT_LIST,
    SPECS,
    STYLE_BIBLE,
    TREATMENT,
    is_incoming,
    project_folder,
    resolve_inside,
)
from vtx_app.project.template_files import unedited_template_files
from vtx_app.story.model_settings import max_tokens, story_model

__all__ = ["SceneFile", "StoryFiles", "scene_of"]

SCREENPLAYS = ("story/screenplay.fountain", "story/screenplay.fdx")

MAX_BRIEF_BYTES = 400_000

FormatT = TypeVar("FormatT", bound=Format)

_SCENE_NAME = re.compile(r"(A\d{2,3}_S\d{2,3})__.+\.md")
_SPEC_NAME = re.compile(r"(A\d{2,3}_S\d{2,3}_SH\d{3,4}[A-Z]?)__.+\.yaml")


@dataclass(frozen=True, slots=True)
class SceneFile:
    """One scene of the screenplay: its id, its file relative to the film's folder, and its text."""

    scene: str
    path: str
    text: str


def _optional(relative: str, model: type[FormatT]) -> cached_property[FormatT]:
    """A file of the film that may be missing."""

    def read(files: StoryFiles) -> FormatT:
        return load_format(files.path(relative), model) if files.exists(relative) else model()

    return cached_property(read)


class StoryFiles:
    """The story files of the film ``slug``; each is read once, on first use. A missing one is an empty format.

    Reading raises :class:`SpecError` with file and line, :class:`vtx_app.errors.ProjectError` for an unknown film.
    """

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.folder = project_folder(slug)

    def path(self, relative: str) -> Path:
        """A file of the film. Raises :class:`vtx_app.errors.ProjectError` if a link leads out of the film."""
        return resolve_inside(self.folder, relative)

    def exists(self, relative: str) -> bool:
        """Whether the film has the file, and it is not just the template's."""
        return os.path.lexists(self.path(relative)) and relative not in self.template

    @cached_property
    def template(self) -> frozenset[str]:
        """The files that are still the template's, which a model or a screenplay replaces; none for writer ``hand``."""
        return frozenset() if self.writer == "hand" else unedited_template_files(self.folder)

    def read(self, relative: str, most: int | None = None) -> str:
        """The exact text of a file (CRLF and all), UTF-8 or UTF-16 with its mark; ``""`` if it is missing.

        Raises :class:`SpecError` above ``most`` bytes.
        """
        path = self.path(relative)
        if relative in self.template:
            return ""
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise SpecError([f"{display_path(path)}: can't be read: {error.strerror}"]) from None
        if most is not None and len(data) > most:
            raise SpecError([f"{display_path(path)}: {len(data):,} bytes; at most {most:,} are read: shorten it"])
        return decode(data, display_path(path), "utf-16" if is_utf16(data) else "utf-8")

    style = _optional(STYLE_BIBLE, StyleBible)
    outline = _optional(OUTLINE, Outline)
    characters = _optional(CHARACTERS, Characters)
    locations = _optional(LOCATIONS, Locations)
    shots = _optional(SHOT_LIST, ShotList)

    @cached_property
    def metadata(self) -> Metadata:
        """The film's metadata.yaml."""
        path = self.path("metadata.yaml")
        return load_format(path, Metadata)

    @cached_property
    def screenplay_file(self) -> str | None:
        """The writer's own screenplay, Fountain or Final Draft, None without one. Raises if the film has both."""
        found = [name for name in SCREENPLAYS if os.path.lexists(self.path(name))]
        if len(found) > 1:
            raise SpecError(
                [f"{display_path(self.folder)}: {' and '.join(found)}: which one is the film? Keep one of them"]
            )
        return found[0] if found else None

    @cached_property
    def writer(self) -> str:
        """Who writes the story: ``openai``, ``fountain`` or ``hand``."""
        return self.metadata.story.writer or ("fountain" if self.screenplay_file else "openai")

    def model(self, stage: str) -> str:
        """The language model that writes ``stage``."""
        return story_model(stage, self.folder, self.metadata)

    def max_tokens(self, stage: str) -> int | None:
        """The longest answer of a call of ``stage`` in tokens, None if nobody says. Raises :class:`SpecError`."""
        return max_tokens(stage, self.folder, self.metadata)

    @cached_property
    def brief(self) -> str:
        """The brief."""
        return self.read(BRIEF, MAX_BRIEF_BYTES)

    @cached_property
    def treatment(self) -> str:
        """The treatment."""
        return self.read(TREATMENT)

    @cached_property
    def character_names(self) -> dict[str, str]:
        """Character id → name, of the character bible."""
        return {name: who.name for name, who in self.characters.characters.items()}

    @cached_property
    def location_names(self) -> dict[str, str]:
        """Location id → name, of the location bible."""
        return {name: place.name for name, place in self.locations.locations.items()}

    @cached_property
    def scene_paths(self) -> dict[str, str]:
        """Scene id → its file relative to the film's folder."""
        return {match[1]: f"{SCENES}/{match[0]}" for match in self._names(SCENES, _SCENE_NAME)}

    @cached_property
    def spec_paths(self) -> dict[str, str]:
        """Clip id → its spec's file relative to the film's folder."""
        return {match[1]: f"{SPECS}/{match[0]}" for match in self._names(SPECS, _SPEC_NAME)}

    def _names(self, relative: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        try:
            names = sorted(each.name for each in self.path(relative).iterdir())
        except FileNotFoundError:
            return
        except OSError as error:
            raise SpecError([f"{display_path(self.path(relative))}: can't be read: {error.strerror}"]) from None
        for name in names:
            match = pattern.fullmatch(name)
            if match and not is_incoming(name) and f"{relative}/{name}" not in self.template:
                yield match

    @cached_property
    def scenes(self) -> list[SceneFile]:
        """The screenplay's scenes in the outline's order; others follow the one before them by number."""
        order = [scene.scene for _, scene in self.outline.scenes() if scene.scene in self.scene_paths]
        for scene_id in sorted(self.scene_paths, key=scene_numbers):
            if scene_id not in order:
                before = [at for at, other in enumerate(order) if scene_numbers(other) < scene_numbers(scene_id)]
                order.insert(before[-1] + 1 if before else 0, scene_id)
        return [SceneFile(each, self.scene_paths[each], self.read(self.scene_paths[each])) for each in order]

    @cached_property
    def outlined(self) -> dict[str, tuple[OutlineAct, OutlineScene]]:
        """Scene id → its act and its entry in the outline."""
        return {scene.scene: (act, scene) for act, scene in self.outline.scenes()}

    def clip_ids(self) -> set[str]:
        """Every clip id that the film uses, in its shot list or as a spec."""
        return {shot.clip_id for shot in self.shots.shots} | set(self.spec_paths)


def scene_of(clip_id: str) -> str:
    """The scene id in a clip id: ``A01_S02_SH003`` → ``A01_S02``."""
    return clip_id.rpartition("_")[0]
