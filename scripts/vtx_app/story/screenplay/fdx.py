"""Final Draft's own file (``.fdx``, XML) to scenes and elements.

What is known of it is what such files hold: ``FinalDraft/Content/Paragraph``, each with a ``Type`` and its words in
``Text`` runs; two speeches at once stand in ``DualDialogue``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from vtx_app.errors import SpecError
from vtx_app.story.screenplay.builder import SceneBuilder
from vtx_app.story.screenplay.cue import split_cue
from vtx_app.story.screenplay.script import Element, Kind, Screenplay

__all__ = ["read_fdx"]

_KINDS: dict[str, Kind] = {
    "Action": "action",
    "General": "action",
    "Shot": "action",
    "Cast List": "note",
    "Transition": "transition",
    "Lyrics": "lyric",
    "Singing": "lyric",
}


class _Plain(ET.TreeBuilder):
    """A tree of a file without a document type, the only place where entities can be made."""

    def doctype(self, *_: Any) -> None:
        raise ValueError("it declares a document type; a screenplay has none")


def read_fdx(data: bytes, name: str) -> Screenplay:
    """The screenplay in ``data``. Raises :class:`SpecError`, calling the file ``name``, for anything else."""
    try:
        root = ET.fromstring(data, ET.XMLParser(target=_Plain()))  # noqa: S314 - see _Plain
    except (ET.ParseError, ValueError) as error:
        raise SpecError([f"{name}: not a Final Draft file: {error}"]) from None
    content = root.find("Content")
    if root.tag != "FinalDraft" or content is None:
        raise SpecError([f"{name}: not a Final Draft file: expected FinalDraft with Content, found {root.tag[:60]!r}"])
    builder = SceneBuilder()
    speech = _Speech(builder)
    for paragraph, dual in _paragraphs(content):
        _take(builder, speech, paragraph, dual)
    return Screenplay(_title_page(root), builder.finish())


def _paragraphs(content: ET.Element) -> Iterator[tuple[ET.Element, bool]]:
    """Every paragraph, and whether it belongs to the second of two speeches at once."""
    for paragraph in content.iterfind("Paragraph"):
        pair = paragraph.find("DualDialogue")
        if pair is None:
            yield paragraph, False
            continue
        cues = 0
        for each in pair.iterfind("Paragraph"):
            cues += each.get("Type") == "Character"
            yield each, cues > 1


def _words(paragraph: ET.Element) -> str:
    runs = ("".join(run.itertext()) for run in paragraph.iterfind("Text"))
    return "\n".join(line.strip() for line in "".join(runs).splitlines()).strip()


class _Speech:
    """Who speaks, and whether they have begun."""

    def __init__(self, builder: SceneBuilder) -> None:
        self.builder = builder
        self.character = self.extension = self.parenthetical = ""
        self.dual = self.begun = False

    def cue(self, text: str, dual: bool) -> None:
        """Somebody is about to speak."""
        self.end()
        self.character, self.extension = split_cue(text)
        self.dual, self.begun = dual, False

    def say(self, text: str, kind: Kind = "dialogue") -> None:
        """Words of the speech."""
        self.builder.add(
            Element(
                kind,
                text,
                character=self.character,
                extension=self.extension,
                parenthetical=self.parenthetical,
                dual=self.dual,
                continues=self.begun,
            )
        )
        self.parenthetical, self.begun = "", True

    def aside(self, text: str) -> None:
        """A parenthetical; two in a row are two."""
        if self.parenthetical:
            self.say("")
        self.parenthetical = text.removeprefix("(").removesuffix(")").strip()

    def end(self) -> None:
        """Nothing more is said: a parenthetical that nothing followed is kept."""
        if self.parenthetical:
            self.say("")
        self.character = self.extension = ""


def _take(builder: SceneBuilder, speech: _Speech, paragraph: ET.Element, dual: bool) -> None:
    kind, text = paragraph.get("Type", "Action"), _words(paragraph)
    if not text:
        return
    if kind == "Character":
        speech.cue(text, dual)
    elif kind == "Parenthetical" and speech.character:
        speech.aside(text)
    elif kind in ("Dialogue", "Lyrics", "Singing") and speech.character:
        speech.say(text, "dialogue" if kind == "Dialogue" else "lyric")
    else:
        speech.end()
        if kind == "Scene Heading":
            builder.heading(" ".join(text.split()), paragraph.get("Number", ""), 0)
        elif kind in ("New Act", "Act"):
            builder.section(1, " ".join(text.split()))
        elif kind != "End of Act":
            builder.add(Element(_KINDS.get(kind, "action"), text))


def _title_page(root: ET.Element) -> dict[str, str]:
    page = root.find("TitlePage/Content")
    lines = [] if page is None else [text for each in page.iterfind("Paragraph") if (text := _words(each))]
    return {"title": lines[0]} if lines else {}
