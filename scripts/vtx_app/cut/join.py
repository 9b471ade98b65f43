"""Join clips to an act, and acts or clips to the film, by copying packets: nothing is encoded, nothing drifts.

The first frame of a part comes after all frames of the parts before it; its first sample is at that time, rounded to a
sample. If a frame isn't a whole number of samples (1601.6 at 30000/1001), a part's sound may be a sample longer or
shorter than its place; its last FLAC block is then cut or extended by that sample, which loses nothing else. So the
sound is gapless and still in sync after 1,000 clips.
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

__all__ = ["Chapter", "join"]

_SAMPLE: Final = Fraction(1, SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter from frame ``start_frame`` up to, not including, ``end_frame`` of the joined film."""

    start_frame: int
    end_frame: int
    title: str


def join(
    parts: Sequence[Path],
    out: Path,
    *,
    rate: Fraction,
    metadata: Mapping[str, str],
    chapters: Sequence[Chapter] = (),
) -> None:
    """Join clips, or acts that were joined from them, to the film ``out`` at ``rate`` frames per second.

    ``metadata`` has MP4's keys (``title``, ``comment``, ``creation_time`` as ISO 8601). The index comes first
    (``+faststart``). One part is open at a time. The same parts give the same bytes.

    Raises :class:`CutError` naming a part that is damaged or of another size, rate or codec before anything is written,
    and :class:`OSError` if the film can't be written; ``out`` is then removed.
    """
    plan = read_parts(parts, rate)
    frames = plan[-1].first_frame + plan[-1].frames
    if any(not 0 <= chapter.start_frame < chapter.end_frame <= frames for chapter in chapters):
        raise ValueError(f"a chapter lies outside of the film's {frames} frames")
    with write_mp4(out, rate, faststart=True) as film:
        film.metadata.update(metadata)
        film.set_chapters([_chapter(number, chapter, rate) for number, chapter in enumerate(chapters)])
        copier: _Copier | None = None
        for part in plan:
            with open_film(part.path) as source:
                copier = copier or _Copier(film, source, plan, rate)
                copier.copy(part, source)


def _chapter(number: int, chapter: Chapter, rate: Fraction) -> Any:
    return {
        "id": number,
        "start": chapter.start_frame,
        "end": chapter.end_frame,
        "time_base": 1 / rate,
        "metadata": {"title": chapter.title},
    }


class _Copier:
    """Copies the packets of one part after another into a film."""

    def __init__(self, film: OutputContainer, first: InputContainer, plan: Sequence[Part], rate: Fraction) -> None:
        self._film, self._rate = film, rate
        # With one encoder setting, only the index has the parameter sets ("avc1"); else the keyframes do ("avc3").
        self._mixed = len({part.sets for part in plan}) > 1 or any(part.in_band for part in plan)
        self._delay = max(part.delay for part in plan)
        self._decoded = 0
        tag = "avc3" if self._mixed else "avc1"
        self._picture = add_copied_picture(film, first.streams.video[0], rate, tag=tag)
        self._sound = film.add_stream_from_template(first.streams.audio[0])
        self._sound.codec_context.extradata = joined_info(samples_for(plan[-1].first_frame + plan[-1].frames, rate))
        for stream in (self._picture, self._sound):
            stream.codec_context.bit_rate = 0  # the first part's; a film of acts must equal a film of clips

    def copy(self, part: Part, source: InputContainer) -> None:
        """Append ``part``, which is open as ``source``. Raises :class:`CutError` if packets are missing."""
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
                block = cast("Packet[AudioStream]", packet)
                for piece in recut(block, sound.codec_context, place - packet.pts):
                    self._copy_sound(piece, start + packet.pts + (piece.pts or 0))
            else:
                self._copy_sound(packet, start + packet.pts)
        if frames != part.frames or samples != part.samples:
            raise CutError(f"{part.path}: it has {frames} of {part.frames} frames; make it again")

    def _copy_picture(self, part: Part, packet: Packet[Any], pts: int) -> None:
        shown = part.first_frame + pts // part.ticks
        if self._mixed and packet.is_keyframe and not part.in_band:
            packet = Packet(with_parameter_sets(bytes(packet), part.sets))
            packet.is_keyframe = True
        # Frames are decoded one after another, early enough for the part with the longest delay.
        retime(packet, self._picture, self._rate, shown=shown, decoded=self._decoded - self._delay)
        self._decoded += 1
        self._film.mux_one(packet)

    def _copy_sound(self, packet: Packet[Any], at: int) -> None:
        packet.stream = self._sound
        packet.time_base = _SAMPLE
        packet.pts = packet.dts = at
        self._film.mux_one(packet)
