"""The board as data: its panels in the order of the cut, and the stamp that tells whether its files are up to date."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from vtx_app.compile.request import Line, stamp_of
from vtx_app.cut.delivery import Delivery
from vtx_app.media.jpeg_stamp import read_jpeg_stamp
from vtx_app.media.pdf_stamp import read_pdf_stamp

__all__ = ["BOARD_VERSION", "Arrow", "Board", "CameraWords", "Panel"]

BOARD_VERSION = 1
"""Raised when the same board would give other files."""

Arrow = Literal["in", "out", "left", "right", "up", "down", "turn_left", "turn_right"]
"""Where the camera goes: into and out of the picture, past it, or round."""


@dataclass(frozen=True, slots=True)
class CameraWords:
    """The camera of a shot in ``words``, and the ``arrows`` that show its moves."""

    words: str = ""
    arrows: tuple[Arrow, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """One showing of a shot: ``frames`` of it from film frame ``start`` on.

    The picture is ``frame`` (from 0) of the file ``take`` with that ``digest``, as ``delivery`` shows it. ``scene`` and
    ``place`` are those of its heading. ``words`` is the digest of the request from which the camera's moves are read.
    """

    number: int
    clip_id: str
    title: str
    scene: str
    place: str
    beats: tuple[str, ...]
    dialogue: tuple[Line, ...]
    start: int
    frames: int
    take: Path
    digest: str
    frame: int
    delivery: Delivery
    words: str


@dataclass(frozen=True, slots=True)
class Board:
    """The board of a film. The files ``path`` (PDF) and ``sheet`` (JPEG) carry :attr:`stamp`.

    ``font``: the film's own for its words, with its SHA-256; None for VTX's.
    """

    title: str
    logline: str
    rate: Fraction
    size: tuple[int, int]
    frames: int
    panels: tuple[Panel, ...]
    font: Path | None
    font_digest: str
    path: Path
    sheet: Path

    @property
    def stamp(self) -> str:
        """The digest (64 hex digits) of what the files are made from."""
        facts = {
            "title": self.title,
            "logline": self.logline,
            "rate": self.rate,
            "size": self.size,
            "frames": self.frames,
            "font": self.font_digest,
            "panels": [_facts(panel) for panel in self.panels],
        }
        return stamp_of("board", BOARD_VERSION, facts)

    def is_current(self) -> bool:
        """Whether both files exist and were made from exactly this. Reads them."""
        return read_pdf_stamp(self.path) == self.stamp == read_jpeg_stamp(self.sheet)


def _facts(panel: Panel) -> dict[str, object]:
    shown = panel.delivery
    picture = shown.width, shown.height, shown.picture_width, shown.picture_height
    facts = {name: value for name, value in asdict(panel).items() if name not in ("take", "delivery", "dialogue")}
    return facts | {"picture": picture, "dialogue": panel.dialogue}
