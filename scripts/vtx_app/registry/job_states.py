"""What jobs say of themselves: queued by a build, rendering, and how that ended.

Jobs only leave word here. A registry that can't be written costs the note alone, never the job.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from vtx_app.errors import VtxError
from vtx_app.registry.job_rows import JobKey, JobRow, insert_job, now, restate, unqueue
from vtx_app.render.build_process import BuildProcess, this_build

if TYPE_CHECKING:
    from vtx_app.registry.db import Connection

__all__ = ["Kind", "job", "queue_takes"]

Kind = Literal["take", "clip", "cut", "story"]

_WAIT_SECONDS = 5.0
_LONGEST_ERROR = 500


@contextlib.contextmanager
def job(kind: Kind, project: str, subject: str, digest: str = "", *, tier: str = "final") -> Iterator[None]:
    """Note that this process does a job for the film ``project``, and how it ends: rendered, failed with the first
    line of the error, or interrupted by a signal. ``subject``: a clip id, an act, ``final`` or a stage."""
    note = _Note(JobKey(project, kind, subject if tier == "final" else f"{tier}/{subject}", digest))
    with contextlib.suppress(Exception):
        _write(note.begin)
    began = time.monotonic()
    state, error = "rendered", ""
    try:
        yield
    except BaseException as raised:
        state, error = _how_it_ended(raised)
        raise
    finally:
        note.row = replace(note.row, state=state, ended_at=now(), seconds=time.monotonic() - began, error=error)
        with contextlib.suppress(Exception):
            _write(note.end)


def _how_it_ended(raised: BaseException) -> tuple[str, str]:
    if not isinstance(raised, Exception):
        return "interrupted", "it was asked to end"
    first = next(iter(str(raised).strip().splitlines()), "")
    named = first if isinstance(raised, VtxError) else f"{type(raised).__name__}: {first}"
    return "failed", named[:_LONGEST_ERROR].encode("utf-8", "backslashreplace").decode("utf-8")


def _write(what: Callable[[Connection], None]) -> None:
    """``what`` in one transaction."""
    from vtx_app.registry.db import use, writing  # a film's own Python need not have sqlite3

    def do(db: Connection) -> None:
        with writing(db):
            what(db)

    use(do, wait=_WAIT_SECONDS)


@dataclass(slots=True)
class _Note:
    """One job's row, written when it begins and again when it ends."""

    key: JobKey
    row: JobRow = field(default_factory=lambda: JobRow("rendering", str(BuildProcess.of(os.getpid())), now()))
    number: int | None = None

    def begin(self, db: Connection) -> None:
        unqueue(db, self.key)
        self.number = insert_job(db, self.key, self.row)
        db.execute("UPDATE projects SET last_opened = ? WHERE slug = ?", (self.row.started_at, self.key.project))
        self._restate(db)

    def end(self, db: Connection) -> None:
        row = self.row
        changed = db.execute(
            "UPDATE jobs SET state = ?, ended_at = ?, seconds = ?, error = ? WHERE id = ? "
            "AND (process, started_at, project, kind, subject, digest) = (?, ?, ?, ?, ?, ?)",
            (
                *(row.state, row.ended_at, row.seconds, row.error),
                *(self.number, row.process, row.started_at, *self.key.values()),
            ),
        ).rowcount
        if not changed:  # the registry was deleted meanwhile, or the beginning could not be noted
            insert_job(db, self.key, row)
        if row.state == "rendered" and self.key.kind == "take":
            db.execute(
                "UPDATE clips SET found = 'rendered', updated_at = ? WHERE (slug, clip_id, hash) = (?, ?, ?) "
                "AND found NOT IN ('rendered', 'approved')",
                (row.ended_at, self.key.project, self.key.subject, self.key.digest),
            )
            # The row says more than the files did when they were read: should the take go again, nothing else differs.
            db.execute("UPDATE projects SET signature = '' WHERE slug = ?", (self.key.project,))
        self._restate(db)

    def _restate(self, db: Connection) -> None:
        if self.key.kind == "take":
            restate(db, self.key.project, self.key.subject)


def queue_takes(films: Mapping[str, Iterable[tuple[str, str]]]) -> None:
    """Note the takes (clip id, digest) that a build is about to render, by slug.

    What is still queued when the build is no more was interrupted. A registry that can't be written costs the notes
    alone.
    """
    row = JobRow("queued", str(this_build(os.environ)), now())
    keys = [JobKey(slug, "take", *take) for slug, takes in films.items() for take in takes]

    def write(db: Connection) -> None:
        for key in keys:
            unqueue(db, key)
            insert_job(db, key, row)
        for slug in films:
            restate(db, slug)

    if keys:
        with contextlib.suppress(Exception):
            _write(write)
