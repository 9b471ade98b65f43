"""What is wrong with one take, by what was measured of it and what was asked for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from vtx_app.formats.quality import Check
from vtx_app.formats.rate import rate_text
from vtx_app.qc.finding import Finding
from vtx_app.qc.limits import limit
from vtx_app.qc.measures import Jump, Measures, Span
from vtx_app.text import plural

__all__ = ["Asked", "check_take"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a take was to be: ``frames`` of ``width`` × ``height`` pixels at ``rate``. Its frames from ``first`` up to
    ``end`` are looked at. ``speaks``: words are spoken in it. ``drawn``: it is a storyboard, which may stand still."""

    frames: int
    width: int
    height: int
    rate: Fraction
    first: int
    end: int
    speaks: bool
    drawn: bool


def check_take(measures: Measures, asked: Asked) -> list[Finding]:
    """The faults of a take, in the order of the checks."""
    found = [*_file(measures, asked), *_picture(measures, asked), *_sound(measures, asked)]
    return [
        Finding(check, measures.clip_id, measures.digest, message, *(span or (None, None)))
        for check, message, span in found
    ]


_Found = tuple[Check, str, Span | None]


def _file(measures: Measures, asked: Asked) -> Iterator[_Found]:
    size, wanted = f"{measures.width}×{measures.height}", f"{asked.width}×{asked.height}"
    if size != wanted:
        yield "file", f"its picture has {size} pixels, not {wanted}", None
    if measures.frames != asked.frames:
        yield "file", f"it has {measures.frames} frames, not {asked.frames}", None
    if abs(measures.rate / asked.rate - 1) > limit("rate"):
        rates = f"{rate_text(measures.rate)} frames per second, not {rate_text(asked.rate)}"
        yield "file", f"it has {rates}", None


def _picture(measures: Measures, asked: Asked) -> Iterator[_Found]:
    rate = measures.rate

    def seconds(frames: int) -> float:
        return float(frames / rate)

    plain = () if asked.drawn else measures.plain  # a storyboard shows the picture that a shot starts from
    for name, spans in (("black", measures.black), ("of one colour", plain)):
        for first, end in _within(spans, asked):
            if seconds(end - first) >= limit("black"):
                where = _where(first, end, asked, rate)
                yield "black", f"the picture is {name} {where}", (first, end)
    if not asked.drawn:
        yield from _frozen(measures, asked)
    last_second = asked.end - rate * Fraction(limit("glitch_end"))
    for jump in measures.jumps:
        if not asked.first < jump.frame < asked.end:
            continue
        span, at = (jump.frame, jump.frame + (jump.back or 1)), f"at {_seconds(jump.frame - asked.first, rate)}"
        if jump.frame >= last_second and _is_glitch(jump):
            cure = "cut it off with out in story/05_edit.yaml, or render spare frames: handles: {tail: …}"
            yield "glitch", f"the picture jumps in its last second, {at}; {cure}", span
        elif jump.back and jump.levels >= limit("flash"):
            yield "flash", f"a flash of {plural(jump.back, 'frame')} {at}", span
        elif not jump.back and _is_cut(jump):
            yield "cut", f"the picture cuts to another {at}", span


def _frozen(measures: Measures, asked: Asked) -> Iterator[_Found]:
    for first, end in _within(measures.frozen, asked):
        length = float((end - first) / measures.rate)
        whole, at_start, at_end = first == asked.first and end == asked.end, first == asked.first, end == asked.end
        if length < limit("frozen_end" if at_start or at_end else "frozen_middle"):
            continue
        if whole:
            yield "frozen", "nothing moves in it", (first, end)
        else:
            yield "frozen", f"nothing moves {_where(first, end, asked, measures.rate)}", (first, end)


def _is_glitch(jump: Jump) -> bool:
    return jump.levels >= limit("glitch") and jump.ratio >= limit("glitch_ratio")


def _is_cut(jump: Jump) -> bool:
    hard = jump.levels >= limit("cut") and jump.ratio >= limit("cut_ratio")
    return hard or (jump.levels >= limit("soft_cut") and jump.ratio >= limit("soft_cut_ratio"))


def _sound(measures: Measures, asked: Asked) -> Iterator[_Found]:
    sound = measures.sound
    if sound is None:
        if asked.speaks:
            yield "silence", "it has words to be spoken and no sound", None
        return
    picture = float(measures.frames / measures.rate)
    if abs(sound.seconds - picture) > limit("length"):
        yield "length", f"its sound lasts {sound.seconds:.2f} s and its picture {picture:.2f} s", None
    if asked.speaks and (sound.loudness is None or sound.loudness < limit("silence")):
        level = "silent" if sound.loudness is None else f"{sound.loudness:.0f} LUFS"
        yield "silence", f"it has words to be spoken and its sound is {level}", None
    if sound.broken:
        yield "clipping", f"{sound.broken} samples of its sound are not numbers", None
    if sound.clipped >= limit("clipping"):
        yield "clipping", f"its sound is cut off at full scale {sound.clipped} times", None
    hum = sound.hum
    if hum is not None and hum.above >= limit("hum") and hum.level >= limit("hum_level"):
        yield "hum", f"a steady hum of {hum.hertz} Hz at {hum.level:.0f} dBFS", None


def _within(spans: Iterable[Span], asked: Asked) -> Iterator[Span]:
    """The parts of ``spans`` that are looked at."""
    for first, end in spans:
        first, end = max(first, asked.first), min(end, asked.end)
        if first < end:
            yield first, end


def _where(first: int, end: int, asked: Asked, rate: Fraction) -> str:
    length = _seconds(end - first, rate)
    if (first, end) == (asked.first, asked.end):
        return "all the time"
    if first == asked.first:
        return f"in its first {length}"
    if end == asked.end:
        return f"in its last {length}"
    return f"for {length} from {_seconds(first - asked.first, rate)} on"


def _seconds(frames: int, rate: Fraction) -> str:
    return f"{float(frames / rate):.2f} s"
