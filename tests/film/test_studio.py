"""A working day, by the commands a film-maker types, on real files, with a second film beside it all the time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from buildkit import Recorded, building
from filmkit import Film, write_film

CLIP, STEM = "A01_S01_SH002", "A01_S01_SH002__mara"


def vtx(film: Film, *words: str, code: int = 0, env: dict[str, str] | None = None) -> str:
    """What a ``vtx`` command says, stdout and stderr together; it must end with ``code``."""
    done = subprocess.run(
        [sys.executable, "-m", "vtx_app.cli", *words],
        cwd=film.root,
        env=film.environment(env),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode == code, done.stdout
    assert "Traceback" not in done.stdout
    return done.stdout


def shown(film: Film) -> str:
    """The digest of the take that the clip shows."""
    (take,) = [take for take in json.loads(vtx(film, "takes", "harbour", CLIP, "--json")) if "shown" in take["state"]]
    return str(take["digest"])


def test_a_working_day(tmp_path: Path) -> None:
    film = write_film(tmp_path)
    assert "projects/ferry" in vtx(film, "projects", "new", "ferry", "--title", 'The "Ferry" \x1b[31m')
    (film.root / "projects/ferry/project.env").write_text("PROJECT_WIDTH=128\nPROJECT_HEIGHT=72\n", encoding="utf-8")
    vtx(film, "render", "all", "harbour")
    vtx(film, "assemble", "final", "ferry", "--tier", "animatic")
    assert "\x1b" not in vtx(film, "projects", "list")
    listed = {each["slug"]: each for each in json.loads(vtx(film, "projects", "list", "--json"))}
    assert (listed["harbour"]["clips"], listed["harbour"]["rendered"]) == (6, 6)
    assert listed["ferry"]["title"] == 'The "Ferry" \x1b[31m'

    film.edit("prompts/characters.yaml", "in a yellow oilskin", "in a black oilskin")
    plan = json.loads(vtx(film, "plan", "harbour", "--json"))
    assert plan["render"] == film.dry_run("clips").takes == [CLIP]
    assert plan["causes"] == {"prompts/characters.yaml: characters.mara.wardrobe.oilskin": [CLIP]}
    why = vtx(film, "why", "harbour", CLIP)
    assert "    - in a yellow oilskin" in why
    assert "    + in a black oilskin" in why
    printed = vtx(film, "render", "clip", "harbour", CLIP, "-n")
    assert f"$ snakemake projects/harbour/renders/clips/{STEM}.mp4 --cores" in printed
    vtx(film, "render", "clip", "harbour", CLIP)
    black = shown(film)

    vtx(film, "take", "reject", "harbour", CLIP)
    assert film.dry_run("clips").takes == [CLIP]
    vtx(film, "render", "scene", "harbour", "A01_S01")
    second = shown(film)
    assert second != black
    vtx(film, "take", "reroll", "harbour", CLIP, "--seeds", "2")
    takes = json.loads(vtx(film, "takes", "harbour", CLIP, "--json"))
    assert len(takes) == 5 or len(takes) == 4  # a seed that was asked for may be the one that a rejection took
    other = next(
        take["digest"] for take in takes if take["digest"] not in (black, second) and "choose" in take["state"]
    )
    vtx(film, "take", "approve", "harbour", CLIP, other[:10])
    vtx(film, "render", "all", "harbour", "--resume")

    film.edit("prompts/style_bible.yaml", "soft grain", "hard grain")
    assert shown(film) == other  # approved is approved
    plan = json.loads(vtx(film, "plan", "harbour", "--json"))
    assert CLIP not in plan["render"]
    assert plan["frozen"] == {CLIP: ["prompts/style_bible.yaml: global_prefix"]}
    assert sorted(plan["render"]) == film.dry_run("clips").takes
    vtx(film, "take", "note", "harbour", CLIP, "keep: 'this' # one\x1b[0m")
    text = vtx(film, "assemble", "final", "harbour")
    assert f"{CLIP}: approved since 20" in text
    assert "5 to render" in text
    assert shown(film) == other
    assert (film.folder / "renders/final/harbour.mp4").exists()
    vtx(film, "take", "accept", "harbour", CLIP)
    assert json.loads(vtx(film, "plan", "harbour", "--json"))["frozen"] == {}
    vtx(film, "take", "unfreeze", "harbour", CLIP)
    assert film.dry_run("clips").takes == [CLIP]

    before = film.takes()
    assert "nothing is removed without --yes" in vtx(film, "gc", "harbour")
    for path in (film.folder / "renders/takes").glob("*/*"):
        os.utime(path, (0, 0))
    told = json.loads(vtx(film, "gc", "harbour", "--json"))
    assert told["removed"] is False
    assert film.takes() == before
    vtx(film, "gc", "harbour", "--yes")
    after = film.takes()
    assert all(after[clip_id] for clip_id in before)
    assert other in before[CLIP]
    assert "Nothing to be done" not in vtx(film, "render", "all", "harbour")
    assert len(film.takes()[CLIP]) == len(after[CLIP]) + 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("render", "clip", "harbour", "A01_S01_SH009"), "no clip 'A01_S01_SH009' in harbour, did you mean"),
        (("render", "all", "harbor"), "no film 'harbor'"),
        (("render", "all", "../x"), "'../x' is not a project"),
        (("render", "all", "harbour", "--tier", "best"), "--tier 'best': expected animatic, draft, final"),
        (("assemble", "act", "harbour", "A09"), "no act 'A09' in harbour; it has A01, A02"),
        (("take", "approve", "harbour", CLIP), "is not rendered yet"),
        (("take", "pick", "harbour", CLIP, "abc"), "there is no such take"),
        (("why", "harbour", "A9"), "no clip 'A9' in this film"),
        (("project", "env-create", "harbour"), "env/requirements.txt: no such file"),
        (("projects", "new", "harbour", "--title", "x"), "is there already; it stays as it is"),
        (("story", "all", "harbor"), "no film 'harbor'"),
    ],
)
def test_what_a_person_got_wrong_is_one_line(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    film = write_film(tmp_path)
    said = vtx(film, *words, code=1)
    assert message in said
    assert len(said.strip().splitlines()) == 1


def test_a_killed_render_goes_on(tmp_path: Path) -> None:
    film = write_film(tmp_path)
    record = Recorded(tmp_path / "record")
    with building(film, "final", env=record.environment(still=True)) as build:
        assert build.wait_until(record.standing)
        build.signal(signal.SIGKILL, group=True)
    film.snakemake("--unlock")
    vtx(film, "render", "all", "harbour", "--resume")
    assert not film.dry_run("clips").takes


def test_settings_are_shown_with_their_lines_and_secrets_never(tmp_path: Path) -> None:
    film = write_film(tmp_path)
    secret = {"OPENAI_API_KEY": "sk-secret-0123456789"}
    said = vtx(film, "config", "show", "harbour", env=secret)
    assert "projects/harbour/metadata.yaml:9: fps" in said
    assert "sk-secret" not in said + vtx(film, "config", "show", "harbour", "--json", env=secret)
    rows = {each["setting"]: each for each in json.loads(vtx(film, "config", "show", "harbour", "--json", env=secret))}
    assert (rows["fps"]["value"], rows["OPENAI_API_KEY"]["value"]) == (8.0, "set")
    assert rows["max_seconds"]["from"] == "built-in"


def test_the_doctor_says_what_stops_a_film_and_what_does_not(tmp_path: Path) -> None:
    film = write_film(tmp_path)
    said = vtx(film, "doctor", "harbour", env={"OPENAI_API_KEY": "sk-secret-0123456789"})
    assert "harbour: 6 clips, renderer animatic" in said
    assert "sk-secret" not in said
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    said = vtx(film, "doctor", "harbour", code=1)
    assert "PROBLEM" in said
    assert all(each["state"] in ("ok", "note", "problem") for each in json.loads(vtx(film, "doctor", "--json")))
