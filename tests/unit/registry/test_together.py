"""Many processes with one registry: nothing is lost, nobody is refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from kit.film import Film
from vtx_app.registry.database import Connection, use
from vtx_app.studio.sync import Synced, sync

Syncing = Callable[[], Synced]

_JOBS = 40
_JOB_PROCESS = f"""
import sys
from vtx_app.registry.jobs import record_job
for number in range({_JOBS}):
    try:
        with record_job("take", "harbour", sys.argv[1], f"{{number:064d}}", wait=60):
            if number % 4 == 3:
                raise ValueError("a bad one")
    except ValueError:
        pass
"""
_SYNC_PROCESS = """
import os
from vtx_app.registry.database import use
from vtx_app.studio.sync import sync
for number in range(10):
    os.utime("projects/harbour/metadata.yaml")
    use(sync)
"""
_ONE_SYNC = "from vtx_app.registry.database import use\nfrom vtx_app.studio.sync import sync\nuse(sync)\n"


def start(script: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def jobs_of(db: Connection) -> list[tuple[str, str, int]]:
    return db.execute("SELECT subject, state, count(*) FROM jobs GROUP BY subject, state ORDER BY 1, 2").fetchall()


def test_jobs_and_syncs_at_once_lose_nothing(film: Film, synced: Syncing) -> None:
    subjects = [f"A01_S01_SH00{number}" for number in range(1, 6)]
    every = [start(_JOB_PROCESS, subject) for subject in subjects] + [start(_SYNC_PROCESS) for _ in range(2)]
    said = [process.communicate()[0] for process in every]
    assert said == [""] * len(every)
    assert [process.returncode for process in every] == [0] * len(every)
    failed = _JOBS // 4
    assert use(jobs_of) == [
        row for subject in subjects for row in ((subject, "failed", failed), (subject, "rendered", _JOBS - failed))
    ]
    synced()
    assert use(lambda db: db.execute("SELECT count(*) FROM clips").fetchone()) == (6,)


def test_many_that_begin_at_once_make_one_registry(film: Film) -> None:
    every = [start(_ONE_SYNC) for _ in range(6)]
    assert [process.communicate()[0] for process in every] == [""] * 6
    assert use(lambda db: db.execute("SELECT slug FROM projects").fetchall()) == [("harbour",)]
    assert not list((film.root / ".vtx").glob("*damaged*"))
    assert use(sync).gone == []


def test_it_is_deleted_again_and_again_while_jobs_write(film: Film) -> None:
    every = [start(_JOB_PROCESS, f"A01_S01_SH00{number}") for number in range(1, 4)]
    while any(process.poll() is None for process in every):
        for path in (film.root / ".vtx").glob("registry.sqlite*"):
            path.unlink(missing_ok=True)
    for process in every:
        process.communicate()
    assert [process.returncode for process in every] == [0] * 3
    use(sync)
    assert use(lambda db: db.execute("SELECT count(*) FROM clips").fetchone()) == (6,)
    assert use(lambda db: db.execute("PRAGMA integrity_check").fetchall()) == [("ok",)]
