"""The plan of a film on disk: digests, chains, chapters, stamps."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kit.film import Film
from kit.shot import MONOLITH_LOCK, print_of
from kit.takes import write_take
from vtx_app.compile.request import canonical_json
from vtx_app.cut.delivery import clip_digest
from vtx_app.errors import ProjectError
from vtx_app.formats.film_lock import FilmLock
from vtx_app.media.mp4 import write_stamp
from vtx_app.models.locked import film_lock_text
from vtx_app.plan.film_plan import ActPlan, ClipPlan, FilmPlan, FinalPlan
from vtx_app.plan.pending import clips_for_manifest, clips_to_conform, clips_to_render
from vtx_app.plan.planner import plan_act, plan_film
from vtx_app.plan.report import build_report
from vtx_app.project.handles import Handles


def plan(tier: str = "final") -> FilmPlan:
    return plan_film("harbour", tier)


def deliver(*products: ClipPlan | ActPlan | FinalPlan) -> None:
    """Put a file with the plan's stamp where each of these belongs."""
    for product in products:
        product.path.parent.mkdir(parents=True, exist_ok=True)
        product.path.write_bytes(b"a film")
        write_stamp(product.path, product.stamp)
        if isinstance(product, FinalPlan):
            product.manifest.write_text(json.dumps({"stamp": product.stamp}), encoding="utf-8")


def test_a_chained_request_holds_its_parents_digest_and_last_seen_frame(film: Film) -> None:
    clips = {clip.clip_id: clip for clip in plan().clips.values()}
    child, parent = clips["A01_S02_SH002"], clips["A01_S02_SH001"]
    assert child.parent is parent
    assert child.take.request.continue_from == parent.take.digest
    assert child.take.request.continue_frame == parent.material.frames - 1


def test_a_longer_parent_changes_where_its_child_starts(film: Film) -> None:
    before = {clip.clip_id: clip.take.digest for clip in plan().clips.values()}
    film.edit_clip("A01_S02_SH001__wheelhouse", "seconds: 1.0", "seconds: 0.9")
    after = {clip.clip_id: clip.take.digest for clip in plan().clips.values()}
    assert [clip_id for clip_id in before if before[clip_id] != after[clip_id]] == ["A01_S02_SH002"]


def test_chapters_cover_the_film_without_a_gap(film: Film) -> None:
    made = plan()
    assert made.final is not None
    ends = [0] + [scene.end for scene in made.final.chapters]
    assert [scene.start for scene in made.final.chapters] == ends[:-1]
    assert ends[-1] == made.timeline.frames == sum(clip.delivery.frames for clip in made.clips.values())


def test_the_tiers_of_a_storyboard_film_share_takes_but_no_delivered_file(film: Film) -> None:
    final, animatic = plan("final"), plan("animatic")
    assert [clip.take.path for clip in final.clips.values()] == [clip.take.path for clip in animatic.clips.values()]
    assert not {clip.path for clip in final.clips.values()} & {clip.path for clip in animatic.clips.values()}


def test_a_clip_that_no_spec_makes_is_told_with_the_nearest(film: Film) -> None:
    with pytest.raises(ProjectError, match="did you mean 'A01_S01_SH002__mara'"):
        plan().clip("A01_S01_SH002__marra")


def test_the_summary_counts_takes_that_are_missing(film: Film) -> None:
    made = plan()
    head = build_report(made, "final").lines()[0]
    assert head == "harbour: 6 clips, 0:06 of film, renderer animatic; 6 to render (6.0 s of film), 6 to conform"
    first = next(iter(made.clips.values()))
    first.take.path.parent.mkdir(parents=True)
    first.take.path.touch()
    lines = build_report(made, "final").lines()
    assert "5 to render (5.0 s of film), 6 to conform" in lines[0]
    assert len([line for line in lines if line.startswith("  render ")]) == 5


def test_what_is_current_asks_for_nothing_below_it(film: Film) -> None:
    made = plan()
    assert made.final is not None
    deliver(made.final)
    assert clips_to_conform(made, "final") == []
    assert len(clips_to_conform(made, "clips")) == 6
    deliver(made.acts["A01"])
    assert [clip.clip.spec.act for clip in clips_to_conform(plan(), "acts")] == [2, 2]


def test_a_cut_that_is_made_anew_asks_for_the_clips_that_its_manifest_names(film: Film) -> None:
    """Also for those that a current act, in which they are, does not ask for."""
    made = plan()
    first, *middle, last = made.clips.values()
    deliver(made.acts["A01"], *middle)
    assert clips_for_manifest(made) == [first]
    assert clips_to_conform(made, "final") == [first, last]
    assert made.final is not None
    deliver(made.final)
    assert clips_for_manifest(plan()) == []


def test_a_final_is_current_only_with_its_own_manifest(film: Film) -> None:
    final = plan().final
    assert final is not None
    deliver(final)
    assert final.is_current()
    assert not replace(final, stamp="0" * 64).is_current()
    final.manifest.write_text(json.dumps({"stamp": "0" * 64}), encoding="utf-8")  # a build was killed right after it
    assert not final.is_current()
    final.manifest.unlink()
    assert not final.is_current()


def test_a_renamed_clip_is_cut_anew_for_the_manifest_has_its_name(film: Film) -> None:
    before = plan()
    film.write("prompts/clips/A01_S01_SH002__the_ferrywoman.yaml", film.read("prompts/clips/A01_S01_SH002__mara.yaml"))
    (film.folder / "prompts/clips/A01_S01_SH002__mara.yaml").unlink()
    after = plan()
    assert [act.stamp for act in after.acts.values()] == [act.stamp for act in before.acts.values()]
    assert after.final is not None
    assert before.final is not None
    assert after.final.stamp != before.final.stamp


def test_a_missing_take_brings_the_missing_takes_it_continues_from(film: Film) -> None:
    made = plan()
    child = made.clip("A01_S02_SH002__the_window")
    assert [each.clip_id for each in clips_to_render([child])] == ["A01_S02_SH001", "A01_S02_SH002"]
    assert child.parent is not None
    child.parent.take.path.parent.mkdir(parents=True)
    child.parent.take.path.touch()
    assert clips_to_render([child]) == [child]


@pytest.mark.parametrize("parent", ["A01_S02_SH002", "A01_S01_SH002"])
@pytest.mark.parametrize("tier", ["final", "animatic"])
def test_an_act_planned_alone_is_the_act_of_the_film(film: Film, tier: str, parent: str) -> None:
    film.edit_clip("A02_S01_SH001__ivo", "type: i2v", f"type: i2v\n  continue_from: {parent}")
    for name, act in plan(tier).acts.items():
        alone = plan_act("harbour", tier, name)
        assert alone is not None
        assert (alone.stamp, alone.path) == (act.stamp, act.path)
        assert [(clip.path, clip.stamp) for clip in alone.clips] == [(clip.path, clip.stamp) for clip in act.clips]
    assert plan_act("harbour", tier, "A07") is None


def test_an_act_planned_alone_reads_no_other_act(film: Film) -> None:
    film.edit_clip("A01_S01_SH002__mara", "title: Mara", "title: [")
    assert plan_act("harbour", "final", "A02") is not None


# -- handles -----------------------------------------------------------------------------------------


@pytest.fixture
def handled(film: Film) -> Film:
    """A film for LTX with 12 spare frames before its shots and 10 after."""
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx\nhandles: {head: 12, tail: 10}")
    film.write("film.lock.yaml", film_lock_text(FilmLock(models={slot: print_of(slot) for slot in MONOLITH_LOCK})))
    return film


def test_a_clip_begins_after_the_head_of_its_take(handled: Film) -> None:
    clips = {clip.clip_id: clip for clip in plan().clips.values()}
    first, child = clips["A01_S02_SH001"], clips["A01_S02_SH002"]
    assert (first.take.request.frames, first.delivery.frames) == (33, 8)
    assert (first.delivery.first, first.delivery.last) == (12, 19)
    assert first.spare == Handles(12, 13)  # the tail of 10 and what makes 33 of 30 frames
    assert child.spare == Handles(1, 17)  # its first frame is its parent's last
    assert child.take.request.continue_frame == 19


def test_a_clip_without_handles_has_the_stamp_that_it_always_had(handled: Film) -> None:
    handled.edit("metadata.yaml", "handles: {head: 12, tail: 10}", "")
    clip = plan().clips["A01_S01_SH001__empty_quay"]
    assert "head" not in canonical_json(clip.delivery)
    assert clip_digest(clip.take.digest, replace(clip.delivery, head=1)) != clip.stamp


def test_the_seconds_to_render_count_the_handles(handled: Film) -> None:
    made = plan()
    head = build_report(made, "final").lines()[0]
    # six shots of a second, with 22 spare frames each but for one that has no head, at 8 frames a second
    assert head == "harbour: 6 clips, 0:06 of film, renderer ltx; 6 to render (21.0 s of film), 6 to conform"
    assert "6 to render (6.0 s of film)" in build_report(plan("animatic"), "final").lines()[0]


@pytest.mark.parametrize("state", ["approved", "picked"])
def test_a_chosen_take_is_shown_from_its_own_head(handled: Film, state: str) -> None:
    """Its shot begins where it began when it was rendered, whatever the handles are now."""
    stem, clip_id = "A01_S02_SH001__wheelhouse", "A01_S02_SH001"
    before = plan().clips[stem]
    write_take(before.take)
    handled.edit("metadata.yaml", "{head: 12, tail: 10}", "{head: 4, tail: 40}")
    handled.edit_clip(stem, "seconds: 1.0", "seconds: 4.0")
    wanted = plan().clips[stem].choice.wanted
    select = f"clip_id: {clip_id}\nstate: {state}\ntake: {before.take.digest}\ninstead_of: {wanted}\n"
    handled.write(f"review/selects/{clip_id}.yaml", select)
    clips = plan().clips
    after = clips[stem]
    assert after.take.digest == before.take.digest
    assert (after.delivery.first, after.delivery.last) == (12, 32)  # 21 of the 32 frames that the shot has now
    assert after.spare == Handles(12, 0)
    assert "is shorter or smaller than the shot: the film shows 21 frames" in after.notes[0]
    assert clips["A01_S02_SH002__the_window"].take.request.continue_frame == 32
