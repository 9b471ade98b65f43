"""The cut of a film as a table: each showing of a clip, with the cards and stills between."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from vtx_app.cut.timeline import Drawn, Footage, Roll, Timeline, Words
from vtx_app.formats.edit import Edit, Transition
from vtx_app.formats.rate import has_time_code
from vtx_app.formats.time_code import film_time_code

__all__ = ["CutLine", "cut_table"]

_KINDS = ("dissolve", "dip", "fade_in", "fade_out")


@dataclass(frozen=True, slots=True)
class CutLine:
    """One row of the table: a ``kind`` (``clip``, ``still``, ``card`` or ``roll``), the ``clip`` that it shows (``""``
    for none) and the ``words`` of a card.

    Of a clip, its shot's frames ``first`` up to ``end``. It begins at the film's frame ``start``, whose time code is
    ``""`` at a rate that has none, with the ``transitions`` at its ends.
    """

    kind: str
    clip: str
    words: str
    first: int | None
    end: int | None
    frames: int
    seconds: float
    start: int
    time_code: str
    transitions: tuple[str, ...]


def cut_table(timeline: Timeline, edit: Edit, rate: Fraction) -> list[CutLine]:
    """The rows of the film in order of time."""
    ids = [use.clip_id for use in timeline.uses]
    transitions = _Transitions.of(edit)
    lines = [
        CutLine(
            "clip",
            use.clip_id,
            "",
            use.first,
            use.first + use.frames,
            *_place(use.start, use.frames, rate),
            transitions.at(use.clip_id, ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None),
        )
        for at, use in enumerate(timeline.uses)
    ]
    drawn = timeline.drawn
    starts = [piece.start for piece in drawn]
    for first, end in _gaps(timeline):
        for piece in drawn[max(0, bisect_right(starts, first) - 1) : bisect_left(starts, end)]:
            lines += [
                CutLine(kind, clip, words, None, None, *_place(start, stop - start, rate), ())
                for kind, clip, words, start, stop in _drawn(piece, first, end)
            ]
    return sorted(lines, key=lambda line: line.start)


def _place(start: int, frames: int, rate: Fraction) -> tuple[int, float, int, str]:
    """Frames, seconds, start and time code."""
    return frames, round(float(frames / rate), 3), start, film_time_code(start, rate) if has_time_code(rate) else ""


def _gaps(timeline: Timeline) -> Iterator[tuple[int, int]]:
    """Where no clip runs: cards and stills."""
    at = 0
    for use in timeline.uses:
        if use.start > at:
            yield at, use.start
        at = max(at, use.end)
    if at < timeline.frames:
        yield at, timeline.frames


def _drawn(piece: Drawn, low: int, high: int) -> Iterator[tuple[str, str, str, int, int]]:
    """Kind, clip, words, start and end of what a drawn piece shows between two frames of the film."""
    for layer in piece.layers:
        content = layer.content
        first, end = piece.start + layer.at, piece.start + layer.at + layer.frames
        start, stop = max(low, first), min(high, end)
        if start >= stop or isinstance(content, Words):
            continue
        if isinstance(content, Footage):
            if content.still:
                yield "still", content.clip_id, "", start, stop
        elif isinstance(content, Roll):
            yield "roll", "", content.roll.file, start, stop
        elif words := [
            " ".join(other.content.lettering.text.split())
            for other in piece.layers
            if isinstance(other.content, Words) and first <= piece.start + other.at < end
        ]:
            yield "card", "", " / ".join(words), start, stop


@dataclass(frozen=True, slots=True)
class _Transitions:
    """The transitions of an edit, each with its number, by the clip that they come ``before`` or ``after``."""

    before: Mapping[str, list[tuple[int, Transition]]]
    after: Mapping[str, list[tuple[int, Transition]]]

    @classmethod
    def of(cls, edit: Edit) -> _Transitions:
        before: dict[str, list[tuple[int, Transition]]] = {}
        after: dict[str, list[tuple[int, Transition]]] = {}
        for number, each in enumerate(edit.transitions):
            if each.before is not None:
                before.setdefault(each.before, []).append((number, each))
            elif each.after is not None:
                after.setdefault(each.after, []).append((number, each))
        return cls(before, after)

    def at(self, clip_id: str, before: str | None, after: str | None) -> tuple[str, ...]:
        """Those at both ends of a clip; a repeat of the same clip has none between."""
        at_start: list[tuple[int, Transition]] = []
        if before != clip_id:
            left = self.after.get(before, []) if before is not None else []
            at_start = sorted(
                [*self.before.get(clip_id, []), *(each for each in left if not each[1].fade_out)],
                key=lambda each: each[0],
            )
        at_end = [each for each in self.after.get(clip_id, []) if after != clip_id and each[1].fade_out]
        named = tuple(_name(each) for _, each in (*at_start, *at_end))
        return named if at_start or before is None else ("cut", *named)


def _name(transition: Transition) -> str:
    kind = next(kind for kind in _KINDS if getattr(transition, kind) is not None)
    colour = f" {transition.colour}" if kind != "dissolve" and transition.colour != "#000000" else ""
    return f"{kind.replace('_', ' ')} {getattr(transition, kind)}{colour}"
