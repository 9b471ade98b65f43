"""Where a slate's parts are: a band above the picture, subtitles under it, and the picture between them, made smaller.

The frame keeps the film's size. All values are pixels; those that touch chroma are even.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Layout", "even", "layout"]

_LEAST_PICTURE = 0.55
"""The smallest share of the frame's height that is left for the picture."""


def even(value: float) -> int:
    """``value`` as an even number, rounded down."""
    return int(value) // 2 * 2


@dataclass(frozen=True, slots=True)
class Layout:
    """``small`` and ``large`` are sizes of letters, ``bar`` and ``foot`` the heights of the bands above and below (0 if
    there is none). The whole film frame, scaled, is at (``left``, ``top``) and has ``width`` × ``height`` pixels."""

    small: int
    large: int
    bar: int
    foot: int
    lines: int
    left: int
    top: int
    width: int
    height: int


def layout(width: int, height: int, style: str) -> Layout:
    """The layout of a slate on a film of ``width`` × ``height`` pixels; ``style`` is ``full`` or ``small``.

    ``small`` has no subtitles. A film that is too small for bands keeps its whole frame, and the slate lies over it.
    """
    width, height = even(width), even(height)
    small = max(7, round(min(height * 0.028, width * 0.026)))
    large = max(8, round(small * 1.25))
    bar = even(small * 1.9)
    for lines in (2 if width >= height else 3, 1) if style == "full" else (0,):
        foot = even(lines * large * 1.28 + large * 0.5) if lines else 0
        room = height - bar - foot
        if room >= height * _LEAST_PICTURE:
            wide = even(width * room / height)
            return Layout(small, large, bar, foot, lines, even((width - wide) / 2), bar, wide, even(room))
    return Layout(small, large, bar, 0, 1 if style == "full" else 0, 0, 0, width, height)
