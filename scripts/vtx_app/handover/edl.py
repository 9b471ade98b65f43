"""CMX 3600: an edit decision list of the picture, and one read back.

Written here, because OpenTimelineIO's adapter knows no fade to black and can't choose reels. The form is
that of the CMX 3600 as editing programs read it: reels of eight characters, the film's time code, a transition of a
cut's second event that begins where its first one ends. Read likewise, with or without drop frames: a semicolon says
so, and where a program writes colons alone, the list's ``FCM``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from vtx_app.formats.time_code import drops_frames, film_frame, film_time_code, time_code
from vtx_app.handover.found import Found, Piece
from vtx_app.handover.model import Cut, Event, Join
from vtx_app.handover.names import read_media_name

__all__ = ["MOST_EVENTS", "edl_notes", "edl_text", "read_edl"]

MOST_EVENTS = 999
"""What CMX 3600 counts to; most programs read on beyond it."""

_BLACK = "BL"
_EVENT = re.compile(
    r"(\d{1,6})\s+(\S+)\s+(\S+)\s+(C|D|W\d{1,3}|K\s?[BO]?)\s+(?:(\d{1,6})\s+)?"
    r"(\d\d:\d\d:\d\d[:;]\d\d)\s+(\d\d:\d\d:\d\d[:;]\d\d)\s+(\d\d:\d\d:\d\d[:;]\d\d)\s+(\d\d:\d\d:\d\d[:;]\d\d)\s*"
)
_NAME = re.compile(r"\*?\s*(FROM|TO) CLIP NAME:\s*(.*)", re.IGNORECASE)
_FCM = re.compile(r"FCM:\s*(NON[- ]?)?DROP[- ]FRAME", re.IGNORECASE)
_BROKEN = re.compile(r"\d{3,6}\s+\S+\s+\S+\s")
"""What begins as an event does. Other lines are remarks, of which each program has its own."""

_SPEED = re.compile(r"M2\s+(\S+)\s+(-?\d+(?:\.\d+)?)\s+(\S+)\s*")


def edl_text(cut: Cut) -> str:
    """The picture of the cut. Raises :class:`ValueError` for a rate without time code."""
    mode = "DROP FRAME" if drops_frames(cut.rate) else "NON-DROP FRAME"
    lines = [f"TITLE: {_one_line(cut.title)[:70]}", f"FCM: {mode}", ""]
    for number, event in enumerate(_events(cut), 1):
        lines += event.lines(number, cut.rate)
    return "\n".join(lines) + "\n"


def edl_notes(cut: Cut) -> list[str]:
    """What this list does not hold of the cut, a line each."""
    notes = ["sound, music, markers: the list is of the picture alone"]
    if any(join.kind == "colour" and {join.colour, join.second} - {"#000000", ""} for join in cut.joins):
        notes.append("colours of fades and dips: they go through black")
    if any(event.media is None and event.colour != "#000000" for event in cut.picture):
        notes.append("colours of cards: they are black")
    if len(list(_events(cut))) > MOST_EVENTS:
        notes.append(f"CMX 3600 counts to {MOST_EVENTS}: a program that keeps to that reads no further")
    return notes


def _one_line(text: str) -> str:
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(seen.split()) or "untitled"


@dataclass(frozen=True, slots=True)
class _Side:
    """A reel in an event: its name in CMX, the take's name, and the frame of the take at which it is seen."""

    reel: str
    name: str = ""
    first: int = 0
    still: bool = False


@dataclass(frozen=True, slots=True)
class _Event:
    """``side`` from film frame ``start`` up to ``end``; it comes in over ``frames`` of a dissolve from ``before``."""

    side: _Side
    start: int
    end: int
    frames: int = 0
    before: _Side = field(default_factory=lambda: _Side(_BLACK))

    def lines(self, number: int, rate: Fraction) -> Iterator[str]:
        def code(frame: int) -> str:
            return film_time_code(frame, rate)

        def line(side: _Side, how: str, length: int) -> str:
            source = f"{code(side.first)} {code(side.first + length)}"
            if side.reel == _BLACK:
                source = " ".join(time_code(each, rate, drop=True) for each in (0, length))
            record = f"{code(self.start)} {code(self.start + length)}"
            return f"{number:03d}  {side.reel:<8} V     {how:<8} {source} {record}"

        if self.frames:
            yield line(self.before, "C", 0)
            yield line(self.side, f"D    {self.frames:03d}", self.end - self.start)
        else:
            yield line(self.side, "C", self.end - self.start)
        if self.side.still:
            yield f"M2   {self.side.reel:<8} 000.0                {code(self.side.first)}"
        if self.frames and self.before.name and self.side.name:  # else readers take it for the name of black
            yield f"* FROM CLIP NAME: {self.before.name}"
        if self.side.name:
            yield f"* {'TO' if self.frames else 'FROM'} CLIP NAME: {self.side.name}"


def _side(event: Event, at: int) -> _Side:
    """What an event shows at film frame ``at``."""
    if event.media is None:
        return _Side(_BLACK)
    first = event.first if event.still else event.first + at - event.start
    return _Side(event.media.reel, event.media.name, first, event.still)


def _events(cut: Cut) -> Iterator[_Event]:
    """The picture as CMX has it: each dissolve begins an event, and fades are dissolves from and to black."""
    for number, event in enumerate(cut.picture):
        if event.media is None:
            late, early = cut.join_at(event.start), cut.join_at(event.end)
            start = event.start + (late.after if late and late.kind == "dissolve" else 0)
            end = event.end - (early.before if early and early.kind == "dissolve" else 0)
            if late and late.kind == "dissolve":
                start -= late.frames
                yield _Event(_Side(_BLACK), start, end, late.frames, _side(cut.picture[number - 1], start))
            else:
                yield _Event(_Side(_BLACK), start, end)
            continue
        into, out = cut.join_at(event.start), cut.join_at(event.end)
        start, end, frames, before = event.start, event.end, 0, _Side(_BLACK)
        if into and into.kind == "dissolve":
            start, frames = into.at - into.before, into.frames
            before = _side(cut.picture[number - 1], start) if number else before
        elif into and into.after:
            frames = into.after
        if out:
            end = out.at - out.before
        yield _Event(_side(event, start), start, end, frames, before)
        if out and out.kind == "colour" and out.before:
            yield _Event(_Side(_BLACK), end, out.at, out.before, _side(event, end))


@dataclass(slots=True)
class _Read:
    """An event as it is read; ``dissolve`` in frames."""

    reel: str
    how: str
    dissolve: int
    first: int
    start: int
    end: int
    names: dict[str, str] = field(default_factory=dict)
    still: bool = False


def read_edl(text: str, rate: Fraction, reels: Mapping[str, str]) -> Found:
    """The cut in the list ``text``, at the film's ``rate``. ``reels``: names of takes by reel, for lists without names.

    The record's first frame counts as the film's, whatever its time code. Raises :class:`ValueError` with the line's
    number.
    """
    events, ignored = _read_events(text, rate)
    if not events:
        raise ValueError("there is no event of the picture in it")
    begin = events[0].start
    pieces: list[Piece] = []
    joins: dict[int, Join] = {}
    last: Piece | None = None
    for number, event in enumerate(events):
        later = events[number + 1] if number + 1 < len(events) else None
        start, first = event.start - begin, event.first
        end = event.end - begin
        if later and later.dissolve and later.reel != _BLACK and event.reel != _BLACK:
            end += later.dissolve // 2  # the list ends it where the dissolve begins
        elif later and later.dissolve and later.reel == _BLACK and later.end - later.start >= later.dissolve:
            end += later.dissolve
            joins[end] = Join(end, "colour", later.dissolve, 0)
        before = events[number - 1] if number else None
        from_black = before is None or before.reel == _BLACK
        if event.dissolve and event.reel != _BLACK:
            if from_black:
                known = joins.get(start)
                joins[start] = Join(start, "colour", known.before if known else 0, event.dissolve)
            else:
                half = event.dissolve // 2
                start, first = start + half, first if event.still else first + half
                joins[start] = Join(start, "dissolve", half, event.dissolve - half)
        if event.reel == _BLACK:
            continue
        name = event.names.get("TO" if event.dissolve else "FROM") or event.names.get("FROM", "")
        named = read_media_name(name) or read_media_name(reels.get(event.reel, ""))
        if named is None:
            ignored.append(f"reel {event.reel} {name!r}: not a take of this film")
            continue
        last = Piece(*named, first, end - start, start, event.still)
        pieces.append(last)
    frames = max(event.end for event in events) - begin
    return Found(rate, frames, tuple(pieces), tuple(joins.values()), None, tuple(dict.fromkeys(ignored)))


def _read_events(text: str, rate: Fraction) -> tuple[list[_Read], list[str]]:
    events: list[_Read] = []
    ignored: list[str] = []
    drops = False
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if match := _FCM.match(stripped):
            drops = match[1] is None and drops_frames(rate)
        if match := _EVENT.fullmatch(stripped):
            if not match[3].startswith(("V", "B")):
                ignored.append(f"line {number}: an event of {match[3]}: sound is not read from a CMX list")
                continue
            try:
                codes = (match[group] for group in (6, 7, 8, 9))
                codes = (f"{code[:8]};{code[9:]}" for code in codes) if drops else codes
                first, out, start, end = (film_frame(code, rate) for code in codes)
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from None
            if match[4] == "C" and start == end:
                continue  # what the dissolve of the next line comes from
            if end <= start:
                raise ValueError(f"line {number}: it ends before it begins")
            dissolve = int(match[5] or 0) if match[4] != "C" else 0
            if match[4] not in "CD":
                ignored.append(f"line {number}: {match[4]}: read as a dissolve")
            if match[2] != _BLACK and out - first not in (end - start, 1):
                ignored.append(f"line {number}: {out - first} frames of the take in {end - start}: another speed")
            events.append(_Read(match[2], match[4], dissolve, first, start, end))
        elif events and (match := _NAME.fullmatch(stripped)):
            events[-1].names[match[1].upper()] = match[2].strip()
        elif events and (match := _SPEED.fullmatch(stripped)):
            if float(match[2]) == 0:
                events[-1].still = True
            elif float(match[2]) != float(round(rate)):
                ignored.append(f"line {number}: another speed")
        elif _BROKEN.match(stripped):
            raise ValueError(f"line {number}: {stripped[:60]!r} is no event of CMX 3600")
    return sorted(events, key=lambda each: each.start), ignored
