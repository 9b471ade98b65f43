"""Final Cut Pro 7's XML (xmeml version 5), which Premiere Pro and DaVinci Resolve read and write.

Written here, because OpenTimelineIO's adapter writes no levels, no fades of sound, no links and no reels. Frames are
counted from 0 in the media, so nothing depends on time code. A clip beside a transition has -1 for that end, and its
``in`` and ``out`` include what the transition shows of it (Apple, Final Cut Pro XML Interchange Format, "Transitions").
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from vtx_app.formats.time_code import drops_frames, film_origin, film_time_code
from vtx_app.handover.model import Cut, Event, Join, Laid, Media, Sound, lanes
from vtx_app.handover.xml_text import add, document

__all__ = ["HIGHEST_LEVEL", "xmeml_notes", "xmeml_text"]

HIGHEST_LEVEL = 3.98109
"""The highest level that the format has, +12 dB."""

_HIGHEST_DB = 12.0


def xmeml_text(cut: Cut) -> str:
    """The cut as the text of an XML file. The same cut gives the same text."""
    return _Writer(cut).text()


def xmeml_notes(cut: Cut) -> list[str]:
    """What this list does not hold of the cut, a line each."""
    notes = []
    if any(join.kind == "colour" and {join.colour, join.second} - {"#000000", ""} for join in cut.joins):
        notes.append("colours of fades and dips: they go through black")
    if any(event.media is None for event in cut.picture):
        notes.append("cards: their time is empty, which is black")
    if max([0.0, *(each.gain_db for each in cut.sound), *(each.gain_db for each in cut.laid)]) > _HIGHEST_DB:
        notes.append(f"gains above +{_HIGHEST_DB:g} dB: they are +{_HIGHEST_DB:g} dB")
    return notes


class _Writer:
    def __init__(self, cut: Cut) -> None:
        self._cut, self._defined = cut, set[str]()
        self._serial = 0

    def text(self) -> str:
        cut = self._cut
        root = ET.Element("xmeml", version="5")
        sequence = add(root, "sequence", id=f"sequence-{cut.slug}")
        add(sequence, "name", cut.title)
        add(sequence, "duration", cut.frames)
        self._rate(sequence)
        self._time_code(sequence)
        media = add(sequence, "media")
        video = add(media, "video")
        self._characteristics(add(video, "format"))
        self._picture(add(video, "track"))
        self._tracks_of_sound(media)
        for mark in cut.markers:
            marker = add(sequence, "marker")
            add(marker, "comment", mark.note)
            add(marker, "name", mark.name)
            add(marker, "in", mark.at)
            add(marker, "out", -1)
        return document(root)

    def _rate(self, parent: ET.Element) -> None:
        rate = add(parent, "rate")
        add(rate, "timebase", self._cut.base)
        add(rate, "ntsc", "TRUE" if self._cut.rate.denominator == 1001 else "FALSE")

    def _time_code(self, parent: ET.Element, reel: str = "") -> None:
        code = add(parent, "timecode")
        self._rate(code)
        add(code, "string", film_time_code(0, self._cut.rate))
        add(code, "frame", film_origin(self._cut.rate))
        add(code, "displayformat", "DF" if drops_frames(self._cut.rate) else "NDF")
        if reel:
            add(add(code, "reel"), "name", reel)

    def _characteristics(self, parent: ET.Element) -> None:
        facts = add(parent, "samplecharacteristics")
        self._rate(facts)
        add(facts, "width", self._cut.width)
        add(facts, "height", self._cut.height)
        add(facts, "anamorphic", "FALSE")
        add(facts, "pixelaspectratio", "square")
        add(facts, "fielddominance", "none")

    def _picture(self, track: ET.Element) -> None:
        number = 0
        for event in self._cut.picture:
            join = self._cut.join_at(event.start)
            if join:
                self._transition(track, join)
            if event.media is not None:
                number += 1
                self._clip(track, event, event.media, number)
        if join := self._cut.join_at(self._cut.frames):
            self._transition(track, join)

    def _clip(self, track: ET.Element, event: Event, media: Media, number: int) -> None:
        into, out = self._cut.join_at(event.start), self._cut.join_at(event.end)
        lead = into.before if into and into.kind == "dissolve" else 0
        trail = out.after if out and out.kind == "dissolve" else 0
        clip = add(track, "clipitem", id=f"picture-{number}")
        add(clip, "name", media.name)
        add(clip, "enabled", "TRUE")
        add(clip, "duration", media.frames)
        self._rate(clip)
        add(clip, "start", -1 if into and (lead or into.after) else event.start)
        add(clip, "end", -1 if out and (trail or out.before) else event.end)
        add(clip, "in", event.first - (0 if event.still else lead))
        add(clip, "out", event.first + event.frames + (lead if event.still else 0) + trail)
        self._file(clip, media)
        if event.still:
            _freeze(clip)

    def _file(self, clip: ET.Element, media: Media) -> None:
        name = f"file-{media.name}"
        file = add(clip, "file", id=name)
        if name in self._defined:
            return
        self._defined.add(name)
        add(file, "name", f"{media.name}.mov")
        add(file, "pathurl", media.file)
        self._rate(file)
        add(file, "duration", media.frames)
        self._time_code(file, media.reel)
        parts = add(file, "media")
        video = add(parts, "video")
        add(video, "duration", media.frames)
        _sound_facts(add(parts, "audio"))

    def _transition(self, track: ET.Element, join: Join) -> None:
        if join.kind == "dissolve":
            self._crossing(track, join.at - join.before, join.at + join.after, "center")
            return
        if join.before:
            self._crossing(track, join.at - join.before, join.at, "end-black")
        if join.after:
            self._crossing(track, join.at, join.at + join.after, "start-black")

    def _crossing(self, track: ET.Element, start: int, end: int, alignment: str, kind: str = "video") -> None:
        item = add(track, "transitionitem")
        self._rate(item)
        add(item, "start", start)
        add(item, "end", end)
        add(item, "alignment", alignment)
        effect = add(item, "effect")
        sound = kind == "audio"
        add(effect, "name", "Cross Fade ( 0dB)" if sound else "Cross Dissolve")
        add(effect, "effectid", "KGAudioTransCrossFade0dB" if sound else "Cross Dissolve")
        if not sound:
            add(effect, "effectcategory", "Dissolve")
        add(effect, "effecttype", "transition")
        add(effect, "mediatype", kind)

    def _tracks_of_sound(self, media: ET.Element) -> None:
        audio = add(media, "audio")
        facts = add(add(audio, "format"), "samplecharacteristics")
        add(facts, "depth", 24)
        add(facts, "samplerate", 48000)
        _stereo(add(add(audio, "outputs"), "group"))
        rows: list[Sequence[Sound | Laid]] = [*lanes(self._cut.sound)]
        for bus in ("music", "effects"):
            rows += lanes([each for each in self._cut.laid if each.bus == bus])
        for number, row in enumerate(rows):
            for side in (1, 2):
                track = add(audio, "track")
                for at, sound in enumerate(row, 1):
                    self._sound(track, sound, f"sound-{number + 1}-{at}", side, (2 * number + 1, at))
                add(track, "outputchannelindex", side)

    def _sound(self, track: ET.Element, sound: Sound | Laid, name: str, side: int, place: tuple[int, int]) -> None:
        if sound.fade_in:
            self._crossing(track, sound.start, sound.start + sound.fade_in, "start-black", "audio")
        clip = add(track, "clipitem", id=f"{name}-{side}", premiereChannelType="stereo")
        add(clip, "name", sound.file.rpartition("/")[2] if isinstance(sound, Laid) else sound.media.name)
        add(clip, "enabled", "TRUE")
        add(clip, "duration", sound.length if isinstance(sound, Laid) else sound.media.frames)
        self._rate(clip)
        add(clip, "start", -1 if sound.fade_in else sound.start)
        add(clip, "end", -1 if sound.fade_out else sound.end)
        add(clip, "in", sound.first)
        add(clip, "out", sound.first + sound.frames)
        if isinstance(sound, Laid):
            self._sound_file(clip, sound)
        else:
            self._file(clip, sound.media)
        source = add(clip, "sourcetrack")
        add(source, "mediatype", "audio")
        add(source, "trackindex", side)
        _level(clip, sound.gain_db)
        for other in (1, 2):
            link = add(clip, "link")
            add(link, "linkclipref", f"{name}-{other}")
            add(link, "mediatype", "audio")
            add(link, "trackindex", place[0] + other - 1)
            add(link, "clipindex", place[1])
            add(link, "groupindex", 1)
        if sound.fade_out:
            self._crossing(track, sound.end - sound.fade_out, sound.end, "end-black", "audio")

    def _sound_file(self, clip: ET.Element, laid: Laid) -> None:
        from urllib.parse import quote

        name = f"file-{laid.file}"
        file = add(clip, "file", id=quote(name))
        if name in self._defined:
            return
        self._defined.add(name)
        add(file, "name", laid.file.rpartition("/")[2])
        add(file, "pathurl", quote(laid.file))
        self._rate(file)
        add(file, "duration", laid.length)
        _sound_facts(add(add(file, "media"), "audio"))


def _stereo(group: ET.Element) -> None:
    """One pair of outputs, added up without any change of level."""
    for tag, value in (("index", 1), ("numchannels", 2), ("downmix", 0)):
        add(group, tag, value)
    for channel in (1, 2):
        add(add(group, "channel"), "index", channel)


def _sound_facts(audio: ET.Element) -> None:
    facts = add(audio, "samplecharacteristics")
    add(facts, "depth", 24)
    add(facts, "samplerate", 48000)
    add(audio, "channelcount", 2)


def _level(clip: ET.Element, gain_db: float) -> None:
    effect = add(add(clip, "filter"), "effect")
    for key, text in (("name", "Audio Levels"), *((each, "audiolevels") for each in _LEVEL_KEYS)):
        add(effect, key, text)
    add(effect, "mediatype", "audio")
    _parameter(effect, "level", "Level", "0", f"{HIGHEST_LEVEL}", f"{min(10 ** (gain_db / 20), HIGHEST_LEVEL):.8g}")


_LEVEL_KEYS = ("effectid", "effectcategory", "effecttype")


def _freeze(clip: ET.Element) -> None:
    effect = add(add(clip, "filter"), "effect")
    add(effect, "name", "Time Remap")
    add(effect, "effectid", "timeremap")
    add(effect, "effectcategory", "motion")
    add(effect, "effecttype", "motion")
    add(effect, "mediatype", "video")
    _parameter(effect, "variablespeed", "variablespeed", "0", "1", "0")
    _parameter(effect, "speed", "speed", "-100000", "100000", "0")


def _parameter(effect: ET.Element, key: str, name: str, least: str, most: str, value: str) -> None:
    parameter = add(effect, "parameter")
    for tag, text in (("parameterid", key), ("name", name), ("valuemin", least), ("valuemax", most), ("value", value)):
        add(parameter, tag, text)
