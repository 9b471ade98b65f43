"""The board as a PDF: six panels a page, each with its picture, number, words, seconds and the moves of the camera."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from PIL import Image

from vtx_app.board.arrows import draw_arrows
from vtx_app.board.model import Board, CameraWords, Panel
from vtx_app.board.paper import ACCENT, GREY, INK, PAPER, Paper
from vtx_app.board.words import ROW_OF_FULL, Setting, full_rows, paragraphs, set_words
from vtx_app.cut.lettering import printable
from vtx_app.formats.time_code import film_time_code
from vtx_app.text import format_duration, plural

__all__ = ["PANELS_OF_A_PAGE", "seconds_text", "write_pages"]

_COLUMNS, _ROWS = 3, 2
PANELS_OF_A_PAGE = _COLUMNS * _ROWS

# Millimetres on landscape A4.
_WIDE, _HIGH = 297.0, 210.0
_MARGIN, _GUTTER = 13.0, 7.5
_COLUMN = (_WIDE - 2 * _MARGIN - (_COLUMNS - 1) * _GUTTER) / _COLUMNS
_BODY, _FOOT = 23.5, 202.5
_ROW = (_FOOT - _BODY) / _ROWS
_STRIP, _LINE = 5.2, 5.7
_TALLEST = 48.2
"""The greatest height of a picture."""

_NARROW = 0.55
"""The words of a picture narrower than this share of its column go beside it."""

_DOTS = 900
"""The greatest width of a picture in pixels: 270 an inch."""

_QUALITY = 86


def seconds_text(frames: int, rate: Fraction) -> str:
    """``4.0 s``."""
    return f"{float(frames / rate):.1f} s"


def write_pages(
    board: Board, pictures: Callable[[Panel], Image.Image], cameras: Mapping[str, CameraWords], out: Path
) -> None:
    """Write the PDF ``out`` with its stamp. The same board gives the same bytes.

    ``pictures`` gives a panel's picture, ``cameras`` the camera of a shot by clip id. Words that don't fit
    under a panel are cut there and printed in full on the last pages.

    Raises :class:`CutError` if the film's font can't be used, :class:`OSError` if ``out`` can't be written.
    """
    paper = Paper(f"{board.title}: storyboard", board.stamp, board.font)
    try:
        _lay_out(paper, board, pictures, cameras)
        paper.output(str(out))
    finally:
        paper.close_fonts()


def _lay_out(
    paper: Paper, board: Board, pictures: Callable[[Panel], Image.Image], cameras: Mapping[str, CameraWords]
) -> None:
    pages = -(-len(board.panels) // PANELS_OF_A_PAGE)
    long: list[Panel] = []
    for page in range(pages):
        first = page * PANELS_OF_A_PAGE
        panels = board.panels[first : first + PANELS_OF_A_PAGE]
        paper.add_page()
        _head(paper, board, first=page == 0)
        for place, panel in enumerate(panels):
            x = _MARGIN + place % _COLUMNS * (_COLUMN + _GUTTER)
            y = _BODY + place // _COLUMNS * _ROW
            before = None if place == 0 else board.panels[first + place - 1]
            _heading(paper, panels[place:], before, place, x, y)
            camera = cameras.get(panel.clip_id, CameraWords())
            if _panel(paper, board, panel, pictures(panel), camera, x, y + _STRIP).cut:
                long.append(panel)
    _in_full(paper, board, long)
    for page in range(1, paper.page + 1):
        paper.page = page
        _foot(paper, board, page, len(paper.pages))
    paper.page = len(paper.pages)


def _head(paper: Paper, board: Board, *, first: bool, note: str = "") -> None:
    right = f"{plural(len(board.panels), 'panel')}, {format_duration(float(board.frames / board.rate))}"
    left = paper.write_right(_WIDE - _MARGIN, 12.7, note or f"Storyboard · {right}", 8, GREY)
    title = paper.shortened(printable(board.title), 15, left - _MARGIN - 6)
    paper.write_line(_MARGIN, 13.2, title, 15, INK, bold=True)
    logline = printable(board.logline) if first else ""
    paper.write_line(_MARGIN, 18.2, paper.shortened(logline, 7.5, _WIDE - 2 * _MARGIN), 7.5, GREY)
    paper.rule(_MARGIN, 20.4, _WIDE - 2 * _MARGIN, INK, 0.35)


def _foot(paper: Paper, board: Board, page: int, pages: int) -> None:
    number = f"{page} / {pages}"
    left = paper.write_right(_WIDE - _MARGIN, 205.6, number, 8, GREY)
    paper.write_line(_MARGIN, 205.6, paper.shortened(printable(board.title), 7, left - _MARGIN - 6), 7, GREY)


def _heading(paper: Paper, panels: Sequence[Panel], before: Panel | None, place: int, x: float, y: float) -> None:
    """The scene and its place, above the panel that begins them and the first panel of each page."""
    panel = panels[0]
    new_scene = before is None or before.scene != panel.scene
    if not new_scene and before is not None and before.place == panel.place:
        return
    free = 1  # columns up to the next heading
    while place % _COLUMNS + free < _COLUMNS and free < len(panels):
        if (panels[free].scene, panels[free].place) != (panel.scene, panel.place):
            break
        free += 1
    if place % _COLUMNS + len(panels) < _COLUMNS and free == len(panels):
        free = _COLUMNS - place % _COLUMNS
    wide = free * (_COLUMN + _GUTTER) - _GUTTER
    scene = paper.shortened(printable(panel.scene), 8, wide * 0.62) if new_scene else ""
    at = paper.write_line(x, y + 3.4, scene, 8, INK, bold=True)
    at += 2.5 if scene else 0
    paper.write_line(at, y + 3.4, paper.shortened(printable(panel.place), 7, x + wide - at), 7, GREY)


def _panel(
    paper: Paper, board: Board, panel: Panel, picture: Image.Image, camera: CameraWords, x: float, y: float
) -> Setting:
    """Draw a panel with its picture's top left corner at (``x``, ``y``); return its words as they are set."""
    shape = board.size[0] / board.size[1]
    wide, high = (_COLUMN, _COLUMN / shape) if _COLUMN / shape <= _TALLEST else (_TALLEST * shape, _TALLEST)
    paper.image(_jpeg(picture), x, y, wide, high)
    draw_arrows(paper, camera.arrows, x, y, wide, high)
    paper.frame_box(x, y, wide, high, INK, 0.25)
    bottom = y + _ROW - _STRIP - 2
    if wide < _COLUMN * _NARROW:
        x, wide, top = x + wide + 3, _COLUMN - wide - 3, y
    else:
        wide, top = _COLUMN, y + high + 1.2
    _number(paper, board, panel, x, top, wide)
    top += _LINE
    words = paper.shortened(printable(camera.words), 6.5, wide)
    if words:
        paper.write_line(x, top + 2.2, words[:1].upper() + words[1:], 6.5, ACCENT)
        top += 3.5
    setting = set_words(paper, paragraphs(panel), wide, bottom - top)
    setting.draw(paper, x, top)
    return setting


def _number(paper: Paper, board: Board, panel: Panel, x: float, y: float, wide: float) -> None:
    """The line under the picture: number, clip id, where it is in the film, and how long it lasts."""
    number = str(panel.number)
    box = max(6.4, paper.width_of(number, 9) + 3)
    paper.fill_box(x, y, box, 4.9, INK)
    paper.write_line(x + (box - paper.width_of(number, 9)) / 2, y + 3.6, number, 9, PAPER, bold=True)
    right = paper.write_right(x + wide, y + 3.6, seconds_text(panel.frames, board.rate), 9, INK, bold=True)
    code = film_time_code(panel.start, board.rate)
    clip_id = paper.write_line(x + box + 2, y + 3.5, panel.clip_id, 6.5, GREY)
    if clip_id + 4 + paper.width_of(code, 6.5) < right - 3:
        paper.write_right(right - 3, y + 3.5, code, 6.5, GREY)


def _in_full(paper: Paper, board: Board, panels: Sequence[Panel]) -> None:
    """The words of ``panels`` in full, in two columns."""
    column = (_WIDE - 2 * _MARGIN - _GUTTER) / 2
    top = _BODY + 3
    rows = [row for panel in panels for row in full_rows(paper, panel, column)]
    deep = int((_FOOT - top) / ROW_OF_FULL)
    for number, start in enumerate(range(0, len(rows), deep)):
        if number % 2 == 0:
            paper.add_page()
            _head(paper, board, first=False, note="Storyboard · words in full")
        x = _MARGIN + number % 2 * (column + _GUTTER)
        for place, row in enumerate(rows[start : start + deep]):
            row.draw(paper, x, top + place * ROW_OF_FULL)


def _jpeg(picture: Image.Image) -> io.BytesIO:
    wide = min(picture.width, _DOTS)
    shown = picture.resize((wide, max(1, round(picture.height * wide / picture.width))), Image.Resampling.LANCZOS)
    data = io.BytesIO()
    shown.save(data, "JPEG", quality=_QUALITY, subsampling=0)
    data.seek(0)
    return data
