"""A scene cut into shots by rule: by its paragraphs, its speeches and how long they last.

No word of dialogue is changed or lost. A shot lasts 2 to 15 seconds; a speech that is longer is divided where it
breathes, and the next shot goes on from the last frame of the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from vtx_app.compile.duration import auto_seconds, spoken_seconds
from vtx_app.formats.metadata import MAX_SECONDS
from vtx_app.story.screenplay.script import Element, ScriptScene
from vtx_app.story.wording import display_name, title_of

__all__ = ["RuleShot", "rule_shots"]

LONGEST = 12.0
"""Seconds after which a shot is not given more: a breath is left for the cut."""

SHORTEST = 2.0


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
class _Draft:
    """A shot that is still being filled."""

    beats: list[str] = field(default_factory=list)
    dialogue: list[tuple[str, str]] = field(default_factory=list)
    unseen: set[str] = field(default_factory=set)
    continues: bool = False

    def seconds(self) -> float:
        """How long it lasts so far."""
        return auto_seconds(self.beats, [line for _, line in self.dialogue]) if self.beats or self.dialogue else 0.0


_SIZES = (
    (r"\bextreme close[- ]?up\b|\bECU\b", "extreme close-up"),
    (r"\bclose(?:[- ]?up)? (?:on|of)\b|\bclose[- ]?up\b|\bC\.?U\.?\b|\binsert\b", "close-up"),
    (r"\bextreme wide\b|\baerial\b", "extreme wide"),
    (r"\bwide(?: on| shot)?\b|\bestablishing\b", "wide"),
    (r"\bmedium(?: shot| on)?\b|\btwo[- ]shot\b", "medium"),
)
_MOVES = (
    (r"\bpush(?:es|ing)? in\b|\bdolly in\b|\bzoom(?:s|ing)? in\b", "push in"),
    (r"\bpull(?:s|ing)? (?:back|out)\b|\bdolly (?:back|out)\b|\bzoom(?:s|ing)? out\b", "pull out"),
    (r"\bpan(?:s|ning)? left\b", "pan left"),
    (r"\bpan(?:s|ning)? right\b|\bpans?\b|\bpanning\b", "pan right"),
    (r"\btrack(?:s|ing)?\b|\bfollow(?:s|ing)? shot\b|\bsteadicam\b", "track"),
    (r"\btilt(?:s|ing)? up\b", "tilt up"),
    (r"\btilt(?:s|ing)? down\b", "tilt down"),
    (r"\bcrane(?:s|ing)?\b", "crane"),
    (r"\bhand-?held\b", "handheld"),
)
_CAMERA_LINE = re.compile(
    r"^(close|wide|angle|pan|track|insert|aerial|establishing|ecu|pov|push|pull)\b", re.IGNORECASE
)
_UNSEEN = re.compile(r"\b(O\.?\s?S|V\.?\s?O|O\.?\s?C|OFF|VOICE)\b", re.IGNORECASE)


def _matched(patterns: Iterable[tuple[str, str]], text: str) -> str:
    return next((name for pattern, name in patterns if re.search(pattern, text, re.IGNORECASE)), "")


def rule_shots(scene: ScriptScene) -> list[RuleShot]:
    """The shots of ``scene`` in order; none for a scene with nothing in it."""
    made: list[RuleShot] = []
    for draft in _drafts(scene):
        made.append(_shot(draft, scene, made[-1] if made else None))
    return made


def _drafts(scene: ScriptScene) -> Iterator[_Draft]:
    draft = _Draft()
    for element in scene.elements:
        if element.kind in ("note", "page_break"):
            continue
        if element.kind == "transition":
            if draft.beats or draft.dialogue:
                yield draft
            draft = _Draft()
            continue
        for piece in _pieces(element):
            if _full(draft, piece):
                yield draft
                draft = _Draft(continues=piece.continues)
            draft.beats += piece.beats
            draft.dialogue += piece.dialogue
            draft.unseen |= piece.unseen
    if draft.beats or draft.dialogue:
        yield draft


def _full(draft: _Draft, piece: _Draft) -> bool:
    """Whether ``piece`` begins another shot: it would get too long, another one speaks, or a picture follows words."""
    if not draft.beats and not draft.dialogue:
        return False
    if piece.continues:
        return True
    if piece.dialogue and draft.dialogue and piece.dialogue[0][0] != draft.dialogue[-1][0]:
        return True
    if piece.beats and not piece.dialogue and (draft.dialogue or _CAMERA_LINE.match(piece.beats[0])):
        return True
    both = _Draft(draft.beats + piece.beats, draft.dialogue + piece.dialogue)
    return both.seconds() > LONGEST


def _pieces(element: Element) -> Iterator[_Draft]:
    """An element in parts none of which is too long for one shot."""
    if element.character and element.kind in ("dialogue", "lyric"):
        beat = [f"{display_name(element.character)}, {' '.join(element.parenthetical.split())}"]
        beats = beat if element.parenthetical else []
        unseen = {element.character} if _UNSEEN.search(element.extension) else set()
        lines = list(_divided(" ".join(element.text.split()), spoken_seconds))
        if not lines and beats:
            yield _Draft(beats)
        for number, line in enumerate(lines):
            yield _Draft([] if number else beats, [(element.character, line)], unseen, continues=number > 0)
        return
    for paragraph in re.split(r"\n\s*\n", element.text):
        text = " ".join(paragraph.split())
        yield from (_Draft([each]) for each in _divided(text, lambda part: auto_seconds([part], [])))


_BREAKS = (r"(?<=[.!?…。！？])\s+", r"(?<=[,;:–—，；])\s+", r"\s+", "")


def _divided(text: str, seconds: object, breaks: tuple[str, ...] = _BREAKS) -> Iterator[str]:
    """``text`` in parts of at most :data:`LONGEST` seconds, divided at sentences, else at commas, words, letters."""
    assert callable(seconds)  # noqa: S101
    if not text:
        return
    if seconds(text) <= LONGEST or not breaks:
        yield text
        return
    parts = re.split(breaks[0], text) if breaks[0] else [text[at : at + 20] for at in range(0, len(text), 20)]
    glue = " " if breaks[0] else ""
    held = ""
    for part in parts:
        if not part:
            continue
        joined = f"{held}{glue}{part}" if held else part
        if seconds(joined) <= LONGEST:
            held = joined
            continue
        if held:
            yield held
        held = part
        if seconds(part) > LONGEST:
            *done, held = _divided(part, seconds, breaks[1:])
            yield from done
    if held:
        yield held


def _shot(draft: _Draft, scene: ScriptScene, before: RuleShot | None) -> RuleShot:
    words = " ".join(draft.beats)
    size = _matched(_SIZES, words) or _size(draft, scene, before)
    shot = RuleShot(
        title=title_of(draft.beats[0] if draft.beats else draft.dialogue[0][1]),
        size=size,
        angle="eye level",
        movement=_matched(_MOVES, words) or ("push in" if size == "close-up" and draft.dialogue else "hold"),
        beats=tuple(draft.beats),
        dialogue=tuple(draft.dialogue),
        seconds=round(min(max(draft.seconds(), SHORTEST), MAX_SECONDS), 1),
        unseen=tuple(sorted(draft.unseen)),
    )
    return replace(shot, continues="continue_from") if draft.continues and before is not None else shot


def _size(draft: _Draft, scene: ScriptScene, before: RuleShot | None) -> str:
    if before is None:
        return "wide" if scene.setting != "INT" or not draft.dialogue else "medium"
    if draft.continues:
        return before.size
    if draft.dialogue:
        return "close-up" if before.size == "medium close-up" else "medium close-up"
    return "medium" if before.size == "wide" else "wide"
