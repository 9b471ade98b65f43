"""Draw the pieces of a film that no clip can provide: transitions, titles, still frames and the end roll.

Pictures come from the takes, framed exactly as in their clips, and are encoded once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

from vtx_app.cut.colour_match import Correction
from vtx_app.cut.conform import require_picture
from vtx_app.cut.delivered import framed
from vtx_app.cut.delivery import Delivery
from vtx_app.cut.end_roll import EndRollPicture
from vtx_app.cut.framing import opacity
from vtx_app.cut.layers import Canvas, colour_values, picture_sheet
from vtx_app.cut.timeline import Drawn, Footage, Layer, Plain, Roll, Words
from vtx_app.cut.titles import title_picture
from vtx_app.errors import CutError
from vtx_app.media.codec import Effort
from vtx_app.media.frames import read_frames
from vtx_app.media.reader import open_film
from vtx_app.media.writer import write_picture

if TYPE_CHECKING:
    from vtx_app.cut.slate import Slate

__all__ = ["Source", "draw"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a clip's frames come from: its take, how they are framed, the slate burned into them, and what becomes of
    their colours."""

    take: Path
    delivery: Delivery
    burner: Slate | None = None
    correction: Correction | None = None


def draw(
    piece: Drawn,
    out: Path,
    *,
    width: int,
    height: int,
    rate: Fraction,
    sources: Mapping[str, Source],
    font: Path,
) -> None:
    """Write ``piece`` to the MP4 file ``out``, without sound: ``width`` × ``height`` pixels at ``rate``.

    ``sources`` has the clips (by id) that its layers show. Raises :class:`CutError` if a take is too short or can't be
    decoded or words don't fit, and :class:`OSError` if the file can't be written; ``out`` is then removed.
    """
    painter = _Painter(width, height, sources, font)
    layers = [(layer, painter.frames(layer, piece)) for layer in piece.layers]
    effort: Effort = "fast" if any(each.burner for each in sources.values()) else "full"  # like their clips
    with write_picture(out, width, height, rate, effort=effort) as film:
        for number in range(piece.frames):
            canvas = Canvas(width, height)
            for layer, frames in layers:
                if seen := opacity(layer, number):
                    next(frames)(canvas, opacity=seen)
            film.picture(canvas.finished())


Paint = Callable[..., None]
"""Draws one frame of a layer on a :class:`Canvas`, at ``opacity``."""


@dataclass(frozen=True, slots=True)
class _Painter:
    """Draws layers of one size."""

    width: int
    height: int
    sources: Mapping[str, Source]
    font: Path

    def frames(self, layer: Layer, piece: Drawn) -> Iterator[Paint]:
        """A function for each frame of ``layer`` that draws it, in order."""
        content = layer.content
        if isinstance(content, Footage):
            return self._footage(content, layer.frames)
        if isinstance(content, Plain):
            return self._plain(content, layer.frames)
        if isinstance(content, Roll):
            return self._roll(content, layer.frames)
        below = piece.layers[: piece.layers.index(layer)]
        return self._words(content, layer.frames, edged=any(isinstance(each.content, Footage) for each in below))

    def _footage(self, content: Footage, frames: int) -> Iterator[Paint]:
        source = self.sources[content.clip_id]
        delivery = source.delivery
        first, wanted = (delivery.head or 0) + content.first, 1 if content.still else frames
        stretch = f"frames {first} to {first + wanted - 1}"
        missing = CutError(f"{source.take}: the cut shows {stretch} of it, which it has not; render it again")
        if first < 0:
            raise missing
        with open_film(source.take) as container:
            require_picture(container, source.take, delivery)
        shown = 0
        for shown, frame in enumerate(read_frames(source.take, first, wanted), 1):
            picture = framed(frame, delivery, source.burner, content.first + shown - 1, source.correction)
            for _ in range(frames if content.still else 1):
                yield partial(Canvas.frame, frame=picture)
        if shown < wanted:
            raise missing

    def _plain(self, content: Plain, frames: int) -> Iterator[Paint]:
        return repeat(partial(Canvas.colour, colour=colour_values(content.colour)), frames)

    def _words(self, content: Words, frames: int, *, edged: bool) -> Iterator[Paint]:
        sheet = picture_sheet(title_picture(content.lettering, self.width, self.height, self.font, edged=edged))
        return repeat(partial(Canvas.sheet, sheet=sheet), frames)

    def _roll(self, content: Roll, frames: int) -> Iterator[Paint]:
        roll = EndRollPicture(content.roll, content.lines, self.width, self.height, self.font)
        for number in range(frames):
            yield partial(Canvas.sheet, sheet=picture_sheet(roll.frame(number)))
