"""Rows of the table ``jobs``, and the states of clips that follow from them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from vtx_app.render.build_process import BuildProcess

if TYPE_CHECKING:
    from vtx_app.registry.database import Connection

__all__ = [
    "REPORTED_STATES",
    "JobKey",
    "JobRow",
    "delete_queued",
    "failed_clips",
    "insert_job",
    "mark_interrupted",
    "newest_jobs",
    "now",
    "update_clip_states",
]

REPORTED_STATES = ("queued", "rendering", "failed", "interrupted")
"""States that a clip takes from the newest job of its take while that take is missing."""

_LAST = "\U0010ffff"
"""Sorts after every clip id."""


class JobKey(NamedTuple):
    """What a job is for, in the order of the columns. ``kind``: take, clip, cut or story; ``digest`` of a take."""

    project: str
    kind: str
    subject: str
    digest: str


class JobRow(NamedTuple):
    """The state of a job. Times as :func:`now` returns them, ``seconds`` of wall time."""

    state: str
    process: str
    started_at: str
    ended_at: str | None = None
    seconds: float | None = None
    error: str = ""


def now() -> str:
    """The present time: UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _host() -> str:
    return os.uname().nodename


def insert_job(db: Connection, key: JobKey, row: JobRow) -> int | None:
    """Insert a new job of this machine and return its id."""
    return db.execute(
        "INSERT INTO jobs (project, kind, subject, digest, host, state, process, started_at, ended_at, seconds, error) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*key, _host(), *row),
    ).lastrowid


def delete_queued(db: Connection, key: JobKey) -> None:
    """Delete the queued job of this key: it starts, or is queued again."""
    db.execute("DELETE FROM jobs WHERE (project, kind, subject, digest) = (?, ?, ?, ?) AND state = 'queued'", key)


def newest_jobs(db: Connection, slug: str, clip_id: str | None = None) -> dict[tuple[str, str], tuple[str, str]]:
    """State and error of the newest job of each take of a film, or of one clip, by clip id and digest."""
    rows = db.execute(
        "SELECT subject, digest, state, error FROM jobs WHERE id IN (SELECT max(id) FROM jobs WHERE project = ? "
        "AND kind = 'take' AND subject BETWEEN ? AND ? GROUP BY subject, digest)",
        (slug, clip_id or "", clip_id or _LAST),
    )
    return {(subject, digest): (state, error) for subject, digest, state, error in rows}


def failed_clips(db: Connection, slug: str, tier: str = "final") -> dict[str, str]:
    """The errors of a film's clips that could not be conformed at the last try, by clip id."""
    place = "" if tier == "final" else f"{tier}/"
    rows = db.execute(
        "SELECT subject, state, error FROM jobs WHERE id IN (SELECT max(id) FROM jobs WHERE project = ? "
        "AND kind = 'clip' AND subject BETWEEN ? AND ? GROUP BY subject)",
        (slug, place, place + _LAST),
    )
    return {subject.removeprefix(place): error for subject, state, error in rows if state == "failed"}


def update_clip_states(db: Connection, slug: str, clip_id: str | None = None) -> None:
    """Set the state of a film's clips, or of one of them, by their files and the newest jobs of their takes."""
    db.execute(
        "UPDATE clips SET state = found, error = '' WHERE slug = ? AND clip_id BETWEEN ? AND ?",
        (slug, clip_id or "", clip_id or _LAST),
    )
    db.executemany(
        "UPDATE clips SET state = ?, error = ? WHERE (slug, clip_id, hash) = (?, ?, ?) "
        "AND found NOT IN ('rendered', 'approved')",
        [
            (state, error, slug, *take)
            for take, (state, error) in newest_jobs(db, slug, clip_id).items()
            if state in REPORTED_STATES
        ],
    )


def mark_interrupted(db: Connection) -> list[tuple[str, str]]:
    """Mark jobs of this machine whose process is dead and return film and subject of each. Call in a transaction."""
    running = db.execute(
        "SELECT id, project, subject, state, process FROM jobs WHERE state IN ('rendering', 'queued') AND host = ?",
        (_host(),),
    ).fetchall()
    processes = {text: BuildProcess.parse(text) for *_, text in running}
    alive = {text for text, process in processes.items() if process is not None and process.alive()}
    dead = [row for row in running if row[-1] not in alive]
    for number, _, _, state, _ in dead:
        error = "its process was killed" if state == "rendering" else "its build ended before it"
        update = "UPDATE jobs SET state = 'interrupted', ended_at = ?, error = ? WHERE id = ?"
        db.execute(update, (now(), error, number))
    found = [(str(project), str(subject)) for _, project, subject, _, _ in dead]
    for project in {project for project, _ in found}:
        update_clip_states(db, project)
    return found
