"""Rows of jobs: written, read back as the state of clips, and told from those whose process is no more."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vtx_app.render.build_process import BuildProcess

if TYPE_CHECKING:
    from vtx_app.registry.db import Connection

__all__ = [
    "SAID_BY_JOBS",
    "JobKey",
    "JobRow",
    "insert_job",
    "interrupt_dead",
    "newest_jobs",
    "now",
    "restate",
    "unqueue",
]

SAID_BY_JOBS = ("queued", "rendering", "failed", "interrupted")
"""States that the newest job of a take gives its clip, as long as the take is not there."""

_LAST = "\U0010ffff"
"""Sorts after every clip id."""


@dataclass(frozen=True, slots=True)
class JobKey:
    """What a job is for: the film, ``take`` | ``clip`` | ``cut`` | ``story``, what of it, and a take's digest."""

    project: str
    kind: str
    subject: str
    digest: str

    def values(self) -> tuple[str, str, str, str]:
        """In the order of the columns."""
        return self.project, self.kind, self.subject, self.digest


@dataclass(frozen=True, slots=True)
class JobRow:
    """How a job stands. Times as :func:`now` gives them, ``seconds`` of wall time."""

    state: str
    process: str
    started_at: str
    ended_at: str | None = None
    seconds: float | None = None
    error: str = ""


def now() -> str:
    """This moment, UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _host() -> str:
    return os.uname().nodename


def insert_job(db: Connection, key: JobKey, row: JobRow) -> int | None:
    """A new job of this machine; returns its id."""
    return db.execute(
        "INSERT INTO jobs (project, kind, subject, digest, host, state, process, started_at, ended_at, seconds, error) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(*key.values(), _host()),
            *(row.state, row.process, row.started_at, row.ended_at, row.seconds, row.error),
        ),
    ).lastrowid


def unqueue(db: Connection, key: JobKey) -> None:
    """Forget that this was queued: it begins, or is queued anew."""
    db.execute(
        "DELETE FROM jobs WHERE (project, kind, subject, digest) = (?, ?, ?, ?) AND state = 'queued'", key.values()
    )


def newest_jobs(db: Connection, slug: str, clip_id: str | None = None) -> dict[tuple[str, str], tuple[str, str]]:
    """(state, error) of the newest job of each take of a film, or of one clip, by clip id and digest."""
    rows = db.execute(
        "SELECT subject, digest, state, error FROM jobs WHERE id IN (SELECT max(id) FROM jobs WHERE project = ? "
        "AND kind = 'take' AND subject BETWEEN ? AND ? GROUP BY subject, digest)",
        (slug, clip_id or "", clip_id or _LAST),
    )
    return {(subject, digest): (state, error) for subject, digest, state, error in rows}


def restate(db: Connection, slug: str, clip_id: str | None = None) -> None:
    """Give the clips of a film, or one of them, the state that its files and the newest jobs of its takes make."""
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
            if state in SAID_BY_JOBS
        ],
    )


def interrupt_dead(db: Connection) -> list[tuple[str, str]]:
    """Mark the jobs of this machine whose process is no more; returns film and subject of each. In a transaction."""
    unended = db.execute(
        "SELECT id, project, subject, state, process FROM jobs WHERE state IN ('rendering', 'queued') AND host = ?",
        (_host(),),
    ).fetchall()
    alive: dict[str, bool] = {}
    found = []
    for row, project, subject, state, process in unended:
        if process not in alive:
            its = BuildProcess.parse(process)
            alive[process] = its is not None and its.alive()
        if not alive[process]:
            error = "its process was killed" if state == "rendering" else "its build ended before it"
            ended = "UPDATE jobs SET state = 'interrupted', ended_at = ?, error = ? WHERE id = ?"
            db.execute(ended, (now(), error, row))
            found.append((str(project), str(subject)))
    for project in {project for project, _ in found}:
        restate(db, project)
    return found
