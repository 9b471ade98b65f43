"""A cut read from FCPXML, as Final Cut Pro, DaVinci Resolve and VTX write it: the spine of its first sequence."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from fractions import Fraction
from urllib.parse import unquote

from vtx_app.handover.found import Found, FoundSound, Piece
from vtx_app.handover.model import Join
from vtx_app.handover.names import read_media_name
from vtx_app.handover.xml_text import decibels

__all__ = ["read_fcpxml"]

_TIME = re.compile(r"(-?\d{1,18}(?:\.\d{1,9})?)(?:/(\d{1,10}))?s")
_LEVEL = re.compile(r"(-?\d{1,4}(?:\.\d{1,6})?)dB")
_CLIPS = ("asset-clip", "clip", "video", "ref-clip", "sync-clip", "mc-clip", "title", "audition")


def read_fcpxml(root: ET.Element) -> Found:
    """The cut below ``root``. Raises :class:`ValueError` for what is none."""
    sequence = next(root.iter("sequence"), None)
    spine = None if sequence is None else sequence.find("spine")
    if sequence is None or spine is None:
        raise ValueError("there is no sequence in it")
    return _Reader(root, sequence, spine).found()


class _Reader:
    def __init__(self, root: ET.Element, sequence: ET.Element, spine: ET.Element) -> None:
        self._spine, self._ignored = spine, list[str]()
        self._assets = {each.get("id"): each for each in root.iter("asset")}
        formats = {each.get("id"): each for each in root.iter("format")}
        form = formats.get(sequence.get("format"))
        duration = _seconds(form.get("frameDuration") if form is not None else None)
        if not duration or duration < 0:
            raise ValueError("it does not say its frames per second (the sequence's format has no frameDuration)")
        self._rate = 1 / duration
        self._origin = _seconds(sequence.get("tcStart")) or Fraction(0)

    def found(self) -> Found:
        pieces: list[Piece] = []
        sounds: list[FoundSound] = []
        joins: dict[int, Join] = {}
        at = 0
        crossings: list[tuple[int, int]] = []
        for item in self._spine:
            if item.tag == "transition":
                start = self._place(item, at)
                crossings.append((start, start + self._frames(item.get("duration"))))
                continue
            if item.tag not in (*_CLIPS, "gap"):
                continue
            start = self._place(item, at)
            frames = self._length(item)
            if item.tag != "gap":
                self._clip(item, start, frames, pieces, sounds, joins)
            for child in item:
                if child.tag in (*_CLIPS, "audio") and child.get("lane") and not self._is_music(child):
                    name = child.get("name") or child.tag
                    self._ignored.append(f"{name!r} on lane {child.get('lane')}: only the main line is read")
            at = start + frames
        starts, ends = {piece.start for piece in pieces}, {piece.end for piece in pieces}
        cuts = starts | ends | {0, at}
        for start, end in crossings:
            middle = start + (end - start) // 2
            cut = next((each for each in (middle, middle + 1) if each in cuts), None)
            cut = cut if cut is not None else min(cuts, key=lambda each: abs(each - middle))
            alone = cut not in ends or cut not in starts
            kind: Join = Join(cut, "colour" if alone else "dissolve", max(0, cut - start), max(0, end - cut))
            joins[cut] = kind
        return Found(
            self._rate,
            at,
            tuple(pieces),
            tuple(joins.values()),
            tuple(sounds) or None,
            tuple(dict.fromkeys(self._ignored)),
        )

    def _clip(
        self,
        item: ET.Element,
        start: int,
        frames: int,
        pieces: list[Piece],
        sounds: list[FoundSound],
        joins: dict[int, Join],
    ) -> None:
        if item.get("enabled") == "0":
            self._ignored.append(f"{item.get('name')}: it is switched off")
            return
        inner = next((each for each in item if each.tag == "video"), None) if item.tag == "clip" else None
        asset = self._assets.get((inner if inner is not None else item).get("ref"))
        named = read_media_name(item.get("name") or "")
        if asset is not None:
            texts = [rep.get("src") or "" for rep in asset.iter("media-rep")]
            texts += [asset.get("src") or "", asset.get("name") or ""]
            named = next((found for text in texts if (found := read_media_name(unquote(text)))), named)
        if named is None or item.tag not in ("asset-clip", "clip", "video"):
            self._ignored.append(f"{item.tag} {item.get('name') or ''!r}: not a take of this film")
            return
        origin = (_seconds(asset.get("start")) if asset is not None else None) or Fraction(0)
        still = False
        points = [_seconds(each.get("value")) for each in item.findall("timeMap/timept")]
        first = self._whole((_seconds(item.get("start")) or origin) - origin)
        if points:
            still = len(set(points)) == 1 and points[0] is not None
            if still and points[0] is not None:
                first = self._whole(points[0] - origin)
            else:
                self._ignored.append(f"{item.get('name')}: another speed")
        pieces.append(Piece(*named, first, frames, start, still))
        self._fades(item, start, frames, joins)
        if item.get("srcEnable") not in ("video", "none") and not still:
            sound_first, length = first, frames
            if (audio := _seconds(item.get("audioStart"))) is not None:
                sound_first = self._whole(audio - origin)
            if item.get("audioDuration"):
                length = self._frames(item.get("audioDuration"))
            level = item.find("adjust-volume")
            fades = [self._fade(level, name) for name in ("fadeIn", "fadeOut")]
            heard_from = start + sound_first - first
            sounds.append(FoundSound(*named, sound_first, length, heard_from, self._level(level), *fades))

    def _is_music(self, item: ET.Element) -> bool:
        asset = self._assets.get(item.get("ref"))
        return asset is not None and any(
            (each.get("src") or "").startswith("music/") for each in asset.iter("media-rep")
        )

    def _fades(self, item: ET.Element, start: int, frames: int, joins: dict[int, Join]) -> None:
        """Fades of the opacity, which are those from and to black."""
        blend = item.find("adjust-blend")
        into, out = (self._fade(blend, name) for name in ("fadeIn", "fadeOut"))
        if into:
            known = joins.get(start)
            joins[start] = Join(start, "colour", known.before if known else 0, into)
        if out:
            joins[start + frames] = Join(start + frames, "colour", out, 0)

    def _fade(self, element: ET.Element | None, name: str) -> int:
        fade = None if element is None else element.find(f"param/{name}")
        return 0 if fade is None else self._frames(fade.get("duration"))

    def _level(self, element: ET.Element | None) -> float:
        if element is None:
            return 0.0
        if element.find(".//keyframe") is not None:
            self._ignored.append("a level that changes inside a clip")
        match = _LEVEL.fullmatch(element.get("amount") or "0dB")
        return decibels(float(match[1])) if match and math.isfinite(float(match[1])) else 0.0

    def _place(self, item: ET.Element, at: int) -> int:
        offset = _seconds(item.get("offset"))
        return at if offset is None else self._whole(offset - self._origin)

    def _length(self, item: ET.Element) -> int:
        if item.get("duration"):
            return self._frames(item.get("duration"))
        asset = self._assets.get(item.get("ref"))
        return self._frames(asset.get("duration") if asset is not None else None)

    def _frames(self, text: str | None) -> int:
        seconds = _seconds(text)
        if seconds is None or seconds < 0:
            raise ValueError(f"{text!r} is no length of time")
        return self._whole(seconds)

    def _whole(self, seconds: Fraction) -> int:
        frames = seconds * self._rate
        if abs(frames - round(frames)) > Fraction(1, 20):
            raise ValueError(f"{seconds} s is no whole frame at the sequence's rate")
        return round(frames)


def _seconds(text: str | None) -> Fraction | None:
    match = _TIME.fullmatch(text.strip()) if text else None
    if match is None or (match[2] and not int(match[2])):
        return None
    return Fraction(match[1]) / int(match[2] or 1)
