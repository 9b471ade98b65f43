"""A layer that a camera passes without coming nearer: resampled a few times, then only copied from other places.

Every frame has the same scale, so frames differ by where they begin. That is rounded to a quarter of a pixel, which
nobody sees move; so there are at most four versions of a layer for a move along one axis, sixteen for a hand's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vtx_app.render.animatic.motion.resample import PictureLayer, Plane, Planes, inside, sampled

__all__ = ["Travel"]

_PARTS = 4
"""Places in a pixel where a frame can begin."""

_SPARE = 2
"""Samples beyond the edges of a layer, so that rounding never asks for one that isn't there."""

Shares = NDArray[np.uint16]


@dataclass(slots=True)
class Travel:
    """``layer`` seen with ``step`` (across, down) of its pixels between the pixels of a frame."""

    layer: PictureLayer
    step: tuple[float, float]
    _opaque: dict[tuple[int, int, int], Plane] = field(default_factory=dict)
    _cover: dict[tuple[int, int, int], tuple[Shares, Shares]] = field(default_factory=dict)

    def seen(self, left: float, top: float, width: int, height: int, under: Planes | None) -> Planes:
        """A frame of ``width`` × ``height`` whose corner is at (``left``, ``top``) in pixels of the picture.

        A layer that is not opaque is laid over ``under``, in place. Else the planes share the layer's memory: copy
        them before a change.
        """
        left, top = left - self.layer.left, top - self.layer.top
        cover = self.layer.cover
        if cover is None or under is None:
            y = self._part(0, left, top, width, height)
            u, v = (self._part(plane, left / 2, top / 2, width // 2, height // 2) for plane in (1, 2))
            return Planes(y, u, v)
        self._lay_over(0, cover[0], under.y, left, top)
        self._lay_over(1, cover[1], under.u, left / 2, top / 2)
        self._lay_over(2, cover[1], under.v, left / 2, top / 2)
        return under

    def _part(self, plane: int, left: float, top: float, width: int, height: int) -> Plane:
        (column, x), (row, y) = _place(left, self.step[0]), _place(top, self.step[1])
        source = self._source(plane)
        if (plane, x, y) not in self._opaque:
            across, down, size = self._lattice(source, x, y)
            self._opaque[plane, x, y] = sampled(source, across, down, self.step, size)
        whole = self._opaque[plane, x, y]
        column, row = column + _SPARE, row + _SPARE
        found = whole[max(0, row) : max(0, row + height), max(0, column) : max(0, column + width)]
        if found.shape == (height, width):
            return found
        # A view beyond the layer's edges shows the edge.
        rows = np.clip(np.arange(row, row + height), 0, whole.shape[0] - 1)
        columns = np.clip(np.arange(column, column + width), 0, whole.shape[1] - 1)
        return whole[rows][:, columns]

    def _lay_over(self, plane: int, opacity: Plane, below: Plane, left: float, top: float) -> None:
        (column, x), (row, y) = _place(left, self.step[0]), _place(top, self.step[1])
        if (plane, x, y) not in self._cover:
            self._cover[plane, x, y] = self._shares(plane, opacity, x, y)
        kept, added = self._cover[plane, x, y]
        column, row = -column - _SPARE, -row - _SPARE  # where in the frame the layer begins
        high, wide = kept.shape
        rows = slice(max(0, row), max(0, min(below.shape[0], row + high)))
        columns = slice(max(0, column), max(0, min(below.shape[1], column + wide)))
        place = below[rows, columns]
        if place.size:
            part = slice(rows.start - row, rows.stop - row), slice(columns.start - column, columns.stop - column)
            mixed = np.multiply(place, kept[part], dtype=np.uint16)
            mixed += added[part]
            mixed >>= 8
            place[:] = mixed

    def _shares(self, plane: int, opacity: Plane, x: int, y: int) -> tuple[Shares, Shares]:
        """What is kept of what is under the layer, of 256, and what the layer adds, times 256."""
        source = self._source(plane)
        across, down, size = self._lattice(source, x, y)
        share = inside(opacity, across, down, self.step, size).astype(np.uint16)
        share += share >> 7  # 255 is all of it
        return 256 - share, sampled(source, across, down, self.step, size) * share

    def _source(self, plane: int) -> Plane:
        planes = self.layer.planes
        return (planes.y, planes.u, planes.v)[plane]

    def _lattice(self, source: Plane, x: int, y: int) -> tuple[float, float, tuple[int, int]]:
        """Left, top and size of all samples of a plane, if they are ``x`` and ``y`` parts of a pixel further on."""
        across, down = self.step
        wide, high = int(source.shape[1] / across), int(source.shape[0] / down)
        size = wide + 2 * _SPARE + 1, high + 2 * _SPARE + 1
        return (x / _PARTS - _SPARE) * across, (y / _PARTS - _SPARE) * down, size


def _place(start: float, step: float) -> tuple[int, int]:
    """``start`` as whole samples and parts of one."""
    whole, part = divmod(round(start / step * _PARTS), _PARTS)
    return whole, part
