"""Divide a scene into shots by rule: by paragraphs, speeches, camera directions, and length.

* Outside, the first paragraph is an establishing shot.
* A shot lasts 2 to 15 seconds. Nothing is added that would make it longer than 12 seconds, or 8 without dialogue.
* A speech too long for one shot is split after sentences, else after commas, else between words; each further shot
  continues from the last frame of the one before. No word of dialogue is changed or lost.
* A long speech has a shot of its own; short exchanges share one.
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
from vtx_app.story.screenplay.camera import Camera, find_camera
from vtx_app.story.screenplay.script import Element, ScriptScene
from vtx_app.story.screenplay.sentences import sentences, split_to_fit

__all__ = ["RuleShot", "rule_shots"]

LONGEST = 12.0
"""Seconds: a shot that would be longer takes nothing more, which leaves a breath for the cut."""

SHORTEST = 2.0
LONG_ACTION = 8.0
LONG_SPEECH = 4.0
LINES_IN_A_SHOT = 3


@dataclass(frozen=True, slots=True)
class RuleShot:
    """One shot: ``dialogue`` as pairs of cue and words, ``unseen`` the cues among them that are off screen."""

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
    """The smallest unit of a shot: beats, or a line of dialogue and how it is said."""

    beats: list[str] = field(default_factory=list)
    line: tuple[str, str] | None = None
    name: str = ""
    """The source of the title of a shot that begins with it; empty for a manner of speaking."""
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
    """A shot that is being filled."""

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
        """Its length with ``more``."""
        pieces = [*self.pieces, *more]
        return auto_seconds(
            [beat for piece in pieces for beat in piece.beats], [line for piece in pieces for _, line in piece.lines]
        )


def rule_shots(scene: ScriptScene) -> list[RuleShot]:
    """The shots of ``scene`` in order. A scene without anything but a heading is one shot of its place."""
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
    establishing = _establishing(scene) if scene.setting in ("EXT", "INT/EXT") else -1
    for paragraph, element in enumerate(scene.elements):
        if element.kind == "transition" or (element.kind == "action" and _is_direction(element.text)):
            fade = _visible_transition(element.text)
            if fade and (not draft.pieces or draft.seconds(fade) <= MAX_SECONDS):
                draft.pieces.append(fade)
            cut = any(piece.name for piece in draft.pieces)
            continue
        for piece in _pieces(element, paragraph):
            if draft.pieces and (cut or _begins_shot(draft, piece)):
                yield draft
                draft = _Draft()
            cut = False
            draft.establishing = draft.establishing or paragraph == establishing
            draft.pieces.append(piece)
    if draft.pieces:
        yield draft


def _establishing(scene: ScriptScene) -> int:
    """The index of the establishing element: the first action, unless somebody speaks before it; -1 for none."""
    for index, element in enumerate(scene.elements):
        if element.character:
            return -1
        if element.kind == "action" and not _is_direction(element.text):
            return index
    return -1


def _is_direction(text: str) -> bool:
    return _FADE.fullmatch(text) is not None or _BACK_TO.fullmatch(text) is not None


def _visible_transition(text: str) -> _Piece | None:
    """The transition if it can be seen: a fade can, a cut can't."""
    flat = " ".join(text.split())
    if _CUT_TO.search(flat) and not flat.upper().startswith("FADE IN"):
        return None
    return _Piece([flat.capitalize() if flat.isupper() else flat])


def _begins_shot(draft: _Draft, piece: _Piece) -> bool:
    """Whether ``piece`` begins a new shot."""
    together = draft.seconds(piece)
    if piece.continues or piece.camera.cut or together > (MAX_SECONDS if piece.together else LONGEST):
        return True
    if draft.establishing and piece.paragraph != draft.pieces[-1].paragraph:
        return True
    if piece.camera.movement and any(each.camera.movement for each in draft.pieces):
        return True
    if piece.line:
        return _line_begins_shot(draft, piece, *piece.line)
    if draft.dialogue:
        return draft.seconds() > LONG_SPEECH or together > LONG_ACTION or piece.lettering
    return together > LONG_ACTION or (
        piece.paragraph != draft.pieces[-1].paragraph and draft.seconds() > LONG_ACTION / 2
    )


def _line_begins_shot(draft: _Draft, piece: _Piece, cue: str, line: str) -> bool:
    spoken = draft.dialogue
    if not spoken:
        return draft.seconds() > LONG_SPEECH
    if any(each == cue for each, _ in spoken) and (cue in draft.unseen) != piece.unseen:
        return True
    last_cue = spoken[-1][0]
    if piece.together or last_cue == cue:
        return False
    before = spoken_seconds(" ".join(line for each, line in spoken if each == last_cue))
    return max(before, spoken_seconds(line)) > LONG_SPEECH or len(spoken) >= LINES_IN_A_SHOT


def _pieces(element: Element, paragraph: int) -> Iterator[_Piece]:
    """An element in pieces, none of which is too long for a shot."""
    text = " ".join(element.text.split())
    if element.character and element.kind in ("dialogue", "lyric"):
        yield from _speech(element, text, paragraph)
    elif element.kind == "action":
        for sentence in sentences(text):
            camera = find_camera(sentence)
            for number, beat in enumerate(split_to_fit(sentence, _fits)):
                yield _Piece([beat], name=beat, paragraph=paragraph, camera=Camera() if number else camera)
    elif element.kind in ("centered", "lyric", "dialogue"):
        label = {"centered": "Lettering: ", "lyric": "Song: "}.get(element.kind, "")
        for part in split_to_fit(text, lambda part: _fits(label + part)):
            yield _Piece([label + part], name=part, paragraph=paragraph, lettering=element.kind == "centered")


def _fits(beat: str) -> bool:
    return auto_seconds([beat], []) <= LONGEST


def _speech(element: Element, text: str, paragraph: int) -> Iterator[_Piece]:
    unseen = _UNSEEN.search(element.extension) is not None
    where = [part.strip() for part in element.extension.split(",")]
    manner = [part for part in where if part and not _UNSEEN.search(part) and not _CONTINUED.fullmatch(part)]
    manner += [element.parenthetical] if element.parenthetical else []
    manner += ["singing"] if element.kind == "lyric" else []
    who = display_name(element.character) + ("'s voice" if unseen else "")
    beats = split_to_fit(f"{who}, {', '.join(manner)}", _fits) if manner else []
    for beat in beats[:-1]:
        yield _Piece([beat], paragraph=paragraph)
    beats = beats[-1:]
    if not text:
        yield from (_Piece([beat], paragraph=paragraph) for beat in beats)
        return
    whole = auto_seconds(beats, [text]) <= MAX_SECONDS and len(text) < 1000
    lines = [text] if whole else split_to_fit(text, lambda line: auto_seconds(beats, [line]) <= MAX_SECONDS)
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
    """Chooses size, angle and movement, shot by shot."""

    def __init__(self, scene: ScriptScene) -> None:
        self.scene = scene
        self.before: RuleShot | None = None
        self.speaking: RuleShot | None = None

    def shot(self, draft: _Draft) -> RuleShot:
        """The finished shot of ``draft``."""
        before = self.before if draft.pieces[0].continues else None
        cameras = [piece.camera for piece in draft.pieces]
        name = next((piece.name for piece in draft.pieces if piece.name), "") or draft.beats[0]
        shot = RuleShot(
            title=title_of(name.capitalize() if name.isupper() else name),
            size=next((each.size for each in cameras if each.size), "") or self._size(draft),
            angle=next((each.angle for each in cameras if each.angle), before.angle if before else "eye level"),
            movement=next((each.movement for each in cameras if each.movement), before.movement if before else "hold"),
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
        """The size for a single speaker: the last speaker's, or another one if that was the same person."""
        last = self.speaking
        if last is None or last.size not in ("medium close-up", "close-up"):
            return "medium close-up"
        same = seen == {cue for cue, _ in last.dialogue}
        other = "close-up" if last.size == "medium close-up" else "medium close-up"
        return other if same else last.size
