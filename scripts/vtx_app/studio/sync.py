"""``vtx registry sync``: the registry as the films' files say, without reading a film that has not changed.

A transaction for each film, so that jobs and others that sync are never kept waiting long. Two that sync at once write
the same: what is stored with a film is the signature of the files as they were before it was read.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from vtx_app.files import write_text
from vtx_app.project.paths import app_home, projects_root
from vtx_app.registry.db import Connection, writing
from vtx_app.registry.job_rows import interrupt_dead, now, restate
from vtx_app.studio.reading import FilmRow, TakeRow, film_folders, read_film, take_names, take_row
from vtx_app.studio.signature import film_signature, shared_signature

__all__ = ["INDEX", "Synced", "sync"]

INDEX = "projects_index.json"
_JOBS_KEPT = timedelta(days=90)


@dataclass(slots=True)
class Synced:
    """What a sync found: slugs that were ``read`` and those that are ``gone`` since the last, how many are
    ``unchanged``, the first fault of each film that has one, (slug, subject) of jobs found dead."""

    read: list[str] = field(default_factory=list)
    unchanged: int = 0
    gone: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    interrupted: list[tuple[str, str]] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "films": len(self.read) + self.unchanged,
            "read": self.read,
            "unchanged": self.unchanged,
            "gone": self.gone,
            "faults": self.faults,
            "interrupted": [{"film": film, "subject": subject} for film, subject in self.interrupted],
        }


def sync(db: Connection) -> Synced:
    """Make ``db`` say what the films below the projects' root are now, and write ``projects_index.json``.

    Raises :class:`vtx_app.errors.VtxError` where the projects' root itself can't be told.
    """
    films = film_folders(projects_root())
    shared = shared_signature()
    known = dict(db.execute("SELECT slug, signature FROM projects WHERE active").fetchall())
    done = Synced()
    for slug, folder in films.items():
        signature = film_signature(folder, shared)
        if signature and known.get(slug) == signature:
            done.unchanged += 1
            continue
        film = read_film(slug, folder)
        _put(db, film, folder, signature)
        done.read.append(slug)
    with writing(db):
        done.gone = sorted(set(known) - set(films))
        db.executemany("UPDATE projects SET active = 0 WHERE slug = ?", [(slug,) for slug in done.gone])
        done.interrupted = interrupt_dead(db)
        oldest = (datetime.now(UTC) - _JOBS_KEPT).isoformat(timespec="milliseconds")
        db.execute("DELETE FROM jobs WHERE coalesce(ended_at, started_at) < ?", (oldest,))  # also of machines no more
        _write_index(db)
    done.faults = dict(db.execute("SELECT slug, error FROM projects WHERE active AND error != '' ORDER BY slug"))
    return done


def _put(db: Connection, film: FilmRow, folder: Path, signature: str) -> None:
    there = take_names(folder)
    known = set(db.execute("SELECT clip_id, digest FROM takes WHERE project = ?", (film.slug,)).fetchall())
    new = [take_row(folder, take) for take in sorted(there - known)]
    with writing(db):
        _put_film(db, film, signature)
        _put_clips(db, film)
        db.executemany(
            "DELETE FROM takes WHERE (project, clip_id, digest) = (?, ?, ?)",
            [(film.slug, *take) for take in known - there],
        )
        db.executemany(_PUT_TAKE, [(film.slug, *_values(take)) for take in new])
        restate(db, film.slug)


_PUT_TAKE = "INSERT OR REPLACE INTO takes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def _values(take: TakeRow) -> tuple[object, ...]:
    measured = take.rendered_at, take.wall_seconds, take.pipeline, take.renderer, take.width, take.height, take.frames
    return (take.clip_id, take.digest, *measured, take.gpu)


def _put_film(db: Connection, film: FilmRow, signature: str) -> None:
    values = {
        "project_id": film.project_id,
        "path": film.path,
        "title": film.title,
        "active": 1,
        "signature": signature,
        "error": film.error,
        "renderer": film.renderer,
        "to_render": film.to_render,
        "to_conform": film.to_conform,
        "seconds": film.seconds,
        "seconds_to_render": film.seconds_to_render,
        "finished": int(film.finished),
    }
    names = ", ".join(values)
    marks = ", ".join("?" * len(values))
    db.execute(
        f"INSERT INTO projects (slug, {names}) VALUES (?, {marks}) "  # noqa: S608 - names of columns
        f"ON CONFLICT (slug) DO UPDATE SET ({names}) = ({', '.join(f'excluded.{name}' for name in values)})",
        (film.slug, *values.values()),
    )


_PUT_CLIP = """
INSERT INTO clips
    (slug, project_id, clip_id, position, title, seconds, found, state, hash, output_path, updated_at, error)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')
ON CONFLICT (slug, clip_id) DO UPDATE SET
    updated_at = CASE WHEN (found, hash) = (excluded.found, excluded.hash) THEN updated_at ELSE excluded.updated_at END,
    (project_id, position, title, seconds, found, state, hash, output_path) = (
        excluded.project_id, excluded.position, excluded.title, excluded.seconds, excluded.found, excluded.state,
        excluded.hash, excluded.output_path)
"""


def _put_clips(db: Connection, film: FilmRow) -> None:
    before = {clip_id for (clip_id,) in db.execute("SELECT clip_id FROM clips WHERE slug = ?", (film.slug,))}
    gone = before - {clip.clip_id for clip in film.clips}
    db.executemany("DELETE FROM clips WHERE (slug, clip_id) = (?, ?)", [(film.slug, clip_id) for clip_id in gone])
    at = now()
    db.executemany(
        _PUT_CLIP,
        [
            (
                *(film.slug, film.project_id, clip.clip_id, position, clip.title, clip.seconds),
                *(clip.found, clip.found, clip.digest, clip.output_path, at),
            )
            for position, clip in enumerate(film.clips)
        ],
    )


def _write_index(db: Connection) -> None:
    """``projects_index.json``, for other programs. Written under the registry's lock, so by one at a time."""
    rows = db.execute("SELECT slug, project_id, title, path FROM projects WHERE active ORDER BY slug")
    index = [dict(zip(("slug", "project_id", "title", "path"), row, strict=True)) for row in rows]
    text = json.dumps(index, indent=1) + "\n"
    path = app_home() / INDEX
    with contextlib.suppress(OSError):
        if not path.exists() or path.read_bytes() != text.encode():
            write_text(path, text)
