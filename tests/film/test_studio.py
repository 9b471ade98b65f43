"""A working day, by the commands a film-maker types, on real files, with a second film beside it all the time."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from kit.build import SHORT_IDS, Recorded, building, write_short_film
from kit.command import listed_films, vtx, vtx_json
from kit.film import Film, write_film

FIRST, CLIP, STEM = "A01_S01_SH001", "A01_S01_SH002", "A01_S01_SH002__nobody_today"


def due(film: Film) -> list[str]:
    """The clips whose takes a dry-run of Snakemake's own says it would render."""
    return film.dry_run("clips", words=("--config", f"project={film.slug}")).takes


def shown(film: Film) -> str:
    """The digest of the take that the clip shows."""
    (take,) = [take for take in vtx_json(film, "takes", film.slug, CLIP) if "shown" in take["state"]]
    return str(take["digest"])


def test_a_working_day(tmp_path: Path) -> None:
    """One film from its first day to the day after the crash; the other is not touched by any of it, and resumed."""
    harbour = write_short_film(tmp_path, seconds=1)
    title = 'The "Ferry" \x1b[31m'
    assert "projects/ferry" in vtx(harbour, "projects", "new", "ferry", "--title", title)
    film = Film(tmp_path, "ferry")
    film.write("project.env", "PROJECT_WIDTH=128\nPROJECT_HEIGHT=72\n")
    vtx(film, "assemble", "final", "ferry", "--tier", "animatic")
    assert (film.folder / "renders/animatic/final/ferry.mp4").exists()
    assert "\x1b" not in vtx(film, "projects", "list")
    assert [listed_films(film)[slug]["clips"] for slug in ("ferry", "harbour")] == [2, 2]
    assert (listed_films(film)["ferry"]["title"], listed_films(film)["ferry"]["rendered"]) == (title, 2)

    film.edit("prompts/characters.yaml", "in a grey wool coat", "in a black wool coat")
    plan = vtx_json(film, "plan", "ferry")
    assert plan["render"] == due(film) == [CLIP]
    assert plan["causes"] == {"prompts/characters.yaml: characters.keeper.wardrobe.morning": [CLIP]}
    why = vtx(film, "why", "ferry", CLIP)
    assert "    - in a grey wool coat" in why
    assert "    + in a black wool coat" in why
    printed = vtx(film, "render", "clip", "ferry", CLIP, "-n")
    assert f"$ snakemake projects/ferry/renders/clips/{STEM}.mp4 --cores" in printed
    vtx(film, "render", "clip", "ferry", CLIP)
    black = shown(film)

    vtx(film, "take", "reject", "ferry", CLIP)
    assert due(film) == [CLIP]
    vtx(film, "render", "scene", "ferry", "A01_S01")
    second = shown(film)
    assert second != black
    vtx(film, "take", "reroll", "ferry", CLIP, "--seeds", "2")
    takes = [take["digest"] for take in vtx_json(film, "takes", "ferry", CLIP) if "choose" in take["state"]]
    chosen = next(str(digest) for digest in takes if digest not in (black, second))
    vtx(film, "take", "approve", "ferry", CLIP, chosen[:10])

    film.edit("prompts/style_bible.yaml", "fine grain", "coarse grain")
    assert shown(film) == chosen  # approved is approved
    plan = vtx_json(film, "plan", "ferry")
    assert plan["render"] == due(film) == [FIRST]
    assert plan["frozen"] == {CLIP: ["prompts/style_bible.yaml: global_prefix"]}
    vtx(film, "take", "note", "ferry", CLIP, "keep: 'this' # one\x1b[0m")

    record = Recorded(tmp_path / "record")
    with building(film, "final", "--config", "project=ferry", env=record.environment(still=True)) as build:
        assert build.wait_until(record.standing), build.said
        assert f"{CLIP}: approved 20" in build.said
        build.signal(signal.SIGKILL, group=True)
    assert vtx_json(film, "projects", "status", "ferry")["clips"][0]["state"] == "interrupted"
    assert not (harbour.folder / "renders").exists()
    said = vtx(film, "resume", "--yes", env=record.environment())
    assert "$ snakemake projects/ferry/renders/final/ferry.mp4 projects/harbour/renders/final/harbour.mp4" in said
    assert record.ended() == sorted([FIRST, *SHORT_IDS])  # each once, and nothing that was approved
    assert [listed_films(film)[slug]["finished"] for slug in ("ferry", "harbour")] == [True, True]
    manifest = json.loads(film.read("renders/final/ferry.manifest.json"))
    assert [clip["digest"] for clip in manifest["clips"]][1] == chosen == shown(film)
    assert "Nothing to be done" in vtx(film, "assemble", "final", "ferry")


def test_what_is_accepted_and_what_is_not_needed_any_more(tmp_path: Path) -> None:
    film = write_short_film(tmp_path, seconds=1)
    clip_id = SHORT_IDS[0]
    vtx(film, "render", "all", "harbour")
    (first,) = film.takes()[clip_id]
    vtx(film, "take", "approve", "harbour", clip_id)
    film.edit("prompts/style_bible.yaml", "soft grain", "hard grain")
    vtx(film, "take", "accept", "harbour", clip_id)
    assert vtx_json(film, "plan", "harbour")["frozen"] == {}
    vtx(film, "take", "unfreeze", "harbour", clip_id)
    assert film.dry_run("clips").takes == SHORT_IDS
    vtx(film, "render", "clip", "harbour", clip_id)

    before = film.takes()
    assert "nothing is removed without --yes" in vtx(film, "gc", "harbour")
    for path in (film.folder / "renders/takes").glob("*/*"):
        os.utime(path, (0, 0))
    assert vtx_json(film, "gc", "harbour")["removed"] is False
    assert film.takes() == before
    vtx(film, "gc", "harbour", "--yes")
    assert film.takes()[clip_id] == before[clip_id] - {first}
    assert film.dry_run("clips").takes == SHORT_IDS[1:]


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
        (("projects", "new", "harbour", "--title", "x"), "exists already; it stays as it is"),
        (("story", "all", "harbor"), "no film 'harbor'"),
    ],
)
def test_what_a_person_got_wrong_is_one_line(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    film = write_film(tmp_path)
    said = vtx(film, *words, code=1)
    assert message in said
    assert len(said.strip().splitlines()) == 1


def test_a_killed_render_goes_on(tmp_path: Path) -> None:
    film = write_short_film(tmp_path, seconds=1)
    record = Recorded(tmp_path / "record")
    with building(film, "clips", env=record.environment(still=True)) as build:
        assert build.wait_until(record.standing), build.said
        build.signal(signal.SIGKILL, group=True)
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
