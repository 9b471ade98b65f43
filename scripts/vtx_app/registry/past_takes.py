"""The rendering times of other films' takes, read from the registry without waiting for its writers."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from vtx_app.errors import VtxError
from vtx_app.registry.database import registry_path
from vtx_app.takes.records import Kind, RenderCost

__all__ = ["takes_of_others"]

_WAIT_SECONDS = 0.2
_ENOUGH = 30
_PAST = """
SELECT projects.path, takes.clip_id, takes.digest, frames, wall_seconds, coalesce(gpu, ''), coalesce(rendered_at, '')
FROM takes JOIN projects ON projects.slug = takes.project
WHERE (takes.renderer, pipeline, width, height) = (?, ?, ?, ?) AND frames > 0 AND wall_seconds IS NOT NULL
    AND takes.project != ?
ORDER BY rendered_at DESC LIMIT ?
"""


def takes_of_others(slug: str, kinds: Iterable[Kind]) -> list[RenderCost]:
    """The newest takes of these kinds in other films than ``slug``; none if the registry can't be read."""
    try:
        path = registry_path()
        if not path.is_file():
            return []
        address = f"{path.absolute().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=_WAIT_SECONDS)) as db:
            return [past for kind in sorted(kinds) for past in _of_kind(db, slug, kind)]
    except (sqlite3.Error, OSError, VtxError):
        return []


def _of_kind(db: sqlite3.Connection, slug: str, kind: Kind) -> Iterator[RenderCost]:
    for folder, clip_id, digest, frames, seconds, gpu, at in db.execute(_PAST, (*kind, slug, _ENOUGH)):
        try:
            size = (Path(folder) / "renders/takes" / clip_id / f"{digest}.mp4").stat().st_size
        except (OSError, ValueError):  # a film on a disk that is not mounted: its times still count
            size = None
        yield RenderCost(kind, frames, seconds, size, gpu, at)
