"""Read Final Draft files (``.fdx``, XML).

The format is not published. Its files hold ``FinalDraft/Content/Paragraph``, each with a ``Type`` and its words in
``Text`` runs, simultaneous speeches in ``DualDialogue``, a scene's summary in ``SceneProperties``, and notes in
``ScriptNote``. A paragraph of an unknown type is read as action, and one in an unknown element as if it stood alone, so
that nothing gets lost. What is in an ``OmittedScene`` is not part of the film.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET
from xml.parsers import expat

from vtx_app.errors import SpecError
from vtx_app.formats.heading import LONGEST_HEADING, WORDS_IN_A_HEADING
from vtx_app.story.screenplay.builder import SceneBuilder, SpeechBuilder
from vtx_app.story.screenplay.cues import LONGEST_CUE, is_page_mark, split_cue
from vtx_app.story.screenplay.fountain_text import clean
from vtx_app.story.screenplay.script import Element, Kind, Screenplay
from vtx_app.story.screenplay.title_page import is_known_key, key_and_value, title_key

__all__ = ["read_fdx"]

_KINDS: dict[str, Kind] = {
    "Transition": "transition",
    "Lyrics": "lyric",
    "Singing": "lyric",
    "Cast List": "note",
    "Outline Body": "note",
    "End of Act": "centered",
}
_SPOKEN = ("Dialogue", "Lyrics", "Singing")
_NO_CONTENT = frozenset(("ScriptNote", "OmittedScene", "SceneProperties", "Text", "DynamicLabel"))
_NOT_ITS_WORDS = (_NO_CONTENT - {"Text"}) | {"Paragraph", "DualDialogue"}
_NOTED = ("ScriptNote", "Text//ScriptNote", "SceneProperties//ScriptNote")
_DEEPEST = 50
_LINE = "\n"  # an attribute name that no file can have
_BY = re.compile(r"(written\s+|screenplay\s+|story\s+)?by:?", re.IGNORECASE)


def read_fdx(data: bytes, name: str) -> Screenplay:
    """Read the screenplay in ``data``; messages call the file ``name``. Raises :class:`SpecError`.

    A document type is refused, and with it every entity: no screenplay needs one, and it makes a small file huge.
    """
    root = _tree(data, name)
    if root.tag != "FinalDraft":
        raise SpecError([f"{name}:{root.get(_LINE)}: not a Final Draft file: found {root.tag[:60]!r}"])
    builder = SceneBuilder()
    body = _BodyReader(builder, name)
    for content in root.iterfind("Content"):
        body.read(content)
    return builder.finish(_title_page(root))


def _tree(data: bytes, name: str) -> ET.Element:
    parser, tree, depth = expat.ParserCreate(), ET.TreeBuilder(), 0

    def refuse(*_: object) -> None:
        raise SpecError([f"{name}:{parser.CurrentLineNumber}: it declares a document type; a screenplay needs none"])

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise SpecError([f"{name}:{parser.CurrentLineNumber}: more than {_DEEPEST} nested elements"])
        tree.start(tag, attributes | {_LINE: str(parser.CurrentLineNumber)})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        tree.end(tag)

    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, tree.data
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        reason = expat.errors.messages.get(error.code, "not XML")
        raise SpecError([f"{name}:{error.lineno}: not a Final Draft file: {reason}"]) from None
    except (LookupError, ValueError) as error:
        raise SpecError([f"{name}: not a Final Draft file: {error}"]) from None
    return tree.close()


def _lines(paragraph: ET.Element) -> list[str]:
    """The text of a paragraph, line by line."""
    text = clean("".join(_words(paragraph)))
    return [line.strip() for line in text.strip().split("\n")]


def _words(element: ET.Element, *, run: bool = False) -> Iterator[str]:
    """The texts in an element and in those within, but notes. Outside a ``run``, white space is only layout."""
    run = run or element.tag == "Text"
    yield _text(element.text, run)
    for each in element:
        if each.tag not in _NOT_ITS_WORDS:
            yield from _words(each, run=run)
        yield _text(each.tail, run)


def _text(text: str | None, run: bool) -> str:
    return text or "" if run or (text and not text.isspace()) else ""


def _line(paragraph: ET.Element) -> str:
    return " ".join(" ".join(_lines(paragraph)).split())


def _number(element: ET.Element) -> int:
    return int(element.get(_LINE, "0"))


class _BodyReader:
    """Reads the paragraphs once, and collects each speech, and the notes in it, until something else follows."""

    def __init__(self, builder: SceneBuilder, name: str) -> None:
        self.builder = builder
        self.name = name
        self.speech: SpeechBuilder | None = None
        self.speaker: tuple[str, str] | None = None
        self.notes: list[Element] = []

    def read(self, content: ET.Element) -> None:
        """Read all paragraphs, with their notes."""
        self._read(content)
        self._end_speech()

    def _read(self, parent: ET.Element) -> None:
        cues = 0
        for each in parent:
            if each.tag == "Paragraph":
                cues += each.get("Type") == "Character"
                self._paragraph(each, dual=parent.tag == "DualDialogue" and cues > 1)
                self.notes += _notes(each)
                if (pair := each.find("DualDialogue")) is not None:
                    self._read_pair(pair)
            elif each.tag == "DualDialogue":
                self._read_pair(each)
            elif each.tag not in _NO_CONTENT:
                self._read(each)

    def _read_pair(self, pair: ET.Element) -> None:
        self._end_speech()
        self._read(pair)
        self._end_speech()

    def _end_speech(self) -> None:
        for element in [*(self.speech.elements() if self.speech else []), *self.notes]:
            self.builder.add(element)
        self.speech, self.notes = None, []

    def _paragraph(self, paragraph: ET.Element, *, dual: bool) -> None:
        kind, line, number = paragraph.get("Type") or "Action", _line(paragraph), _number(paragraph)
        if kind == "Scene Heading":
            self._end_speech()
            self.speaker = None
            self._heading(paragraph, line, number)
        elif not line:
            return
        elif kind == "Character":
            self._end_speech()
            self._cue(line, number, dual=dual)
        elif kind in ("Parenthetical", *_SPOKEN) and (self.speech or self.speaker):
            speech = self.speech or self._resumed(number)
            if kind == "Parenthetical":
                inside = line[1:-1] if line.startswith("(") and line.endswith(")") else line.strip("()")
                speech.add_parenthetical(inside.strip() or line, number)
                return
            for each in _lines(paragraph) if not is_page_mark(line.strip("()")) else []:
                speech.add_line(each, number, sung=kind != "Dialogue")
        else:
            self._end_speech()
            if kind == "Dialogue":
                self.builder.warn(number, f"{line[:60]}: dialogue that nobody speaks, read as action")
            self._other(kind, paragraph, line, number)

    def _cue(self, line: str, number: int, *, dual: bool) -> None:
        name, extension = split_cue(line)
        if len(name) > LONGEST_CUE:
            at = f"{self.name}:{number}: Character {name[:40]}…"
            raise SpecError([f"{at}: a name of {len(name)} characters, at most {LONGEST_CUE}: shorten it"])
        self.speech, self.speaker = SpeechBuilder(name, extension, dual, number), (name, extension)

    def _resumed(self, number: int) -> SpeechBuilder:
        """A speech of the last speaker, who goes on after some action without a cue."""
        name, extension = self.speaker or ("", "")
        self._end_speech()
        self.builder.warn(number, f"dialogue without a speaker: it is {name}'s, who spoke last")
        self.speech = SpeechBuilder(name, extension, False, number)
        return self.speech

    def _heading(self, paragraph: ET.Element, line: str, number: int) -> None:
        properties = paragraph.find("SceneProperties")
        if len(line) > LONGEST_HEADING or len(line.split()) > WORDS_IN_A_HEADING:
            self.builder.warn(number, f"{line[:60]}…: too long for a heading, read as action")
            self.builder.add(Element("action", line, number))
        elif line:
            self.builder.heading(line, paragraph.get("Number", ""), number)
        for each in [] if properties is None else properties.iterfind("Summary/Paragraph"):
            if summary := _line(each):
                self.builder.synopsis(summary)

    def _other(self, kind: str, paragraph: ET.Element, line: str, number: int) -> None:
        depth = re.fullmatch(r"Outline (\d)", kind)
        if kind == "New Act" or depth:
            self.builder.section(int(depth[1]) if depth else 1, line)
        else:
            text = line if kind == "Transition" else "\n".join(each for each in _lines(paragraph) if each)
            self.builder.add(Element(_KINDS.get(kind, "action"), text, number))


def _notes(paragraph: ET.Element) -> Iterator[Element]:
    for note in (note for tag in _NOTED for note in paragraph.iterfind(tag)):
        text = "\n".join(line for each in note.iterfind("Paragraph") if (line := _line(each)))
        if text:
            yield Element("note", text, _number(note))


def _title_page(root: ET.Element) -> dict[str, str]:
    """The first line is the title, the one after ``by`` the author, and all others are notes."""
    lines = [line for each in root.iterfind("TitlePage/Content/Paragraph") if (line := _line(each))]
    page: dict[str, str] = {}
    for index, line in enumerate(lines):
        after_by = index > 0 and _BY.fullmatch(lines[index - 1]) is not None
        key, value = "title" if index == 0 else "author" if after_by and "author" not in page else "notes", line
        if (written := key_and_value(line)) and is_known_key(written[0]) and written[1]:
            key, value = title_key(written[0]), written[1]
        elif key == "notes" and _BY.fullmatch(line) and "credit" not in page:
            key = "credit"
        page[key] = f"{page[key]}\n{value}" if key in page else value
    return page
