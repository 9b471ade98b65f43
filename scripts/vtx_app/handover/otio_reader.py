"""A cut read from OpenTimelineIO's ``.otio``, or from what one of its adapters has read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from vtx_app.errors import ProjectError
from vtx_app.files import display_path
from vtx_app.formats.rate import has_time_code, rate_text
from vtx_app.formats.time_code import film_origin
from vtx_app.handover.found import MAX_BYTES, Found, FoundSound, Piece
from vtx_app.handover.model import Join
from vtx_app.handover.names import read_media_name
from vtx_app.handover.otio_file import SMPTE, opentimelineio

__all__ = ["found_in", "nearest_rate", "read_otio"]


def read_otio(path: Path) -> Found:
    """The cut in the ``.otio`` file at ``path``. Raises :class:`ProjectError` if it is none, or can't be read whole."""
    otio = opentimelineio()
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ProjectError(f"{display_path(path)}: larger than {MAX_BYTES >> 20} MiB: no list of a cut is")
        timeline = otio.adapters.read_from_string(path.read_text(encoding="utf-8"), "otio_json")
    except OSError as error:
        raise ProjectError(f"{display_path(path)}: can't be read: {error.strerror}") from None
    except (otio.exceptions.OTIOError, ValueError, KeyError, TypeError, RecursionError) as error:
        reason = (str(error).splitlines() or ["damaged"])[0]
        raise ProjectError(f"{display_path(path)}: not a file of OpenTimelineIO: {reason}") from None
    try:
        return found_in(timeline, otio)
    except ValueError as error:
        raise ProjectError(f"{display_path(path)}: {error}") from None


def found_in(timeline: Any, otio: Any) -> Found:
    """The cut in a timeline of OpenTimelineIO. Raises :class:`ValueError` for what is none."""
    if isinstance(timeline, otio.schema.SerializableCollection):
        timeline = next(iter(timeline.find_children(descended_from_type=otio.schema.Timeline)), None)
    if not isinstance(timeline, otio.schema.Timeline):
        raise ValueError("there is no timeline in it")
    return _Reader(timeline, otio).found()


class _Reader:
    def __init__(self, timeline: Any, otio: Any) -> None:
        self._timeline, self._otio = timeline, otio
        self._ignored: list[str] = []
        self._unread: set[str] = set()
        videos = list(timeline.video_tracks())
        self._ignored += [f"picture track {track.name!r}: it is switched off" for track in videos if not track.enabled]
        shown = [track for track in videos if track.enabled and track.find_clips()]
        if not shown:
            raise ValueError("there is no picture in it")
        self._video = shown[0]
        self._ignored += [f"picture track {track.name!r}: only the lowest is read" for track in shown[1:]]
        self._rate = self._film_rate()

    def _film_rate(self) -> Fraction:
        facts = _vtx(self._timeline.metadata)
        written = [float(each.duration().rate) for each in self._video.find_clips()]
        if isinstance(text := facts.get("rate"), str):
            try:
                exact = Fraction(text)
            except (ValueError, ZeroDivisionError):
                exact = Fraction(0)
            if any(math.isclose(float(exact), rate, rel_tol=1e-6) for rate in written):
                return exact
        return nearest_rate(written[0])

    def found(self) -> Found:
        pieces, joins = self._read_picture()
        tracks = [track for track in self._timeline.audio_tracks() if track.enabled]
        sound = tuple(each for track in tracks for each in self._read_sound(track)) or None
        frames = self._frames(self._video.duration())
        ignored = tuple(dict.fromkeys(self._ignored))
        return Found(self._rate, frames, tuple(pieces), tuple(joins), sound, ignored, frozenset(self._unread))

    def _frames(self, time: Any) -> int:
        """``time`` in frames of the film. Raises :class:`ValueError` where that is no whole number."""
        if not math.isfinite(time.value):
            raise ValueError(f"a time of {time.value:g} frames")
        frames = Fraction(time.value) * self._rate / nearest_rate(time.rate)
        if math.isclose(float(time.rate), float(self._rate), rel_tol=1e-6):
            frames = Fraction(time.value)
        if abs(frames - round(frames)) > Fraction(1, 1000):
            raise ValueError(f"a time of {time.value:g} at {time.rate:g} is no whole frame at {rate_text(self._rate)}")
        return round(frames)

    def _read_picture(self) -> tuple[list[Piece], list[Join]]:
        schema, at = self._otio.schema, 0
        pieces: list[Piece] = []
        joins: list[Join] = []
        children = list(self._children(self._video))
        for number, item in enumerate(children):
            if isinstance(item, schema.Transition):
                joins.append(self._join(item, at, children, number))
                continue
            frames = self._frames(item.duration())
            if frames < 0:
                raise ValueError(f"{item.name or item.schema_name()!r} lasts {frames} frames")
            if not isinstance(item, schema.Gap) and frames:
                still = any(isinstance(effect, schema.FreezeFrame) for effect in item.effects)
                if source := self._source(item, "picture"):
                    pieces.append(Piece(*source, frames, at, still))
            at += frames
        return pieces, joins

    def _children(self, track: Any) -> Iterator[Any]:
        """What lies on a track, with what lies in plain nests of one track each."""
        schema = self._otio.schema
        for item in track:
            if not isinstance(item, schema.Stack | schema.Track):
                yield item
            elif (inner := self._plain(item, track.kind)) is not None:
                yield from self._children(inner)
            else:
                self._ignored.append(f"{item.schema_name()} {item.name!r}: what lies in it is not read")
                self._unread |= {named[0] for clip in item.find_clips() if (named := _named(clip))}
                yield schema.Gap(duration=item.duration())

    def _plain(self, nest: Any, kind: str) -> Any:
        """The one track of a nest that is neither composited nor changed, as far as the nest shows it; else None."""
        schema = self._otio.schema
        if nest.effects or not nest.enabled:
            return None
        track = nest.deepcopy()
        track.source_range = None
        if isinstance(nest, schema.Stack):
            rows = [each for each in track if not isinstance(each, schema.Track) or each.kind == kind]
            if len(rows) != 1:
                return None
            row = rows[0].deepcopy()
            track = row if isinstance(row, schema.Track) else schema.Track(children=[row], kind=kind)
        try:
            if nest.source_range is not None:
                track = self._otio.algorithms.track_trimmed_to_range(track, nest.source_range)
        except (self._otio.exceptions.OTIOError, ValueError):
            return None
        return track if track.source_range is None and not track.effects and track.enabled else None

    def _join(self, item: Any, at: int, children: list[Any], number: int) -> Join:
        facts = _vtx(item.metadata)
        before, after = self._frames(item.in_offset), self._frames(item.out_offset)
        colour, second = facts.get("colour"), facts.get("second")
        sides = [children[side] for side in (number - 1, number + 1) if 0 <= side < len(children)]
        alone = len(sides) < 2 or any(isinstance(side, self._otio.schema.Gap) for side in sides)
        if facts.get("kind") == "colour" or (alone and "kind" not in facts):
            colour = colour if isinstance(colour, str) else "#000000"
            return Join(at, "colour", before, after, colour, second if isinstance(second, str) else "")
        if item.transition_type != SMPTE:
            self._ignored.append(f"transition {item.transition_type!r} at frame {at}: read as a dissolve")
        return Join(at, "dissolve", before, after)

    def _source(self, item: Any, kind: str) -> tuple[str, int, int] | None:
        """Clip, take and the first frame of it; None for what is not of this film, which is noted."""
        schema = self._otio.schema
        if not isinstance(item, schema.Clip):
            self._ignored.append(f"{item.schema_name()} {item.name!r}: it is not read")
            return None
        if not item.enabled:
            self._ignored.append(f"{item.name}: it is switched off")
            return None
        reference = item.media_reference
        if isinstance(reference, schema.GeneratorReference):
            return None
        url = getattr(reference, "target_url", None) or ""
        named = _named(item)
        if named is None:
            self._ignored.append(f"{kind} {item.name or url or 'without a name'!r}: not a take of this film")
            return None
        warps = [each for each in item.effects if isinstance(each, schema.LinearTimeWarp)]
        if any(not isinstance(each, schema.FreezeFrame) for each in warps):
            self._ignored.append(f"{item.name}: another speed")
        others = [each for each in item.effects if each not in warps and not _vtx(each.metadata)]
        for each in others:
            self._ignored.append(f"{item.name}: the effect {each.effect_name or each.name or each.schema_name()!r}")
        own = item.source_range
        first = self._frames(own.start_time) if own is not None else None
        there = reference.available_range if reference is not None else None
        zero = self._frames(there.start_time) if there is not None else self._hour
        return (*named, 0 if first is None else first - zero if there is not None or first >= zero else first)

    @property
    def _hour(self) -> int:
        """The frame at which the time code of every take in a hand-over begins."""
        return film_origin(self._rate) if has_time_code(self._rate) else 0

    def _read_sound(self, track: Any) -> Iterator[FoundSound]:
        schema, at = self._otio.schema, 0
        for item in self._children(track):
            if isinstance(item, schema.Transition):
                self._ignored.append(f"transition of sound in track {track.name!r} at frame {at}")
                continue
            frames = self._frames(item.duration())
            reference = getattr(item, "media_reference", None)
            url = getattr(reference, "target_url", None) or ""
            if (
                isinstance(item, schema.Clip)
                and not url.startswith("music/")
                and (found := self._source(item, "sound"))
            ):
                facts = next((_vtx(each.metadata) for each in item.effects if _vtx(each.metadata)), {})
                fades = (_whole(facts.get(key)) for key in ("fade_in", "fade_out"))
                yield FoundSound(*found, frames, at, _decibels(facts.get("gain_db")), *fades)
            at += frames


def _named(clip: Any) -> tuple[str, int] | None:
    """The clip and the take that a clip of the list shows."""
    url = getattr(clip.media_reference, "target_url", None) or ""
    return read_media_name(url) or read_media_name(clip.name or "")


def _vtx(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    found = metadata.get("vtx")
    return found if isinstance(found, Mapping) else {}


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _decibels(value: object) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool) and -200 < value < 200
    return float(value) if known and isinstance(value, int | float) else None


def nearest_rate(rate: float) -> Fraction:
    """The exact rate of a written one: 23.976 and 23.98 are 24000/1001. Raises :class:`ValueError` for none."""
    if not math.isfinite(rate) or not 0 < rate <= 1000:
        raise ValueError(f"{rate:g} frames per second")
    for base in (24, 30, 48, 60, 120):
        exact = Fraction(base * 1000, 1001)
        if abs(rate - float(exact)) < 0.005:
            return exact
    return Fraction(rate).limit_denominator(1001)
