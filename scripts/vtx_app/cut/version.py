"""Make a version of the film: the final's picture, encoded as declared, with its sound. Memory is flat in length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from vtx_app.cut.framing import Crop, Framing
from vtx_app.cut.review_band import ReviewBand
from vtx_app.errors import CutError
from vtx_app.formats.deliveries import Deliverable
from vtx_app.media.codec import samples_for
from vtx_app.media.labels import Labels
from vtx_app.media.reader import open_film
from vtx_app.media.reframe import reframe
from vtx_app.media.version_writer import Attachment, VersionWriter, write_version

__all__ = ["Picture", "make_sound_version", "make_version"]

Block = NDArray[np.float32]
"""Stereo sound at 48 kHz: float32 of shape (n, 2), full scale is 1."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The film's picture: ``frames`` frames of ``path`` at ``rate``, the window shown of each, its size, and the
    ``band`` above it."""

    path: Path
    frames: int
    rate: Fraction
    framing: Framing
    crops: Sequence[Crop] = ()
    band: ReviewBand | None = None


def make_version(
    out: Path,
    deliverable: Deliverable,
    picture: Picture,
    sound: Iterable[Block],
    *,
    labels: Labels,
    attachments: Sequence[Attachment] = (),
) -> None:
    """Write ``out``: ``picture`` frame by frame, with ``sound`` of exactly as many samples as that lasts.

    Raises :class:`CutError` if either is shorter or longer, or can't be decoded; :class:`OSError` if ``out`` can't be
    written. ``out`` is then removed.
    """
    size = picture.framing.width, picture.framing.height
    with write_version(out, deliverable, *size, picture.rate, labels=labels, attachments=attachments) as version:
        feed = _Feed(sound, version)
        for index, frame in enumerate(_frames(picture)):
            version.picture(frame)
            feed.up_to(samples_for(index + 1, picture.rate))
        if version.frames != picture.frames:
            raise CutError(f"{picture.path}: it has {version.frames} of {picture.frames} frames; make it again")
        feed.finish(samples_for(picture.frames, picture.rate))


def make_sound_version(out: Path, deliverable: Deliverable, sound: Iterable[Block], samples: int) -> None:
    """Write ``out``, a file of sound alone, of exactly ``samples`` samples. Raises as :func:`make_version`."""
    with write_version(out, deliverable, 0, 0, Fraction(1), labels=Labels()) as version:
        feed = _Feed(sound, version)
        feed.finish(samples)


def _frames(picture: Picture) -> Iterator[av.VideoFrame]:
    framing, band = picture.framing, picture.band
    width, height = (band.place.width, band.place.height) if band else (framing.width, framing.height)
    moves = {crop.start: crop.position for crop in picture.crops}
    position = moves.get(0, 0.5)
    with open_film(picture.path) as container:
        if not container.streams.video:
            raise CutError(f"{picture.path}: there is no picture in it; make it again")
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for index, frame in enumerate(container.decode(stream)):
            if frame.is_corrupt:
                raise CutError(f"{picture.path}: frame {index} is damaged; make it again")
            position = moves.get(index, position)
            left, top = framing.left(frame.width, position), framing.top(frame.height)
            shown = reframe(frame, left, top, framing.crop_width, framing.crop_height, width, height)
            yield band.frame(shown, index) if band else shown


class _Feed:
    """Feeds the sound to a version piece by piece."""

    def __init__(self, sound: Iterable[Block], version: VersionWriter) -> None:
        self._blocks, self._version = iter(sound), version
        self._rest: Block = np.empty((0, 2), np.float32)

    def up_to(self, samples: int) -> None:
        """Write sound until there are ``samples`` of it, or as many as there are."""
        while (wanted := samples - self._version.samples) > 0:
            if not len(self._rest):
                block = next(self._blocks, None)
                if block is None:
                    return
                self._rest = block
            self._version.sound(self._rest[:wanted])
            self._rest = self._rest[wanted:]

    def finish(self, samples: int) -> None:
        """Write the rest. Raises :class:`CutError` unless that makes ``samples``."""
        self.up_to(samples)
        more = len(self._rest) + sum(map(len, self._blocks))
        if more or self._version.samples != samples:
            found = self._version.samples + more
            raise CutError(f"the sound has {found} samples, the picture lasts {samples}; make the mix again")
