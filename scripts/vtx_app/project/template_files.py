"""Files of a new film that are still those of the template: examples, not yet a person's work.

``vtx projects new`` notes them by content. A story written by a model or from a screenplay replaces them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from vtx_app.errors import ProjectError
from vtx_app.project.paths import resolve_inside

__all__ = ["NOTE", "note_template_files", "unedited_template_files"]

NOTE = "story/.generated/template.json"
"""Relative to the film's folder: path → SHA-256 of the file as it was created."""


def note_template_files(folder: Path, paths: Iterable[str]) -> None:
    """Note the files ``paths``, relative to the new film's ``folder``, as the template's. Raises :class:`OSError`."""
    data = {"version": 1, "files": {path: _sha256(folder / path) for path in sorted(paths)}}
    note = folder / NOTE
    note.parent.mkdir(exist_ok=True)
    note.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def unedited_template_files(folder: Path) -> frozenset[str]:
    """The film's files, relative to its ``folder``, that nobody has edited; none if the note can't be read."""
    try:
        files = json.loads((folder / NOTE).read_bytes())["files"]
        return frozenset(path for path, sha256 in files.items() if _has_content(resolve_inside(folder, path), sha256))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ProjectError):
        return frozenset()


def _has_content(path: Path, sha256: str) -> bool:
    return path.is_file() and _sha256(path) == sha256


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
