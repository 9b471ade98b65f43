"""``review/notes/<clip_id>.md``: what people said about a shot, one note after another, each with its date.

A note begins with a heading, ``## 2026-11-28 06:15 UTC``, which may also name the take that it is about (``, take
747f3e12…``). Text before the first heading is a note without a date, so a person may write any text into the file. The
``note`` of a select, from before notes had files, is read as the oldest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vtx_app.project.film import Film
from vtx_app.project.paths import resolve_inside

__all__ = ["NOTES", "Note", "join_notes", "notes_of", "notes_path", "read_notes"]

NOTES = "review/notes"
"""The folder of notes, relative to the film's."""

_HEADING = re.compile(r"## (\d{4}-\d\d-\d\d \d\d:\d\d) UTC(?:, take ([0-9a-f]{6,64}))?[ \t]*")
_ESCAPED = re.compile(r"^(\\*## )", re.MULTILINE)
_UNESCAPED = re.compile(r"^\\(\\*## )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Note:
    """``when`` it was written (UTC, ``2026-11-28 06:15``, or ``""``), and the first digits of the ``take`` that it is
    about (``""`` for none)."""

    text: str
    when: str = ""
    take: str = ""

    @classmethod
    def now(cls, text: str, moment: datetime, take: str = "") -> Note:
        """A note written at ``moment``, which is in UTC."""
        return cls(text.strip("\n"), f"{moment:%Y-%m-%d %H:%M}", take)


def notes_path(folder: Path, clip_id: str) -> Path:
    """The file of a clip's notes. Raises :class:`ProjectError` if it leads out of the film's ``folder``."""
    return resolve_inside(folder, f"{NOTES}/{clip_id}.md")


def notes_of(film: Film, clip_id: str) -> list[Note]:
    """Every note on a clip, the oldest first. Raises as :func:`notes_path`."""
    select = film.selects.get(clip_id)
    older = [Note(select.note)] if select is not None and select.note else []
    return older + read_notes(notes_path(film.folder, clip_id))


def read_notes(path: Path) -> list[Note]:
    """The notes in the file at ``path``, in their order; none if there is no such file."""
    try:
        text = path.read_bytes().decode("utf-8", "replace").removeprefix("\ufeff")
    except (FileNotFoundError, NotADirectoryError):
        return []
    notes: list[Note] = []
    when = take = ""
    lines: list[str] = []

    def close() -> None:
        body = _UNESCAPED.sub(r"\1", "\n".join(lines).strip("\n"))
        if body.strip():
            notes.append(Note(body, when, take))

    for line in text.replace("\r\n", "\n").split("\n"):
        if found := _HEADING.fullmatch(line):
            close()
            when, take, lines = found[1], found[2] or "", []
        else:
            lines.append(line)
    close()
    return notes


def join_notes(text: str, notes: Sequence[Note]) -> str:
    """The text of a file of notes with ``notes`` appended; what is there stays as it is."""
    parts = [text.rstrip("\n")] if text.strip() else []
    for note in notes:
        take = f", take {note.take}" if note.take else ""
        body = _ESCAPED.sub(lambda line: "\\" + line[1], note.text)
        parts.append(f"## {note.when} UTC{take}\n\n{body}")
    return "\n\n".join(parts) + "\n"
