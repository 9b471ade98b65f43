"""Headings, sections and elements, one after the other, to scenes: what Fountain and Final Draft have in common."""

from __future__ import annotations

import re

from vtx_app.story.screenplay.script import Element, ScriptScene, heading_parts

__all__ = ["SceneBuilder"]

_OPENS_A_SCENE = re.compile(r"FADE (IN|UP)\b[^a-z]{0,20}", re.IGNORECASE)


def _opens(element: Element) -> bool:
    """Whether ``element`` before a heading is part of the scene that the heading begins."""
    if element.kind == "action":
        return _OPENS_A_SCENE.fullmatch(element.text) is not None
    return element.kind in ("transition", "note", "page_break")


class SceneBuilder:
    """Takes what a screenplay has in the order it has it.

    A section ends a scene that has no heading; other scenes go on over it. ``FADE IN:``, transitions, notes and page
    breaks that stand alone before a heading open the scene that it begins.
    """

    def __init__(self) -> None:
        self.synopses: dict[tuple[str, ...], str] = {}
        self._scenes: list[ScriptScene] = []
        self._sections: list[tuple[int, str]] = []
        self._after_section = False
        self._opening: list[Element] = []
        self._begin("", "", 0)

    def heading(self, text: str, number: str, line: int) -> None:
        """A new scene begins."""
        self._end()
        self._begin(text, number, line)

    def section(self, depth: int, title: str) -> None:
        """An act, a sequence …: it ends those of its depth and deeper."""
        if not self._heading:
            self._end()
            self._begin("", "", 0)
        while self._sections and self._sections[-1][0] >= depth:
            self._sections.pop()
        if title:
            self._sections.append((depth, title))
        self._after_section = True

    def synopsis(self, text: str) -> None:
        """What is written about the section that has just begun, else about the scene."""
        if self._after_section and self._path():
            there = self.synopses.get(self._path())
            self.synopses[self._path()] = f"{there}\n{text}" if there else text
        else:
            self._synopsis.append(text)

    def add(self, element: Element) -> None:
        """The next element of the scene."""
        self._after_section = self._after_section and element.kind == "note"
        self._elements.append(element)

    def finish(self) -> tuple[ScriptScene, ...]:
        """All scenes."""
        self._end()
        if self._opening:
            self._begin("", "", 0)
            self._scenes.append(self._scene())
        return tuple(self._scenes)

    def _path(self) -> tuple[str, ...]:
        return tuple(title for _, title in self._sections)

    def _begin(self, heading: str, number: str, line: int) -> None:
        self._heading, self._number, self._line = heading, number, line
        self._where = self._path()
        self._elements: list[Element] = []
        self._synopsis: list[str] = []
        self._after_section = False
        if heading:
            self._elements, self._opening = self._opening, []

    def _end(self) -> None:
        if self._heading or self._synopsis or not all(map(_opens, self._elements)):
            self._scenes.append(self._scene())
        else:
            self._opening += self._elements

    def _scene(self) -> ScriptScene:
        elements, self._opening = [*self._opening, *self._elements], []
        setting, place, time = heading_parts(self._heading)
        return ScriptScene(
            heading=self._heading,
            setting=setting,
            place=place,
            time=time,
            number=self._number,
            section=self._where if self._heading else self._path(),
            synopsis="\n".join(self._synopsis),
            elements=tuple(elements),
            line=self._line or next((element.line for element in elements), 0),
        )
