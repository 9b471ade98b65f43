"""The content of a screenplay: scenes, and in them what is seen, said and heard, in order.

Texts are plain: forcing marks, emphasis and escapes are removed, line breaks within a paragraph stay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from vtx_app.formats.heading import Setting
from vtx_app.story.names import name_key

__all__ = ["Element", "Kind", "Screenplay", "ScriptScene", "speakers"]

Kind = Literal["action", "dialogue", "lyric", "centered", "transition", "note", "page_break"]


@dataclass(frozen=True, slots=True)
class Element:
    """One paragraph of a scene, or one section of a speech.

    A speech is split at its parentheticals, which stand before what they are about: ``(low)``, words, ``(beat)``, words
    are two elements, and the second one ``continues`` the speech. A parenthetical at the end has an empty text. Lyrics
    in a speech have its ``character``. The second of two simultaneous speeches is ``dual``.
    """

    kind: Kind
    text: str
    line: int = 0
    """1-based line of the source, 0 without a source."""
    character: str = ""
    """The cue as written, without extension."""
    extension: str = ""
    """``O.S.``; several are joined by commas."""
    parenthetical: str = ""
    dual: bool = False
    continues: bool = False


@dataclass(frozen=True, slots=True)
class ScriptScene:
    """A scene: its heading as written, the parts of the heading, and the elements."""

    heading: str
    setting: Setting = ""
    place: str = ""
    time: str = ""
    weather: str = ""
    number: str = ""
    section: tuple[str, ...] = ()
    """The sections that it is in, outermost first: act, sequence …"""
    synopsis: str = ""
    elements: tuple[Element, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Screenplay:
    """A screenplay. Anything before its first heading is a scene without a heading."""

    title_page: dict[str, str] = field(default_factory=dict)
    """Keys in lower case; several lines of a value are joined by line breaks."""
    scenes: tuple[ScriptScene, ...] = ()
    synopses: dict[tuple[str, ...], str] = field(default_factory=dict)
    """The synopses of sections, by their path as in :attr:`ScriptScene.section`."""
    warnings: tuple[tuple[int, str], ...] = ()
    """Line of the source and message, for text that may have been misread."""


def speakers(screenplay: Screenplay) -> dict[str, int]:
    """Cue → number of speeches, by first appearance; all spellings of a name are one speaker."""
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for scene in screenplay.scenes:
        for element in scene.elements:
            if element.character and not element.continues:
                name = names.setdefault(name_key(element.character), element.character)
                counts[name] = counts.get(name, 0) + 1
    return counts
