"""The words under a panel: broken into lines, in the largest type that fits, and cut if none does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from vtx_app.board.model import Panel
from vtx_app.board.paper import ACCENT, DARK, INK, LEADING, Paper
from vtx_app.cut.lettering import printable
from vtx_app.cut.line_breaks import fill_lines

__all__ = ["ROW_OF_FULL", "Paragraph", "Row", "Setting", "full_rows", "paragraphs", "set_words"]

_MM_OF_POINT = 25.4 / 72
_SIZES = (8.0, 7.5, 7.0, 6.5)
"""Type sizes to try, in points."""

_GAP = 0.22
"""Space between paragraphs, in lines."""

_FULL = 8.0
ROW_OF_FULL = _FULL * LEADING * _MM_OF_POINT
"""Millimetres between the lines of a panel's words in full."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text of a panel, after the ``label`` of who says it. ``strong``: it is the shot's title."""

    text: str
    label: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """Paragraphs as they are set at ``size`` points: (paragraph, its lines). ``cut``: some words are left out."""

    size: float
    lines: tuple[tuple[Paragraph, tuple[str, ...]], ...]
    cut: bool = False

    @property
    def height(self) -> float:
        """Millimetres."""
        rows = sum(len(lines) for _, lines in self.lines) + _GAP * max(0, len(self.lines) - 1)
        return rows * self.size * LEADING * _MM_OF_POINT

    def draw(self, paper: Paper, x: float, y: float) -> None:
        """Write the words into the box whose top left corner is (``x``, ``y``)."""
        step = self.size * LEADING * _MM_OF_POINT
        y += self.size * _MM_OF_POINT
        for paragraph, lines in self.lines:
            at = x
            if paragraph.label:
                at = paper.write_line(x, y, _label(paragraph), self.size, ACCENT)
            for number, line in enumerate(lines):
                ink = INK if paragraph.strong or paragraph.label else DARK
                paper.write_line(at if number == 0 else x, y, line, self.size, ink, bold=paragraph.strong)
                y += step
            y += step * _GAP


def paragraphs(panel: Panel) -> list[Paragraph]:
    """What is written under a panel: its title, what happens, and what is said."""
    words = [Paragraph(printable(panel.title), strong=True)]
    words += [Paragraph(printable(beat)) for beat in panel.beats]
    words += [Paragraph(printable(line.text), printable(line.speaker).upper()) for line in panel.dialogue]
    return [each for each in words if each.text]


def set_words(paper: Paper, words: Iterable[Paragraph], wide: float, high: float) -> Setting:
    """``words`` in a box of ``wide`` × ``high`` millimetres, at the largest size at which all fit, else cut."""
    words = list(words)
    for size in _SIZES:
        setting = Setting(size, tuple((each, _lines(paper, each, size, wide)) for each in words))
        if setting.height <= high:
            return setting
    return _cut(paper, setting, wide, high)


def _lines(paper: Paper, paragraph: Paragraph, size: float, wide: float) -> tuple[str, ...]:
    indent = paper.width_of(_label(paragraph), size)
    return tuple(fill_lines(paragraph.text, wide, lambda text: paper.width_of(text, size), min(indent, wide)))


def _label(paragraph: Paragraph) -> str:
    name = paragraph.label if len(paragraph.label) <= 24 else f"{paragraph.label[:23].rstrip()}…"
    return f"{name}   " if name else ""


def _cut(paper: Paper, setting: Setting, wide: float, high: float) -> Setting:
    """As many lines as fit in ``high`` millimetres: up to half of them for dialogue, two for the title.

    Where lines are left out, the last before them ends in an ellipsis.
    """
    gaps = _GAP * max(0, len(setting.lines) - 1)
    left = max(1, int(high / (setting.size * LEADING * _MM_OF_POINT) - gaps))
    said = min(left // 2, sum(len(lines) for each, lines in setting.lines if each.label))
    shares = {"title": min(2, left)}
    shares["action"] = max(0, left - said - shares["title"])
    kept: list[tuple[Paragraph, tuple[str, ...]]] = []
    for group, paragraphs_of in groupby(setting.lines, key=lambda each: _group(each[0])):
        room = left if group == "said" else min(left, shares[group])
        for paragraph, lines in paragraphs_of:
            shown = lines[: max(0, room)]
            room, left = room - len(shown), left - len(shown)
            if len(shown) < len(lines) and shown:
                indent = paper.width_of(_label(paragraph), setting.size) if len(shown) == 1 else 0
                shown = (*shown[:-1], _with_ellipsis(paper, shown[-1], setting.size, wide - indent))
            if shown:
                kept.append((paragraph, shown))
    return Setting(setting.size, tuple(kept), cut=True)


def _group(paragraph: Paragraph) -> str:
    return "title" if paragraph.strong else "said" if paragraph.label else "action"


def _with_ellipsis(paper: Paper, line: str, size: float, wide: float) -> str:
    while line and paper.width_of(f"{line} …", size) > wide:
        line = line[:-1]
    return f"{line.rstrip()} …"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the words in full: ``label``, then ``text``."""

    text: str = ""
    label: str = ""
    strong: bool = False

    def draw(self, paper: Paper, x: float, y: float) -> None:
        """Write the line on the baseline ``y``."""
        at = paper.write_line(x, y, self.label, _FULL, ACCENT)
        paper.write_line(at, y, self.text, _FULL, INK, bold=self.strong)


def full_rows(paper: Paper, panel: Panel, wide: float) -> list[Row]:
    """All words of a panel as lines no wider than ``wide`` millimetres, under its number."""
    rows = [Row(f"{panel.number}   {panel.clip_id}", strong=True)]
    for paragraph in paragraphs(panel):
        first, *others = _lines(paper, paragraph, _FULL, wide)
        rows += [Row(first, _label(paragraph)), *map(Row, others)]
    return [*rows, Row()]
