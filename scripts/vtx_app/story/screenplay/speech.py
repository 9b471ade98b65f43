"""One speech, line by line, to its elements: split at parentheticals, and between words spoken and sung."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from vtx_app.story.screenplay.script import Element

__all__ = ["SpeechParts"]


@dataclass(slots=True)
class _Part:
    line: int
    sung: bool = False
    parenthetical: str = ""
    texts: list[str] = field(default_factory=list)


class SpeechParts:
    """A cue, and what comes under it."""

    def __init__(self, character: str, extension: str, dual: bool, line: int) -> None:
        self._character, self._extension, self._dual = character, extension, dual
        self._parts = [_Part(line)]

    def parenthetical(self, text: str, line: int) -> None:
        """``(low)``, without its parentheses; it is about what follows."""
        if self._parts[-1].texts:
            self._parts.append(_Part(line))
        part = self._parts[-1]
        part.parenthetical = f"{part.parenthetical}, {text}" if part.parenthetical else text

    def said(self, text: str, line: int) -> None:
        """A line of dialogue."""
        self._words(text, line, sung=False)

    def sung(self, text: str, line: int) -> None:
        """A line of lyrics."""
        self._words(text, line, sung=True)

    def empty_line(self) -> None:
        """A line left empty on purpose, between words."""
        if self._parts[-1].texts:
            self._parts[-1].texts.append("")

    def elements(self) -> Iterator[Element]:
        """The speech; a cue under which nothing is said is action."""
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

    def _words(self, text: str, line: int, *, sung: bool) -> None:
        part = self._parts[-1]
        if part.texts and part.sung != sung:
            part = _Part(line)
            self._parts.append(part)
        part.sung = sung
        part.texts.append(text)
