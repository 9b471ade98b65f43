"""The headings in a film's screenplay by scene, each scene read on first use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from vtx_app.formats.decode import read_text
from vtx_app.formats.heading import Heading, parse_heading
from vtx_app.formats.time_of_day import time_after
from vtx_app.project.paths import resolve_inside

__all__ = ["Headings", "scene_headings"]

SceneNumber = tuple[int, int]
"""Act and scene."""

_NOT_THE_SCRIPT = re.compile(r"/\*.*?\*/|\[\[.*?\]\]", re.DOTALL)
_NUMBER = re.compile(r"\s*#[\w.-]+#?$")
_ABBREVIATED = re.compile(r"[^\W\d_]+(?:\.?/[^\W\d_]+)?\.\s")


class Headings:
    """The headings in the scenes' ``files`` of the film in ``folder``; reads each file at most once."""

    def __init__(self, folder: Path, files: Mapping[SceneNumber, str]) -> None:
        self._folder = folder
        self._files = files
        self._read: dict[SceneNumber, tuple[Heading, ...]] = {}

    def file(self, scene: SceneNumber) -> str | None:
        """The scene's file, relative to the film's folder; None if it has none."""
        return self._files.get(scene)

    def of(self, scene: SceneNumber) -> tuple[Heading, ...]:
        """The headings of a scene in order; empty if it has no file.

        Raises :class:`SpecError` if the file can't be read, :class:`ProjectError` if it lies outside the film's folder.
        """
        if scene not in self._read:
            file = self._files.get(scene)
            self._read[scene] = scene_headings(read_text(resolve_inside(self._folder, file))) if file else ()
        return self._read[scene]


@lru_cache(maxsize=4096)
def scene_headings(text: str) -> tuple[Heading, ...]:
    """The headings in the text of a scene, in order, each with its time of day in lower case.

    ``CONTINUOUS`` and ``LATER`` keep the last known time of day.
    """
    lines = [line.strip().strip("*_#").strip() for line in _NOT_THE_SCRIPT.sub("", text).splitlines()]
    found: list[Heading] = []
    time = ""
    for before, line in zip(["", *lines], lines, strict=False):
        if before or not _is_heading(line):
            continue
        heading = parse_heading(_NUMBER.sub("", line).removeprefix("."))
        here = time_after(time, heading.time)
        time = here or time
        found.append(heading._replace(time=here, weather=heading.weather.lower()))
    return tuple(found)


def _is_heading(line: str) -> bool:
    """Whether a line after an empty one is a heading: in capitals, with ``Int.`` or the like, or forced by a dot."""
    if len(line) > 1 and line[0] == "." and line[1] not in ". ":
        return True
    return bool(parse_heading(line).setting) and (line == line.upper() or _ABBREVIATED.match(line) is not None)
