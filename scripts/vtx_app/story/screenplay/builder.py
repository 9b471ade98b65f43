"""Build scenes and speeches from what a screenplay has line by line; Fountain and Final Draft share this."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from vtx_app.formats.heading import parse_heading
from vtx_app.story.names import name_key
from vtx_app.story.screenplay.cues import is_extension, is_page_mark, looks_like_direction, split_joint_cues
from vtx_app.story.screenplay.script import Element, Screenplay, ScriptScene

__all__ = ["SceneBuilder", "SpeechBuilder"]

_OMITTED = re.compile(r"[\W\d]*OMIT(TED)?\W*", re.IGNORECASE)
_OPENS_A_SCENE = re.compile(r"FADE (IN|UP)\b[^a-z]{0,20}", re.IGNORECASE)


class SceneBuilder:
    """Collects the elements of a screenplay in order.

    A section ends a scene that has no heading; other scenes continue over it. ``FADE IN:``, transitions, notes and page
    breaks that stand alone before a heading belong to the scene that the heading begins.
    """

    def __init__(self) -> None:
        self.warnings: list[tuple[int, str]] = []
        self._synopses: dict[tuple[str, ...], str] = {}
        self._scenes: list[ScriptScene] = []
        self._sections: list[tuple[int, str]] = []
        self._after_section = False
        self._opening: list[Element] = []
        self._begin("", "", 0)

    def heading(self, text: str, number: str, line: int) -> None:
        """Begin a scene."""
        self._end()
        self._begin(text, number, line)

    def section(self, depth: int, title: str) -> None:
        """Begin an act, a sequence …, and end those of its depth and deeper."""
        if not self._heading:
            self._end()
            self._begin("", "", 0)
        while self._sections and self._sections[-1][0] >= depth:
            self._sections.pop()
        if title:
            self._sections.append((depth, title))
        self._after_section = True

    def synopsis(self, text: str) -> None:
        """Add a synopsis of the section that has just begun, else of the scene."""
        if self._after_section and self._path():
            before = self._synopses.get(self._path())
            self._synopses[self._path()] = f"{before}\n{text}" if before else text
        else:
            self._synopsis.append(text)

    def add(self, element: Element) -> None:
        """Add an element to the scene."""
        self._after_section = self._after_section and element.kind == "note"
        self._elements.append(element)

    def warn(self, line: int, message: str) -> None:
        """Warn of something that may have been misread."""
        self.warnings.append((line, message))

    def finish(self, title_page: dict[str, str]) -> Screenplay:
        """The screenplay."""
        self._end()
        if self._opening:
            self._begin("", "", 0)
            self._scenes.append(self._scene())
        scenes = split_joint_cues([scene for scene in self._scenes if not _is_omitted(scene)])
        warnings = sorted([*self.warnings, *_doubtful_cues(scenes), *_similar_cues(scenes)])
        return Screenplay(title_page, scenes, self._synopses, tuple(warnings))

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
        if self._heading or self._synopsis or not all(map(_opens_a_scene, self._elements)):
            self._scenes.append(self._scene())
        else:
            self._opening += self._elements

    def _scene(self) -> ScriptScene:
        elements, self._opening = [*self._opening, *self._elements], []
        return ScriptScene(
            heading=self._heading,
            **parse_heading(self._heading)._asdict(),
            number=self._number,
            section=self._where if self._heading else self._path(),
            synopsis="\n".join(self._synopsis),
            elements=tuple(elements),
            line=self._line or next((element.line for element in elements), 0),
        )


def _is_omitted(scene: ScriptScene) -> bool:
    """Whether the scene was taken out, and only its number is left."""
    return _OMITTED.fullmatch(scene.heading) is not None and all(each.kind == "note" for each in scene.elements)


def _doubtful_cues(scenes: Iterable[ScriptScene]) -> Iterator[tuple[int, str]]:
    """A warning for each speaker whose name has words of camera or cut."""
    lines = {name_key(each.character): each for scene in reversed(list(scenes)) for each in reversed(scene.elements)}
    for element in lines.values():
        if looks_like_direction(element.character):
            yield element.line, f"{element.character}: looks like a camera direction, read as a speaker"


def _similar_cues(scenes: Iterable[ScriptScene]) -> Iterator[tuple[int, str]]:
    """A warning for each name that is another's but for accents or script: ZOË and ZOE are two people."""
    first: dict[str, tuple[str, str]] = {}
    warned: set[str] = set()
    for element in (element for scene in scenes for element in scene.elements if element.character):
        key = name_key(element.character)
        plain = "".join(each for each in unicodedata.normalize("NFD", key) if not unicodedata.combining(each))
        other_key, other = first.setdefault(plain, (key, element.character))
        if key != other_key and key not in warned:
            warned.add(key)
            yield element.line, f"{element.character} and {other} are two people, by their accents"


def _opens_a_scene(element: Element) -> bool:
    """Whether ``element``, alone before a heading, belongs to the scene that the heading begins."""
    if element.kind == "action":
        return _OPENS_A_SCENE.fullmatch(element.text) is not None
    return element.kind in ("transition", "note", "page_break")


@dataclass(slots=True)
class _Part:
    line: int
    sung: bool = False
    parenthetical: str = ""
    texts: list[str] = field(default_factory=list)


class SpeechBuilder:
    """Collects one speech line by line, and splits it at parentheticals and between spoken and sung words."""

    def __init__(self, character: str, extension: str, dual: bool, line: int) -> None:
        self._character, self._extension, self._dual = character, extension, dual
        self._parts = [_Part(line)]

    def add_parenthetical(self, text: str, line: int) -> None:
        """Add ``(low)``, without its parentheses; it is about what follows. ``(MORE)`` says only that a page ends."""
        if is_page_mark(text):
            return
        if self._parts[-1].texts:
            self._parts.append(_Part(line))
        part = self._parts[-1]
        first, _, rest = text.partition(",")
        if len(self._parts) == 1 and not part.parenthetical and is_extension(first):
            self._extension = f"{self._extension}, {first}" if self._extension else first
            text = rest.strip()
        if not text:
            return
        part.parenthetical = f"{part.parenthetical}, {text}" if part.parenthetical else text

    def add_line(self, text: str, line: int, *, sung: bool = False) -> None:
        """Add a line of dialogue or lyrics."""
        part = self._parts[-1]
        if part.texts and part.sung != sung:
            part = _Part(line)
            self._parts.append(part)
        part.sung = sung
        part.texts.append(text)

    def add_empty_line(self) -> None:
        """Add a deliberate empty line between words."""
        if self._parts[-1].texts:
            self._parts[-1].texts.append("")

    def elements(self) -> Iterator[Element]:
        """The speech; a cue without words is action."""
        if len(self._parts) == 1 and not self._parts[0].texts and not self._parts[0].parenthetical:
            yield Element("action", self._character, self._parts[0].line)
            return
        for index, part in enumerate(self._parts):
            yield Element(
                kind="lyric" if part.sung else "dialogue",
                text="\n".join(part.texts).strip("\n"),
                line=part.line,
                character=self._character,
                extension=self._extension,
                parenthetical=part.parenthetical,
                dual=self._dual,
                continues=index > 0,
            )
