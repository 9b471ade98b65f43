"""Another seed for takes that fail a check: which, how often, and never against a person's choice."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from kit.film import Film, spec
from kit.machine import forget
from kit.takes import write_take
from vtx_app.dailies.film_data import film_data
from vtx_app.plan.choice import next_seed
from vtx_app.plan.clip_plan import ClipPlan
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.planner import plan_film
from vtx_app.plan.quality import film_quality, quality_lines
from vtx_app.plan.reroll import Reroll
from vtx_app.project.paths import take_path
from vtx_app.project.selects import select_path
from vtx_app.qc.measures import Colour, Measures, SoundMeasures, measures_path
from vtx_app.review.decisions import approve, pick, refuse, reject, reroll, save
from vtx_app.studio.status import scene_statuses

CLIP = "A01_S01_SH002"
PARENT, CHILD = "A01_S02_SH001", "A01_S02_SH002"


def set_qc(film: Film, text: str) -> None:
    film.edit("metadata.yaml", "renderer: animatic\n", f"renderer: animatic\nqc: {text}\n")


def plan() -> FilmPlan:
    forget()
    return plan_film("harbour", "final")


def clip(clip_id: str = CLIP) -> ClipPlan:
    return next(each for each in plan().clips.values() if each.clip_id == clip_id)


def measure(clip_id: str = CLIP, *, black: int = 0, loud: bool = False) -> str:
    """Render and measure the take that the clip shows: its first frames ``black``; ``loud``: it clips."""
    shown = clip(clip_id)
    write_take(shown.take)
    request = shown.take.request
    seconds = float(request.frames / request.rate)
    measures = Measures(
        clip_id,
        shown.take.digest,
        request.frames,
        request.width,
        request.height,
        Fraction(request.rate),
        ((0, black),) if black else (),
        (),
        (),
        (),
        2.0,
        2,
        (Colour(110, 125, 130, 40),) * (request.frames // 2),
        SoundMeasures(seconds, -25.0, -3.0, 99 if loud else 0, 1.0, None, 0),
    )
    path = measures_path(plan().film.folder, clip_id, shown.take.digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(measures.text(), encoding="utf-8")
    return shown.take.digest


def rerolls() -> tuple[Reroll, ...]:
    return film_quality(plan()).rerolls


def apply() -> list[str]:
    """Do what the build does; return what it says."""
    made = plan()
    changed = [each for each in film_quality(made).rerolls if each.changed]
    for each in changed:
        save(made.film, refuse(made.film, each.clip_id, each.failed))
    return [str(each) for each in changed]


def test_a_failed_take_gives_way_to_the_next_seed_and_the_one_after(film: Film) -> None:
    set_qc(film, "{policy: reroll}")
    first = measure(black=8)
    assert apply() == [f"{CLIP}: fails black; seed {next_seed(7, 1)} is next (1 of 2)"]
    second = clip().take
    assert (second.request.seed, second.exists()) == (next_seed(7, 1), False)
    assert rerolls() == ()
    measure(black=8, loud=True)
    assert apply() == [f"{CLIP}: fails black, clipping; seed {next_seed(7, 2)} is next (2 of 2)"]
    measure()
    assert apply() == []
    assert clip().take.request.seed == next_seed(7, 2)
    (said,) = rerolls()
    assert str(said) == f"{CLIP}: seed {next_seed(7, 2)} passes, after 2 takes that failed"
    assert f"  reroll {said}" in quality_lines(film_quality(plan()), "harbour")
    select = plan().film.selects[CLIP]
    assert select.failed == [first, second.digest]
    assert not select.has_state


def test_when_every_seed_fails_the_take_with_the_fewest_faults_is_shown(film: Film) -> None:
    set_qc(film, "{policy: reroll, seeds: 2}")
    measure(black=8, loud=True)
    apply()
    best = measure(black=8)
    apply()
    measure(black=8, loud=True)
    (said,) = apply()
    assert f"as its other seeds do (2 tried); the take with the fewest faults is seed {next_seed(7, 1)}" in said
    assert clip().take.digest == best
    assert apply() == []
    assert film_quality(plan()).round != ""  # the other clips
    film.edit("metadata.yaml", "seeds: 2", "seeds: 3")
    assert apply() == [f"{CLIP}: fails black; seed {next_seed(7, 3)} is next (3 of 3)"]
    assert clip().take.request.seed == next_seed(7, 3)


def test_the_verdict_holds_without_what_was_measured_and_under_another_policy(film: Film) -> None:
    set_qc(film, "{policy: reroll}")
    first = measure(black=8)
    apply()
    second = measure()
    measures_path(plan().film.folder, CLIP, first).unlink()
    assert clip().take.digest == second
    film.edit("metadata.yaml", "policy: reroll", "policy: warn")
    assert clip().take.digest == second
    path = select_path(plan().film.folder, CLIP)
    path.write_text(path.read_text(encoding="utf-8").replace(first, "0" * 64), encoding="utf-8")
    assert clip().take.digest == first


def test_words_put_back_show_the_take_that_passed(film: Film) -> None:
    set_qc(film, "{policy: reroll}")
    measure(black=8)
    apply()
    second = measure()
    film.edit_clip(f"{CLIP}__mara", "looks out to sea", "laughs")
    assert clip().take.request.seed == 7
    film.edit_clip(f"{CLIP}__mara", "laughs", "looks out to sea")
    assert clip().take.digest == second


def test_a_persons_choice_is_never_touched(film: Film) -> None:
    set_qc(film, "{policy: reroll}")
    shown = measure(black=8)
    for choose in (approve, pick):
        made = plan()
        save(made.film, choose(made.film, clip(), shown))
        before = select_path(made.film.folder, CLIP).read_bytes()
        assert rerolls() == ()
        assert apply() == []
        assert clip().take.digest == shown
        assert select_path(made.film.folder, CLIP).read_bytes() == before
    film.write(f"review/selects/{CLIP}.yaml", f"clip_id: {CLIP}\n")
    film.edit_clip(f"{CLIP}__mara", "state: planned", "state: approved")
    assert rerolls() == ()


def test_a_pick_made_after_a_reroll_holds_and_a_failed_take_may_be_picked(film: Film) -> None:
    set_qc(film, "{policy: reroll}")
    first = measure(black=8)
    apply()
    measure()
    made = plan()
    save(made.film, pick(made.film, clip(), first))
    assert (clip().take.digest, clip().choice.state) == (first, "picked")
    assert apply() == []


def test_a_rejected_take_is_no_try(film: Film) -> None:
    set_qc(film, "{policy: reroll, seeds: 1}")
    made = plan()
    save(made.film, reject(made.film, clip(), measure()))
    measure(black=8)
    assert apply() == [f"{CLIP}: fails black; seed {next_seed(7, 2)} is next (1 of 1)"]


def test_more_seeds_by_hand_are_others_than_those_that_failed(film: Film) -> None:
    set_qc(film, "{policy: reroll}")
    measure(black=8)
    apply()
    made = plan()
    own = replace(clip().choice.own)
    _, seeds = reroll(made.film, clip(), 3)
    assert own.seed not in seeds


def test_what_a_person_wrote_in_the_select_stays(film: Film) -> None:
    set_qc(film, "{policy: reroll}")
    film.write(f"review/selects/{CLIP}.yaml", f"# mine\nclip_id: {CLIP}\nnote: too slow   # really\nseeds: [5]\n")
    measure(black=8)
    apply()
    text = film.read(f"review/selects/{CLIP}.yaml")
    assert all(
        line in text for line in ("# mine\n", f"clip_id: {CLIP}\n", "note: too slow   # really\n", "seeds: [5]\n")
    )
    assert "failed:" in text


def test_a_child_of_a_shot_that_moves_waits_for_it(film: Film) -> None:
    set_qc(film, "{policy: reroll}")
    measure(PARENT, black=8)
    measure(CHILD, black=8)
    assert [each.clip_id for each in rerolls()] == [PARENT]
    apply()
    measure(PARENT)
    measure(CHILD, black=8)
    assert [(each.clip_id, each.done) for each in rerolls()] == [(PARENT, True), (CHILD, False)]


def due() -> set[str]:
    return {take.clip_id for take in film_quality(plan()).due}


def test_a_take_waits_until_what_it_continues_is_checked(film: Film) -> None:
    assert CHILD in due()  # under the policy warn
    set_qc(film, "{policy: reroll}")
    others = {each.clip_id for each in plan().clips.values()} - {CHILD}
    assert due() == others
    measure(PARENT, black=8)
    apply()
    assert due() == others  # its next seed
    first = film_quality(plan()).round
    measure(PARENT)
    assert due() == others - {PARENT} | {CHILD}
    assert film_quality(plan()).round != first


def test_a_take_does_not_wait_for_a_persons_choice_or_if_it_is_there(film: Film) -> None:
    set_qc(film, "{policy: reroll}")
    write_take(clip(CHILD).take)
    assert {PARENT, CHILD} <= due()
    clip(CHILD).take.path.unlink()
    made = plan()
    write_take(clip(PARENT).take)
    save(made.film, approve(made.film, clip(PARENT), clip(PARENT).take.digest))
    assert {PARENT, CHILD} <= due()


def test_each_shot_of_a_chain_waits_for_all_before_it(film: Film) -> None:
    set_qc(film, "{policy: reroll}")
    film.write(
        "prompts/clips/A01_S02_SH003__after.yaml",
        spec("A01_S02_SH003", "After", "She looks back.", inputs={"continue_from": CHILD}),
    )
    chain = [PARENT, CHILD, "A01_S02_SH003"]
    for clip_id in chain:
        assert due() & set(chain) == {clip_id}
        measure(clip_id)
    assert not due() & set(chain)


def test_a_shot_behind_a_chosen_one_does_not_wait_and_one_behind_a_shot_that_is_left_out_does(film: Film) -> None:
    set_qc(film, "{policy: reroll}")
    last = "A01_S02_SH003"
    film.write(
        f"prompts/clips/{last}__after.yaml", spec(last, "After", "She looks back.", inputs={"continue_from": CHILD})
    )
    film.write("story/05_edit.yaml", f"version: 1\nclips:\n  {CHILD}: {{leave_out: true}}\n")
    assert due() & {PARENT, CHILD, last} == {PARENT}
    film.write("story/05_edit.yaml", "version: 1\n")
    made = plan()
    write_take(clip(PARENT).take)
    write_take(clip(CHILD).take)
    save(made.film, approve(made.film, clip(CHILD), clip(CHILD).take.digest))
    write_take(clip(PARENT).take)
    assert due() & {PARENT, CHILD, last} == {PARENT, CHILD, last}


def test_every_seed_that_fails_is_told_of_its_shot(film: Film) -> None:
    set_qc(film, "{policy: reroll, seeds: 1}")
    measure(black=8, loud=True)
    apply()
    measure(black=8)
    assert apply() == []  # the last one has the fewest faults already
    words = f"fails black, as its other seeds do (1 tried); the take with the fewest faults is seed {next_seed(7, 1)}"
    (said,) = rerolls()
    assert (said.is_exhausted, said.words) == (True, words)
    told = {each.clip: each.seeds for scene in scene_statuses(plan()) for each in scene.clips}
    assert told == dict.fromkeys(told, "") | {CLIP: words}
    assert {each["id"]: each.get("seeds", "") for each in film_data(plan())["clips"]} == told


def test_what_no_seed_cures_and_what_is_off_gets_none(film: Film) -> None:
    set_qc(film, "{policy: reroll, off: [black]}")
    digest = measure(black=8)
    path = measures_path(plan().film.folder, CLIP, digest)
    width = clip().take.request.width
    path.write_text(path.read_text(encoding="utf-8").replace(f'"width": {width}', '"width": 2'), encoding="utf-8")
    assert [each.check for each in film_quality(plan()).findings] == ["file"]
    assert rerolls() == ()


def test_other_policies_move_nothing(film: Film) -> None:
    measure(black=8)
    assert rerolls() == ()
    set_qc(film, "{policy: fail}")
    assert rerolls() == ()


def test_a_take_that_is_gone_is_not_the_best(film: Film) -> None:
    set_qc(film, "{policy: reroll, seeds: 1}")
    first = measure(black=8)
    apply()
    take_path(Path(plan().film.folder), CLIP, first).unlink()
    second = measure(black=8, loud=True)
    assert apply() == []
    assert clip().take.digest == second
