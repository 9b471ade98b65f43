"""SubRip and WebVTT: subtitles as text, written for any player and read from a person's file.

SubRip has no specification and no way to write a ``<`` that is no tag. Players obey ``<i>`` and ``{\\an8}`` in it
(FFmpeg, ``libavcodec/htmlsubtitles.c``), so what looks like one is written with other brackets. WebVTT has escapes
(W3C, 6.4).

Times are rounded down to a millisecond: the subtitle is on at the start of its first frame, and off at the start of the
frame after its last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from vtx_app.errors import SpecError
from vtx_app.files import display_path
from vtx_app.formats.decode import decode, is_utf16

__all__ = ["Subtitle", "in_frames", "read_srt", "srt_text", "webvtt_text"]

_TIME = r"(\d{1,4}):([0-5]\d):([0-5]\d)[,.](\d{3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s+[A-Za-z]\w*:\S+)*\s*", re.ASCII)
_TAGS = re.compile(r"</?(?:i|b|u|s|font)(?:\s[^<>\n]*)?>|\{\\[^{}\n]*\}", re.IGNORECASE)
_LIKE_A_TAG = re.compile(r"<(?=[A-Za-z/!?])|(?<=[A-Za-z/\"'])>")
_LIKE_A_STYLE = re.compile(r"\{(?=\s*(?:\\|[A-Za-z]:))")


@dataclass(frozen=True, slots=True)
class Subtitle:
    """Words that are shown from ``start`` to ``end`` (seconds of the film), lines apart by ``\\n``.

    ``speakers``: who says them: one name for all lines, or one for each line; empty where unknown.
    """

    start: Fraction
    end: Fraction
    text: str
    speakers: tuple[str, ...] = ()


def srt_text(subtitles: Iterable[Subtitle]) -> str:
    """The subtitles as a SubRip file (UTF-8)."""
    blocks = (
        f"{number}\n{_clock(each.start, ',')} --> {_clock(each.end, ',')}\n{_srt_words(each.text)}\n"
        for number, each in enumerate(subtitles, 1)
    )
    return "\n".join(blocks)


def webvtt_text(subtitles: Iterable[Subtitle], language: str) -> str:
    """The subtitles as a WebVTT file, each line with its speaker. ``language``: a tag of BCP 47, in a note."""
    blocks = [
        f"{number}\n{_clock(each.start, '.')} --> {_clock(each.end, '.')}\n{_webvtt_words(each)}\n"
        for number, each in enumerate(subtitles, 1)
    ]
    return "\n".join(["WEBVTT\n", f"NOTE language:{_escaped(language)}\n", *blocks])


def read_srt(path: Path) -> list[Subtitle]:
    """The subtitles of a SubRip file in order of time, without tags; a person may have written it.

    One that overlaps the next ends where that begins; two that begin together are one. Raises :class:`SpecError` with
    file and line for what is no SubRip.
    """
    name = display_path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SpecError([f"{name}: can't be read: {error.strerror}"]) from None
    text = decode(data, name, "utf-16" if is_utf16(data) else "utf-8-sig")
    found = sorted(
        _entries(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), name), key=lambda one: one.start
    )
    return _apart(found)


def in_frames(subtitles: Iterable[Subtitle], rate: Fraction, frames: int) -> list[tuple[int, int, str]]:
    """First frame, end frame and text of each subtitle in a film of ``frames`` at ``rate``, those outside left out."""
    found = [(round(each.start * rate), min(frames, round(each.end * rate)), each.text) for each in subtitles]
    return [(first, end, text) for first, end, text in found if first < end]


def _entries(lines: Sequence[str], name: str) -> Iterable[Subtitle]:
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        if lines[at].strip().isdigit() and at + 1 < len(lines) and "-->" in lines[at + 1]:
            at += 1
        times = _TIMES.fullmatch(lines[at])
        if times is None:
            expected = "expected 00:00:01,000 --> 00:00:02,500, a number before it, an empty line after the words"
            raise SpecError([f"{name}:{at + 1}: {lines[at].strip()[:60]!r}: {expected}"])
        start, end = _seconds(times.groups()[:4]), _seconds(times.groups()[4:])
        if end <= start:
            raise SpecError(
                [f"{name}:{at + 1}: it ends at {times[0].split('-->')[1].strip()}, which is not after its start"]
            )
        words = at + 1
        while words < len(lines) and lines[words].strip():
            words += 1
        text = "\n".join(filter(None, (_TAGS.sub("", line).strip() for line in lines[at + 1 : words])))
        if text:
            yield Subtitle(start, end, text)
        at = words


def _apart(subtitles: Sequence[Subtitle]) -> list[Subtitle]:
    found: list[Subtitle] = []
    for each in subtitles:
        if found and found[-1].start == each.start:
            found[-1] = replace(found[-1], end=max(found[-1].end, each.end), text=f"{found[-1].text}\n{each.text}")
            continue
        if found and found[-1].end > each.start:
            found[-1] = replace(found[-1], end=each.start)
        found.append(each)
    return found


def _seconds(parts: Sequence[str]) -> Fraction:
    hours, minutes, seconds, thousandths = map(int, parts)
    return Fraction((hours * 3600 + minutes * 60 + seconds) * 1000 + thousandths, 1000)


def _clock(seconds: Fraction, point: str) -> str:
    whole, thousandths = divmod(seconds.numerator * 1000 // seconds.denominator, 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{point}{thousandths:03d}"


def _srt_words(text: str) -> str:
    text = text.replace("-->", "→")
    text = _LIKE_A_TAG.sub(lambda found: "‹" if found[0] == "<" else "›", text)
    return _LIKE_A_STYLE.sub("(", text)


def _webvtt_words(subtitle: Subtitle) -> str:
    text, speakers = _escaped(subtitle.text), [_escaped(" ".join(name.split())) for name in subtitle.speakers]
    if len(speakers) <= 1:
        return _voiced(text, *speakers)
    return "\n".join(map(_voiced, text.split("\n"), speakers))


def _voiced(text: str, speaker: str = "") -> str:
    return f"<v {speaker}>{text}</v>" if speaker else text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
