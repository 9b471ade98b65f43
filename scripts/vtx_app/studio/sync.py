"""``vtx registry sync``: bring the registry up to date with the films' files; unchanged films are not read.

Each film is one transaction, so that jobs and other syncs never wait long. Two syncs at once write the same: the
signature stored with a film is that of its files before it was read.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from vtx_app.errors import ProjectError, RegistryError
from vtx_app.files import display_path, report, write_text
from vtx_app.project.paths import DEFAULT_ROOT, app_home, projects_root
from vtx_app.registry.database import Connection, as_utf8, in_memory, transaction, use
from vtx_app.registry.job_rows import mark_interrupted, now, update_clip_states
from vtx_app.studio.signature import film_signature, shared_signature

__all__ = ["INDEX", "Synced", "query", "sync"]

Result = TypeVar("Result")

INDEX = "projects_index.json"
_JOBS_KEPT = timedelta(days=90)


class Synced:
    """The result of a sync: slugs that were ``read`` and that are ``gone`` since the last one, how many films are
    ``unchanged``, the first fault of each film with faults, (slug, subject) of jobs found dead."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.unchanged = 0
        self.gone: list[str] = []
        self.faults: dict[str, str] = {}
        self.interrupted: list[tuple[str, str]] = []

    def data(self) -> dict[str, Any]:
        """The result as JSON data."""
        interrupted = [{"film": film, "subject": subject} for film, subject in self.interrupted]
        return {"films": len(self.read) + self.unchanged, **vars(self), "interrupted": interrupted}


def query(action: Callable[[Connection], Result], *, sync_first: bool = True) -> Result:
    """Call ``action`` with the registry, synced first; with one in memory if the registry's file can't be used.

    Raises :class:`vtx_app.errors.VtxError`.
    """

    def synced(db: Connection) -> Result:
        sync(db)
        return action(db)

    try:
        return use(synced if sync_first else action)
    except RegistryError as error:
        report(f"{error}; every film is read instead")
        return in_memory(synced)


def sync(db: Connection) -> Synced:
    """Bring ``db`` up to date with the films in the projects' root, and write ``projects_index.json``.

    Raises :class:`vtx_app.errors.VtxError` if the projects' root can't be read.
    """
    films = _film_folders(projects_root())
    shared = shared_signature()
    known = dict(db.execute("SELECT slug, signature FROM projects WHERE active").fetchall())
    done = Synced()
    for slug, folder in films.items():
        signature = film_signature(folder, shared)
        if signature and known.get(slug) == signature:
            done.unchanged += 1
        else:
            _store_film(db, slug, folder, signature)
            done.read.append(slug)
    with transaction(db):
        done.gone = sorted(known.keys() - films.keys())
        db.executemany("UPDATE projects SET active = 0 WHERE slug = ?", [(slug,) for slug in done.gone])
        done.interrupted = mark_interrupted(db)
        oldest = (datetime.now(UTC) - _JOBS_KEPT).isoformat(timespec="milliseconds")
        db.execute("DELETE FROM jobs WHERE coalesce(ended_at, started_at) < ?", (oldest,))  # of lost machines as well
        _write_index(db)
    done.faults = dict(db.execute("SELECT slug, error FROM projects WHERE active AND error != '' ORDER BY slug"))
    return done


def _film_folders(root: Path) -> dict[str, Path]:
    """The films in ``root`` by the names of their folders, in order: every folder with a ``metadata.yaml``.

    Raises :class:`ProjectError` if ``root`` can't be read, as on a disk that is not mounted.
    """
    try:
        with os.scandir(root) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except OSError as error:
        if isinstance(error, FileNotFoundError) and root == DEFAULT_ROOT:
            return {}  # there are no films yet
        reason = (error.strerror or str(error)).lower()
        raise ProjectError(
            f"{display_path(root)}, the folder of the films: {reason}; correct VTX_PROJECTS_ROOT"
        ) from error
    return {as_utf8(name): root / name for name in names if os.path.lexists(f"{root}/{name}/metadata.yaml")}


def _store_film(db: Connection, slug: str, folder: Path, signature: str) -> None:
    from vtx_app.studio.film_rows import (  # slow to import, and most films are unchanged
        read_film,
        read_take,
        take_names,
    )

    film = read_film(slug, folder)
    existing = take_names(folder)
    known = set(db.execute("SELECT clip_id, digest FROM takes WHERE project = ?", (film.slug,)).fetchall())
    new = [read_take(folder, take) for take in sorted(existing - known)]
    with transaction(db):
        before = db.execute("SELECT clip_id, found, hash, updated_at FROM clips WHERE slug = ?", (film.slug,))
        updated = {tuple(clip): at for *clip, at in before}
        opened = db.execute("SELECT last_opened FROM projects WHERE slug = ?", (film.slug,)).fetchone() or (None,)
        db.execute("DELETE FROM projects WHERE slug = ?", (film.slug,))  # and its clips
        db.execute(
            "INSERT INTO projects VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(film.slug, film.project_id, film.path, film.title, *opened, signature, film.error, film.renderer),
                *(film.to_render, film.to_conform, film.seconds, film.seconds_to_render, film.finished),
            ),
        )
        db.executemany(
            "INSERT INTO clips VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')",
            [
                (
                    *(film.slug, film.project_id, clip.clip_id, position, clip.title, clip.seconds),
                    *(clip.state, clip.state, clip.digest, clip.output_path),
                    updated.get((clip.clip_id, clip.state, clip.digest)) or now(),
                )
                for position, clip in enumerate(film.clips)
            ],
        )
        db.executemany(
            "DELETE FROM takes WHERE (project, clip_id, digest) = (?, ?, ?)",
            [(film.slug, *take) for take in known - existing],
        )
        db.executemany(
            "INSERT OR REPLACE INTO takes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(film.slug, *take) for take in new],
        )
        update_clip_states(db, film.slug)


def _write_index(db: Connection) -> None:
    """Write ``projects_index.json``, for other programs. The registry's write lock admits one writer at a time."""
    rows = db.execute("SELECT slug, project_id, title, path FROM projects WHERE active ORDER BY slug")
    index = [dict(zip(("slug", "project_id", "title", "path"), row, strict=True)) for row in rows]
    text = json.dumps(index, indent=1) + "\n"
    path = app_home() / INDEX
    with contextlib.suppress(OSError):
        if not path.exists() or path.read_bytes() != text.encode():
            write_text(path, text)
