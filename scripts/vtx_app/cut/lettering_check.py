"""Checks all words that a film's edit puts on the picture against its size and font, before anything is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from PIL import features

from vtx_app.cut.end_roll import EndRollPicture, roll_fault, roll_text
from vtx_app.cut.lettering import missing_letters_note
from vtx_app.cut.titles import missing_in_title, needs_layout, title_fault
from vtx_app.files import display_path
from vtx_app.fonts import FONT
from vtx_app.formats.check import location
from vtx_app.formats.edit import Card, Lettering
from vtx_app.project.edit_file import edit_path
from vtx_app.project.film import Film
from vtx_app.project.paths import resolve_inside

__all__ = ["lettering_faults", "lettering_notes", "roll_notes"]

_READABLE = 3
"""The shortest time in seconds for which a line of a roll should be visible."""


def lettering_faults(
    film: Film, width: int, height: int, roll: Sequence[str] = (), disclosure: Card | None = None
) -> list[str]:
    """What does not fit in a picture of ``width`` × ``height`` pixels, each with its file and line and with the largest
    size that fits.

    ``roll``: the lines of the end roll's file; ``disclosure``: the card that says so of AI.
    """
    font = film.title_font or FONT
    try:
        faults = [
            f"{at}: {fault}"
            for at, lettering in _letterings(film, disclosure)
            if (fault := title_fault(lettering, width, height, font))
        ]
        if film.edit.end_roll is not None:
            wide = roll_fault(film.edit.end_roll, roll, width, height, font)
            if wide is not None:
                faults.append(f"{_roll_file(film, film.edit.end_roll.file)}:{wide[0]}: {wide[1]}")
    except OSError as error:
        return [f"{_font_location(film)}: {display_path(font)} can't be used as a font: {error}"]
    return faults


def lettering_notes(film: Film, roll: Sequence[str] = (), disclosure: Card | None = None) -> list[str]:
    """What is not drawn as it is written, by file and line: letters that the font lacks, scripts that this machine's
    Pillow can't lay out. Raises :class:`OSError` for no font."""
    font = film.title_font or FONT
    texts = [(at, lettering.text) for at, lettering in _letterings(film, disclosure)]
    if film.edit.end_roll is not None:
        texts.append((_roll_file(film, film.edit.end_roll.file), roll_text(roll)))
    notes = [
        f"{at}: {missing_letters_note(letters, 'titles')}"
        for at, text in texts
        if (letters := missing_in_title(text, font))
    ]
    if not features.check_feature("raqm"):
        notes += [
            f"{at}: this Pillow can't lay out right-to-left or joined letters (it has no raqm): install its wheel, pip "
            "install --force-reinstall pillow"
            for at, text in texts
            if needs_layout(text)
        ]
    return notes


def roll_notes(film: Film, roll: Sequence[str], width: int, height: int, rate: Fraction) -> list[str]:
    """Whether the end roll is too fast to be read, with the frames that it needs.

    Raises :class:`OSError` for no font, and :class:`vtx_app.errors.CutError` for a line that does not fit.
    """
    written = film.edit.end_roll
    if written is None:
        return []
    step = EndRollPicture(written, roll, width, height, film.title_font or FONT).step
    seconds = height / step / rate
    if seconds >= _READABLE:
        return []
    needed = math.ceil(step * (written.frames + 1) / height * _READABLE * rate)
    at = location(edit_path(film.folder), "end_roll", "frames")
    return [
        f"{at}: {written.frames}: each line of the end roll is seen for {float(seconds):.1f} s, too short to be read; "
        f"{needed} frames give it {_READABLE} s"
    ]


def _letterings(film: Film, disclosure: Card | None) -> Iterator[tuple[str, Lettering]]:
    """Every title and card, with where it is written."""
    edit, path = film.edit, edit_path(film.folder)
    for number, title in enumerate(edit.titles):
        yield location(path, "titles", number, "text"), title
    if edit.end_card is not None:
        yield location(path, "end_card", "text"), edit.end_card
    if disclosure is not None:
        yield location(film.folder / "metadata.yaml", "disclosure"), disclosure


def _roll_file(film: Film, written: str) -> str:
    return display_path(Path(resolve_inside(film.folder, written)))


def _font_location(film: Film) -> str:
    if film.edit.font is not None:
        return location(edit_path(film.folder), "font")
    return location(film.folder / "metadata.yaml", "slate_font")
