"""``vtx projects list``: every film, whatever is wrong with it or with the registry."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from kit.film import Film, write_film
from kit.takes import touch_takes
from kit.typed import vtx, vtx_json
from vtx_app.errors import RenderError
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.plan.planner import plan_film
from vtx_app.registry.database import registry_path
from vtx_app.registry.jobs import record_job

CLIP, STEM = "A01_S01_SH001", "A01_S01_SH001__empty_quay"


def clips(slug: str = "harbour") -> list[ClipPlan]:
    return list(plan_film(slug, "final").clips.values())


def test_the_films_are_listed(film: Film) -> None:
    touch_takes(film.slug, 4)
    other = write_film(film.root, "ferry")
    other.edit_clip(STEM, "positive:", "positiv:")
    assert [line["slug"] for line in vtx_json("projects", "list")] == ["ferry", "harbour"]
    ferry, harbour = vtx_json("projects", "list")
    assert (harbour["clips"], harbour["rendered"], harbour["to_render"], harbour["seconds"]) == (6, 4, 2, 5.88)
    assert f"ferry/prompts/clips/{STEM}.yaml:15: prompt.positive: missing" in ferry["trouble"]
    lines = vtx("projects", "list").stdout.splitlines()
    assert lines[0].split() == [
        *("film", "title", "renderer", "clips", "rendered", "approved", "to", "render", "seconds", "trouble")
    ]
    assert lines[-1].split() == ["harbour", "Harbour", "animatic", "6", "4", "0", "2", "5.9"]


def test_the_list_is_synced_first_unless_no_sync_is_given(film: Film) -> None:
    vtx_json("projects", "list")
    touch_takes(film.slug, 2)
    assert vtx_json("projects", "list", "--no-sync")[0]["rendered"] == 0
    assert vtx_json("projects", "list")[0]["rendered"] == 2
    for path in registry_path().parent.glob("registry*"):
        path.unlink()
    assert vtx_json("projects", "list", "--no-sync") == []
    assert vtx("projects", "list", "--no-sync").stdout == "no films yet: vtx projects new <slug> --title …\n"
    assert vtx_json("projects", "list")[0]["rendered"] == 2


def test_failed_and_interrupted_jobs_are_counted(film: Film) -> None:
    for clip, error in zip(clips()[:2], (RenderError("no room"), KeyboardInterrupt()), strict=True):
        with contextlib.suppress(BaseException), record_job("take", "harbour", clip.clip_id, clip.take.digest):
            raise error
    assert "1 failed, 1 interrupted" in vtx("projects", "list").stdout


def test_a_registry_that_can_t_be_written_hides_no_film(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VTX_APP_HOME", str(film.write("a_file", "")))
    done = vtx("projects", "list")
    assert "harbour" in done.stdout
    assert "can't be used: File exists; correct that, or set VTX_APP_HOME to a folder" in done.stderr
    assert "every film is read instead" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert CLIP in vtx("projects", "status", "harbour").stdout
    assert "can't be used" in vtx("registry", "sync", code=1).stderr


@pytest.mark.parametrize("version", [1, 99])
def test_a_registry_of_another_vtx_is_rebuilt(film: Film, version: int) -> None:
    listed = vtx_json("projects", "list")
    with contextlib.closing(sqlite3.connect(registry_path())) as db:
        db.execute(f"PRAGMA user_version = {version}")
    assert vtx("registry", "sync").stdout == "1 film: 1 read, 0 unchanged\n"
    assert vtx_json("projects", "list") == listed
