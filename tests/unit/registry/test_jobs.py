"""What jobs leave word of, and what is made of it."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kit.film import Film
from vtx_app.errors import RenderError
from vtx_app.jobs.run import run
from vtx_app.jobs.story import write_stage
from vtx_app.plan.planner import plan_film
from vtx_app.registry.database import Connection, registry_path, transaction, use
from vtx_app.registry.job_rows import JobKey, JobRow, insert_job, mark_interrupted, newest_jobs
from vtx_app.registry.jobs import WAIT_SECONDS, queue_takes, record_job
from vtx_app.render.build_process import VARIABLE, BuildProcess
from vtx_app.studio.sync import Synced

Syncing = Callable[[], Synced]

CLIP = "A01_S01_SH001"


def jobs() -> list[dict[str, Any]]:
    def ask(db: Connection) -> list[dict[str, Any]]:
        found = db.execute("SELECT * FROM jobs ORDER BY id")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    return use(ask)


def clips() -> dict[str, tuple[str, str]]:
    return {row[0]: row[1:] for row in use(lambda db: db.execute("SELECT clip_id, state, error FROM clips").fetchall())}


def digest(clip_id: str = CLIP) -> str:
    return next(clip.take.digest for clip in plan_film("harbour", "final").clips.values() if clip.clip_id == clip_id)


def test_a_job_is_rendering_and_then_rendered(film: Film) -> None:
    with record_job("take", "harbour", CLIP, "d"):
        (row,) = jobs()
        assert (row["state"], row["ended_at"]) == ("rendering", None)
        assert BuildProcess.parse(row["process"]) == BuildProcess.of(os.getpid())
    (row,) = jobs()
    assert (row["project"], row["kind"], row["subject"], row["digest"]) == ("harbour", "take", CLIP, "d")
    assert (row["state"], row["error"]) == ("rendered", "")
    assert row["seconds"] >= 0
    assert row["started_at"] <= row["ended_at"]


@pytest.mark.parametrize(
    ("raised", "state", "error"),
    [
        (RenderError("out of memory\nsecond line"), "failed", "out of memory"),
        (KeyError("x"), "failed", "KeyError: 'x'"),
        (RenderError(""), "failed", ""),
        (KeyboardInterrupt(), "interrupted", "it was asked to end"),
        (SystemExit(143), "interrupted", "it was asked to end"),
    ],
)
def test_how_a_job_ended_is_kept_and_goes_on_its_way(film: Film, raised: BaseException, state: str, error: str) -> None:
    with pytest.raises(type(raised)), record_job("clip", "harbour", CLIP, tier="animatic"):
        raise raised
    (row,) = jobs()
    assert (row["subject"], row["state"], row["error"]) == (f"animatic/{CLIP}", state, error)


def test_the_state_of_a_clip_follows_the_jobs_of_its_take(film: Film, synced: Syncing) -> None:
    synced()
    assert clips()[CLIP] == ("planned", "")
    with contextlib.suppress(RenderError), record_job("take", "harbour", CLIP, digest()):
        assert clips()[CLIP] == ("rendering", "")
        raise RenderError("no room")
    assert clips()[CLIP] == ("failed", "no room")
    synced()
    assert clips()[CLIP] == ("failed", "no room")
    film.edit_clip("A01_S01_SH001__empty_quay", "dawn", "dusk")  # another take is asked for: nobody tried that yet
    synced()
    assert clips()[CLIP] == ("planned", "")
    with record_job("take", "harbour", CLIP, digest()):
        pass
    assert clips()[CLIP] == ("rendered", "")
    synced()  # the files have the last word, though none has changed: there is no take
    assert clips()[CLIP] == ("planned", "")


def test_what_a_job_failed_at_once_is_forgotten_when_the_take_is_there(film: Film, synced: Syncing) -> None:
    with contextlib.suppress(RenderError), record_job("take", "harbour", CLIP, digest()):
        raise RenderError("no room")
    film.write(f"renders/takes/{CLIP}/{digest()}.mp4", b"copied from another machine")
    synced()
    assert clips()[CLIP] == ("rendered", "")


_KILLED = f"""
import os, signal
from vtx_app.registry.jobs import record_job
with record_job("take", "harbour", "{CLIP}", os.environ["DIGEST"]):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_job_is_found_by_the_next_sync(film: Film, synced: Syncing) -> None:
    synced()
    env = os.environ | {"DIGEST": digest()}
    assert subprocess.run([sys.executable, "-c", _KILLED], env=env, check=False).returncode == -signal.SIGKILL
    assert [row["state"] for row in jobs()] == ["rendering"]
    with record_job("take", "harbour", "A01_S01_SH002", "alive"):
        assert synced().interrupted == [("harbour", CLIP)]
        assert [row["state"] for row in jobs()] == ["interrupted", "rendering"]
    assert clips()[CLIP] == ("interrupted", "its process was killed")
    assert synced().interrupted == []


def test_a_process_number_that_is_used_again_is_another_process(film: Film) -> None:
    def add(db: Connection) -> list[tuple[str, str]]:
        with transaction(db):
            insert_job(db, JobKey("harbour", "take", CLIP, ""), JobRow("rendering", f"{os.getpid()}-1", ""))
            insert_job(db, JobKey("harbour", "take", CLIP, ""), JobRow("rendering", "no process at all", ""))
            return mark_interrupted(db)

    assert use(add) == [("harbour", CLIP)] * 2


def test_jobs_of_another_machine_are_left_to_it(film: Film) -> None:
    def add(db: Connection) -> None:
        with transaction(db):
            insert_job(db, JobKey("harbour", "take", CLIP, ""), JobRow("rendering", "1-1", ""))
            db.execute("UPDATE jobs SET host = 'elsewhere'")
            assert mark_interrupted(db) == []

    use(add)


def test_takes_are_queued_by_their_build_and_interrupted_with_it(
    film: Film, synced: Syncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced()
    takes = [(clip.clip_id, clip.take.digest) for clip in plan_film("harbour", "final").clips.values()][:2]
    monkeypatch.setenv(VARIABLE, str(BuildProcess.of(os.getpid())))
    queue_takes({"harbour": takes})
    queue_takes({"harbour": takes})  # a build that is begun again
    assert [row["state"] for row in jobs()] == ["queued", "queued"]
    assert clips()[CLIP] == ("queued", "")
    assert synced().interrupted == []
    with record_job("take", "harbour", CLIP, takes[0][1]):
        assert sorted(row["state"] for row in jobs()) == ["queued", "rendering"]
        film.write(f"renders/takes/{CLIP}/{takes[0][1]}.mp4", b"the take")

    def build_died(db: Connection) -> None:
        with transaction(db):
            db.execute("UPDATE jobs SET process = '1-1' WHERE state = 'queued'")

    use(build_died)
    assert synced().interrupted == [("harbour", "A01_S01_SH002")]
    assert clips()["A01_S01_SH002"] == ("interrupted", "its build ended before it")
    assert clips()[CLIP][0] == "rendered"


def test_where_nothing_is_to_be_rendered_the_registry_is_not_even_loaded(film: Film) -> None:
    script = (
        "import sys\n"
        "from vtx_app.registry.jobs import queue_takes\n"
        "queue_takes({})\n"
        "queue_takes({'harbour': []})\n"
        "sys.exit('sqlite3' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    assert not registry_path().exists()


def test_a_stage_of_the_story_is_a_job(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    film.write("metadata.yaml", film.read("metadata.yaml") + "story: {writer: fountain}\n")
    words = ["story", "--project", "harbour", "--at-once", "1", "--stage"]
    for stage, code in (("outline", 1), ("clips", 0)):
        monkeypatch.setattr(sys, "argv", [*words, stage])
        assert run(write_stage, "", ["stage", "at-once"], ["only"]) == code, stage
    assert [(row["kind"], row["subject"], row["state"]) for row in jobs()] == [
        ("story", "outline", "failed"),
        ("story", "clips", "rendered"),
    ]


def test_the_registry_is_deleted_while_a_job_works(film: Film) -> None:
    with record_job("take", "harbour", CLIP, "first"):
        for path in (film.root / ".vtx").glob("registry*"):
            path.unlink()
        with record_job("take", "harbour", "A01_S01_SH002", "second"):  # takes the first one's row number
            pass
    assert sorted((row["digest"], row["state"]) for row in jobs()) == [("first", "rendered"), ("second", "rendered")]


@pytest.fixture
def locked(film: Film) -> Iterator[None]:
    """A registry that somebody has been writing to for long."""
    use(lambda db: None)
    with contextlib.closing(sqlite3.connect(registry_path(), isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        yield
        busy.execute("ROLLBACK")


def test_a_registry_that_is_locked_costs_the_note_alone(locked: None) -> None:
    with record_job("take", "harbour", CLIP, "", wait=0.1):
        done = True
    assert done
    assert WAIT_SECONDS <= 5


def test_so_does_one_that_can_t_be_there(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VTX_APP_HOME", str(film.write("a_file", "")))
    with pytest.raises(RenderError, match="its own"), record_job("take", "harbour", CLIP, ""):
        raise RenderError("its own")


def test_so_does_a_python_without_sqlite(film: Film) -> None:
    script = (
        "import sys\n"
        "sys.modules['sqlite3'] = None\n"
        "from vtx_app.registry.jobs import record_job\n"
        f"with record_job('take', 'harbour', '{CLIP}'):\n"
        "    print('done')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("done\n", "")


@pytest.mark.parametrize("text", ["'; DROP TABLE jobs; --", '"', "\x1b[31m\0", "🎬\n\tא", "x" * 2000, "\udcff"])
def test_whatever_is_said_is_data(film: Film, text: str) -> None:
    with pytest.raises(ValueError), record_job("take", "harbour", CLIP, ""):
        raise ValueError(text)
    (row,) = jobs()
    said = text.split("\n")[0].strip().encode("utf-8", "backslashreplace").decode()
    assert row["error"] == f"ValueError: {said}"[:500]
    assert use(lambda db: newest_jobs(db, "harbour"))[CLIP, ""] == ("failed", row["error"])
