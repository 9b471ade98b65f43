"""What is said in the film, and when: the lines of its shots where the cut lets them be heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from vtx_app.cut.timeline import Drawn, Footage, Heard, Plain, Timeline
from vtx_app.subtitles.placing import Spoken, Stretch
from vtx_app.subtitles.words import LINE_WIDTH, Word, text_width

__all__ = ["HeardLine", "cut_frames", "heard_lines"]

_CUT_OFF = "…"


@dataclass(frozen=True, slots=True)
class HeardLine:
    """The part of a line that is heard: its words and their times in frames of the film, not rounded."""

    speaker: str
    words: tuple[Word, ...]
    times: tuple[Stretch, ...]


def heard_lines(sound: Sequence[Heard], spoken: Mapping[str, Sequence[Spoken]], rate: Fraction) -> list[HeardLine]:
    """The lines of the film in order of time. ``spoken`` has those of each shot by clip id.

    A word counts as heard if most of it lies in the sound that is used. An ellipsis replaces the beginning or end of
    a line that is not heard.
    """
    found = [line for heard in sound for each in spoken.get(heard.clip_id, ()) for line in _heard(heard, each, rate)]
    return sorted(found, key=lambda line: line.times[0])


def _heard(heard: Heard, spoken: Spoken, rate: Fraction) -> Iterator[HeardLine]:
    shift, end = heard.start - heard.first, heard.start + heard.frames
    times = [(start * float(rate) + shift, stop * float(rate) + shift) for start, stop in spoken.times]
    kept = [at for at, (start, stop) in enumerate(times) if heard.start <= (start + stop) / 2 < end]
    if not kept:
        return
    words = list(spoken.words[kept[0] : kept[-1] + 1])
    if kept[0] > 0:
        words[0] = _with_text(words[0], _CUT_OFF + words[0].text)
    if kept[-1] < len(spoken.words) - 1:
        words[-1] = _with_text(words[-1], words[-1].text.rstrip(",;:—–-") + _CUT_OFF)
    inside = tuple((max(start, heard.start), min(stop, end)) for start, stop in times[kept[0] : kept[-1] + 1])
    yield HeardLine(spoken.speaker, tuple(words), inside)


def _with_text(word: Word, text: str) -> Word:
    """The word with another text, if that fits in a line."""
    return replace(word, text=text) if text_width(text) <= LINE_WIDTH else word


def cut_frames(timeline: Timeline) -> list[int]:
    """The frames at which another shot or a card replaces the picture; for a dissolve, its middle.

    A still that holds a shot's first or last frame is part of it, and so is a fade.
    """
    starts: list[tuple[int, object]] = []
    for place, use in enumerate(timeline.uses):
        before = timeline.uses[place - 1] if place else None
        overlap = max(0, before.end - use.start) if before else 0
        starts.append((use.start + overlap // 2, (place, use.clip_id)))
    gaps = _gaps(timeline)
    for piece in timeline.drawn:
        for first, end in gaps:
            if piece.start < end and piece.start + piece.frames > first:
                starts += list(_shown(piece, max(first, piece.start), min(end, piece.start + piece.frames), timeline))
    starts.sort(key=lambda each: each[0])
    cuts, last = [], None
    for frame, shown in starts:
        if last is not None and shown != last:
            cuts.append(frame)
        last = shown
    return sorted({frame for frame in cuts if 0 < frame < timeline.frames})


def _gaps(timeline: Timeline) -> list[tuple[int, int]]:
    """Where no shot runs: cards and stills."""
    gaps, at = [], 0
    for use in timeline.uses:
        if use.start > at:
            gaps.append((at, use.start))
        at = max(at, use.end)
    return [*gaps, (at, timeline.frames)] if at < timeline.frames else gaps


def _shown(piece: Drawn, first: int, end: int, timeline: Timeline) -> Iterator[tuple[int, object]]:
    """The frames of a drawn piece at which the visible source changes, and that source."""
    last: object = None
    for frame in range(first, end):
        shown = _top(piece, frame - piece.start, frame, timeline)
        if shown != last:
            yield frame, shown
        last = shown


def _top(piece: Drawn, at: int, frame: int, timeline: Timeline) -> object:
    """What is mostly visible at frame ``at`` of a piece: the use that a still was taken from, or the card's colour."""
    for layer in reversed(piece.layers):
        inside = at - layer.at
        if not 0 <= inside < layer.frames or not isinstance(layer.content, Footage | Plain):
            continue
        opacity = min((inside + 1) / (layer.fade_in + 1), (layer.frames - inside) / (layer.fade_out + 1))
        if opacity < 0.5 and layer is not piece.layers[0]:
            continue
        if isinstance(layer.content, Plain):
            return layer.content.colour
        uses = [place for place, use in enumerate(timeline.uses) if use.clip_id == layer.content.clip_id]
        nearest = min(uses, key=lambda place: _distance(timeline, place, frame), default=None)
        return (nearest, layer.content.clip_id)
    return None


def _distance(timeline: Timeline, place: int, frame: int) -> int:
    use = timeline.uses[place]
    return max(use.start - frame, frame - use.end + 1, 0)
