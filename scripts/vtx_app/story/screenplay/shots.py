"""A scene cut into shots by rule: by its paragraphs, its speeches, what it says of the camera, and time.

* Outside, the first paragraph is a shot of its own: where we are.
* A shot lasts 2 to 15 seconds, and is given no more once it would pass 12; action alone ends at 8.
* A speech too long for one shot is divided at sentences, else at commas, else between words; each next shot goes on
  from the last frame of the one before. No word of dialogue is changed or lost.
* Before and after a long speech others speak in shots of their own; short exchanges share one.
* Shot and reverse shot have the same size; two shots of one speaker don't.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from vtx_app.compile.duration import auto_seconds, spoken_seconds
from vtx_app.formats.metadata import MAX_SECONDS
from vtx_app.story.names import display_name, title_of
from vtx_app.story.screenplay.camera import Camera, camera_of
from vtx_app.story.screenplay.script import Element, ScriptScene
from vtx_app.story.screenplay.sentences import divided, sentences

__all__ = ["RuleShot", "rule_shots"]

LONGEST = 12.0
"""Seconds after which a shot is given no more: a breath is left for the cut."""

SHORTEST = 2.0
LONG_ACTION = 8.0
LONG_SPEECH = 4.0
LINES_IN_A_SHOT = 3


@dataclass(frozen=True, slots=True)
class RuleShot:
    """One shot: ``dialogue`` as cue and words, ``unseen`` the cues of it that are off screen, ``seconds`` of film."""

    title: str
    size: str
    angle: str
    movement: str
    beats: tuple[str, ...]
    dialogue: tuple[tuple[str, str], ...]
    seconds: float
    continues: Literal["cut", "continue_from"] = "cut"
    unseen: tuple[str, ...] = ()


@dataclass(slots=True)
class _Piece:
    """The least that a shot can be given: beats, or a line and how it is said."""

    beats: list[str] = field(default_factory=list)
    line: tuple[str, str] | None = None
    name: str = ""
    """What a shot that begins with it is called by; empty for a manner of speaking."""
    unseen: bool = False
    continues: bool = False
    together: bool = False
    lettering: bool = False
    paragraph: int = 0
    camera: Camera = field(default_factory=Camera)

    @property
    def lines(self) -> list[tuple[str, str]]:
        return [self.line] if self.line else []


@dataclass(slots=True)
class _Draft:
    """A shot that is still being filled."""

    pieces: list[_Piece] = field(default_factory=list)
    establishing: bool = False

    @property
    def beats(self) -> list[str]:
        return [beat for piece in self.pieces for beat in piece.beats]

    @property
    def dialogue(self) -> list[tuple[str, str]]:
        return [line for piece in self.pieces for line in piece.lines]

    @property
    def unseen(self) -> set[str]:
        return {piece.line[0] for piece in self.pieces if piece.line and piece.unseen}

    def seconds(self, *more: _Piece) -> float:
        """How long it lasts, with ``more``."""
        pieces = [*self.pieces, *more]
        return auto_seconds(
            [beat for piece in pieces for beat in piece.beats], [line for piece in pieces for _, line in piece.lines]
        )


def rule_shots(scene: ScriptScene) -> list[RuleShot]:
    """The shots of ``scene`` in order. A scene of nothing but a heading is one shot of its place."""
    drafts = list(_drafts(scene))
    if not drafts and scene.place:
        where = ", ".join(part for part in (display_name(scene.place), scene.time.lower()) if part)
        drafts = [_Draft([_Piece([where], name=where)])]
    framing = _Framing(scene)
    return [framing.shot(draft) for draft in drafts]


_UNSEEN = re.compile(r"\b(O\.?\s?S|V\.?\s?O|O\.?\s?C|OFF|VOICE|PRE-?LAP|О\.?\s?С|З\.?\s?К|ЗА КАДРОМ)\b", re.IGNORECASE)
_CONTINUED = re.compile(r"CONT\W{0,2}D|CONTINU\w+|MORE", re.IGNORECASE)
_FADE = re.compile(r"(FADE|CUT|DISSOLVE|SMASH|MATCH|IRIS|WIPE)\b[^a-z]{0,40}")
_CUT_TO = re.compile(r"(TO|IN)\s*:$|^(BACK TO|CONTINUED|END (OF )?(FLASHBACK|MONTAGE|INTERCUT))\b", re.IGNORECASE)
_BACK_TO = re.compile(r"(BACK TO|END (OF )?(FLASHBACK|MONTAGE|INTERCUT|SCENE))\b[^a-z]{0,60}")


def _drafts(scene: ScriptScene) -> Iterator[_Draft]:
    draft = _Draft()
    cut = False
    outside = _first_action(scene) if scene.setting in ("EXT", "INT/EXT") else -1
    for paragraph, element in enumerate(scene.elements):
        if element.kind == "transition" or (element.kind == "action" and _is_direction(element.text)):
            fading = _transition(element.text)
            if fading and (not draft.pieces or draft.seconds(fading) <= MAX_SECONDS):
                draft.pieces.append(fading)
            cut = any(piece.name for piece in draft.pieces)
            continue
        for piece in _pieces(element, paragraph):
            if draft.pieces and (cut or _begins(draft, piece)):
                yield draft
                draft = _Draft()
            cut = False
            draft.establishing = draft.establishing or paragraph == outside
            draft.pieces.append(piece)
    if draft.pieces:
        yield draft


def _first_action(scene: ScriptScene) -> int:
    """Which element shows where we are: the first action, if nobody has spoken before; -1 for none."""
    for index, element in enumerate(scene.elements):
        if element.character:
            return -1
        if element.kind == "action" and not _is_direction(element.text):
            return index
    return -1


def _is_direction(text: str) -> bool:
    return _FADE.fullmatch(text) is not None or _BACK_TO.fullmatch(text) is not None


def _transition(text: str) -> _Piece | None:
    """What is seen of a transition: a fade is, a cut is not."""
    flat = " ".join(text.split())
    if _CUT_TO.search(flat) and not flat.upper().startswith("FADE IN"):
        return None
    return _Piece([flat.capitalize() if flat.isupper() else flat])


def _begins(draft: _Draft, piece: _Piece) -> bool:
    """Whether ``piece`` begins another shot."""
    together = draft.seconds(piece)
    if piece.continues or piece.camera.cut or together > (MAX_SECONDS if piece.together else LONGEST):
        return True
    if draft.establishing and piece.paragraph != draft.pieces[-1].paragraph:
        return True
    if piece.camera.movement and any(each.camera.movement for each in draft.pieces):
        return True
    said = draft.dialogue
    if piece.line:
        return _begins_with_line(draft, piece, said)
    if said:
        return draft.seconds() > LONG_SPEECH or together > LONG_ACTION or piece.lettering
    return together > LONG_ACTION or (
        piece.paragraph != draft.pieces[-1].paragraph and draft.seconds() > LONG_ACTION / 2
    )


def _begins_with_line(draft: _Draft, piece: _Piece, said: list[tuple[str, str]]) -> bool:
    cue = piece.lines[0][0]
    if not said:
        return draft.seconds() > LONG_SPEECH
    if any(each == cue for each, _ in said) and (cue in draft.unseen) != piece.unseen:
        return True
    if piece.together or said[-1][0] == cue:
        return False
    before = spoken_seconds(" ".join(line for each, line in said if each == said[-1][0]))
    return max(before, spoken_seconds(piece.lines[0][1])) > LONG_SPEECH or len(said) >= LINES_IN_A_SHOT


def _pieces(element: Element, paragraph: int) -> Iterator[_Piece]:
    """An element in pieces none of which is too long for a shot."""
    text = " ".join(element.text.split())
    if element.character and element.kind in ("dialogue", "lyric"):
        yield from _spoken(element, text, paragraph)
    elif element.kind == "action":
        for sentence in sentences(text):
            camera = camera_of(sentence)
            for number, beat in enumerate(divided(sentence, _shown)):
                yield _Piece([beat], name=beat, paragraph=paragraph, camera=Camera() if number else camera)
    elif element.kind in ("centered", "lyric", "dialogue"):
        label = {"centered": "Lettering: ", "lyric": "Song: "}.get(element.kind, "")
        for part in divided(text, lambda part: _shown(label + part)):
            yield _Piece([label + part], name=part, paragraph=paragraph, lettering=element.kind == "centered")


def _shown(beat: str) -> bool:
    return auto_seconds([beat], []) <= LONGEST


def _spoken(element: Element, text: str, paragraph: int) -> Iterator[_Piece]:
    unseen = _UNSEEN.search(element.extension) is not None
    where = [part.strip() for part in element.extension.split(",")]
    manner = [part for part in where if part and not _UNSEEN.search(part) and not _CONTINUED.fullmatch(part)]
    manner += [element.parenthetical] if element.parenthetical else []
    manner += ["singing"] if element.kind == "lyric" else []
    who = display_name(element.character) + ("'s voice" if unseen else "")
    beats = divided(f"{who}, {', '.join(manner)}", _shown) if manner else []
    for beat in beats[:-1]:
        yield _Piece([beat], paragraph=paragraph)
    beats = beats[-1:]
    if not text:
        yield from (_Piece([beat], paragraph=paragraph) for beat in beats)
        return
    whole = auto_seconds(beats, [text]) <= MAX_SECONDS and len(text) < 1000
    lines = [text] if whole else divided(text, lambda line: auto_seconds(beats, [line]) <= MAX_SECONDS)
    for number, line in enumerate(lines):
        yield _Piece(
            beats=[] if number else beats,
            line=(element.character, line),
            name=line,
            unseen=unseen,
            continues=number > 0,
            together=element.dual,
            paragraph=paragraph,
        )


class _Framing:
    """Size, angle and movement of one shot after the other."""

    def __init__(self, scene: ScriptScene) -> None:
        self.scene = scene
        self.before: RuleShot | None = None
        self.speaking: RuleShot | None = None

    def shot(self, draft: _Draft) -> RuleShot:
        """The shot that ``draft`` becomes."""
        before = self.before if draft.pieces[0].continues else None
        asked = [piece.camera for piece in draft.pieces]
        named = next((piece.name for piece in draft.pieces if piece.name), "") or draft.beats[0]
        shot = RuleShot(
            title=title_of(named.capitalize() if named.isupper() else named),
            size=next((each.size for each in asked if each.size), "") or self._size(draft),
            angle=next((each.angle for each in asked if each.angle), before.angle if before else "eye level"),
            movement=next((each.movement for each in asked if each.movement), before.movement if before else "hold"),
            beats=tuple(draft.beats),
            dialogue=tuple(draft.dialogue),
            seconds=min(max(math.ceil(draft.seconds() * 10 - 1e-6) / 10, SHORTEST), MAX_SECONDS),
            continues="continue_from" if before else "cut",
            unseen=tuple(sorted(draft.unseen)),
        )
        self.before = shot
        self.speaking = shot if shot.dialogue else self.speaking
        return shot

    def _size(self, draft: _Draft) -> str:
        before = self.before
        if before is None:
            return "medium" if self.scene.setting == "INT" and draft.dialogue else "wide"
        if draft.pieces[0].continues:
            return before.size
        seen = {cue for cue, _ in draft.dialogue} - draft.unseen
        if len(seen) == 1:
            return self._single(seen)
        return "wide" if before.size == "medium" else "medium"

    def _single(self, seen: set[str]) -> str:
        """A speaker alone: framed as the other one was, and another way than they were themselves."""
        last = self.speaking
        if last is None or last.size not in ("medium close-up", "close-up"):
            return "medium close-up"
        same = seen == {cue for cue, _ in last.dialogue}
        other = "close-up" if last.size == "medium close-up" else "medium close-up"
        return other if same else last.size
