"""What a plan says about the film's lock: one line, and what moving the film would cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.film import Film
from kit.ltx.standin_package import install_standin
from kit.machine import forget
from kit.shot import MONOLITH_LOCK
from kit.takes import write_take
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import film_lock_text
from vtx_app.plan.planner import plan_film
from vtx_app.plan.report import build_report

HERE = "has_subtitles, blurry, or AI artifacts."
"""The negative prompt of the stand-in for ltx-pipelines."""


def notices(tier: str = "final") -> list[str]:
    forget()
    report = build_report(plan_film("harbour", tier), "final")
    found = [line.strip() for line in report.notices]
    assert report.data()["notices"] == found
    assert set(report.notices) <= set(report.lines())
    return found


@pytest.fixture
def ltx(film: Film) -> Film:
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    return film


def lock(film: Film, **more: object) -> None:
    film.write("film.lock.yaml", film_lock_text(FilmLock.model_validate({"models": MONOLITH_LOCK, **more})))


OLD = "locked before VTX had headings of scenes in prompts and LTX-2's own negative prompt before the film's, "


def test_an_old_film_is_told_once_what_moving_it_costs(ltx: Film) -> None:
    lock(ltx)
    assert notices() == [f"{OLD}so rendered without; vtx models lock harbour moves it (no take to render again)"]
    takes = [clip.take for clip in plan_film("harbour", "final").clips.values()]
    for take in takes[:4]:
        write_take(take)
    assert notices() == [f"{OLD}so rendered without; vtx models lock harbour moves it (up to 4 takes rendered again)"]
    assert notices("animatic") == []


def test_only_what_is_older_is_told(ltx: Film) -> None:
    lock(ltx, prompts=2)
    assert notices()[0].startswith("locked before VTX had LTX-2's own negative prompt before the film's, so rendered")
    assert notices("draft") == []  # the distilled pipeline has no negative prompt
    lock(ltx)
    assert notices("draft")[0].startswith("locked before VTX had headings of scenes in prompts, so rendered without;")
    ltx.edit("metadata.yaml", "fps: 8", "fps: 8\nnegative: replace")
    assert notices()[0].startswith("locked before VTX had headings of scenes in prompts, so rendered without;")
    (ltx.folder / "story/03_screenplay/A01_S01__the_quay.md").unlink()
    assert notices() == []
    ltx.edit_clip("A01_S01_SH001__empty_quay", "status:", "heading: {setting: EXT}\nstatus:")
    assert len(notices()) == 1


def test_a_new_lock_has_nothing_to_tell(ltx: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock(ltx, prompts=2, negative_prompt=HERE)
    assert notices() == []
    install_standin(tmp_path, monkeypatch)
    assert notices() == []


def test_another_package_than_the_locks_is_told(ltx: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_standin(tmp_path, monkeypatch)
    lock(ltx, prompts=2, negative_prompt="dull")
    assert notices() == [
        "the negative prompt of the ltx-pipelines here is not film.lock.yaml's, which counts; "
        "vtx models lock harbour moves it (no take to render again)"
    ]
    ltx.edit("metadata.yaml", "fps: 8", "fps: 8\nnegative: replace")
    assert notices() == []


def test_a_film_without_lock_or_package_is_planned_with_the_newest_that_is_known(ltx: Film) -> None:
    models = ltx.root / "models"
    models.mkdir()
    for slot in MONOLITH_LOCK:
        (models / slot).write_text(slot)
    (ltx.root / "config/models.env").write_text("".join(f"{slot}={models / slot}\n" for slot in MONOLITH_LOCK))
    assert notices() == [
        "this Python has no negative prompt of ltx-pipelines: planned with that of 1.2.0; the first take locks the "
        "film to what it is rendered with"
    ]


def test_a_variable_that_is_given_as_env_is_told_once(film: Film) -> None:
    film.edit("prompts/loras.yaml", "{env_path: LTX_IC", "{env: LTX_IC")
    assert notices() == ["projects/harbour/prompts/loras.yaml:4: bundles.dream.0.env: read as env_path; write env_path"]
    film.edit_clip("A01_S01_SH001__empty_quay", "status:", "loras: [{env: LTX_LORA_DOLLY_PATH}]\nstatus:")
    assert "loras.yaml:4: bundles.dream.0.env: read as env_path (and 1 more); write env_path" in notices()[0]
