"""The takes of a clip, listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.desk import CLIP, decide, edit_all_clips, planned, the_clip
from kit.film import Film, write_film
from kit.machine import forget
from kit.shot import MONOLITH_LOCK
from kit.takes import write_take
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import film_lock_text
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.plan.planner import plan_film
from vtx_app.review import decisions
from vtx_app.review.take_list import list_takes


def test_takes_are_listed_with_their_state_and_how_they_differ(film: Film) -> None:
    old = the_clip().take.digest
    edit_all_clips(film)
    write_take(the_clip().take, day=22)
    film.edit("prompts/style_bible.yaml", "hard grain", "soft grain")
    decide(decisions.approve, old)
    edit_all_clips(film)
    first, second = list_takes(planned().film, {"final": the_clip()})
    assert (first.digest, first.state) == (old, "approved, shown, out of date")
    assert first.differs == "prompts/style_bible.yaml: global_prefix"
    assert (second.state, second.differs) == ("what the shot requests", "")


def in_tiers(tiers: tuple[str, ...] = ("final", "draft", "animatic")) -> dict[str, ClipPlan]:
    """The clip in each tier."""
    forget()
    return {tier: decisions.find_clip(plan_film("harbour", tier).clips, CLIP) for tier in tiers}


def test_takes_are_listed_with_their_tiers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = write_film(tmp_path)
    monkeypatch.chdir(tmp_path)
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    film.write("film.lock.yaml", film_lock_text(FilmLock(models=MONOLITH_LOCK)))
    for day, plan in enumerate(in_tiers().values(), 20):
        write_take(plan.take, day)
    plan = plan_film("harbour", "draft")
    draft = in_tiers()["draft"]
    decisions.save(plan.film, decisions.approve(plan.film, draft, draft.take.digest))
    lines = list_takes(planned().film, in_tiers())
    assert [(line.tiers, line.state) for line in lines] == [
        (("final",), "shown"),
        (("draft",), "draft: approved, shown"),
        (("animatic",), "animatic: shown"),
    ]
    plan = plan_film("harbour", "draft")
    decisions.save(plan.film, decisions.reject(plan.film, in_tiers()["draft"], draft.take.digest))
    states = [line.state for line in list_takes(planned().film, in_tiers())]
    assert states == ["shown", "rejected", "animatic: shown"]


def test_a_storyboard_film_s_take_is_of_both_its_tiers(film: Film) -> None:
    (line,) = list_takes(planned().film, in_tiers(("final", "animatic")))
    assert (line.tiers, line.state) == (("final", "animatic"), "shown")
