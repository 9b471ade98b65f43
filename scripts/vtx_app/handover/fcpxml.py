"""FCPXML 1.10, which Final Cut Pro and DaVinci Resolve read.

Written here, because OpenTimelineIO's adapter silently drops dissolves and refuses 23.976 and 29.97. Times are
exact fractions of a second, each a whole number of frames. A clip lies in the spine between the cuts at its ends; a
transition lies over the cut; the clip's sound may begin before its picture and end after it (``audioStart``,
``audioDuration``). Fades from and to black are fades of the opacity.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from bisect import bisect_left
from collections.abc import Iterable
from fractions import Fraction
from typing import TypeVar
from urllib.parse import quote

from vtx_app.formats.time_code import drops_frames, film_origin
from vtx_app.handover.model import Cut, Event, Laid, Marker, Media, lanes
from vtx_app.handover.xml_text import add, document

__all__ = ["fcpxml_notes", "fcpxml_text"]

_Thing = TypeVar("_Thing")

_DISSOLVE = "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265"
"""Final Cut Pro's own name of its Cross Dissolve."""


def fcpxml_text(cut: Cut) -> str:
    """The cut as the text of an FCPXML file. The same cut gives the same text."""
    return _Writer(cut).text()


def fcpxml_notes(cut: Cut) -> list[str]:
    """What this list does not hold of the cut, a line each."""
    notes = []
    if any(join.kind == "colour" and {join.colour, join.second} - {"#000000", ""} for join in cut.joins):
        notes.append("colours of fades and dips: they go through black")
    if any(event.media is None for event in cut.picture):
        notes.append("cards: each is a gap of its length, with its words for a name")
    return notes


class _Writer:
    def __init__(self, cut: Cut) -> None:
        self._cut = cut
        rows = [row for bus in ("music", "effects") for row in lanes([each for each in cut.laid if each.bus == bus])]
        laid = [(lane, each) for lane, row in enumerate(rows, 1) for each in row]
        self._laid_by_start = _by_frame((max(each.start, 0), (lane, each)) for lane, each in laid)
        self._marks = _by_frame((mark.at, (0, mark)) for mark in cut.markers)
        self._heard = {(each.media.name, each.start - each.first): each for each in reversed(cut.sound)}
        self._hour = film_origin(cut.rate)
        self._code = {"tcFormat": "DF" if drops_frames(cut.rate) else "NDF"}

    def _time(self, frames: int) -> str:
        seconds = Fraction(frames) / self._cut.rate
        return f"{seconds.numerator}s" if seconds.denominator == 1 else f"{seconds.numerator}/{seconds.denominator}s"

    def text(self) -> str:
        cut = self._cut
        root = ET.Element("fcpxml", version="1.10")
        resources = add(root, "resources")
        size = {"width": str(cut.width), "height": str(cut.height)}
        add(resources, "format", id="r1", frameDuration=self._time(1), **size)
        add(resources, "effect", id="dissolve", name="Cross Dissolve", uid=_DISSOLVE)
        for media in cut.media:
            self._asset(resources, media)
        for laid in {each.file: each for each in cut.laid}.values():
            facts = {"start": "0s", "duration": self._time(laid.length)}
            sound = {"hasAudio": "1", "audioSources": "1", "audioChannels": "2"}
            asset = add(resources, "asset", id=_file_id(laid), name=laid.file.rpartition("/")[2], **facts, **sound)
            add(asset, "media-rep", kind="original-media", src=quote(laid.file))
        event = add(add(root, "library"), "event", name=cut.title)
        sequence = add(
            add(event, "project", name=cut.title),
            "sequence",
            format="r1",
            duration=self._time(cut.frames),
            tcStart=self._time(self._hour),
            audioLayout="stereo",
            audioRate="48k",
            **self._code,
        )
        spine = add(sequence, "spine")
        for item in cut.picture:
            self._item(spine, item)
        return document(root)

    def _asset(self, resources: ET.Element, media: Media) -> None:
        facts = {"start": self._time(self._hour), "duration": self._time(media.frames), "format": "r1"}
        kinds = {"hasVideo": "1", "hasAudio": "1", "videoSources": "1", "audioSources": "1", "audioChannels": "2"}
        asset = add(resources, "asset", id=f"m-{media.name}", name=media.name, **facts, **kinds, audioRate="48000")
        add(asset, "media-rep", kind="original-media", src=media.file)
        data = add(asset, "metadata")
        add(data, "md", key="com.apple.proapps.studio.reel", value=media.reel)

    def _item(self, spine: ET.Element, event: Event) -> None:
        join = self._cut.join_at(event.start)
        if join and join.kind == "dissolve":
            at = self._time(self._hour + join.at - join.before)
            crossing = add(spine, "transition", name="Cross Dissolve", offset=at, duration=self._time(join.frames))
            add(crossing, "filter-video", ref="dissolve", name="Cross Dissolve")
        place = {"offset": self._time(self._hour + event.start), "duration": self._time(event.frames)}
        if event.media is None:
            own = 0
            name = " ".join(event.words.split())[:80] or "card"
            item = add(spine, "gap", name=name, start="0s", **place)
        else:
            own = 0 if event.still else self._hour + event.first
            item = self._clip(spine, event, event.media, own, place)
        for lane, laid in _within(self._laid_by_start, event):
            self._laid(item, laid, own + laid.start - event.start, lane)
        for _, mark in _within(self._marks, event):
            self._marker(item, mark, own + mark.at - event.start)

    def _clip(self, spine: ET.Element, event: Event, media: Media, own: int, place: dict[str, str]) -> ET.Element:
        heard = None if event.still else self._heard.get((media.name, event.start - event.first))  # what runs with it
        facts = {"ref": f"m-{media.name}", "name": media.name, "start": self._time(own), **place, **self._code}
        if heard is None:
            facts["srcEnable"] = "video"
        elif (heard.first, heard.frames) != (event.first, event.frames):
            facts |= {"audioStart": self._time(self._hour + heard.first), "audioDuration": self._time(heard.frames)}
        clip = add(spine, "asset-clip", **facts)
        if event.still:
            still = self._time(self._hour + event.first)
            times = add(clip, "timeMap")
            add(times, "timept", time="0s", value=still, interp="linear")
            add(times, "timept", time=self._time(event.frames), value=still, interp="linear")
        into, out = self._cut.join_at(event.start), self._cut.join_at(event.end)
        fades = (
            into.after if into and into.kind == "colour" else 0,
            out.before if out and out.kind == "colour" else 0,
        )
        if any(fades):
            self._fades(add(clip, "adjust-blend", amount="1.0"), *fades)
        if heard and (heard.gain_db or heard.fade_in or heard.fade_out):
            volume = add(clip, "adjust-volume", amount=f"{heard.gain_db:g}dB")
            self._fades(volume, heard.fade_in, heard.fade_out)
        return clip

    def _fades(self, parent: ET.Element, fade_in: int, fade_out: int) -> None:
        if fade_in or fade_out:
            amount = add(parent, "param", name="amount")
            for name, frames in (("fadeIn", fade_in), ("fadeOut", fade_out)):
                if frames:
                    add(amount, name, type="linear", duration=self._time(frames))

    def _laid(self, item: ET.Element, laid: Laid, at: int, lane: int) -> None:
        place = {"offset": self._time(at), "duration": self._time(laid.frames), "start": self._time(laid.first)}
        clip = add(item, "asset-clip", ref=_file_id(laid), lane=str(-lane), name=laid.file.rpartition("/")[2], **place)
        if laid.gain_db or laid.fade_in or laid.fade_out:
            self._fades(add(clip, "adjust-volume", amount=f"{laid.gain_db:g}dB"), laid.fade_in, laid.fade_out)

    def _marker(self, item: ET.Element, mark: Marker, at: int) -> None:
        note = {"note": mark.note} if mark.note else {}
        add(item, "marker", start=self._time(at), duration=self._time(1), value=mark.name or mark.kind, **note)


def _by_frame(found: Iterable[tuple[int, _Thing]]) -> tuple[list[int], list[_Thing]]:
    """Things by the film frame at which each begins, in its order."""
    row = sorted(found, key=lambda each: each[0])
    return [frame for frame, _ in row], [each for _, each in row]


def _within(row: tuple[list[int], list[_Thing]], event: Event) -> list[_Thing]:
    """Those that begin while ``event`` is seen."""
    frames, things = row
    return things[bisect_left(frames, event.start) : bisect_left(frames, event.end)]


def _file_id(laid: Laid) -> str:
    return "s-" + "".join(each if each.isascii() and each.isalnum() else f"-{ord(each):x}-" for each in laid.file)
