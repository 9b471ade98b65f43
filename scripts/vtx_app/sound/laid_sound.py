"""Music and effects: their position in the film, their fades, and their ducking under speech."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import islice, pairwise
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from vtx_app.errors import CutError
from vtx_app.files import display_path
from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.media.sound_blocks import Block, sound_blocks
from vtx_app.sound.fades import SEAM, fade, seam, shape
from vtx_app.sound.mix_plan import MixPlan
from vtx_app.sound.score import Ducking, Laid
from vtx_app.sound.take_sound import mended

__all__ = ["LaidSound", "ducking_db"]

Spans = Sequence[tuple[int, int]]


class LaidSound:
    """One file, read as the film goes by: each sample is asked for once, in order."""

    def __init__(self, laid: Laid, plan: MixPlan, speech: Spans) -> None:
        self._laid, self._speech = laid, speech
        self._start = samples_for(laid.start, plan.rate)
        self._end = samples_for(laid.start + laid.frames, plan.rate)
        self._fade_in = samples_for(laid.start + laid.fade_in, plan.rate) - self._start
        self._fade_out = self._end - samples_for(laid.start + laid.frames - laid.fade_out, plan.rate)
        self._gain = np.float32(10 ** (laid.gain_db / 20))
        self._source = _samples(laid)
        self._left_over = np.empty((0, 2), np.float32)
        self._at = self._start
        self._begins_inside = laid.skip > 0 or self._start < 0

    @property
    def start(self) -> int:
        """The film's sample at which it begins."""
        return self._start

    @property
    def end(self) -> int:
        """The film's sample before which it ends."""
        return self._end

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    def add(self, sound: Block, at: int) -> None:
        """Mix it into ``sound``, which begins at the film's sample ``at``."""
        first, end = max(self._start, at), min(self._end, at + len(sound))
        if end <= first:
            return
        self._read(first - self._at)  # what lies before the film
        part = self._read(end - first) * self._gain
        envelope = np.ones(end - first, np.float32)
        self._shape(envelope, first, end)
        if self._laid.duck is not None:
            loss = ducking_db(self._laid.duck, self._speech, first, end)
            envelope *= np.exp(loss * np.float32(-np.log(10) / 20))
        shape(part, envelope[: len(part)])
        sound[first - at : end - at][: len(part)] += part

    def _shape(self, envelope: NDArray[np.float32], first: int, end: int) -> None:
        """Multiply the envelope of samples ``first`` up to ``end`` by the fades, or the short ones of a cut."""
        begin = max(self._start, 0)
        ramps = [
            (envelope, first - self._start, self._fade_in, fade),
            (envelope[::-1], self._end - end, self._fade_out or min(SEAM, self._end - self._start), self._fader_out()),
        ]
        if not self._fade_in and self._begins_inside:
            ramps.append((envelope, first - begin, min(SEAM, self._end - begin), seam))
        for side, into, length, curve in ramps:
            if into < length:
                side[: length - into] *= curve(length)[into : into + len(side)]

    def _fader_out(self) -> Callable[[int], NDArray[np.float32]]:
        return fade if self._fade_out else seam

    def _read(self, count: int) -> Block:
        """The next ``count`` samples of the file; fewer at its end."""
        pieces, there = [self._left_over], len(self._left_over)
        while there < count and (piece := next(self._source, None)) is not None:
            pieces.append(piece)
            there += len(piece)
        sound = np.concatenate(pieces) if len(pieces) > 1 else pieces[0]
        self._left_over = sound[count:]
        self._at += count
        return sound[:count]


_KEPT = 30 * SAMPLE_RATE
"""Samples of a loop that are kept, 12 MB: rooms and rain that are shorter are decoded once."""


def _samples(laid: Laid) -> Generator[Block]:
    """The file from ``laid.skip`` on; again and again from its beginning if it loops."""
    skip = round(laid.skip * SAMPLE_RATE)
    short: list[Block] | None = None
    while True:
        kept: list[Block] | None = [] if laid.loop and short is None else None
        length, empty = 0, True
        for block in short or map(mended, _decoded(laid)):
            length += len(block)
            if kept is not None:
                kept = [*kept, block] if length <= _KEPT else None
            dropped = min(skip, len(block))
            skip -= dropped
            if len(block) > dropped:
                empty = False
                yield block[dropped:]
        if empty or not laid.loop:
            return
        short = short or kept


def _decoded(laid: Laid) -> Iterator[Block]:
    try:
        yield from sound_blocks(laid.path)
    except CutError as error:
        raise CutError(
            f"{display_path(laid.path)}: this {laid.bus} can't be decoded to its end; put an intact file there"
        ) from error


def ducking_db(duck: Ducking, speech: Spans, first: int, end: int) -> NDArray[np.float32]:
    """The attenuation in decibels for samples ``first`` up to ``end`` of the film.

    It is full while somebody speaks: the attack ends where the words begin, as a mixer who knows the scene would do it,
    and the release begins where they end. Both are linear in decibels.
    """
    attack, release = max(1, round(duck.attack * SAMPLE_RATE)), max(1, round(duck.release * SAMPLE_RATE))
    loss = np.zeros(end - first, np.float32)
    for begin, stop in islice(speech, bisect_right(speech, first - release, key=itemgetter(1)), None):
        if begin - attack >= end:
            break
        corners = ((begin - attack, 0.0), (begin, duck.by_db), (stop, duck.by_db), (stop + release, 0.0))
        for (left, high), (right, low) in pairwise(corners):
            here = slice(max(left, first) - first, max(min(right, end), left, first) - first)
            if here.stop > here.start:
                places = np.arange(here.start, here.stop, dtype=np.float32) + np.float32(first - left)
                line = high + (low - high) / max(1, right - left) * places
                np.maximum(loss[here], line, out=loss[here])
    return loss
