"""Read Final Draft files (``.fdx``, XML).

The format is not published. Its files hold ``FinalDraft/Content/Paragraph``, each with a ``Type`` and its words in
``Text`` runs, simultaneous speeches in ``DualDialogue``, a scene's summary in ``SceneProperties``, and notes in
``ScriptNote``. A paragraph of an unknown type is read as action, so that nothing gets lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET
from xml.parsers import expat

from vtx_app.errors import SpecError
from vtx_app.story.screenplay.builder import SceneBuilder, SpeechBuilder, split_cue
from vtx_app.story.screenplay.fountain_text import clean
from vtx_app.story.screenplay.script import Element, Kind, Screenplay

__all__ = ["read_fdx"]

_KINDS: dict[str, Kind] = {
    "Transition": "transition",
    "Lyrics": "lyric",
    "Singing": "lyric",
    "Cast List": "note",
    "Outline Body": "note",
    "End of Act": "centered",
}
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
    for paragraphs in root.iterfind("Content"):
        _BodyReader(builder).read(paragraphs.iterfind("Paragraph"))
    return Screenplay(_title_page(root), builder.finish(), builder.synopses)


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
    """The text of a paragraph, line by line; a run of text may contain runs."""
    text = clean("".join("".join(run.itertext()) for run in paragraph.iterfind("Text")))
    return [line.strip() for line in text.strip().split("\n")]


def _line(paragraph: ET.Element) -> str:
    return " ".join(" ".join(_lines(paragraph)).split())


def _number(element: ET.Element) -> int:
    return int(element.get(_LINE, "0"))


class _BodyReader:
    """Reads the paragraphs once, and collects each speech until something else follows."""

    def __init__(self, builder: SceneBuilder) -> None:
        self.builder = builder
        self.speech: SpeechBuilder | None = None

    def read(self, paragraphs: Iterable[ET.Element]) -> None:
        """Read all paragraphs, with their notes."""
        for paragraph in paragraphs:
            pair = paragraph.find("DualDialogue")
            cues = 0
            for each in [paragraph] if pair is None else pair.iterfind("Paragraph"):
                cues += each.get("Type") == "Character"
                self._paragraph(each, dual=cues > 1)
            if pair is not None:
                self._end_speech()
            for note in _notes(paragraph):
                self._end_speech()
                self.builder.add(note)
        self._end_speech()

    def _end_speech(self) -> None:
        if self.speech:
            for element in self.speech.elements():
                self.builder.add(element)
        self.speech = None

    def _paragraph(self, paragraph: ET.Element, *, dual: bool) -> None:
        kind, line, number = paragraph.get("Type") or "Action", _line(paragraph), _number(paragraph)
        if kind == "Scene Heading":
            self._end_speech()
            self._heading(paragraph, line, number)
        elif not line:
            return
        elif kind == "Character":
            self._end_speech()
            self.speech = SpeechBuilder(*split_cue(line), dual, number)
        elif self.speech and kind == "Parenthetical":
            inside = line[1:-1] if line.startswith("(") and line.endswith(")") else line.strip("()")
            self.speech.add_parenthetical(inside.strip() or line, number)
        elif self.speech and kind in ("Dialogue", "Lyrics", "Singing"):
            for each in _lines(paragraph):
                self.speech.add_line(each, number, sung=kind != "Dialogue")
        else:
            self._end_speech()
            self._other(kind, paragraph, line, number)

    def _heading(self, paragraph: ET.Element, line: str, number: int) -> None:
        properties = paragraph.find("SceneProperties")
        if line:
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
    for note in paragraph.iterfind(".//ScriptNote"):
        text = "\n".join(line for each in note.iterfind("Paragraph") if (line := _line(each)))
        if text:
            yield Element("note", text, _number(note))


def _title_page(root: ET.Element) -> dict[str, str]:
    """The first line is the title, the one after ``by`` the author, and all others are notes."""
    lines = [line for each in root.iterfind("TitlePage/Content/Paragraph") if (line := _line(each))]
    page: dict[str, str] = {}
    for index, line in enumerate(lines):
        after_by = index > 0 and _BY.fullmatch(lines[index - 1]) is not None
        key = "title" if index == 0 else "author" if after_by and "author" not in page else "notes"
        if key == "notes" and _BY.fullmatch(line) and "credit" not in page:
            key = "credit"
        page[key] = f"{page[key]}\n{line}" if key in page else line
    return page
