"""``vtx resume``: the unfinished films in one build."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.film import Film, write_film
from kit.takes import touch_final, touch_takes
from kit.typed import noted_words, vtx, vtx_json

REAL_PYTHON = sys.executable
CLIP, STEM = "A01_S01_SH001", "A01_S01_SH001__empty_quay"
FINAL = "projects/harbour/renders/final/harbour.mp4"


def test_unfinished_films_are_built_together(film: Film, ran: Path) -> None:
    touch_takes(write_film(film.root, "quay").slug, 3)
    touch_final(write_film(film.root, "done").slug)
    done = vtx("resume", "--yes", "-c", "2", code=3)
    said = "projects/quay/renders/final/quay.mp4 " + FINAL
    assert done.stderr.splitlines()[-1] == f"$ snakemake {said} --cores 2 --resources gpu=1 --keep-going"
    assert noted_words(ran) == f"{said} --cores 2 --resources gpu=1 --keep-going".split()
    rows = [line.split() for line in done.stdout.splitlines()[1:]]
    assert rows == [["quay", "Harbour", "3", "of", "6", "3", "3.0"], ["harbour", "Harbour", "0", "of", "6", "6", "6.0"]]


def test_films_given_by_name_are_built_alone_and_in_that_order(film: Film, ran: Path) -> None:
    for slug in ("ferry", "quay"):
        write_film(film.root, slug)
    vtx("resume", "--yes", "--project", "quay", "-p", "ferry", "-p", "quay", code=3)
    assert noted_words(ran)[:2] == [f"projects/{slug}/renders/final/{slug}.mp4" for slug in ("quay", "ferry")]
    ran.unlink()
    assert "no film 'quai'" in vtx("resume", "--yes", "-p", "quai", code=1).stderr
    assert "is not a project" in vtx("resume", "--yes", "-p", "../x", code=1).stderr
    assert not ran.exists()


def test_nothing_is_built_without_yes(film: Film, ran: Path) -> None:
    done = vtx("resume", code=2)
    assert done.stdout.splitlines()[-1] == "Nothing is built yet. To go on with 1 film: vtx resume --yes"
    assert not ran.exists()
    vtx("resume", "-n", code=3)
    assert noted_words(ran)[-2:] == ["--keep-going", "--dry-run"]


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
        assert noted_words(ran)[0] == FINAL


def test_nothing_is_unfinished(film: Film, ran: Path) -> None:
    touch_final("harbour")
    assert vtx("resume", "--yes").stdout == "nothing is unfinished\n"
    assert vtx("resume", "--yes", "-p", "harbour").stdout == "nothing is unfinished\n"
    assert not ran.exists()


def test_a_fault_in_a_films_own_python_is_reported_before_anything_is_built(film: Film, ran: Path) -> None:
    film.write("env/python_version.txt", "newest\n")
    film.write("env/requirements.txt", "# nothing yet\n")
    assert "requirements.txt: lists nothing: list what" in vtx("project", "env-create", "harbour", code=1).stderr
    fault = "projects/harbour/env/python_version.txt:1: 'newest': expected a Python version, as in 3.12"
    film.write("env/requirements.txt", "six\n")
    assert f"  can't be rendered here: {fault}" in vtx("plan", "harbour").stdout.splitlines()
    assert vtx_json("plan", "harbour")["unrenderable"] == [fault]
    assert vtx("why", "harbour", CLIP).stdout == f"{CLIP}: to be rendered; never rendered\n"
    assert fault in vtx("doctor", "harbour", code=1).stdout
    assert fault in vtx("resume", "--yes", code=1).stderr
    assert not ran.exists()


def test_films_that_can_t_be_built_are_left_out_with_the_reason(film: Film, ran: Path) -> None:
    write_film(film.root, "broken").edit_clip(STEM, "positive:", "positiv:")
    shutil.rmtree(write_film(film.root, "empty").folder / "prompts/clips")
    write_film(film.root, "unlisted").write("story/04_shotlist.yaml", "shots: [{clip_id: A09_S01_SH001}]\n")
    write_film(film.root, "modelless").edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    done = vtx("resume", "--yes", code=3)
    assert noted_words(ran)[0] == FINAL
    assert not [word for word in noted_words(ran)[1:] if word.startswith("projects/")]
    left_out = sorted(line for line in done.stderr.splitlines() if " is left out: " in line)
    assert [line.partition(" ")[0] for line in left_out] == ["broken", "empty", "modelless", "unlisted"]
    assert "prompt.positive: missing" in left_out[0]
    assert "has no clip specs yet: vtx story all empty" in left_out[1]
    assert "is not set" in left_out[2]
    assert "none of the 6 clips of unlisted is in the film: story/04_shotlist.yaml names none" in left_out[3]
    ran.unlink()
    assert "is left out" in vtx("resume", "--yes", "-p", "broken", code=1).stderr
    assert not ran.exists()
