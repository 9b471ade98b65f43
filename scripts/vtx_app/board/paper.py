"""A sheet of paper: type and shapes of a PDF, measured in millimetres from the top left corner.

Text can be searched and copied, and none of it is markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont

from vtx_app.cut.lettering import printable
from vtx_app.errors import CutError
from vtx_app.files import display_path
from vtx_app.fonts import FONT
from vtx_app.fonts import font as typeface
from vtx_app.media.pdf_stamp import file_identifier

__all__ = ["ACCENT", "DARK", "GREY", "INK", "LEADING", "PAPER", "Colour", "Paper"]

Colour = tuple[int, int, int]
INK: Colour = (24, 26, 30)
DARK: Colour = (66, 69, 76)
GREY: Colour = (106, 110, 118)
ACCENT: Colour = (166, 84, 20)
PAPER: Colour = (255, 255, 255)

LEADING = 1.3
"""The distance between baselines, in type sizes."""

_MM_OF_POINT = 25.4 / 72
_MEASURED = 100
_OWN, _DEFAULT = "film", "dejavu"


class Paper(FPDF):
    """A document of landscape A4 pages. Sizes of type are in points."""

    def __init__(self, title: str, stamp: str, font: Path | None = None) -> None:
        """``font``: the film's own; letters it lacks come from VTX's. Raises :class:`CutError` if it is no font."""
        super().__init__(orientation="landscape", unit="mm", format="A4")
        self._stamp = stamp
        self.set_auto_page_break(False)
        self.alias_nb_pages("")  # else "{nb}" in a title becomes the number of pages
        self.set_margin(0)
        self.c_margin = 0
        self.add_font(_DEFAULT, fname=FONT)
        self._family = _DEFAULT
        if font is not None:
            try:
                typeface(_MEASURED, font)  # fontTools leaves the file open if it is no font
                self.add_font(_OWN, fname=font)
            except Exception as error:  # fontTools raises almost anything
                self.close_fonts()
                raise CutError(
                    f"{display_path(font)} can't be used as a font: {error}; see slate_font in metadata.yaml"
                ) from error
            self._family = _OWN
            self.set_fallback_fonts([_DEFAULT], exact_match=False)
        self.set_font(self._family, size=_MEASURED)
        self.set_title(printable(title))
        self.set_creator("VTX")
        self.set_lang("")
        self.set_creation_date(datetime.fromtimestamp(0, UTC))  # the same board gives the same bytes
        self._em_widths = lru_cache(maxsize=65536)(self._em_width)

    def file_id(self) -> str:
        """The document's identifier: its stamp."""
        return file_identifier(self._stamp)

    def close_fonts(self) -> None:
        """Close the files of the fonts. The document can't be written afterwards."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def width_of(self, text: str, size: float) -> float:
        """How wide ``text`` is in millimetres at ``size`` points."""
        return self._em_widths(text) * size * _MM_OF_POINT

    def _em_width(self, text: str) -> float:
        self.set_font(self._family, size=_MEASURED)
        return float(self.get_string_width(text)) / (_MEASURED * _MM_OF_POINT)

    def write_line(
        self, x: float, y: float, text: str, size: float, colour: Colour = INK, *, bold: bool = False
    ) -> float:
        """``text`` on the baseline ``y`` from ``x`` on; returns where it ends."""
        if not text:
            return x
        wide, high = self.width_of(text, size), size * _MM_OF_POINT
        self.set_font(self._family, size=size)
        self.set_text_color(*colour)
        self.set_draw_color(*colour)
        mode = TextMode.FILL_STROKE if bold else TextMode.FILL
        with self.local_context(text_mode=mode, line_width=high * 0.035):
            # A cell sets its baseline 0.3 of the type's size below its middle.
            self.set_xy(x, y - 0.3 * high - high / 2)
            self.cell(wide, high, text)
        return x + wide

    def write_right(
        self, right: float, y: float, text: str, size: float, colour: Colour = INK, *, bold: bool = False
    ) -> float:
        """``text`` on the baseline ``y`` up to ``right``; returns where it begins."""
        left = right - self.width_of(text, size)
        self.write_line(left, y, text, size, colour, bold=bold)
        return left

    def shortened(self, text: str, size: float, width: float) -> str:
        """``text`` cut to ``width`` millimetres, with an ellipsis if it was cut."""
        if self.width_of(text, size) <= width:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.width_of(text[:middle] + "…", size) <= width else (low, middle - 1)
        return text[:low].rstrip() + "…" if low else ""

    def fill_box(self, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
        """A filled rectangle."""
        self.set_fill_color(*colour)
        self.rect(x, y, wide, high, style="F")

    def frame_box(self, x: float, y: float, wide: float, high: float, colour: Colour, line: float = 0.2) -> None:
        """The outline of a rectangle."""
        self.set_draw_color(*colour)
        self.set_line_width(line)
        self.rect(x, y, wide, high, style="D")

    def rule(self, x: float, y: float, wide: float, colour: Colour, line: float = 0.2) -> None:
        """A horizontal line."""
        self.set_draw_color(*colour)
        self.set_line_width(line)
        self.line(x, y, x + wide, y)

    def shape(self, points: Sequence[tuple[float, float]], fill: Colour, outline: Colour, line: float = 0.25) -> None:
        """A filled polygon with an outline."""
        self.set_fill_color(*fill)
        self.set_draw_color(*outline)
        self.set_line_width(line)
        self.polygon(points, style="DF")
