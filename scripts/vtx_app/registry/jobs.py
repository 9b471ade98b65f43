"""Jobs report to the registry when they are queued, start and end. A report that can't be written fails no job."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from vtx_app.errors import VtxError
from vtx_app.registry.job_rows import JobKey, JobRow, delete_queued, insert_job, now, update_clip_states
from vtx_app.render.build_process import BuildProcess, this_build

if TYPE_CHECKING:
    from vtx_app.registry.database import Connection

__all__ = ["WAIT_SECONDS", "Kind", "queue_takes", "record_job"]

Kind = Literal["take", "clip", "cut", "story"]

WAIT_SECONDS = 5.0
"""How long a job waits for other writers of the registry."""

_MAX_ERROR_LENGTH = 500


@contextlib.contextmanager
def record_job(
    kind: Kind, project: str, subject: str, digest: str = "", *, tier: str = "final", wait: float = WAIT_SECONDS
) -> Iterator[None]:
    """Record that this process runs a job of the film ``project``, and how it ends: rendered, failed with the first
    line of the error, or interrupted by a signal. ``subject``: a clip id, an act, ``final`` or a stage.
    It waits up to ``wait`` seconds for other writers of the registry."""
    key = JobKey(project, kind, subject if tier == "final" else f"{tier}/{subject}", digest)
    row = JobRow("rendering", str(BuildProcess.of(os.getpid())), now())
    number: int | None = None

    def record_start(db: Connection) -> None:
        nonlocal number
        delete_queued(db, key)
        number = insert_job(db, key, row)
        db.execute("UPDATE projects SET last_opened = ? WHERE slug = ?", (row.started_at, project))
        if kind == "take":
            update_clip_states(db, project, key.subject)

    _write(record_start, wait)
    started = time.monotonic()
    state, error = "rendered", ""
    try:
        yield
    except BaseException as raised:
        state, error = _outcome(raised)
        raise
    finally:
        ended = row._replace(state=state, ended_at=now(), seconds=time.monotonic() - started, error=error)
        _write(lambda db: _record_end(db, key, ended, number), wait)


def _outcome(raised: BaseException) -> tuple[str, str]:
    if not isinstance(raised, Exception):
        return "interrupted", "it was asked to end"
    first = next(iter(str(raised).strip().splitlines()), "")
    error = first if isinstance(raised, VtxError) else f"{type(raised).__name__}: {first}"
    return "failed", error[:_MAX_ERROR_LENGTH].encode("utf-8", "backslashreplace").decode("utf-8")


def _record_end(db: Connection, key: JobKey, row: JobRow, number: int | None) -> None:
    updated = db.execute(
        "UPDATE jobs SET state = ?, ended_at = ?, seconds = ?, error = ? WHERE id = ? "
        "AND (process, started_at, project, kind, subject, digest) = (?, ?, ?, ?, ?, ?)",
        (row.state, row.ended_at, row.seconds, row.error, number, row.process, row.started_at, *key),
    ).rowcount
    if not updated:  # the registry was deleted meanwhile, or the start could not be recorded
        insert_job(db, key, row)
    if key.kind != "take":
        return
    if row.state == "rendered":
        db.execute(
            "UPDATE clips SET found = 'rendered', updated_at = ? WHERE (slug, clip_id, hash) = (?, ?, ?) "
            "AND found NOT IN ('rendered', 'approved')",
            (row.ended_at, key.project, key.subject, key.digest),
        )
        # The row is newer than the film's signature: if the take is deleted again, the film must be read again.
        db.execute("UPDATE projects SET signature = '' WHERE slug = ?", (key.project,))
    update_clip_states(db, key.project, key.subject)


def _write(report: Callable[[Connection], None], wait: float = WAIT_SECONDS) -> None:
    """Run ``report`` in one transaction, waiting ``wait`` seconds for other writers; the job goes on if that fails."""

    def write(db: Connection) -> None:
        with transaction(db):
            report(db)

    with contextlib.suppress(Exception):
        from vtx_app.registry.database import transaction, use  # a film's own Python may lack sqlite3

        use(write, wait=wait)


def queue_takes(films: Mapping[str, Iterable[tuple[str, str]]]) -> None:
    """Record the takes (clip id, digest) that this build is going to render, by slug.

    Those still queued when the build has ended count as interrupted.
    """
    row = JobRow("queued", str(this_build(os.environ)), now())
    keys = [JobKey(slug, "take", *take) for slug, takes in films.items() for take in takes]

    def write(db: Connection) -> None:
        for key in keys:
            delete_queued(db, key)
            insert_job(db, key, row)
        for slug in films:
            update_clip_states(db, slug)

    if keys:
        _write(write)
