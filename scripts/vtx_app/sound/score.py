"""Music and effects, placed in the film: from the edit's words to frames, with every fault told by its line."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Literal

from vtx_app.cut.timeline import Timeline
from vtx_app.errors import CutError, ProjectError, SpecError
from vtx_app.formats.check import did_you_mean, location
from vtx_app.formats.edit import Duck, Edit, Music
from vtx_app.formats.time_code import film_frame, film_time_code
from vtx_app.media.sound_length import sound_length
from vtx_app.models.fingerprint import file_sha256
from vtx_app.project.paths import resolve_inside
from vtx_app.text import plural

__all__ = ["Ducking", "Laid", "lay"]

Bus = Literal["music", "effects"]


@dataclass(frozen=True, slots=True)
class Ducking:
    """Music steps back ``by_db`` decibels within ``attack`` seconds and comes back within ``release``."""

    by_db: float
    attack: float
    release: float


@dataclass(frozen=True, slots=True)
class Laid:
    """A file of music or effects, heard from film frame ``start`` on for ``frames``.

    It begins ``skip`` seconds into the file, which is at ``path`` and has the content ``sha256``. ``fade_in`` and
    ``fade_out`` in frames.
    """

    bus: Bus
    path: Path
    sha256: str
    start: int
    frames: int
    skip: float
    gain_db: float
    fade_in: int
    fade_out: int
    loop: bool
    duck: Ducking | None


def lay(edit: Edit, timeline: Timeline, rate: Fraction, folder: Path, file: Path) -> tuple[Laid, ...]:
    """The edit's music and effects, in the order in which they are written.

    Their files lie in the project ``folder``; ``file`` is the edit. Raises :class:`SpecError` with a line for each one
    whose file or place is not there, or whose file is too short.
    """
    places = _Places(timeline, rate)
    found: list[Laid] = []
    faults: list[str] = []
    groups: tuple[tuple[Bus, list[Music]], ...] = (("music", edit.music), ("effects", edit.effects))
    for bus, entries in groups:
        for number, entry in enumerate(entries):
            try:
                found.append(_laid(bus, entry, places, folder))
            except _Fault as fault:
                faults.append(f"{location(file, bus, number, fault.key)}: {fault.text}")
    if faults:
        raise SpecError(faults)
    return tuple(found)


class _Fault(Exception):
    """What is wrong with the value of ``key``."""

    def __init__(self, key: str, text: str) -> None:
        self.key, self.text = key, text
        super().__init__(text)


class _Places:
    """Where the clips are in the film."""

    def __init__(self, timeline: Timeline, rate: Fraction) -> None:
        self.frames, self.rate = timeline.frames, rate
        self.first: dict[str, int] = {}
        self.last: dict[str, int] = {}
        for use in timeline.uses:
            self.first[use.clip_id] = min(use.start, self.first.get(use.clip_id, use.start))
            self.last[use.clip_id] = max(use.end, self.last.get(use.clip_id, use.end))

    def frame(self, key: str, text: str) -> int:
        """The film frame that ``text`` means as the value of ``key``, ``from`` or ``to``."""
        if ":" in text:
            try:
                frame = film_frame(text, self.rate)
            except ValueError as error:
                raise _Fault(key, str(error)) from None
            if not 0 <= frame <= self.frames:
                first, end = film_time_code(0, self.rate), film_time_code(self.frames, self.rate)
                raise _Fault(key, f"{text} is not in the film, which runs from {first} to {end}")
            return frame
        found = self.first if key == "from" else self.last
        if text not in found:
            raise _Fault(key, f"{text!r} is no clip of the film and no time code{did_you_mean(text, found)}")
        return found[text]


def _laid(bus: Bus, entry: Music, places: _Places, folder: Path) -> Laid:
    path = _file(entry, folder)
    rate = places.rate
    start = (places.frame("from", entry.from_) if entry.from_ else 0) + entry.offset
    end = places.frame("to", entry.to) if entry.to else None
    length = _length(path, entry)
    left = length - Fraction(entry.start)
    if not length:
        raise _Fault("file", f"{entry.file!r} has no sound in it; name a file that has, as WAV, FLAC, MP3 or M4A")
    if left <= 0:
        raise _Fault("start", f"{entry.start:g} s: {entry.file} lasts {float(length):.3f} s")
    if not -places.frames < start < places.frames:
        raise _Fault("offset" if entry.offset else "from", f"it would begin at frame {start}, outside of the film")
    if end is not None and end <= start:
        raise _Fault("to", f"it would end {start - end} frames before it begins; move `to`, `from` or `offset`")
    if end is None:
        end = places.frames if entry.loop else min(places.frames, start + ceil(left * rate))
    elif not entry.loop and end - start > ceil(left * rate):
        longest = floor(left * rate)
        raise _Fault(
            "to",
            f"{end - start} frames from where it begins, but {entry.file} lasts {longest} frames more; "
            "end it earlier, leave `to` out, or let it loop (loop: true)",
        )
    if end <= 0:
        raise _Fault("offset", f"it would end at frame {end}, before the film begins")
    for key, frames in (("fade_in", entry.fade_in), ("fade_out", entry.fade_out)):
        if frames > end - start:
            raise _Fault(key, f"{plural(frames, 'frame')}: it is heard for {end - start}")
    return Laid(
        bus=bus,
        path=path,
        sha256=file_sha256(path),
        start=start,
        frames=end - start,
        skip=entry.start,
        gain_db=entry.gain_db,
        fade_in=entry.fade_in,
        fade_out=entry.fade_out,
        loop=entry.loop,
        duck=_ducking(entry.duck),
    )


def _ducking(duck: Duck | None) -> Ducking | None:
    return Ducking(duck.by_db, duck.attack, duck.release) if duck else None


def _file(entry: Music, folder: Path) -> Path:
    try:
        path = resolve_inside(folder, entry.file)
    except ProjectError as error:
        raise _Fault("file", str(error)) from None
    if not path.is_file():
        raise _Fault("file", f"{entry.file!r} is not there; put it into {folder / 'inputs/audio'}")
    return path


def _length(path: Path, entry: Music) -> Fraction:
    try:
        return sound_length(path)
    except CutError as error:
        why = error.__cause__
        reason = f"can't be read: {why.strerror}" if isinstance(why, OSError) else "is no sound file that can be read"
        raise _Fault("file", f"{entry.file!r} {reason}; name one with sound in it, as WAV, FLAC, MP3 or M4A") from None
