"""Read Fountain, the plain text format for screenplays (https://fountain.io/syntax).

It follows the format, with these choices where that is open or would lose a film's words:

* ``EXT/INT`` and ``E/I`` begin a heading like ``INT/EXT`` and ``I/E``.
* A heading in capitals needs no empty line after it, unless another heading follows directly.
* ``FADE IN:`` is a line of its own, never the cue of what follows.
* A title page is every block of ``Key: value`` at the top, in any language, and as many blocks as there are.
* Only an empty line, a page break, ``>``, ``# `` and ``= `` end a speech; all else is spoken.
* A line of more than 200 characters is not a cue, and none of more than 25 words is a heading.
* A direction (``ANGLE ON``, ``SUPER:``, ``FADE TO BLACK:``) is not a cue, unless ``@`` forces it.
* Emphasis on a heading or a whole parenthetical is removed; in a speech it may go over several lines.
* Indentation is dropped, and a line that opens or closes a Markdown fence counts as empty.

Where a writer may have meant something else, it follows the format and warns.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vtx_app.formats.heading import LONGEST_HEADING, WORDS_IN_A_HEADING, looks_like_heading
from vtx_app.story.screenplay.builder import SceneBuilder, SpeechBuilder
from vtx_app.story.screenplay.cues import LONGEST_CUE, direction, split_cue
from vtx_app.story.screenplay.fountain_text import Line, clean, is_escaped, plain, source_lines
from vtx_app.story.screenplay.script import Element, Kind, Screenplay
from vtx_app.story.screenplay.title_page import read_title_page

__all__ = ["read_fountain"]

_HEADING = re.compile(
    r"(?:INT\.?\s?[/-]\s?EXT|EXT\.?\s?[/-]\s?INT|INT|EXT|EST|I\.?/E|E\.?/I)[.: ]"
    r"|(?-i:(?:INTERIOR|EXTERIOR)[.: ](?=[^a-z]+$))",
    re.IGNORECASE,
)
_FORCED_ACTION = re.compile(r"^!{1,2}")
_FORCED_HEADING = re.compile(r"\.[^.\s]")
_NUMBER = re.compile(r"#([\w.-]+)#$")
_SECTION = re.compile(r"(#+)\s*(.*)")
_SYNOPSIS = re.compile(r"=(?!=)\s*(.*)")
_PAGE_BREAK = re.compile(r"={3,}")
_FADE_IN = re.compile(r"FADE (?:IN|UP)[:.]?")
_TRANSITIONS = ("FADE OUT.", "FADE TO BLACK.", "CUT TO BLACK.")
_WHOLLY_MARKED = re.compile(r"([*_]+)(?=[^\s*_]).*(?<=[^\s*_])[*_]+")
_EMPTY_IN_SPEECH = "  "
_PARENTHETICAL_LINES = 4


def read_fountain(text: str) -> Screenplay:
    """Read the screenplay in ``text``. Every text is one: whatever is nothing else is action."""
    reader = _Reader(source_lines(clean(text)))
    title_page = reader.title_page()
    reader.body()
    return reader.builder.finish(title_page)


def _in_capitals(text: str) -> bool:
    return text == text.upper()


def _is_centered(text: str) -> bool:
    return text.startswith(">") and text.endswith("<") and len(text) > 1 and not is_escaped(text, len(text) - 1)


def _ends_speech(text: str) -> bool:
    return text.startswith((">", "# ", "##", "= ")) or _PAGE_BREAK.fullmatch(text) is not None


def _ends_action(text: str) -> bool:
    """Whether a line ends a paragraph of action, because its first character makes it something else."""
    return text.startswith(("#", ">", "~")) or _SYNOPSIS.match(text) is not None or bool(_PAGE_BREAK.fullmatch(text))


def _is_lyric(text: str) -> bool:
    return text.startswith("~")


def _without_carets(cue: str) -> str:
    end = len(cue)
    while end and (cue[end - 1].isspace() or (cue[end - 1] == "^" and not is_escaped(cue, end - 1))):
        end -= 1
    return cue[:end]


def _unmarked(text: str) -> str:
    """``text`` without the emphasis that all of it has: ``**INT. HOUSE**`` → ``INT. HOUSE``."""
    return _plain(text) if _WHOLLY_MARKED.fullmatch(text) else text


def _plain(text: str) -> str:
    return plain(text).strip() or text.strip()


class _Reader:
    """Reads the lines once; a method that reads something returns the index of the line after it."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.texts = [line.text.strip() for line in lines]
        self.builder = SceneBuilder()
        self.start = 0

    def title_page(self) -> dict[str, str]:
        """The title page's values by their keys; empty if there is none."""
        first = next((at for at, text in enumerate(self.texts) if text), 0)
        page, self.start = read_title_page([line.text for line in self.lines], _plain)
        self._notes(first, self.start)
        return page

    def body(self) -> None:
        """Read everything after the title page."""
        index, after_blank = self.start, True
        while index < len(self.lines):
            if not self.texts[index]:
                following, after_blank = index + 1, True
            else:
                following, after_blank = self._next(index, after_blank)
            self._notes(index, following)
            index = following

    def _notes(self, start: int, end: int) -> None:
        for line in self.lines[start:end]:
            for note, number in line.notes:
                text = "\n".join(_plain(part) for part in note.split("\n")).strip("\n")
                if text:
                    self.builder.add(Element("note", text, number))

    def _text(self, index: int) -> str:
        return self.texts[index] if index < len(self.texts) else ""

    def _next(self, index: int, after_blank: bool) -> tuple[int, bool]:
        """Read what begins at ``index``; the line after it, and whether that counts as after an empty line."""
        text, number = self.texts[index], self.lines[index].number
        if _PAGE_BREAK.fullmatch(text):
            self.builder.add(Element("page_break", "", number))
        elif found := _SECTION.fullmatch(text):
            self._warn_of_heading(found[2], index, "read as a section")
            self.builder.section(len(found[1]), _plain(found[2]))
        elif found := _SYNOPSIS.fullmatch(text):
            self.builder.synopsis(_plain(found[1]))
        elif _is_centered(text):
            return self._run(index, "centered", _is_centered, slice(1, -1)), True
        elif text.startswith(">"):
            self._add("transition", _plain(text[1:]), index)
        elif text.startswith("~"):
            return self._run(index, "lyric", _is_lyric, slice(1, None)), False
        elif text.startswith("!"):
            return self._action(index), False
        elif after_blank and self._is_heading(index):
            self._heading(text.removeprefix("."), number)
        elif after_blank and _FADE_IN.fullmatch(text):
            self._add("action", text, index)
        elif after_blank and self._is_transition(index):
            self._add("transition", _plain(text), index)
        elif after_blank and (kind := self._direction(index)):
            if kind == "centered":
                return self._run(index + 1, kind, lambda line: bool(line) and not _ends_speech(line), slice(None)), True
            self._add(kind, _plain(text), index)
        elif after_blank and self._is_cue(index):
            return self._speech(index), False
        else:
            return self._action(index), False
        return index + 1, True

    def _add(self, kind: Kind, text: str, index: int) -> None:
        if text:
            self.builder.add(Element(kind, text, self.lines[index].number))

    def _run(self, index: int, kind: Kind, belongs: Callable[[str], bool], inside: slice) -> int:
        """Read consecutive lines of one kind as one element."""
        end = index
        while belongs(self._text(end)):
            end += 1
        self._add(kind, "\n".join(_plain(line[inside]) for line in self.texts[index:end]).strip("\n"), index)
        return end

    def _direction(self, index: int) -> Kind | None:
        """What the line is if text follows it as if it were a cue, and it is a direction."""
        text = _plain(self.texts[index])
        return direction(text) if self._text(index + 1) and _in_capitals(text) else None

    def _warn_of_heading(self, text: str, index: int, how: str) -> None:
        if looks_like_heading(text):
            self.builder.warn(self.lines[index].number, f"{text[:80]}: looks like a heading, {how}")

    def _is_heading(self, index: int) -> bool:
        text, following = self.texts[index], self._text(index + 1)
        is_forced = _FORCED_HEADING.match(text) is not None
        text = _plain(text) if text.startswith(("*", "_")) else text
        if not is_forced and not _HEADING.match(text):
            return False
        if len(text) > LONGEST_HEADING or len(text.split()) > WORDS_IN_A_HEADING:
            number = self.lines[index].number
            self.builder.warn(number, f"{text[:60]}…: too long for a heading, read as action")
            return False
        return is_forced or not following or (_in_capitals(text) and not _HEADING.match(following))

    def _heading(self, text: str, line: int) -> None:
        number = _NUMBER.search(text)
        heading = _plain(text[: number.start()] if number else text)
        self.builder.heading(heading, number[1] if number else "", line)

    def _is_transition(self, index: int) -> bool:
        text = self.lines[index].text
        named = text.endswith("TO:") or text.strip() in _TRANSITIONS
        return named and _in_capitals(text) and not self._text(index + 1)

    def _is_cue(self, index: int) -> bool:
        text, following = self.texts[index], self._text(index + 1)
        if not following or _ends_speech(following) or len(text) > LONGEST_CUE:
            return False
        if text.startswith("@"):
            return bool(text[1:].strip("^ "))
        if _HEADING.match(text):
            return False
        name = split_cue(_without_carets(text))[0]
        return name.isupper() and not text.startswith("(") and not text.endswith("TO:") and following[0] != "!"

    def _speech(self, index: int) -> int:
        cue = self.texts[index].removeprefix("@")
        bare = _without_carets(cue)
        name, extension = split_cue(bare)
        speech = SpeechBuilder(_plain(name), _plain(extension), bare != cue.rstrip(), self.lines[index].number)
        index += 1
        while index < len(self.lines):
            text, number = self.texts[index], self.lines[index].number
            if self.lines[index].text == _EMPTY_IN_SPEECH:
                speech.add_empty_line()
            elif not text or _ends_speech(text):
                break
            elif text.startswith("~"):
                speech.add_line(_plain(text[1:]), number, sung=True)
            elif inside := self._parenthetical(index):
                index += inside.count("\n")
                speech.add_parenthetical(_plain(inside.replace("\n", " ")), number)
            else:
                end = self._end_of_words(index)
                spoken = _plain("\n".join(self.texts[index:end])).split("\n")
                for place, line in enumerate(spoken):
                    self._warn_of_heading(line, index + place, "spoken, as a part of the speech before it")
                    speech.add_line(line, number + place)
                index = end - 1
            index += 1
        for element in speech.elements():
            self.builder.add(element)
        return index

    def _end_of_words(self, index: int) -> int:
        """The index of the line after the words that begin at ``index``: emphasis may go over all of them."""
        index += 1
        while (
            index < len(self.lines)
            and self.texts[index]
            and not _ends_speech(self.texts[index])
            and not self.texts[index].startswith("~")
            and not self._parenthetical(index)
        ):
            index += 1
        return index

    def _parenthetical(self, index: int) -> str:
        """The content of the parentheses that open the line at ``index``; empty if words follow their end."""
        first = _unmarked(self.texts[index])
        if not first.startswith("("):
            return ""
        depth, text = 0, ""
        for line in [first, *self.texts[index + 1 : index + _PARENTHETICAL_LINES]]:
            if not line:
                return ""
            for at, character in enumerate(line):
                if character in "()" and not is_escaped(line, at):
                    depth += 1 if character == "(" else -1
                if depth == 0:
                    return f"{text}{line}"[1:-1].strip() if at == len(line) - 1 else ""
            text += f"{line}\n"
        return ""

    def _action(self, index: int) -> int:
        end = index + 1
        while self._text(end) and not _ends_action(self._text(end)):
            end += 1
        texts = [_FORCED_ACTION.sub("", line) for line in self.texts[index:end]]
        for place, line in enumerate(texts):
            if line == self.texts[index + place]:
                self._warn_of_heading(line, index + place, "read as action: put a dot before it if it is one")
        lines = _plain("\n".join(texts)).split("\n")
        self._add("action", "\n".join(line for line in lines if line), index)
        return end
