"""Files that a film's texts name: whether they exist, are inside the film, and are of the right kind."""

from __future__ import annotations

import os
from pathlib import Path

from vtx_app.errors import ProjectError
from vtx_app.formats.check import did_you_mean
from vtx_app.project.paths import resolve_inside

__all__ = ["file_fault", "font_fault"]

_FONTS = (b"\0\1\0\0", b"OTTO", b"true", b"ttcf")
"""How TrueType and OpenType files begin (OpenType 1.9, Organization of an OpenType Font)."""


def file_fault(written: str, folder: Path) -> str | None:
    """What is wrong with the file that is ``written`` relative to the film's ``folder``, if anything."""
    try:
        path = resolve_inside(folder, written)
    except ProjectError as error:
        return str(error)
    if os.path.isdir(path):  # noqa: PTH112
        return f"{written!r} is a folder; name a file in it"
    if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises if a name is too long
        return f"{written!r}: no such file{did_you_mean(written, _neighbours(path, folder))}"
    return None


def font_fault(written: str, folder: Path) -> str | None:
    """What is wrong with the font file that is ``written`` relative to the film's ``folder``, if anything."""
    if fault := file_fault(written, folder):
        return fault
    try:
        with (folder / written).open("rb") as file:
            start = file.read(4)
    except OSError as error:
        return f"{written!r}: can't be read: {error.strerror}"
    return None if start in _FONTS else f"{written!r} is not a font: expected TrueType or OpenType (.ttf, .otf, .ttc)"


def _neighbours(path: Path, folder: Path) -> list[str]:
    """The files in the folder of ``path`` that aren't hidden, relative to the project ``folder``; none if it can't be
    read."""
    try:
        files = [each for each in path.parent.iterdir() if each.is_file() and not each.name.startswith(".")]
        return sorted(each.relative_to(folder).as_posix() for each in files)
    except OSError:
        return []
