"""Join pieces of picture to an act or the film by copying packets, with the sound of the mix as AAC.

Nothing of the picture is encoded. A piece begins at a keyframe and ends anywhere: without B-frames, no frame needs a
later one. Picture and sound start at time 0 and have their exact lengths, so nothing drifts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vtx_app.cut.parts import Part, Piece, read_parts
from vtx_app.errors import CutError
from vtx_app.formats.rate import has_time_code
from vtx_app.formats.time_code import film_time_code
from vtx_app.media.aac import AacTrack
from vtx_app.media.chapters import write_chapters
from vtx_app.media.codec import add_copied_picture, retime, samples_for, write_mp4
from vtx_app.media.labels import Labels
from vtx_app.media.reader import open_film
from vtx_app.media.side_tracks import share_language
from vtx_app.media.text_track import TextTrack

__all__ = ["Piece", "join"]

_BESIDE = Fraction(1, 4)
"""The most seconds by which sound and subtitles may be interleaved away from their picture."""

Samples = NDArray[np.int16] | NDArray[np.float32]


def join(
    pieces: Sequence[Piece], out: Path, *, rate: Fraction, sound: Iterable[Samples] | None, labels: Labels
) -> None:
    """Join ``pieces`` of picture to the film ``out`` at ``rate`` frames per second.

    ``sound`` gives stereo samples at 48 kHz, shape (n, 2), int16 or float32 where 1 is full scale, in blocks of any
    length: exactly ``samples_for(frames, rate)`` in all; None for a film without sound. The index comes first
    (``+faststart``). One file is open at a time. The same input gives the same bytes.

    Raises :class:`CutError` naming a file that is damaged or of another size, rate or codec setting, before anything is
    written, and :class:`OSError` if the film can't be written; ``out`` is then removed.
    """
    parts = read_parts(pieces, rate)
    frames = parts[-1].start + parts[-1].piece.frames
    if any(not 0 <= chapter.start < chapter.end <= frames for chapter in labels.chapters):
        raise ValueError(f"a chapter lies outside of the film's {frames} frames")
    with write_mp4(out, rate, faststart=True) as container:
        with open_film(parts[0].piece.path) as first:
            film = _Film(container, first.streams.video[0], frames, rate, sound, labels)
        for part in parts:
            with open_film(part.piece.path) as source:
                film.copy(part, source)
        film.finish()
    share_language(out)


class _Film:
    """A film being written: its tracks are filled side by side, so that little is kept in memory."""

    def __init__(
        self,
        container: OutputContainer,
        template: VideoStream,
        frames: int,
        rate: Fraction,
        sound: Iterable[Samples] | None,
        labels: Labels,
    ) -> None:
        self._container, self._frames, self._rate = container, frames, rate
        self._blocks, self._heard = iter(() if sound is None else sound), 0
        self._texts = deque(labels.subtitles)
        self._due, self._step = 0, max(1, round(rate * _BESIDE))
        container.metadata.update(labels.metadata)
        if has_time_code(rate):
            container.metadata["timecode"] = film_time_code(0, rate)
        write_chapters(container, labels.chapters, rate)
        self._picture = add_copied_picture(container, template, rate)
        if labels.language:
            self._picture.metadata["language"] = labels.language
        self._sound = None if sound is None else AacTrack(container, language=labels.language)
        self._text = TextTrack(container, rate, language=labels.language) if labels.subtitles else None
        if labels.poster is not None:
            container.mux_one(_poster(container, labels.poster))

    def copy(self, part: Part, source: InputContainer) -> None:
        """Append ``part``, whose file is open as ``source``. Raises :class:`CutError` if packets are missing."""
        piece, stream = part.piece, source.streams.video[0]
        if piece.first:
            source.seek(piece.first * part.ticks, stream=stream)
        copied = 0
        for packet in source.demux(stream):
            if packet.pts is None or copied == piece.frames:
                break
            if packet.is_corrupt or packet.pts != (piece.first + copied) * part.ticks:
                raise CutError(f"{piece.path}: the file is damaged; make it again")
            frame = part.start + copied
            retime(packet, self._picture, self._rate, frame)
            self._container.mux_one(packet)
            copied += 1
            if frame >= self._due:
                self._follow(frame)
        if copied < piece.frames:
            raise CutError(f"{piece.path}: it has {copied} of {piece.frames} frames; make it again")

    def _follow(self, frame: int) -> None:
        """Write the sound and the texts of the time up to ``frame`` of the picture."""
        if self._sound is not None:
            wanted = samples_for(frame, self._rate)
            while self._heard <= wanted and (block := next(self._blocks, None)) is not None:
                self._sound.write(block)
                self._heard += len(block)
        while self._text and self._texts and self._texts[0][0] <= frame:
            self._text.write(*self._texts.popleft())
        self._due = frame + self._step

    def finish(self) -> None:
        """Write what is left. Raises :class:`CutError` if the sound is not as long as the picture."""
        self._follow(self._frames)
        if self._sound is None:
            return
        self._heard += sum(map(len, self._blocks))
        if self._heard != (wanted := samples_for(self._frames, self._rate)):
            raise CutError(f"the sound has {self._heard} samples to {self._frames} frames, not {wanted}; mix it again")
        self._sound.finish()


def _poster(container: OutputContainer, jpeg: bytes) -> Packet[Any]:
    """The one packet of a new stream, which FFmpeg writes as ``covr``; that box has no place for a size."""
    stream = container.add_mux_stream("mjpeg", width=2, height=2)
    stream.disposition = Disposition.attached_pic
    packet = Packet(jpeg)
    packet.stream = stream
    packet.pts = packet.dts = 0
    return packet
