"""What is asked of the registry."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable

from kit.film import Film, write_film
from kit.takes import touch_final, touch_takes
from vtx_app.errors import RenderError
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.planner import plan_film
from vtx_app.registry.database import Connection, transaction, use
from vtx_app.registry.films import FilmSummary, all_films, open_film, unfinished_films
from vtx_app.registry.jobs import record_job
from vtx_app.studio.sync import Synced

Syncing = Callable[[], Synced]


def plan(slug: str) -> FilmPlan:
    return plan_film(slug, "final")


def lines() -> dict[str, FilmSummary]:
    return {line.slug: line for line in use(all_films)}


def test_a_film_is_counted(film: Film, synced: Syncing) -> None:
    touch_takes(film.slug, 4)
    film.edit_clip("A01_S01_SH001__empty_quay", "state: planned", "state: approved")
    last = list(plan("harbour").clips.values())[4]
    with contextlib.suppress(RenderError), record_job("take", "harbour", last.clip_id, last.take.digest):
        raise RenderError("no room")
    synced()
    line = lines()["harbour"]
    assert (line.clips, line.rendered, line.approved, line.to_render, line.to_conform) == (6, 4, 1, 2, 6)
    assert (line.failed, line.interrupted) == (1, 0)
    assert (line.seconds, line.seconds_to_render, line.finished) == (5.88, 2.0, False)
    assert line.trouble == ""
    assert line.data()["slug"] == "harbour"


def test_a_film_whose_final_is_there_is_finished_whatever_else_is_not(film: Film, synced: Syncing) -> None:
    touch_final(film.slug)
    synced()
    line = lines()["harbour"]
    assert (line.rendered, line.to_render, line.finished) == (0, 0, True)
    assert use(unfinished_films) == []
    (film.folder / "renders/final/harbour.manifest.json").unlink()
    synced()
    assert not lines()["harbour"].finished


def test_a_film_without_specs_is_not_finished(film: Film, synced: Syncing) -> None:
    for path in (film.folder / "prompts/clips").glob("*.yaml"):
        path.unlink()
    synced()
    assert [(line.slug, line.clips) for line in use(unfinished_films)] == [("harbour", 0)]


def test_unfinished_films_stand_in_the_order_to_go_on_with_them(film: Film, synced: Syncing) -> None:
    names = ("broken", "begun", "nearly", "stopped", "done", "another")
    made = {name: write_film(film.root, name) for name in names}
    made["broken"].write("metadata.yaml", "")
    touch_takes(made["begun"].slug, 2)
    touch_takes(made["nearly"].slug, 5)
    touch_final(made["done"].slug)
    touch_takes(made["stopped"].slug, 1)
    first = list(plan("stopped").clips.values())[1]
    with contextlib.suppress(KeyboardInterrupt), record_job("take", "stopped", first.clip_id, first.take.digest):
        raise KeyboardInterrupt
    synced()
    assert [line.slug for line in use(unfinished_films)] == [
        "stopped",
        "nearly",
        "begun",
        "another",
        "harbour",
        "broken",
    ]
    named = ["begun", "done", "another", "begun", "nobody"]
    assert [line.slug for line in use(lambda db: unfinished_films(db, named))] == ["begun", "another"]


def test_a_job_opens_its_film(film: Film, synced: Syncing) -> None:
    synced()
    assert lines()["harbour"].last_opened is None
    with record_job("cut", "harbour", "final"):
        pass
    opened = lines()["harbour"].last_opened
    assert opened is not None
    film.edit("metadata.yaml", '"Harbour"', '"Harbor"')
    synced()
    assert lines()["harbour"].last_opened == opened


def test_a_look_finds_dead_jobs(film: Film, synced: Syncing) -> None:
    def kill(db: Connection) -> None:
        with transaction(db):
            db.execute("UPDATE jobs SET process = ?", (f"{os.getpid()}-0",))

    synced()
    with record_job("take", "harbour", "A01_S01_SH001", "d"):
        use(kill)
        assert use(lambda db: open_film(db, "harbour")) == {
            ("A01_S01_SH001", "d"): ("interrupted", "its process was killed")
        }
    assert lines()["harbour"].last_opened is not None
