"""The poster as data: which frame it is, and the stamp that tells whether the file is up to date."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vtx_app.compile.request import stamp_of
from vtx_app.cut.delivery import Delivery
from vtx_app.media.jpeg_stamp import read_jpeg_stamp

__all__ = ["POSTER_VERSION", "PosterPlan"]

POSTER_VERSION = 1
"""Raised when the same frame would give another file."""


@dataclass(frozen=True, slots=True)
class PosterPlan:
    """The poster: ``frame`` (from 0) of the file ``take`` with that ``digest``, as ``delivery`` shows it.

    The JPEG file at ``path`` carries :attr:`stamp`, and says the film's ``title`` and ``disclosure`` in its XMP.
    """

    clip_id: str
    take: Path
    digest: str
    frame: int
    delivery: Delivery
    title: str
    disclosure: str
    path: Path

    @property
    def stamp(self) -> str:
        """The digest (64 hex digits) of what the file is made from."""
        shown = self.delivery
        picture = [shown.width, shown.height, shown.picture_width, shown.picture_height]
        inputs = [self.digest, self.frame, picture, self.title, self.disclosure]
        return stamp_of("poster", POSTER_VERSION, [*inputs, shown.match] if shown.match else inputs)

    def is_current(self) -> bool:
        """Whether the file exists and is of exactly this frame. Reads it."""
        return read_jpeg_stamp(self.path) == self.stamp
