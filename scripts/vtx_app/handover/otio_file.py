"""OpenTimelineIO's ``.otio``: the one list that holds every rate, and all of the cut.

Written by OpenTimelineIO itself (extra ``edit``): its schema has versions, which it knows. Times are whole
frames at the film's rate. What the schema has no place for (gains, fades of sound, colours of transitions) is in the
metadata under ``vtx``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from vtx_app.errors import ProjectError
from vtx_app.formats.rate import has_time_code
from vtx_app.formats.time_code import film_origin
from vtx_app.handover.model import Cut, Event, Laid, Media, Sound, lanes

__all__ = ["CUSTOM", "SMPTE", "opentimelineio", "otio_text"]

_EXTRA = "OpenTimelineIO is not installed: pip install 'vtx-app[edit]'"
_COLOURS = {"act": "RED", "scene": "GREEN", "note": "YELLOW", "title": "CYAN"}
CUSTOM = "Custom_Transition"
SMPTE = "SMPTE_Dissolve"


def opentimelineio() -> Any:
    """The package. Raises :class:`ProjectError` where it is not installed."""
    try:
        import opentimelineio as otio
    except ImportError:
        raise ProjectError(_EXTRA) from None
    return otio


def otio_text(cut: Cut) -> str:
    """The cut as the text of an ``.otio`` file. The same cut gives the same text."""
    return str(opentimelineio().adapters.write_to_string(_Writer(cut).timeline(), "otio_json", indent=1)) + "\n"


class _Writer:
    def __init__(self, cut: Cut) -> None:
        self._cut, self._otio = cut, opentimelineio()
        self._rate = float(cut.rate)
        self._hour = film_origin(cut.rate) if has_time_code(cut.rate) else 0

    def timeline(self) -> Any:
        schema, cut = self._otio.schema, self._cut
        timeline = schema.Timeline(cut.title, global_start_time=self._time(self._hour))
        timeline.metadata["vtx"] = {"slug": cut.slug, "rate": str(cut.rate), "size": [cut.width, cut.height]}
        timeline.tracks.append(self._picture())
        for number, lane in enumerate(lanes(cut.sound), 1):
            timeline.tracks.append(self._sounds(f"Sound {number}", lane))
        for bus in ("music", "effects"):
            of_bus = [each for each in cut.laid if each.bus == bus]
            for number, laid in enumerate(lanes(of_bus), 1):
                timeline.tracks.append(self._sounds(f"{bus.capitalize()} {number}", laid))
        for mark in cut.markers:
            marker = schema.Marker(
                mark.name, self._range(mark.at, 1), _COLOURS[mark.kind], metadata={"vtx": {"kind": mark.kind}}
            )
            marker.comment = mark.note
            timeline.tracks.markers.append(marker)
        return timeline

    def _time(self, frames: int) -> Any:
        return self._otio.opentime.RationalTime(frames, self._rate)

    def _range(self, first: int, frames: int) -> Any:
        return self._otio.opentime.TimeRange(self._time(first), self._time(frames))

    def _picture(self) -> Any:
        track = self._otio.schema.Track("Picture", kind=self._otio.schema.TrackKind.Video)
        for event in self._cut.picture:
            self._add_join(track, event.start)
            track.append(self._event(event))
        self._add_join(track, self._cut.frames)
        return track

    def _event(self, event: Event) -> Any:
        schema = self._otio.schema
        if event.media is None:
            metadata = {"vtx": {"words": event.words, "colour": event.colour}}
            if event.colour == "#000000":
                return schema.Gap(event.words[:80], duration=self._time(event.frames), metadata=metadata)
            card = schema.GeneratorReference(
                generator_kind="SolidColor",
                available_range=self._range(0, event.frames),
                parameters={"color": event.colour},
            )
            return schema.Clip(event.words[:80], card, self._range(0, event.frames), metadata=metadata)
        clip = self._clip(event.media, event.first, event.frames)
        if event.still:
            clip.effects.append(schema.FreezeFrame(name="Freeze frame"))
        return clip

    def _clip(self, media: Media, first: int, frames: int) -> Any:
        source = self._otio.schema.ExternalReference(media.file, self._range(self._hour, media.frames))
        source.name = media.name
        source.metadata["vtx"] = {"clip": media.clip_id, "digest": media.digest, "reel": media.reel, "head": media.head}
        return self._otio.schema.Clip(media.name, source, self._range(self._hour + first, frames))

    def _add_join(self, track: Any, at: int) -> None:
        join = self._cut.join_at(at)
        if join is None:
            return
        dissolves = join.kind == "dissolve"
        metadata = {"vtx": {"kind": join.kind, "colour": join.colour, "second": join.second}}
        name = "Dissolve" if dissolves else "Through colour"
        before, after = self._time(join.before), self._time(join.after)
        track.append(
            self._otio.schema.Transition(name, SMPTE if dissolves else CUSTOM, before, after, metadata=metadata)
        )

    def _sounds(self, name: str, lane: list[Sound] | list[Laid]) -> Any:
        schema = self._otio.schema
        track = schema.Track(name, kind=schema.TrackKind.Audio)
        at = 0
        for sound in lane:
            if sound.start > at:
                track.append(schema.Gap(duration=self._time(sound.start - at)))
            if isinstance(sound, Sound):
                clip = self._clip(sound.media, sound.first, sound.frames)
            else:
                source = schema.ExternalReference(quote(sound.file), self._range(0, sound.length))
                clip = schema.Clip(Path(sound.file).name, source, self._range(sound.first, sound.frames))
            facts = {"gain_db": sound.gain_db, "fade_in": sound.fade_in, "fade_out": sound.fade_out}
            clip.effects.append(schema.Effect("Level", "AudioLevel", metadata={"vtx": facts}))
            track.append(clip)
            at = sound.end
        return track
