"""A person's word on takes, written into their select file, and what the plan makes of it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.film import Film, write_film
from kit.machine import forget
from vtx_app.compile.request import canonical_json
from vtx_app.errors import ProjectError, SpecError
from vtx_app.files import explain_write_error
from vtx_app.plan.causes import causes_of
from vtx_app.plan.film_plan import ClipPlan, FilmPlan, TakePlan
from vtx_app.plan.planner import plan_film
from vtx_app.project.load import load_film
from vtx_app.review import decisions
from vtx_app.review.take_list import list_takes
from vtx_app.review.unused_takes import MIN_AGE_SECONDS, find_unused_takes, remove_take

CLIP = "A01_S01_SH002"
SELECT = f"review/selects/{CLIP}.yaml"


def planned() -> FilmPlan:
    forget()
    return plan_film("harbour", "final")


def the_clip() -> ClipPlan:
    return decisions.find_clip(planned().clips, CLIP)


def render(take: TakePlan, at: str) -> str:
    """Put the take there, as a build would; returns its digest."""
    take.path.parent.mkdir(parents=True, exist_ok=True)
    take.path.write_bytes(b"a take")
    request = json.loads(canonical_json(take.request))
    record = {"request": request, "sources": take.sources.texts(), "rendered_at": at, "wall_seconds": 4.0}
    take.path.with_suffix(".json").write_text(json.dumps(record), encoding="utf-8")
    return take.digest


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Film:
    made = write_film(tmp_path)
    monkeypatch.chdir(tmp_path)
    for clip in planned().clips.values():
        render(clip.take, "2026-11-20T10:00:00+00:00")
    return made


def say(word: Callable[..., Any], *more: Any) -> None:
    plan = the_clip()
    loaded = planned().film
    decisions.save(loaded, word(loaded, plan, *more))


def bible(film: Film) -> None:
    film.edit("prompts/style_bible.yaml", "soft grain", "hard grain")


def test_an_approved_take_is_shown_whatever_is_edited_and_as_long_as_it_was(film: Film) -> None:
    before = the_clip()
    say(decisions.approve, before.take.digest)
    bible(film)
    film.edit_clip("A01_S01_SH002__mara", "seconds: 1.0", "seconds: 3.0")
    after = the_clip()
    assert (after.take.digest, after.delivery, after.stamp) == (before.take.digest, before.delivery, before.stamp)
    assert after.choice.out_of_date
    assert after.choice.wanted != before.take.digest
    say(decisions.accept)
    assert not the_clip().choice.out_of_date
    loaded = planned().film
    decisions.save(loaded, decisions.unfreeze(loaded, CLIP))
    assert the_clip().take.digest == after.choice.wanted


@pytest.mark.parametrize("word", [decisions.pick, decisions.approve, None])
def test_a_take_of_a_shorter_and_smaller_shot_is_shown_as_it_is(film: Film, word: Callable[..., Any] | None) -> None:
    """Else no build could make the clip of it. ``None``: the spec itself says approved."""
    first = the_clip()
    film.edit_clip("A01_S01_SH002__mara", "seconds: 1.0", "seconds: 3.0")
    film.edit("metadata.yaml", "{width: 128, height: 96}", "{width: 192, height: 96}")
    if word is None:
        film.edit_clip("A01_S01_SH002__mara", "state: planned", "state: approved")
    else:
        say(word, first.take.digest)
    shown = the_clip()
    assert shown.take.digest == first.take.digest
    delivery = shown.delivery
    assert (delivery.frames, delivery.width) == (first.take.request.frames, 192)
    assert (delivery.picture_width, delivery.picture_height) == (first.take.request.width, 96)
    assert any("shorter or smaller than the shot" in line for line in planned().warnings())


def test_a_rejected_take_gives_way_to_the_next_seed_and_is_never_shown_again(film: Film) -> None:
    first = the_clip()
    say(decisions.reject, first.take.digest)
    second = the_clip()
    assert second.take.digest != first.take.digest
    assert second.take.request.seed != first.take.request.seed
    render(second.take, "2026-11-21T10:00:00+00:00")
    say(decisions.reject, second.take.digest)
    assert the_clip().take.digest not in (first.take.digest, second.take.digest)
    with pytest.raises(ProjectError, match="the take it shows is not rendered yet"):
        decisions.find_take(planned().film, the_clip(), None)


def test_other_seeds_are_rendered_to_choose_from_and_one_is_picked_until_the_shot_is_edited(film: Film) -> None:
    plan = the_clip()
    loaded = planned().film
    data, seeds = decisions.reroll(loaded, plan, 2)
    decisions.save(loaded, data)
    takes = the_clip().takes
    assert [take.request.seed for take in takes] == [plan.take.request.seed, *seeds]
    digests = [render(take, f"2026-11-2{number}T10:00:00+00:00") for number, take in enumerate(takes, 1)]
    say(decisions.pick, digests[2])
    assert the_clip().take.digest == digests[2]
    assert not the_clip().choice.lapsed
    say(decisions.reject, digests[0])  # what the spec asks for; the pick still holds
    assert the_clip().take.digest == digests[2]
    say(decisions.reject, the_clip().choice.wanted)  # and what it asks for after that
    assert the_clip().take.digest == digests[2]
    bible(film)
    assert the_clip().choice.lapsed
    assert the_clip().take.digest == the_clip().choice.wanted


def test_a_seed_that_was_rejected_is_not_offered_again(film: Film) -> None:
    loaded, plan = planned().film, the_clip()
    data, (seed,) = decisions.reroll(loaded, plan, 1)
    decisions.save(loaded, data)
    say(decisions.reject, render(the_clip().takes[1], "2026-11-21T10:00:00+00:00"))
    _, again = decisions.reroll(planned().film, the_clip(), 2)
    assert len(again) == 2
    assert seed not in again


def test_rejecting_the_picked_take_takes_the_pick_back(film: Film) -> None:
    digest = the_clip().take.digest
    say(decisions.pick, digest)
    say(decisions.reject, digest)
    select = planned().film.selects[CLIP]
    assert (select.state, select.take, select.rejected) == ("open", None, [digest])
    say(decisions.approve, digest)  # a person may think again
    assert planned().film.selects[CLIP].rejected == []


def test_a_persons_own_words_in_the_select_stay(film: Film) -> None:
    film.write(SELECT, f"# Ask Mara about this one.\nversion: 1\nclip_id: {CLIP}\nnote: 'hold: longer'  # !\n")
    say(decisions.approve, the_clip().take.digest)
    text = film.read(SELECT)
    assert text.startswith(f"# Ask Mara about this one.\nversion: 1\nclip_id: {CLIP}\nnote: 'hold: longer'  # !\n")
    assert "state: approved" in text


@pytest.mark.parametrize("note", ["it's: 'fine'", "# no\n---\n", "\x1b[31mred", "{x}", "🎬", "- a\n- b"])
def test_a_note_is_data(film: Film, note: str) -> None:
    say(decisions.add_note, note)
    assert planned().film.selects[CLIP].note == note


@pytest.mark.parametrize(
    ("note", "told"), [("x" * 100_001, "at most 100,000 characters"), ("\udcff", "not UTF-8 text")]
)
def test_what_is_no_note_is_told(film: Film, note: str, told: str) -> None:
    with pytest.raises(ProjectError, match=told):
        say(decisions.add_note, note)
    assert not (film.folder / SELECT).exists()


def test_a_disk_that_refuses_a_word_is_told(film: Film) -> None:
    (film.folder / "review").write_text("no folder", encoding="utf-8")
    with pytest.raises(NotADirectoryError) as raised:
        say(decisions.add_note, "softer")
    told = "projects/harbour/review/selects can't be written: Not a directory. Move the file of that name away and "
    assert explain_write_error(raised.value) == told + "try again"


def test_an_approved_take_that_was_lost_is_told_with_what_to_do(film: Film) -> None:
    plan = the_clip()
    say(decisions.approve, plan.take.digest)
    plan.take.path.unlink()
    again = planned()  # what is approved is what the spec asks for: it can be rendered again
    assert [cause.label for cause in causes_of(again.film, the_clip(), "final")] == [
        f"{SELECT}: its approved take is gone"
    ]
    bible(film)
    with pytest.raises(SpecError, match=rf"{SELECT}:\d+: take: the approved take .* vtx take unfreeze harbour {CLIP}"):
        planned()
    loaded = load_film("harbour")
    decisions.save(loaded, decisions.unfreeze(loaded, CLIP))
    assert the_clip().choice.state == "open"


def test_a_spec_that_says_approved_means_the_take_that_is_there(film: Film) -> None:
    digest = the_clip().take.digest
    film.edit_clip("A01_S01_SH002__mara", "state: planned", "state: approved")
    assert the_clip().choice.state == "approved"
    bible(film)
    assert the_clip().take.digest == digest
    assert the_clip().choice.out_of_date


def test_a_spec_that_says_rejected_gets_another_seed(film: Film) -> None:
    digest = the_clip().take.digest
    film.edit_clip("A01_S01_SH002__mara", "state: planned", "state: rejected")
    assert the_clip().take.digest != digest


def test_other_tiers_do_not_show_what_was_chosen_for_the_film(film: Film) -> None:
    say(decisions.approve, the_clip().take.digest)
    bible(film)
    assert plan_film("harbour", "animatic").clips["A01_S01_SH002__mara"].choice.state == "open"


def test_a_take_is_named_by_its_first_letters(film: Film) -> None:
    plan = the_clip()
    loaded = planned().film
    assert decisions.find_take(loaded, plan, plan.take.digest[:8].upper()) == plan.take.digest
    for name in ("zzzz", ""):
        with pytest.raises(ProjectError, match="there is no such take; vtx takes harbour"):
            decisions.find_take(loaded, plan, name)
    with pytest.raises(ProjectError, match="did you mean 'A01_S01_SH002'"):
        decisions.find_clip(planned().clips, "A01_S01_SH02")


def test_takes_are_listed_with_what_is_said_of_them_and_how_they_differ(film: Film) -> None:
    old = the_clip().take.digest
    bible(film)
    render(the_clip().take, "2026-11-22T10:00:00+00:00")
    film.edit("prompts/style_bible.yaml", "hard grain", "soft grain")
    say(decisions.approve, old)
    bible(film)
    first, second = list_takes(planned().film, the_clip())
    assert (first.digest, first.state) == (old, "approved, shown, out of date")
    assert first.differs == "prompts/style_bible.yaml: global_prefix"
    assert (second.state, second.differs) == ("what the shot requests", "")


def test_takes_that_nothing_needs_go_and_no_other(film: Film) -> None:
    old = {clip.clip_id: clip.take.digest for clip in planned().clips.values()}
    say(decisions.approve, old[CLIP])
    bible(film)
    for clip in planned().clips.values():
        if not clip.take.exists():
            render(clip.take, "2026-11-22T10:00:00+00:00")
    loaded = planned().film
    assert find_unused_takes(loaded).takes == ()  # all are younger than a day
    found = find_unused_takes(loaded, now=time.time() + MIN_AGE_SECONDS + 5)
    assert {take.digest for take in found.takes} == {digest for clip_id, digest in old.items() if clip_id != CLIP}
    assert found.size == len(found.takes) * 6
    for take in found.takes:
        remove_take(take)
    assert len(list((film.folder / "renders/takes").glob("*/*.mp4"))) == len(old)
    assert not [take for take in planned().clips.values() if not take.take.exists()]


def test_takes_that_a_cut_names_stay(film: Film) -> None:
    plan = the_clip()
    manifest = {"clips": [{"digest": plan.take.digest}]}
    film.write("renders/final/harbour.manifest.json", json.dumps(manifest))
    bible(film)
    found = find_unused_takes(planned().film, now=time.time() + MIN_AGE_SECONDS + 5)
    assert plan.take.digest not in {take.digest for take in found.takes}
    os.utime(plan.take.path, (0, 0))
    assert plan.take.digest not in {take.digest for take in find_unused_takes(planned().film).takes}


@pytest.mark.parametrize(
    "word", [(decisions.add_note, "a note"), (decisions.accept,), (lambda *at: decisions.reroll(*at)[0], 2)]
)
def test_what_the_spec_says_of_a_take_stays_said_beside_another_word(film: Film, word: tuple[Any, ...]) -> None:
    """A select is all that counts once it is there: approved in the spec alone must not become open by a note."""
    film.edit_clip("A01_S01_SH002__mara", "state: planned", "state: approved")
    shown = the_clip().take.digest
    bible(film)
    assert (the_clip().take.digest, the_clip().choice.out_of_date) == (shown, True)
    say(*word)
    after = the_clip()
    assert (after.take.digest, after.choice.state) == (shown, "approved")
    assert after.choice.out_of_date == (word[0] is not decisions.accept)


def test_a_take_that_the_spec_rejects_stays_rejected_beside_a_note(film: Film) -> None:
    film.edit_clip("A01_S01_SH002__mara", "state: planned", "state: rejected")
    wanted = the_clip().take.digest
    say(decisions.add_note, "a note")
    assert the_clip().take.digest == wanted


@pytest.mark.parametrize("word", ["note: ask Mara", "seeds: [77]"])
def test_the_spec_has_its_word_beside_a_select_that_says_no_state(film: Film, word: str) -> None:
    shown = the_clip().take.digest
    film.write(SELECT, f"version: 1\nclip_id: {CLIP}\n{word}\n")
    film.edit_clip("A01_S01_SH002__mara", "state: planned", "state: rejected")
    assert the_clip().take.digest != shown
    film.edit_clip("A01_S01_SH002__mara", "state: rejected", "state: approved")
    for candidate in the_clip().takes[1:]:  # rendered later, and not what was approved
        render(candidate, "2026-11-25T10:00:00+00:00")
    bible(film)
    assert (the_clip().take.digest, the_clip().choice.state) == (shown, "approved")
    loaded = planned().film
    decisions.save(loaded, decisions.unfreeze(loaded, CLIP))
    assert the_clip().choice.state == "open"
    assert f"{CLIP}: its spec says approved but {SELECT} says open, which counts" in planned().warnings()


def test_what_is_approved_in_the_spec_and_rejected_at_the_desk_is_not_shown(film: Film) -> None:
    film.edit_clip("A01_S01_SH002__mara", "state: planned", "state: approved")
    first = the_clip().take.digest
    say(decisions.reject, first)
    assert the_clip().take.digest != first
    bible(film)
    assert the_clip().choice.state == "open"
