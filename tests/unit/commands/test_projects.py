"""``vtx projects``, ``vtx registry``, ``vtx resume``: what they say of films, and what they build."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from kit.film import IDS, Film, write_film
from vtx_app.commands.app import app
from vtx_app.errors import RenderError
from vtx_app.media.mp4 import write_stamp
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.plan.planner import plan_film
from vtx_app.registry.database import registry_path
from vtx_app.registry.jobs import record_job
from vtx_app.render.ltx.progress import Step, progress_file

REAL_PYTHON = sys.executable
CLIP, STEM = "A01_S01_SH001", "A01_S01_SH001__empty_quay"
FINAL = "projects/harbour/renders/final/harbour.mp4"


def vtx(*words: str, code: int = 0, typed: str = "") -> Result:
    """One command as a person types it, some time after the last edit."""
    time.sleep(0.05)
    done = CliRunner().invoke(app, list(words), input=typed)
    assert done.exit_code == code, done.output
    assert done.output.replace("\n", "").isprintable()
    return done


def told(*words: str) -> Any:
    return json.loads(vtx(*words, "--json").stdout)


def clips(slug: str = "harbour") -> list[ClipPlan]:
    return list(plan_film(slug, "final").clips.values())


def render(film: Film, count: int) -> None:
    for clip in clips(film.slug)[:count]:
        clip.take.path.parent.mkdir(parents=True, exist_ok=True)
        clip.take.path.touch()


def finish(film: Film) -> None:
    final = plan_film(film.slug, "final").final
    assert final is not None
    final.path.parent.mkdir(parents=True)
    final.path.touch()
    write_stamp(final.path, final.stamp)
    final.manifest.write_text(json.dumps({"stamp": final.stamp}), encoding="utf-8")


# -- list ------------------------------------------------------------------------------------------


def test_the_films_are_listed(film: Film) -> None:
    render(film, 4)
    other = write_film(film.root, "ferry")
    other.edit_clip(STEM, "positive:", "positiv:")
    assert [line["slug"] for line in told("projects", "list")] == ["ferry", "harbour"]
    ferry, harbour = told("projects", "list")
    assert (harbour["clips"], harbour["rendered"], harbour["to_render"], harbour["seconds"]) == (6, 4, 2, 6.0)
    assert f"ferry/prompts/clips/{STEM}.yaml:15: prompt.positive: missing" in ferry["trouble"]
    lines = vtx("projects", "list").stdout.splitlines()
    assert lines[0].split() == [
        *("film", "title", "renderer", "clips", "rendered", "approved", "to", "render", "seconds", "trouble")
    ]
    assert lines[-1].split() == ["harbour", "Harbour", "animatic", "6", "4", "0", "2", "6.0"]


def test_the_list_is_brought_up_to_date_first_unless_that_is_not_wanted(film: Film) -> None:
    told("projects", "list")
    render(film, 2)
    assert told("projects", "list", "--no-sync")[0]["rendered"] == 0
    assert told("projects", "list")[0]["rendered"] == 2
    for path in registry_path().parent.glob("registry*"):
        path.unlink()
    assert told("projects", "list", "--no-sync") == []
    assert vtx("projects", "list", "--no-sync").stdout == "no films yet: vtx projects new <slug> --title …\n"
    assert told("projects", "list")[0]["rendered"] == 2


def test_what_stopped_is_told(film: Film) -> None:
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
    listed = told("projects", "list")
    with contextlib.closing(sqlite3.connect(registry_path())) as db:
        db.execute(f"PRAGMA user_version = {version}")
    assert vtx("registry", "sync").stdout == "1 film: 1 read, 0 unchanged\n"
    assert told("projects", "list") == listed


HOSTILE = ["\x1b[31mred\x07", "\x9b2J", "\u202etxet", "'; DROP TABLE projects; --", "[red]x[/red]"]


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_reaches_a_terminal_as_anything_but_text(film: Film, title: str) -> None:
    film.edit("metadata.yaml", '"Harbour"', json.dumps(title))
    film.edit_clip(STEM, "title: Empty quay", f"title: {json.dumps(title)}")
    shown = "".join(letter if letter.isprintable() else " " for letter in title).strip()
    assert shown in vtx("projects", "list").stdout
    assert shown in vtx("projects", "status", "harbour").stdout
    assert told("projects", "list")[0]["title"] == title
    assert told("projects", "status", "harbour")["clips"][0]["title"] == title


# -- status ----------------------------------------------------------------------------------------


def test_a_film_is_told_act_by_act(film: Film) -> None:
    render(film, 2)
    first, _, third, *_ = clips()
    film.write(f"review/selects/{CLIP}.yaml", f"clip_id: {CLIP}\nstate: approved\ntake: {first.take.digest}\n")
    film.edit_clip(STEM, "dawn", "dusk")
    with contextlib.suppress(RenderError), record_job("take", "harbour", third.clip_id, third.take.digest):
        raise RenderError("no room\nreally")
    status = told("projects", "status", "harbour")
    assert [act["act"] for act in status["acts"]] == ["A01", "A02"]
    scenes = [(scene["scene"], scene["title"], scene["seconds"]) for act in status["acts"] for scene in act["scenes"]]
    assert scenes == [("A01_S01", "The quay", 2.0), ("A01_S02", "", 2.0), ("A02_S01", "", 2.0)]
    assert [clip["clip"] for clip in status["clips"]] == IDS
    assert [clip["state"] for clip in status["clips"]] == ["approved", "rendered", "failed", *["planned"] * 3]
    assert status["clips"][0]["out_of_date"] is True
    assert status["clips"][2]["error"] == "no room"
    assert status["to_render"] == IDS[2:]
    assert (status["rendered"], status["seconds"], status["finished"]) == (2, 6.0, False)
    text = vtx("projects", "status", "harbour").stdout
    assert "approved, out of date" in text
    assert "failed: no room" in text
    assert "harbour: 6 clips, 0:06 of film, renderer animatic; 4 to render (4.0 s of film), 6 to conform" in text


def test_a_clip_that_is_being_rendered_says_where_it_is(film: Film) -> None:
    first, *_ = clips()
    with (
        record_job("take", "harbour", CLIP, first.take.digest),
        progress_file(film.root / ".vtx", first.take.path) as note,
    ):
        note(Step("denoise, \x1b[31mstage 1", 2, 8))
        status = told("projects", "status", "harbour")
        now = status["clips"][0]["rendering"]
        assert (now["doing"], now["done"], now["of"]) == ("denoise, \x1b[31mstage 1", 2, 8)
        assert status["clips"][1]["rendering"] is None
        text = vtx("projects", "status", "harbour").stdout
        assert re.search(r"rendering: denoise,  \[31mstage 1, 2 of 8 \(25 %\), since \d\d:\d\d$", text, re.MULTILINE)
        for path in registry_path().parent.glob("registry*"):
            path.unlink()  # the note alone says it
        assert told("projects", "status", "harbour")["clips"][0]["state"] == "rendering"
        for name, text in {CLIP: '{"process": 5}', "A": "", "B": "[]", "C": '{"process": "1-1"}'}.items():
            film.root.joinpath(f".vtx/rendering/harbour/{name}.x.json").write_text(text)  # of those that were killed
        note(Step("load the transformer"))
        assert "rendering: load the transformer, since " in vtx("projects", "status", "harbour").stdout
    assert told("projects", "status", "harbour")["clips"][0]["state"] == "planned"


def test_a_film_without_specs_and_one_that_is_none(film: Film) -> None:
    shutil.rmtree(film.folder / "prompts/clips")
    assert vtx("projects", "status", "harbour").stdout == "harbour: no clip specs yet\n"
    assert "no film 'harbor'" in vtx("projects", "status", "harbor", code=1).stderr
    assert "'../x' is not a project" in vtx("projects", "status", "../x", code=1).stderr


# -- new -------------------------------------------------------------------------------------------


def test_a_new_film_says_how_to_go_on_from_any_folder(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(film.folder)
    lines = vtx("projects", "new", "ferry", "--title", "T").stdout.splitlines()
    assert lines[1] == "  snakemake animatic --cores 4 --config project=ferry"
    assert (film.root / "projects/ferry/metadata.yaml").exists()
    numbered = told("projects", "new", "2001", "--title", "T")
    assert (numbered["slug"], numbered["folder"]) == ("2001", "projects/2001")
    assert numbered["storyboard"][-1] == "project=!!str 2001"  # else Snakemake reads a number
    assert [line["slug"] for line in told("projects", "list")] == ["2001", "ferry", "harbour"]


# -- registry --------------------------------------------------------------------------------------


def test_a_sync_says_what_it_read(film: Film) -> None:
    other = write_film(film.root, "ferry")
    assert vtx("registry", "sync").stdout == "2 films: 2 read, 0 unchanged\n"
    other.write("metadata.yaml", "x: 1")
    lines = vtx("registry", "sync").stdout.splitlines()
    assert lines[0] == "2 films: 1 read, 1 unchanged"
    assert lines[1].startswith("  ferry: projects/ferry/metadata.yaml")
    assert vtx("registry", "sync").stdout.splitlines() == ["2 films: 0 read, 2 unchanged", lines[1]]
    shutil.rmtree(other.folder)
    assert vtx("registry", "sync").stdout == "1 film: 0 read, 1 unchanged, 1 gone (ferry)\n"
    nothing = {"films": 1, "read": [], "unchanged": 1, "gone": [], "faults": {}, "interrupted": []}
    assert told("registry", "sync") == nothing
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setenv("VTX_PROJECTS_ROOT", "disk/films")
        for words in (("projects", "list"), ("registry", "sync")):
            assert vtx(*words, code=1).stderr.startswith("disk/films, the folder of the films: no such file")


# -- resume ----------------------------------------------------------------------------------------


def words_of(ran: Path) -> Sequence[str]:
    return ran.read_text(encoding="utf-8").splitlines()[2:]


def test_unfinished_films_are_one_build_in_their_order(film: Film, ran: Path) -> None:
    render(write_film(film.root, "quay"), 3)
    finish(write_film(film.root, "done"))
    done = vtx("resume", "--yes", "-c", "2", code=3)
    said = "projects/quay/renders/final/quay.mp4 " + FINAL
    assert done.stderr.splitlines()[-1] == f"$ snakemake {said} --cores 2 --resources gpu=1 --keep-going"
    assert list(words_of(ran)) == f"{said} --cores 2 --resources gpu=1 --keep-going".split()
    rows = [line.split() for line in done.stdout.splitlines()[1:]]
    assert rows == [["quay", "Harbour", "3", "of", "6", "3", "3.0"], ["harbour", "Harbour", "0", "of", "6", "6", "6.0"]]


def test_films_that_are_named_are_the_only_ones_and_stand_as_they_are_named(film: Film, ran: Path) -> None:
    for slug in ("ferry", "quay"):
        write_film(film.root, slug)
    vtx("resume", "--yes", "--project", "quay", "-p", "ferry", "-p", "quay", code=3)
    assert list(words_of(ran)[:2]) == [f"projects/{slug}/renders/final/{slug}.mp4" for slug in ("quay", "ferry")]
    ran.unlink()
    assert "no film 'quai'" in vtx("resume", "--yes", "-p", "quai", code=1).stderr
    assert "is not a project" in vtx("resume", "--yes", "-p", "../x", code=1).stderr
    assert not ran.exists()


def test_nothing_is_built_unasked(film: Film, ran: Path) -> None:
    done = vtx("resume", code=2)
    assert done.stdout.splitlines()[-1] == "Nothing is built yet. To go on with 1 film: vtx resume --yes"
    assert not ran.exists()
    vtx("resume", "-n", code=3)
    assert list(words_of(ran)[-2:]) == ["--keep-going", "--dry-run"]


@pytest.mark.parametrize(("typed", "code", "runs"), [("n", 1, False), ("y", 3, True)])
def test_a_person_at_a_terminal_is_asked(film: Film, ran: Path, typed: str, code: int, runs: bool) -> None:
    stand_in = sys.executable
    program = f"import sys; sys.executable = {stand_in!r}; from vtx_app.cli import main; main()"
    terminal, keyboard = pty.openpty()
    os.write(terminal, f"{typed}\n".encode())
    done = subprocess.run(
        [REAL_PYTHON, "-c", program, "resume"], stdin=keyboard, capture_output=True, text=True, check=False
    )
    os.close(terminal)
    os.close(keyboard)
    assert done.returncode == code, done.stderr
    assert "Go on with 1 film? [Y/n]: " in done.stdout
    assert ran.exists() == runs
    if runs:
        assert words_of(ran)[0] == FINAL


def test_where_all_is_finished_there_is_nothing_to_do(film: Film, ran: Path) -> None:
    finish(film)
    assert vtx("resume", "--yes").stdout == "nothing is unfinished\n"
    assert vtx("resume", "--yes", "-p", "harbour").stdout == "nothing is unfinished\n"
    assert not ran.exists()


def test_a_film_whose_python_can_t_be_made_is_told_before_anything_is_built(film: Film, ran: Path) -> None:
    film.write("env/python_version.txt", "newest\n")
    film.write("env/requirements.txt", "# nothing yet\n")
    assert "requirements.txt: lists nothing: list what" in vtx("project", "env-create", "harbour", code=1).stderr
    fault = "projects/harbour/env/python_version.txt:1: 'newest': expected a Python version, as in 3.12"
    film.write("env/requirements.txt", "six\n")
    assert f"  can't be rendered here: {fault}" in vtx("plan", "harbour").stdout.splitlines()
    assert told("plan", "harbour")["unrenderable"] == [fault]
    assert vtx("why", "harbour", CLIP).stdout == f"{CLIP}: to be rendered; never rendered\n"
    assert fault in vtx("doctor", "harbour", code=1).stdout
    assert fault in vtx("resume", "--yes", code=1).stderr
    assert not ran.exists()


def test_films_that_can_t_be_built_are_left_out_and_told(film: Film, ran: Path) -> None:
    write_film(film.root, "broken").edit_clip(STEM, "positive:", "positiv:")
    shutil.rmtree(write_film(film.root, "empty").folder / "prompts/clips")
    write_film(film.root, "modelless").edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    done = vtx("resume", "--yes", code=3)
    assert words_of(ran)[0] == FINAL
    assert not [word for word in words_of(ran)[1:] if word.startswith("projects/")]
    left_out = sorted(line for line in done.stderr.splitlines() if " is left out: " in line)
    assert [line.partition(" ")[0] for line in left_out] == ["broken", "empty", "modelless"]
    assert "prompt.positive: missing" in left_out[0]
    assert "has no clip specs yet: vtx story all empty" in left_out[1]
    assert "is not set" in left_out[2]
    ran.unlink()
    assert "is left out" in vtx("resume", "--yes", "-p", "broken", code=1).stderr
    assert not ran.exists()


def test_many_clips_are_planned_by_the_greedy_scheduler(film: Film, ran: Path) -> None:
    film.lengthen(300)
    vtx("resume", "--yes", code=3)
    assert list(words_of(ran)[-2:]) == ["--scheduler", "greedy"]
    vtx("resume", "--yes", "--", "--quiet", "rules", code=3)
    assert list(words_of(ran)[-2:]) == ["--quiet", "rules"]
