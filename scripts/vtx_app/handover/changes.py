"""Two cuts of a film, and what is different in them, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from vtx_app.formats.rate import has_time_code, rate_text
from vtx_app.formats.time_code import film_time_code
from vtx_app.handover.found import Found, FoundSound, Piece, centred
from vtx_app.handover.model import Cut, Join
from vtx_app.handover.showings import Showing, showings
from vtx_app.text import plural

__all__ = ["changes", "found_of"]


def found_of(cut: Cut) -> Found:
    """The film's own cut, as one that is sent back."""
    pieces = tuple(
        Piece(event.media.clip_id, event.media.number, event.first, event.frames, event.start, event.still)
        for event in cut.picture
        if event.media
    )
    sound = tuple(
        FoundSound(
            each.media.clip_id,
            each.media.number,
            each.first,
            each.frames,
            each.start,
            each.gain_db,
            each.fade_in,
            each.fade_out,
        )
        for each in cut.sound
    )
    return Found(cut.rate, cut.frames, pieces, cut.joins, sound or None)


def changes(old: Found, new: Found, heads: Mapping[str, int]) -> list[str]:
    """A line for everything that ``new`` shows or plays in another way than ``old``.

    ``heads``: the frame of its take at which each clip's shot begins, by clip id; frames count from there.
    """
    return list(_Changes(centred(old), centred(new), heads).lines())


class _Changes:
    def __init__(self, old: Found, new: Found, heads: Mapping[str, int]) -> None:
        self._old, self._new, self._heads = old, new, heads
        self._sounds = [
            {(each.clip_id, each.start - each.first): each for each in reversed(found.sound or ())}
            for found in (old, new)
        ]

    def lines(self) -> Iterator[str]:
        if self._old.rate != self._new.rate:
            yield f"{rate_text(self._old.rate)} → {rate_text(self._new.rate)} frames per second"
        before, after = showings(self._old.pieces), showings(self._new.pieces)
        was, now = ([each.piece.clip_id for each in row] for row in (before, after))
        matched = SequenceMatcher(a=was, b=now, autojunk=False)
        stays: dict[int, int] = {}
        for block in matched.get_matching_blocks():
            stays |= {block.b + number: block.a + number for number in range(block.size)}
        kept = set(stays.values())
        gone = [number for number in range(len(before)) if number not in kept]
        for at, each in enumerate(after):
            other = stays.get(at)
            if other is None:
                other = next((number for number in gone if before[number].piece.clip_id == each.piece.clip_id), None)
                if other is None:
                    yield f"+ {self._place(each)}{self._span(each)}"
                    continue
                gone.remove(other)
                follows = f"after {after[at - 1].piece.clip_id}" if at else "first"
                yield f"~ {self._place(each)}moved: now {follows}"
            yield from self._changed(before[other], each)
        yield from (f"- {self._place(before[number])}left out" for number in gone)
        yield from self._joins(before, after)
        if self._old.frames != self._new.frames:
            by = self._new.frames - self._old.frames
            how = "longer" if by > 0 else "shorter"
            yield f"the film is {plural(abs(by), 'frame')} {how}: {self._old.frames} → {self._new.frames}"

    def _place(self, showing: Showing) -> str:
        rate = self._new.rate
        at = film_time_code(showing.start, rate) if has_time_code(rate) else f"frame {showing.start}"
        return f"{showing.piece.clip_id} ({at}): "

    def _span(self, showing: Showing) -> str:
        head, piece = self._heads.get(showing.piece.clip_id, 0), showing.piece
        return f"frames {piece.first - head} to {piece.first - head + piece.frames}"

    def _changed(self, old: Showing, new: Showing) -> Iterator[str]:
        facts = [(self._span(old), self._span(new))]
        facts += [(f"take {old.piece.take}", f"take {new.piece.take}")]
        facts += [(f"shown {old.repeat} times", f"shown {new.repeat} times")]
        facts += [(f"held {old.hold_first} and {old.hold_last}", f"held {new.hold_first} and {new.hold_last}")]
        if self._old.sound is not None and self._new.sound is not None:
            facts += list(zip(*map(self._heard, (old, new), self._sounds), strict=True))
        for before, after in facts:
            if before != after and before and after:  # "": the file does not say
                yield f"~ {self._place(new)}{before} → {after}"

    def _heard(self, showing: Showing, sounds: Mapping[tuple[str, int], FoundSound]) -> tuple[str, str, str]:
        """Where the sound of a showing begins and ends beside its picture, its level, its fades."""
        piece = showing.piece
        sound = sounds.get((piece.clip_id, piece.start - piece.first))
        if sound is None:
            slipped = any(
                clip_id == piece.clip_id and each.start < showing.end and each.end > showing.start
                for (clip_id, _), each in sounds.items()
            )
            return "sound out of step with its picture" if slipped else "silent", "", ""
        begins, ends = sound.start - piece.start, sound.end - piece.end
        return (
            f"sound from {begins:+d} to {ends:+d} frames beside its picture",
            "" if sound.gain_db is None else f"{sound.gain_db:g} dB",
            f"sound fades in {sound.fade_in or 0}, out {sound.fade_out or 0} frames",
        )

    def _joins(self, before: list[Showing], after: list[Showing]) -> Iterator[str]:
        old, new = (
            {_between(join, row): _name(join) for join in found.joins}
            for found, row in ((self._old, before), (self._new, after))
        )
        for place in dict.fromkeys([*old, *new]):
            if old.get(place) != new.get(place):
                yield f"~ {place}: {old.get(place, 'cut')} → {new.get(place, 'cut')}"


def _between(join: Join, row: list[Showing]) -> str:
    left = next((each.piece.clip_id for each in row if each.end == join.at), "")
    right = next((each.piece.clip_id for each in row if each.start == join.at), "")
    if left and right:
        return f"{left} to {right}"
    return f"after {left}" if left else f"before {right}" if right else f"at frame {join.at}"


def _name(join: Join) -> str:
    if join.kind == "dissolve":
        return f"dissolve {join.frames}"
    return (
        f"out {join.before}, in {join.after}"
        if join.before and join.after
        else (f"fade out {join.before}" if join.before else f"fade in {join.after}")
    )
