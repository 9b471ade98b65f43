"""A person's decisions on takes: what their select file says then, and which take the plan shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kit.desk import CLIP, NOTES, SELECT, decide, edit_all_clips, note, planned, the_clip
from kit.film import Film
from kit.machine import forget
from kit.shot import MONOLITH_LOCK
from kit.takes import write_take
from vtx_app.errors import ProjectError, SpecError
from vtx_app.files import explain_write_error
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.yaml_reader import read_yaml
from vtx_app.models.locked import film_lock_text
from vtx_app.plan.causes import causes_of
from vtx_app.plan.choice import next_seed
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.plan.planner import plan_film
from vtx_app.project.load import load_film
from vtx_app.project.notes import Note, join_notes, notes_of, read_notes
from vtx_app.review import decisions


def test_an_approved_take_stays_whatever_is_edited_and_is_cut_as_the_spec_says(film: Film) -> None:
    before = the_clip()
    decide(decisions.approve, before.take.digest)
    assert not {"frames", "width", "height"} & set(read_yaml(film.folder / SELECT))
    edit_all_clips(film)
    film.edit_clip("A01_S01_SH002__mara", "seconds: 1.0", "seconds: 0.5")
    after = the_clip()
    assert (after.take.digest, after.delivery.frames) == (before.take.digest, 4)
    assert after.choice.out_of_date
    assert after.choice.wanted != before.take.digest
    decide(decisions.accept)
    assert not the_clip().choice.out_of_date
    loaded = planned().film
    decisions.save(loaded, decisions.unfreeze(loaded, CLIP))
    assert the_clip().take.digest == after.choice.wanted


def test_the_size_in_an_older_approval_no_longer_counts(film: Film) -> None:
    digest = the_clip().take.digest
    older = f"version: 1\nclip_id: {CLIP}\nstate: approved\ntake: {digest}\nframes: 3\nwidth: 64\nheight: 64  # small\n"
    film.write(SELECT, older)
    shown = the_clip()
    assert (shown.take.digest, shown.delivery.frames, shown.delivery.picture_width) == (digest, 8, 128)
    note("softer")  # a note leaves the person's lines as they are
    assert film.read(SELECT).startswith(older)
    decide(decisions.pick, digest)
    assert not {"frames", "width", "height"} & set(read_yaml(film.folder / SELECT))


@pytest.mark.parametrize("word", [decisions.pick, decisions.approve, None])
def test_a_take_of_a_shorter_and_smaller_shot_is_shown_as_it_is(film: Film, word: Callable[..., Any] | None) -> None:
    """Else no build could make the clip of it. ``None``: the spec itself says approved."""
    first = the_clip()
    film.edit_clip("A01_S01_SH002__mara", "seconds: 1.0", "seconds: 3.0")
    film.edit("metadata.yaml", "{width: 128, height: 96}", "{width: 192, height: 96}")
    if word is None:
        film.edit_clip("A01_S01_SH002__mara", "state: planned", "state: approved")
    else:
        decide(word, first.take.digest)
    shown = the_clip()
    assert shown.take.digest == first.take.digest
    delivery = shown.delivery
    assert (delivery.frames, delivery.width) == (first.take.request.frames, 192)
    assert (delivery.picture_width, delivery.picture_height) == (first.take.request.width, 96)
    assert any("shorter or smaller than the shot" in line for line in planned().warnings())


def test_a_rejected_take_is_replaced_by_the_next_seed_and_never_shown_again(film: Film) -> None:
    first = the_clip()
    decide(decisions.reject, first.take.digest)
    second = the_clip()
    assert second.take.digest != first.take.digest
    assert second.take.request.seed != first.take.request.seed
    write_take(second.take, day=21)
    decide(decisions.reject, second.take.digest)
    assert the_clip().take.digest not in (first.take.digest, second.take.digest)
    with pytest.raises(ProjectError, match="the take it shows is not rendered yet"):
        decisions.find_take(planned().film, the_clip(), None)


def test_a_pick_among_other_seeds_holds_until_the_shot_is_edited(film: Film) -> None:
    plan = the_clip()
    loaded = planned().film
    data, seeds = decisions.reroll(loaded, plan, 2)
    decisions.save(loaded, data)
    takes = the_clip().takes
    assert [take.request.seed for take in takes] == [plan.take.request.seed, *seeds]
    digests = [write_take(take, day=20 + number) for number, take in enumerate(takes, 1)]
    decide(decisions.pick, digests[2])
    assert the_clip().take.digest == digests[2]
    assert not the_clip().choice.lapsed
    decide(decisions.reject, digests[0])  # what the spec asks for; the pick still holds
    assert the_clip().take.digest == digests[2]
    decide(decisions.reject, the_clip().choice.wanted)  # and what it asks for after that
    assert the_clip().take.digest == digests[2]
    edit_all_clips(film)
    assert the_clip().choice.lapsed
    assert the_clip().take.digest == the_clip().choice.wanted


def test_a_seed_that_was_rejected_is_not_offered_again(film: Film) -> None:
    loaded, plan = planned().film, the_clip()
    data, (seed,) = decisions.reroll(loaded, plan, 1)
    decisions.save(loaded, data)
    decide(decisions.reject, write_take(the_clip().takes[1], day=21))
    _, again = decisions.reroll(planned().film, the_clip(), 2)
    assert len(again) == 2
    assert seed not in again


def test_rejecting_the_picked_take_undoes_the_pick(film: Film) -> None:
    digest = the_clip().take.digest
    decide(decisions.pick, digest)
    decide(decisions.reject, digest)
    select = planned().film.selects[CLIP]
    assert (select.state, select.take, select.rejected) == ("open", None, [digest])
    decide(decisions.approve, digest)  # a person may think again
    assert planned().film.selects[CLIP].rejected == []


def test_comments_and_order_of_a_select_stay(film: Film) -> None:
    film.write(SELECT, f"# Ask Mara about this one.\nversion: 1\nclip_id: {CLIP}\nnote: 'hold: longer'  # !\n")
    decide(decisions.approve, the_clip().take.digest)
    text = film.read(SELECT)
    assert text.startswith(f"# Ask Mara about this one.\nversion: 1\nclip_id: {CLIP}\nnote: 'hold: longer'  # !\n")
    assert "state: approved" in text


def noted() -> list[Note]:
    """The notes on the clip."""
    return notes_of(planned().film, CLIP)


def test_notes_are_added_with_their_date_and_the_first_ones_stay(film: Film) -> None:
    film.write(NOTES, "Ask Mara.\n\n## 2026-01-05 09:00 UTC, take abcdef123456\n\nSofter.\n")
    film.write(SELECT, f"version: 1\nclip_id: {CLIP}\nnote: from before notes had files\n")
    note("## not a heading\nof ours", the_clip().take.digest)
    *older, newest = noted()
    assert older == [
        Note("from before notes had files"),
        Note("Ask Mara."),
        Note("Softer.", "2026-01-05 09:00", "abcdef123456"),
    ]
    assert (newest.text, newest.take) == ("## not a heading\nof ours", the_clip().take.digest[:12])
    written = datetime.strptime(newest.when, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - written) < timedelta(minutes=5)
    assert film.read(NOTES).startswith("Ask Mara.\n\n## 2026-01-05 09:00 UTC, take abcdef123456\n\nSofter.\n\n## ")


@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60).filter(str.strip), max_size=4))
@example(["it's: 'fine'", "# no\n---\n", "## 2026-01-05 09:00 UTC", "\\## a", "- a\n- b"])
def test_what_is_noted_is_read(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path, text = Path(folder) / "notes.md", ""
        for each in texts:
            text = join_notes(text, [Note.now(each, datetime(2026, 1, 5, 9, tzinfo=UTC))])
        path.write_bytes(text.encode())
        assert [folded(each.text) for each in read_notes(path)] == [folded(each) for each in texts]


def folded(text: str) -> list[str]:
    """The lines of a note without empty ones around it."""
    return text.replace("\r\n", "\n").strip("\n").split("\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [("x" * 100_001, "at most 100,000 characters"), ("\udcff", "not UTF-8 text"), (" \n", "the note is empty")],
)
def test_a_note_that_is_empty_too_long_or_not_utf8_is_refused(film: Film, text: str, told: str) -> None:
    with pytest.raises(ProjectError, match=told):
        note(text)
    assert not (film.folder / NOTES).exists()


def test_notes_lead_nowhere_out_of_the_film(film: Film, tmp_path: Path) -> None:
    other = tmp_path / "other.md"
    other.write_text("mine", encoding="utf-8")
    (film.folder / "review/notes").mkdir(parents=True)
    (film.folder / NOTES).symlink_to(other)
    with pytest.raises(ProjectError, match="leads out of the project"):
        note("softer")
    assert other.read_text(encoding="utf-8") == "mine"


def test_a_select_that_can_t_be_written_is_reported(film: Film) -> None:
    (film.folder / "review").write_text("no folder", encoding="utf-8")
    with pytest.raises(NotADirectoryError) as raised:
        decide(decisions.approve, the_clip().take.digest)
    told = "projects/harbour/review/selects can't be written: Not a directory. Move the file of that name away and "
    assert explain_write_error(raised.value) == told + "try again"


def test_a_lost_approved_take_is_reported_with_what_to_do(film: Film) -> None:
    plan = the_clip()
    decide(decisions.approve, plan.take.digest)
    plan.take.path.unlink()
    again = planned()  # what is approved is what the spec asks for: it can be rendered again
    assert [cause.label for cause in causes_of(again.film, the_clip(), "final")] == [
        f"{SELECT}: its approved take is gone"
    ]
    edit_all_clips(film)
    with pytest.raises(SpecError, match=rf"{SELECT}:\d+: take: the approved take .* vtx take unfreeze harbour {CLIP}"):
        planned()
    loaded = load_film("harbour")
    decisions.save(loaded, decisions.unfreeze(loaded, CLIP))
    assert the_clip().choice.state == "open"


def test_approved_in_a_spec_means_the_take_that_is_there(film: Film) -> None:
    digest = the_clip().take.digest
    film.edit_clip("A01_S01_SH002__mara", "state: planned", "state: approved")
    assert the_clip().choice.state == "approved"
    edit_all_clips(film)
    assert the_clip().take.digest == digest
    assert the_clip().choice.out_of_date


def test_a_spec_that_says_rejected_gets_another_seed(film: Film) -> None:
    digest = the_clip().take.digest
    film.edit_clip("A01_S01_SH002__mara", "state: planned", "state: rejected")
    assert the_clip().take.digest != digest


def in_tier(tier: str) -> ClipPlan:
    """The plan of the clip in ``tier``."""
    forget()
    return decisions.find_clip(plan_film("harbour", tier).clips, CLIP)


def test_a_storyboard_film_has_one_choice_for_its_two_tiers(film: Film) -> None:
    digest = the_clip().take.digest
    decide(decisions.approve, digest)
    edit_all_clips(film)
    assert (in_tier("animatic").choice.state, in_tier("animatic").take.digest) == ("approved", digest)
    loaded = planned().film
    decisions.save(loaded, decisions.unfreeze(loaded, CLIP, "animatic"))
    assert the_clip().choice.state == in_tier("animatic").choice.state == "open"


@pytest.fixture
def ltx(film: Film, monkeypatch: pytest.MonkeyPatch) -> Film:
    """The film rendered by LTX, which has takes of its own in every tier."""
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    film.write("film.lock.yaml", film_lock_text(FilmLock(models=MONOLITH_LOCK)))
    return film


@pytest.mark.parametrize("tier", ["animatic", "draft"])
def test_every_tier_has_a_choice_of_its_own(ltx: Film, tier: str) -> None:
    assert the_clip().choice.shown != in_tier(tier).choice.shown
    digest = write_take(in_tier(tier).take)
    plan = plan_film("harbour", tier)
    decisions.save(plan.film, decisions.approve(plan.film, in_tier(tier), digest))
    ltx.edit("prompts/style_bible.yaml", "soft grain", "hard grain")
    ltx.edit_clip("A01_S01_SH002__mara", "ties the ferry up", "lets the ferry go")
    assert (in_tier(tier).take.digest, in_tier(tier).choice.out_of_date) == (digest, True)
    assert the_clip().choice.state == "open"
    assert planned().film.selects[CLIP].chosen == {tier: digest}
    plan = plan_film("harbour", tier)
    decisions.save(plan.film, decisions.accept(plan.film, in_tier(tier)))
    assert not in_tier(tier).choice.out_of_date
    plan = plan_film("harbour", tier)
    decisions.save(plan.film, decisions.unfreeze(plan.film, CLIP, tier))
    assert in_tier(tier).choice.state == "open"
    assert read_yaml(ltx.folder / SELECT) == {"version": 1, "clip_id": CLIP}


@pytest.mark.parametrize("tier", ["animatic", "draft"])
def test_a_take_that_is_rejected_in_a_tier_gives_way_to_the_next_seed_and_its_choice_is_undone(
    ltx: Film, tier: str
) -> None:
    digest = write_take(in_tier(tier).take)
    plan = plan_film("harbour", tier)
    decisions.save(plan.film, decisions.pick(plan.film, in_tier(tier), digest))
    final = the_clip().choice.wanted
    plan = plan_film("harbour", tier)
    decisions.save(plan.film, decisions.reject(plan.film, in_tier(tier), digest))
    assert in_tier(tier).choice.state == "open"
    assert in_tier(tier).take.request.seed == next_seed(7, 1)
    assert the_clip().choice.wanted == final
    plan = plan_film("harbour", tier)
    data, seeds = decisions.reroll(plan.film, in_tier(tier), 2)
    decisions.save(plan.film, data)
    assert [take.request.seed for take in in_tier(tier).candidates] == seeds
    assert the_clip().candidates == ()


def test_a_take_can_not_be_chosen_in_one_tier_and_rejected(film: Film) -> None:
    film.write(
        SELECT,
        f"version: 1\nclip_id: {CLIP}\nrejected: [{'a' * 64}]\n"
        f"tiers:\n  draft: {{state: approved, take: {'a' * 64}}}\n",
    )
    with pytest.raises(SpecError, match=rf"{SELECT}:1: the take a{{12}}… is approved in draft and rejected"):
        planned()


def test_takes_and_clips_are_found_by_name(film: Film) -> None:
    plan = the_clip()
    loaded = planned().film
    assert decisions.find_take(loaded, plan, plan.take.digest[:8].upper()) == plan.take.digest
    for name in ("zzzz", ""):
        with pytest.raises(ProjectError, match="there is no such take; vtx takes harbour"):
            decisions.find_take(loaded, plan, name)
    with pytest.raises(ProjectError, match="did you mean 'A01_S01_SH002'"):
        decisions.find_clip(planned().clips, "A01_S01_SH02")


@pytest.mark.parametrize("word", [(decisions.accept,), (lambda *at: decisions.reroll(*at)[0], 2)])
def test_an_approval_in_the_spec_survives_the_first_select(film: Film, word: tuple[Any, ...]) -> None:
    """A select is all that counts once it is there: approved in the spec alone must not become open by a note."""
    film.edit_clip("A01_S01_SH002__mara", "state: planned", "state: approved")
    shown = the_clip().take.digest
    edit_all_clips(film)
    assert (the_clip().take.digest, the_clip().choice.out_of_date) == (shown, True)
    decide(*word)
    after = the_clip()
    assert (after.take.digest, after.choice.state) == (shown, "approved")
    assert after.choice.out_of_date == (word[0] is not decisions.accept)


def test_a_take_that_the_spec_rejects_stays_rejected_when_a_note_is_added(film: Film) -> None:
    film.edit_clip("A01_S01_SH002__mara", "state: planned", "state: rejected")
    wanted = the_clip().take.digest
    note("a note")
    assert the_clip().take.digest == wanted


@pytest.mark.parametrize("word", ["note: ask Mara", "seeds: [77]"])
def test_the_status_in_the_spec_counts_if_the_select_has_no_state(film: Film, word: str) -> None:
    shown = the_clip().take.digest
    film.write(SELECT, f"version: 1\nclip_id: {CLIP}\n{word}\n")
    film.edit_clip("A01_S01_SH002__mara", "state: planned", "state: rejected")
    assert the_clip().take.digest != shown
    film.edit_clip("A01_S01_SH002__mara", "state: rejected", "state: approved")
    for candidate in the_clip().takes[1:]:  # rendered later, and not what was approved
        write_take(candidate, day=25)
    edit_all_clips(film)
    assert (the_clip().take.digest, the_clip().choice.state) == (shown, "approved")
    loaded = planned().film
    decisions.save(loaded, decisions.unfreeze(loaded, CLIP))
    assert the_clip().choice.state == "open"
    assert f"{CLIP}: its spec says approved but {SELECT} says open, which counts" in planned().warnings()


def test_a_rejection_in_the_select_beats_an_approval_in_the_spec(film: Film) -> None:
    film.edit_clip("A01_S01_SH002__mara", "state: planned", "state: approved")
    first = the_clip().take.digest
    decide(decisions.reject, first)
    assert the_clip().take.digest != first
    edit_all_clips(film)
    assert the_clip().choice.state == "open"
