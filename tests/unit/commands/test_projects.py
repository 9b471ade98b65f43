"""``vtx projects status`` and ``new``: what they say of a film."""

from __future__ import annotations

import contextlib
import json
import re
import shutil

import pytest

from kit.film import IDS, Film
from kit.takes import touch_takes, write_take
from kit.typed import vtx, vtx_json
from vtx_app.errors import CutError, RenderError
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.plan.planner import plan_film
from vtx_app.registry.database import registry_path
from vtx_app.registry.jobs import record_job
from vtx_app.render.ltx.progress import Step, progress_file

CLIP, STEM = "A01_S01_SH001", "A01_S01_SH001__empty_quay"


def clips(slug: str = "harbour") -> list[ClipPlan]:
    return list(plan_film(slug, "final").clips.values())


HOSTILE = ["\x1b[31mred\x07", "\x9b2J", "\u202etxet", "'; DROP TABLE projects; --", "[red]x[/red]"]


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_reaches_a_terminal_as_anything_but_text(film: Film, title: str) -> None:
    film.edit("metadata.yaml", '"Harbour"', json.dumps(title))
    film.edit_clip(STEM, "title: Empty quay", f"title: {json.dumps(title)}")
    shown = "".join(letter if letter.isprintable() else " " for letter in title).strip()
    assert shown in vtx("projects", "list").stdout
    assert shown in vtx("projects", "status", "harbour").stdout
    assert vtx_json("projects", "list")[0]["title"] == title
    assert vtx_json("projects", "status", "harbour")["clips"][0]["title"] == title


def test_status_lists_acts_scenes_and_clips(film: Film) -> None:
    touch_takes(film.slug, 2)
    first, _, third, *_ = clips()
    film.write(f"review/selects/{CLIP}.yaml", f"clip_id: {CLIP}\nstate: approved\ntake: {first.take.digest}\n")
    film.edit_clip(STEM, "dawn", "dusk")
    with contextlib.suppress(RenderError), record_job("take", "harbour", third.clip_id, third.take.digest):
        raise RenderError("no room\nreally")
    status = vtx_json("projects", "status", "harbour")
    assert [act["act"] for act in status["acts"]] == ["A01", "A02"]
    scenes = [(scene["scene"], scene["title"], scene["seconds"]) for act in status["acts"] for scene in act["scenes"]]
    assert scenes == [("A01_S01", "The quay", 2.0), ("A01_S02", "", 1.875), ("A02_S01", "", 2.0)]
    assert [clip["clip"] for clip in status["clips"]] == IDS
    assert [clip["state"] for clip in status["clips"]] == ["approved", "rendered", "failed", *["planned"] * 3]
    assert status["clips"][0]["out_of_date"] is True
    assert status["clips"][2]["error"] == "no room"
    assert status["to_render"] == IDS[2:]
    assert (status["rendered"], status["seconds"], status["finished"]) == (2, 5.875, False)
    text = vtx("projects", "status", "harbour").stdout
    assert "approved, out of date" in text
    assert "failed: no room" in text
    assert "harbour: 6 clips, 0:06 of film, renderer animatic; 4 to render (4.0 s of film), 6 to conform" in text


def test_status_names_clips_that_failed_to_conform_and_the_time_left(film: Film) -> None:
    plans = clips()
    for clip in plans[:2]:
        write_take(clip.take, seconds=30.0)
    with contextlib.suppress(CutError), record_job("clip", "harbour", plans[0].clip_id):
        raise CutError("the take is damaged")
    status = vtx_json("projects", "status", "harbour")
    assert [clip["not_conformed"] for clip in status["clips"]] == ["the take is damaged", *[""] * 5]
    assert status["seconds_left"] == 120.0
    text = vtx("projects", "status", "harbour").stdout
    assert "rendered, failed to conform: the take is damaged" in text
    assert "time left: about 2:00 of rendering" in text
    with record_job("clip", "harbour", plans[0].clip_id):
        pass
    assert vtx_json("projects", "status", "harbour")["clips"][0]["not_conformed"] == ""


def test_status_shows_the_progress_of_a_clip_that_is_being_rendered(film: Film) -> None:
    first, *_ = clips()
    with (
        record_job("take", "harbour", CLIP, first.take.digest),
        progress_file(film.root / ".vtx", first.take.path) as note,
    ):
        note(Step("denoise, \x1b[31mstage 1", 2, 8))
        status = vtx_json("projects", "status", "harbour")
        now = status["clips"][0]["rendering"]
        assert (now["doing"], now["done"], now["of"]) == ("denoise, \x1b[31mstage 1", 2, 8)
        assert status["clips"][1]["rendering"] is None
        text = vtx("projects", "status", "harbour").stdout
        assert re.search(r"rendering: denoise,  \[31mstage 1, 2 of 8 \(25 %\), since \d\d:\d\d$", text, re.MULTILINE)
        for path in registry_path().parent.glob("registry*"):
            path.unlink()  # the note alone says it
        assert vtx_json("projects", "status", "harbour")["clips"][0]["state"] == "rendering"
        for name, text in {CLIP: '{"process": 5}', "A": "", "B": "[]", "C": '{"process": "1-1"}'}.items():
            film.root.joinpath(f".vtx/rendering/harbour/{name}.x.json").write_text(text)  # of those that were killed
        note(Step("load the transformer"))
        assert "rendering: load the transformer, since " in vtx("projects", "status", "harbour").stdout
    assert vtx_json("projects", "status", "harbour")["clips"][0]["state"] == "planned"


def test_status_of_a_film_without_specs_and_of_none(film: Film) -> None:
    shutil.rmtree(film.folder / "prompts/clips")
    assert vtx("projects", "status", "harbour").stdout == "harbour has no clip specs yet\n"
    assert "no film 'harbor'" in vtx("projects", "status", "harbor", code=1).stderr
    assert "'../x' is not a project" in vtx("projects", "status", "../x", code=1).stderr


def test_a_new_film_can_be_made_from_any_folder(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(film.folder)
    lines = vtx("projects", "new", "ferry", "--title", "T").stdout.splitlines()
    assert lines[1] == "  snakemake animatic --cores 4 --config project=ferry"
    assert (film.root / "projects/ferry/metadata.yaml").exists()
    numbered = vtx_json("projects", "new", "2001", "--title", "T")
    assert (numbered["slug"], numbered["folder"]) == ("2001", "projects/2001")
    assert numbered["storyboard"][-1] == "project=!!str 2001"  # else Snakemake reads a number
    assert [line["slug"] for line in vtx_json("projects", "list")] == ["2001", "ferry", "harbour"]
