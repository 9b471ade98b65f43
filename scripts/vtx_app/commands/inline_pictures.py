"""Pictures in a terminal that can show them: kitty's graphics protocol, iTerm2's inline images, sixels.

The variables that such terminals set say which of these they know. The terminal itself is not asked, because one that
can't answer would show the question. Sources: https://sw.kovidgoyal.net/kitty/graphics-protocol/,
https://iterm2.com/documentation-images.html, DEC STD 070 and the VT330/VT340 manual for sixels.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["picture_protocol", "terminal_picture"]

_CHUNK = 4096
"""Bytes of base64 in one command of kitty's protocol."""
_COLOURS = 255
_BAND = 6
"""Rows of pixels in a row of sixels."""

_KITTY = {"kitty", "ghostty"}
_ITERM = {"iTerm.app", "WezTerm"}
_SIXEL = ("foot", "mlterm", "contour", "yaft", "xterm-sixel")


def picture_protocol(environment: Mapping[str, str]) -> str | None:
    """``kitty``, ``iterm2`` or ``sixel`` if the terminal of a process with this environment shows pictures so.

    Not within tmux or screen, which keep such commands from the terminal.
    """
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if "TMUX" in environment or term.startswith(("screen", "tmux")):
        return None
    if "KITTY_WINDOW_ID" in environment or program in _KITTY or term in ("xterm-kitty", "xterm-ghostty"):
        return "kitty"
    if program in _ITERM or environment.get("LC_TERMINAL") == "iTerm2":
        return "iterm2"
    return "sixel" if term.startswith(_SIXEL) else None


def terminal_picture(picture: Image.Image, protocol: str) -> str:
    """The characters that show ``picture`` (RGB) at the cursor by a protocol of :func:`picture_protocol`."""
    if protocol == "sixel":
        return _sixels(picture)
    data = io.BytesIO()
    picture.save(data, "PNG")
    text = base64.b64encode(data.getvalue()).decode("ascii")
    if protocol == "iterm2":
        return f"\x1b]1337;File=inline=1;size={len(data.getvalue())};preserveAspectRatio=1:{text}\x07"
    parts = [text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)]
    return "".join(
        f"\x1b_G{'' if number else 'a=T,f=100,'}m={int(number + 1 < len(parts))};{part}\x1b\\"
        for number, part in enumerate(parts)
    )


def _sixels(picture: Image.Image) -> str:
    reduced = picture.quantize(_COLOURS)
    width, height = reduced.size
    palette = reduced.getpalette() or []
    pixels = reduced.tobytes()
    used = sorted(set(pixels))
    colours = "".join(
        f"#{colour};2;" + ";".join(str(round(part * 100 / 255)) for part in palette[3 * colour : 3 * colour + 3])
        for colour in used
    )
    bands = ("$".join(_band(pixels, width, range(top, min(top + _BAND, height)))) for top in range(0, height, _BAND))
    return f'\x1bPq"1;1;{width};{height}{colours}{"-".join(bands)}\x1b\\'


def _band(pixels: bytes, width: int, rows: range) -> Iterator[str]:
    """Each colour's sixels in a row of them, runs shortened."""
    lines = [pixels[row * width : (row + 1) * width] for row in rows]
    for colour in sorted(set(b"".join(lines))):
        bits = [sum(1 << at for at, line in enumerate(lines) if line[x] == colour) for x in range(width)]
        yield f"#{colour}{_runs(bits)}"


def _runs(bits: list[int]) -> str:
    parts: list[str] = []
    at = 0
    while at < len(bits):
        end = at
        while end < len(bits) and bits[end] == bits[at]:
            end += 1
        character = chr(63 + bits[at])
        parts.append(f"!{end - at}{character}" if end - at > 3 else character * (end - at))
        at = end
    return "".join(parts)
