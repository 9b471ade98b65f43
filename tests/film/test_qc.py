"""``snakemake qc``: takes are measured once, what is wrong is shown, and stops the film where it is asked to."""

from __future__ import annotations

import contextlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from kit.build import building, left_over
from kit.checked import write_take
from kit.command import vtx, vtx_json
from kit.film import CLIPS, IDS, Film
from kit.machine import forget
from vtx_app.compile.request import request_digest
from vtx_app.media.reader import picture_facts
from vtx_app.plan.choice import next_seed
from vtx_app.plan.planner import plan_film
from vtx_app.project.paths import take_path

REPORT = "renders/qc/harbour.json"
CLIP = "A01_S01_SH002"
PARENT, CHILD = "A01_S02_SH001", "A01_S02_SH002"


def stored(film: Film) -> dict[Path, tuple[bytes, int]]:
    """The measurements of each take: bytes, and when they were written."""
    files = (film.folder / "renders/qc").glob("*/[!.]*.json")
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def findings(film: Film) -> list[tuple[str, str]]:
    return [(each["clip_id"], each["check"]) for each in vtx_json(film, "plan", "harbour")["qc"]["findings"]]


def spoil(film: Film, clip_id: str = CLIP) -> Path:
    """Make the clip's take black and silent."""
    (take,) = (film.folder / f"renders/takes/{clip_id}").glob("*.mp4")
    facts = picture_facts(take)
    black = np.zeros((facts.height, facts.width, 3), np.uint8)
    take.unlink()
    silence = np.zeros((round(facts.frames * 48_000 / facts.rate), 2))
    return write_take(take, [black] * facts.frames, silence, facts.rate)


def next_take(film: Film, clip_id: str) -> Path:
    """The file of the clip's take with the seed after its own."""
    forget()
    with contextlib.chdir(film.root):
        clip = next(each for each in plan_film("harbour", "final").clips.values() if each.clip_id == clip_id)
        request = replace(clip.choice.own, seed=next_seed(clip.choice.own.seed, 1))
        return film.root / take_path(Path("projects/harbour"), clip_id, request_digest(request))


def set_qc(film: Film, text: str) -> None:
    film.edit("metadata.yaml", "renderer: animatic\n", f"renderer: animatic\nqc: {text}\n")


def test_takes_are_measured_once_and_a_storyboard_has_no_fault(built: Film) -> None:
    takes = built.takes()
    said = built.build("qc")
    assert sorted(path.parent.name for path in stored(built)) == IDS
    assert json.loads(built.read(REPORT))["findings"] == []
    assert "check " not in said
    assert built.takes() == takes
    assert "Nothing to be done" in built.snakemake("-n", "qc").stdout
    assert built.dry_run().nothing
    assert left_over(built) == []


def test_an_edit_of_the_cut_measures_nothing(built: Film) -> None:
    built.build("qc")
    before = stored(built)
    stamp = json.loads(built.read(REPORT))["stamp"]
    built.write("story/05_edit.yaml", f"version: 1\nclips:\n  {CLIP}: {{in: 2}}\n")
    built.build("qc")
    assert stored(built) == before
    assert json.loads(built.read(REPORT))["stamp"] != stamp


def test_a_new_take_alone_is_measured(built: Film) -> None:
    built.build("qc")
    before = stored(built)
    built.edit_clip(f"{CLIP}__mara", "looks out to sea", "laughs")
    built.build("qc")
    after = stored(built)
    assert before.items() < after.items()
    assert [path.parent.name for path in after.keys() - before.keys()] == [CLIP]


def test_what_is_wrong_is_shown_and_the_film_is_made(built: Film) -> None:
    spoil(built)
    assert "black (" not in vtx(built, "plan", "harbour")
    assert f"{CLIP}: the picture is black all the time (black)" in built.build("qc")
    line = f"check {CLIP}: the picture is black all the time (black)"
    assert line in vtx(built, "plan", "harbour")
    assert line in vtx(built, "projects", "status", "harbour")
    assert line in built.snakemake("-n", "final").stdout
    assert findings(built) == [(CLIP, "black")]
    status = vtx_json(built, "projects", "status", "harbour")
    assert {clip["clip"]: [each["check"] for each in clip["findings"]] for clip in status["clips"]}[CLIP] == ["black"]
    built.edit("metadata.yaml", "Harbour", "Port")
    built.build()
    set_qc(built, "{off: [black]}")
    assert findings(built) == []


def test_fail_stops_the_film_after_the_takes(film: Film) -> None:
    set_qc(film, "{policy: fail}")
    film.build()
    spoil(film)
    for path in stored(film):
        path.unlink()
    film.edit("metadata.yaml", "Harbour", "Port")
    film.edit_clip("A02_S01_SH002__dream", "still as milk", "still as glass")
    before = (film.folder / "renders/final/harbour.mp4").read_bytes()
    done = film.snakemake("final")
    assert done.returncode == 1
    assert "1 check failed, and qc.policy in metadata.yaml is fail" in done.stdout
    assert f"  {CLIP}: the picture is black all the time (black)" in done.stdout
    assert "Traceback" not in done.stdout
    assert len(film.takes()["A02_S01_SH002"]) == 2  # rendered all the same
    assert len(stored(film)) == len(CLIPS)
    assert (film.folder / "renders/final/harbour.mp4").read_bytes() == before
    measured = stored(film)
    again = film.snakemake("final")
    assert again.returncode == 1
    assert "1 check failed" in again.stdout
    assert stored(film) == measured
    vtx(film, "take", "approve", "harbour", CLIP)
    film.build()
    assert (film.folder / "renders/final/harbour.mp4").read_bytes() != before
    assert film.dry_run().nothing


def test_a_damaged_take_is_named_and_the_others_are_measured(built: Film) -> None:
    (take,) = (built.folder / f"renders/takes/{CLIP}").glob("*.mp4")
    take.write_bytes(take.read_bytes()[: take.stat().st_size // 3])
    done = built.snakemake("qc")
    assert done.returncode == 1
    assert f"{CLIP}: the take can't be checked: {take.relative_to(built.root)}" in done.stdout
    assert "Traceback" not in done.stdout
    assert sorted(path.parent.name for path in stored(built)) == sorted(set(IDS) - {CLIP})


def test_what_was_measured_before_a_kill_stays(built: Film) -> None:
    with building(built, "qc") as build:
        assert build.wait_until(lambda: stored(built)), build.said
        assert build.kill_jobs("vtx_app.jobs.qc"), build.said
        build.end()
    before = stored(built)
    built.build("qc")
    assert before.items() <= stored(built).items()
    assert sorted(path.parent.name for path in stored(built)) == IDS


def test_the_storyboard_of_a_film_is_checked_by_its_path(built: Film) -> None:
    built.build("projects/harbour/renders/animatic/qc/harbour.json")
    assert json.loads(built.read("renders/animatic/qc/harbour.json"))["measured"] == len(CLIPS)


def test_failed_takes_get_other_seeds_in_the_same_build_and_what_continues_them_waits(film: Film) -> None:
    film.build()
    first = spoil(film)
    parent = spoil(film, PARENT)
    (child,) = (film.folder / f"renders/takes/{CHILD}").glob("*.mp4")
    child.unlink()
    set_qc(film, "{policy: reroll, seeds: 1}")
    second = next_take(film, CLIP)
    shutil.copy(first, second)  # fails as well
    before = film.takes()
    dry = film.snakemake("-n", "final").stdout
    assert "check_round" in dry
    assert CHILD not in "".join(line for line in dry.splitlines() if line.startswith("    output: "))
    assert film.takes() == before
    said = film.build()
    assert f"{PARENT}: fails black, silence; seed {next_seed(7, 1)} is next (1 of 1)" in said
    assert f"{CLIP}: fails black; seed {next_seed(7, 1)} is next (1 of 1)" in said
    tried = f"{CLIP}: fails black, as its other seeds do (1 tried); the take with the fewest faults is seed 7"
    assert said.count(tried) == 1
    after = film.takes()
    assert {clip_id: len(takes) for clip_id, takes in after.items()} == dict.fromkeys(IDS, 1) | {CLIP: 2, PARENT: 2}
    assert after[CHILD] != before.get(CHILD)
    assert not child.exists()  # nothing was rendered after the parent's first take, which failed
    assert findings(film) == [(CLIP, "black")]
    shown = vtx(film, "plan", "harbour")
    assert f"reroll {PARENT}: seed {next_seed(7, 1)} passes, after 1 take that failed" in shown
    assert f"reroll {tried}" in shown
    assert f"reroll {tried}" in vtx(film, "projects", "status", "harbour")
    assert (first.exists(), parent.exists()) == (True, True)
    assert film.dry_run().nothing
    assert list((film.folder / "renders/qc").glob("*.round")) == []
