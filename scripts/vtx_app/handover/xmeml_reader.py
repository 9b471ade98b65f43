"""A cut read from Final Cut Pro 7's XML, as Premiere Pro, DaVinci Resolve and VTX write it."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import unquote

from vtx_app.handover.found import Found, FoundSound, Piece
from vtx_app.handover.model import Join
from vtx_app.handover.names import read_media_name
from vtx_app.handover.xml_text import decibels

__all__ = ["read_xmeml"]

_MOST = 10**9
_CENTRES = ("center", "start", "end")


def read_xmeml(root: ET.Element) -> Found:
    """The cut in the first sequence below ``root``. Raises :class:`ValueError` for what is none."""
    sequence = next(root.iter("sequence"), None)
    if sequence is None:
        raise ValueError("there is no sequence in it")
    return _Reader(root, sequence).found()


@dataclass(slots=True)
class _Crossing:
    """A transition: from ``start`` to ``end``, with the cut at ``cut``. ``alignment`` as the file has it."""

    start: int
    end: int
    cut: int
    alignment: str


class _Reader:
    def __init__(self, root: ET.Element, sequence: ET.Element) -> None:
        self._sequence, self._ignored = sequence, list[str]()
        self._files = {file.get("id"): file for file in root.iter("file") if file.find("name") is not None}
        self._rate = _rate(sequence.find("rate"))

    def found(self) -> Found:
        tracks = [track for track in self._sequence.findall("media/video/track") if track.find("clipitem") is not None]
        if not tracks:
            raise ValueError("there is no picture in its sequence")
        for number, track in enumerate(tracks[1:], 2):
            name = track.findtext("clipitem/name") or "without a name"
            self._ignored.append(f"picture track {number} ({name!r} …): only the lowest is read")
        pieces, joins = self._picture(tracks[0])
        audio = self._sequence.findall("media/audio/track")
        heard = dict.fromkeys(each for track in audio for each in self._sounds(track))
        sound = tuple(heard) or None
        end = max((*(piece.end for piece in pieces), _number(self._sequence.find("duration"), 0)))
        return Found(self._rate, end, tuple(pieces), tuple(joins), sound, tuple(dict.fromkeys(self._ignored)))

    def _crossings(self, track: ET.Element) -> dict[int, tuple[_Crossing | None, _Crossing | None]]:
        """The transitions before and after each clip, by its place among the track's children."""
        items = [child for child in track if child.tag in ("clipitem", "transitionitem", "generatoritem")]
        known = {id(each): _crossing(each) for each in items if each.tag == "transitionitem"}
        found = {}
        for at, item in enumerate(items):
            if item.tag == "transitionitem":
                continue
            before, after = items[max(0, at - 1) : at], items[at + 1 : at + 2]
            left = known.get(id(before[0])) if before else None
            right = known.get(id(after[0])) if after else None
            if left and left.alignment == "end-black":
                left = None
            if right and right.alignment == "start-black":
                right = None
            found[id(item)] = (left, right)
        return found

    def _picture(self, track: ET.Element) -> tuple[list[Piece], list[Join]]:
        pieces: list[Piece] = []
        crossings = self._crossings(track)
        for item in track.findall("clipitem"):
            span = self._span(item, *crossings[id(item)])
            if span and (named := self._take(item, "picture")):
                still = self._speed(item) == 0
                start, frames, first = span
                lead = crossings[id(item)][0]
                if still and lead:
                    first -= lead.cut - lead.start
                pieces.append(Piece(*named, first, frames, start, still))
        for item in track.findall("generatoritem"):
            self._ignored.append(f"generator {item.findtext('name') or ''!r}: its time is read as black")
        joins: dict[int, Join] = {}
        ends, starts = {piece.end for piece in pieces}, {piece.start for piece in pieces}
        for item in track.findall("transitionitem"):
            crossing = _crossing(item)
            effect = item.findtext("effect/name") or ""
            before, after = crossing.cut - crossing.start, crossing.end - crossing.cut
            dips = "dip" in effect.lower()
            lone = crossing.alignment.endswith("-black") or crossing.cut not in ends or crossing.cut not in starts
            known = joins.get(crossing.cut)
            if lone or dips:
                was = (known.before, known.after) if known and known.kind == "colour" else (0, 0)
                joins[crossing.cut] = Join(crossing.cut, "colour", before + was[0], after + was[1])
            else:
                if "dissolve" not in effect.lower():
                    self._ignored.append(f"transition {effect!r} at frame {crossing.cut}: read as a dissolve")
                joins[crossing.cut] = Join(crossing.cut, "dissolve", before, after)
        return pieces, list(joins.values())

    def _span(self, item: ET.Element, left: _Crossing | None, right: _Crossing | None) -> tuple[int, int, int] | None:
        """Start in the cut, frames, and the first frame of the take, between the cuts; None for what is not seen."""
        if (item.findtext("enabled") or "TRUE").upper() == "FALSE":
            self._ignored.append(f"{item.findtext('name')}: it is switched off")
            return None
        start, end, first = (_number(item.find(key), 0) for key in ("start", "end", "in"))
        if start == -1 and left:
            first += left.cut - left.start
            start = left.cut
        if end == -1 and right:
            end = right.cut
        if start < 0 or end <= start:
            raise ValueError(f"{item.findtext('name')}: it is seen from frame {start} to {end}")
        return start, end - start, first

    def _take(self, item: ET.Element, kind: str) -> tuple[str, int] | None:
        own = item.find("file")
        file = self._files.get(own.get("id") if own is not None else None, own)
        texts = [item.findtext("name") or ""]
        if file is not None:
            texts = [unquote(file.findtext("pathurl") or ""), file.findtext("name") or "", *texts]
        for text in texts:
            if named := read_media_name(text):
                if (rate := item.find("rate")) is not None and _rate(rate) != self._rate:
                    self._ignored.append(f"{texts[-1]}: its rate is not the sequence's")
                if self._speed(item) not in (0, 100):
                    self._ignored.append(f"{texts[-1]}: another speed")
                return named
        if "music/" not in texts[0]:
            self._ignored.append(f"{kind} {texts[-1]!r}: not a take of this film")
        return None

    def _speed(self, item: ET.Element) -> float:
        for effect in item.findall("filter/effect"):
            if effect.findtext("effectid") == "timeremap":
                for parameter in effect.findall("parameter"):
                    if parameter.findtext("parameterid") == "speed":
                        return _real(parameter.findtext("value"), 100)
        return 100

    def _sounds(self, track: ET.Element) -> list[FoundSound]:
        found = []
        crossings = self._crossings(track)
        for item in track.findall("clipitem"):
            left, right = crossings[id(item)]
            span = self._span(item, left, right)
            if span is None or not (named := self._take(item, "sound")):
                continue
            fades = [
                each.end - each.start if each and each.alignment == kind else 0
                for each, kind in ((left, "start-black"), (right, "end-black"))
            ]
            if any(each and each.alignment in _CENTRES for each in (left, right)):
                self._ignored.append(f"{item.findtext('name')}: a cross-fade of its sound with another")
            start, frames, first = span
            found.append(FoundSound(*named, first, frames, start, self._level(item), *fades))
        return found

    def _level(self, item: ET.Element) -> float:
        for effect in item.findall("filter/effect"):
            if effect.findtext("effectid") != "audiolevels":
                continue
            parameter = effect.find("parameter")
            if parameter is None:
                continue
            if parameter.find("keyframe") is not None:
                self._ignored.append(f"{item.findtext('name')}: a level that changes")
            value = _real(parameter.findtext("value"), 1)
            return decibels(20 * math.log10(value)) if value > 1e-6 else -96.0
        return 0.0


def _crossing(item: ET.Element) -> _Crossing:
    start, end = (_number(item.find(key), -1) for key in ("start", "end"))
    alignment = (item.findtext("alignment") or "center").strip()
    if start < 0 or end < start:
        raise ValueError(f"a transition from frame {start} to {end}")
    cuts = {"end": end, "end-black": end, "start": start, "start-black": start}
    return _Crossing(start, end, cuts.get(alignment, start + (end - start) // 2), alignment)


def _rate(element: ET.Element | None) -> Fraction:
    base = _number(None if element is None else element.find("timebase"), 0)
    if element is None or not 0 < base <= 1000:
        raise ValueError("it does not say its frames per second")
    ntsc = (element.findtext("ntsc") or "FALSE").strip().upper() == "TRUE"
    return Fraction(base * 1000, 1001) if ntsc else Fraction(base)


def _number(element: ET.Element | None, default: int) -> int:
    text = (element.text or "").strip() if element is not None else ""
    if not text:
        return default
    value = _real(text, math.nan)  # Hiero writes 0.0
    if not value.is_integer() or abs(value) > _MOST:
        raise ValueError(f"{text[:40]!r} is no number of frames")
    return int(value)


def _real(text: str | None, default: float) -> float:
    try:
        value = float(text) if text else default
    except ValueError:
        return default
    return value if math.isfinite(value) else default
