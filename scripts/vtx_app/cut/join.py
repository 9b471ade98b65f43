"""Clips become an act, and acts or clips the film, by copying packets: nothing is encoded, nothing drifts.

Part n's first frame stands at the sum of the frames before it, and its first sample at that time rounded
to a sample. Where frames don't hold a whole number of samples (30000/1001: 1601.6), a part's sound is a
sample too long or too short for its place now and then; its last FLAC block is then cut or held by that
one sample, which loses nothing else. So the sound is gapless and still in its place after 1,000 clips.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from vtx_app.cut.parts import Part, read_parts
from vtx_app.errors import CutError
from vtx_app.media.codec import SAMPLE_RATE, add_copied_picture, retime, samples_for, write_mp4
from vtx_app.media.flac import joined_info, recut
from vtx_app.media.h264 import with_parameter_sets
from vtx_app.media.reader import open_film

__all__ = ["Chapter", "Joined", "join"]

_SAMPLE: Final = Fraction(1, SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter from frame ``start_frame`` up to but without ``end_frame`` of the joined film."""

    start_frame: int
    end_frame: int
    title: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Where each part's first frame stands in the joined film, and the film's length in frames and samples."""

    in_frames: list[int]
    frames: int
    samples: int


def join(
    parts: Sequence[Path],
    out: Path,
    *,
    rate: Fraction,
    metadata: Mapping[str, str],
    chapters: Sequence[Chapter] = (),
) -> Joined:
    """Join clips, or acts that were joined from them, to the film ``out`` at ``rate`` frames per second.

    ``metadata`` is written as MP4 knows it (``title``, ``comment``, ``creation_time`` as ISO 8601). The
    index comes first (``+faststart``). One part is open at a time. The same parts give the same bytes.

    Raises :class:`CutError` naming a part that is damaged or of another size, rate or codec, before
    anything is written, and :class:`OSError` where the film can't be written; ``out`` is not left then.
    """
    plan = read_parts(parts, rate)
    frames = plan[-1].first_frame + plan[-1].frames
    samples = samples_for(frames, rate)
    if any(not 0 <= chapter.start_frame < chapter.end_frame <= frames for chapter in chapters):
        raise ValueError(f"a chapter lies outside of the film's {frames} frames")
    with write_mp4(out, rate, faststart=True) as film:
        film.metadata.update(metadata)
        _set_chapters(film, chapters, rate)
        copier: _Copier | None = None
        for part in plan:
            with open_film(part.path) as source:
                copier = copier or _Copier(film, source, plan, rate, samples)
                copier.copy(part, source)
    return Joined(in_frames=[part.first_frame for part in plan], frames=frames, samples=samples)


def _set_chapters(film: OutputContainer, chapters: Sequence[Chapter], rate: Fraction) -> None:
    frame: Any = 1 / rate  # the stubs name PyAV's own fraction here, which takes this one
    film.set_chapters(
        [
            {
                "id": number,
                "start": chapter.start_frame,
                "end": chapter.end_frame,
                "time_base": frame,
                "metadata": {"title": chapter.title},
            }
            for number, chapter in enumerate(chapters)
        ]
    )


class _Copier:
    """Copies the packets of part after part into a film."""

    def __init__(
        self, film: OutputContainer, first: InputContainer, plan: Sequence[Part], rate: Fraction, samples: int
    ) -> None:
        self._film, self._rate = film, rate
        # In one setting, the parameter sets stand in the index alone ("avc1"); else in the keyframes ("avc3").
        self._mixed = len({part.sets for part in plan}) > 1 or any(part.in_band for part in plan)
        self._delay = max(part.delay for part in plan)
        self._decoded = 0
        tag = "avc3" if self._mixed else "avc1"
        self._picture = add_copied_picture(film, first.streams.video[0], rate, tag=tag)
        self._sound = film.add_stream_from_template(first.streams.audio[0])
        self._sound.codec_context.extradata = joined_info(samples)
        for stream in (self._picture, self._sound):
            stream.codec_context.bit_rate = 0  # that of the first part: a film of acts would say other than of clips

    def copy(self, part: Part, source: InputContainer) -> None:
        """Append ``part``, which is open as ``source``. Raises :class:`CutError` where packets are missing."""
        picture, sound = source.streams.video[0], source.streams.audio[0]
        start = samples_for(part.first_frame, self._rate)
        place = samples_for(part.first_frame + part.frames, self._rate) - start
        frames = samples = 0
        for packet in source.demux(picture, sound):
            if packet.pts is None or packet.dts is None:
                continue  # the end of a stream
            if packet.is_corrupt:
                raise CutError(f"{part.path}: the file is damaged; make it again")
            if packet.stream_index == picture.index:
                self._copy_picture(part, packet, packet.pts)
                frames += 1
                continue
            samples = packet.pts + (packet.duration or 0)
            if samples == part.samples != place:
                heard = cast("Packet[AudioStream]", packet)
                for block in recut(heard, sound.codec_context, place - packet.pts):
                    self._copy_sound(block, start + packet.pts + (block.pts or 0))
            else:
                self._copy_sound(packet, start + packet.pts)
        if frames != part.frames or samples != part.samples:
            raise CutError(f"{part.path}: {frames} of {part.frames} frames are there; make it again")

    def _copy_picture(self, part: Part, packet: Packet[Any], pts: int) -> None:
        shown = part.first_frame + pts // part.ticks
        if self._mixed and packet.is_keyframe and not part.in_band:
            packet = Packet(with_parameter_sets(bytes(packet), part.sets))
            packet.is_keyframe = True
        # Frames are decoded one after the other, early enough for the part that needs it the most.
        retime(packet, self._picture, self._rate, shown=shown, decoded=self._decoded - self._delay)
        self._decoded += 1
        self._film.mux_one(packet)

    def _copy_sound(self, packet: Packet[Any], at: int) -> None:
        packet.stream = self._sound
        packet.time_base = _SAMPLE
        packet.pts = packet.dts = at
        self._film.mux_one(packet)
