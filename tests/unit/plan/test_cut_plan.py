"""The plan of a film that is cut: a clip or an act planned alone is that of the film; chains; approved takes."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from kit.film import IDS, Film
from kit.takes import write_take
from vtx_app.commands.planning import plan as plan_command
from vtx_app.errors import ProjectError, SpecError
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.pending import takes_for
from vtx_app.plan.planner import plan_act, plan_clips, plan_film
from vtx_app.plan.report import build_report
from vtx_app.project.load import load_film

QUAY, MARA, WHEELHOUSE, WINDOW, IVO, DREAM = IDS
EDITS: list[dict[str, Any]] = [
    {},
    {"transitions": [{"after": WINDOW, "dissolve": 4}]},
    {"transitions": [{"after": each, "dissolve": 2} for each in IDS[:-1]]},
    {"transitions": [{"after": QUAY, "dip": 5}, {"before": WHEELHOUSE, "dip": 4}, {"before": QUAY, "fade_in": 2}]},
    {"clips": {MARA: {"leave_out": True}}, "transitions": [{"after": QUAY, "dissolve": 5}]},
    {"clips": {WHEELHOUSE: {"leave_out": True}}, "titles": [{"over": WINDOW, "from": 1, "text": "x", "frames": 3}]},
    {"clips": {WHEELHOUSE: {"out": 6}, WINDOW: {"sound_out": 1, "sound_in": 1}, IVO: {"in": 1, "repeat": 2}}},
    {"titles": [{"before": WINDOW, "text": "x", "frames": 4}], "end_card": {"text": "End", "frames": 8}},
    {"clips": {IVO: {"hold": {"first": 3}}}, "transitions": [{"before": IVO, "dissolve": 4}]},
]


def write_edit(film: Film, **parts: object) -> None:
    film.write("story/05_edit.yaml", yaml.safe_dump(parts))


def plan(tier: str = "final") -> FilmPlan:
    return plan_film("harbour", tier)


def faults() -> list[str]:
    with pytest.raises(SpecError) as caught:
        plan()
    return caught.value.problems


@pytest.mark.parametrize("number", range(len(EDITS)))
def test_a_clip_or_an_act_planned_alone_is_that_of_the_film(film: Film, number: int) -> None:
    write_edit(film, **EDITS[number])
    whole = plan()
    for stem, clip in whole.every_clip.items():
        alone = plan_clips(load_film("harbour", only=[clip.clip_id]), "final")[stem]
        assert (alone.delivery, alone.stamp) == (clip.delivery, clip.stamp)
    for name, act in whole.acts.items():
        found = plan_act("harbour", "final", name)
        assert found is not None
        assert (found.stamp, found.pieces, found.mix) == (act.stamp, act.pieces, act.mix)


@pytest.mark.parametrize("number", range(len(EDITS)))
def test_no_edit_changes_a_take(film: Film, number: int) -> None:
    before = {clip.clip_id: clip.take.digest for clip in plan().clips.values()}
    write_edit(film, **EDITS[number])
    assert {clip.clip_id: clip.take.digest for clip in plan().every_clip.values()} == before


def test_copied_and_drawn_frames_are_the_film(film: Film) -> None:
    write_edit(film, **EDITS[2])
    made = plan()
    assert made.final is not None
    assert sum(piece.frames for act in made.acts.values() for piece in act.pieces) == made.timeline.frames
    assert sum(piece.frames for piece in made.final.pieces) == made.timeline.frames
    assert {piece.path for act in made.acts.values() for piece in act.pieces} == {
        part.path for act in made.acts.values() for part in act.parts
    }


def test_only_what_decides_its_bytes_is_in_a_stamp(film: Film) -> None:
    write_edit(film, transitions=[{"after": IVO, "dissolve": 4}])
    before = plan()
    write_edit(film, transitions=[{"after": IVO, "dissolve": 4}], clips={QUAY: {"in": 2}, IVO: {"gain_db": -6}})
    after = plan()
    changed = [clip.clip_id for clip in after.clips.values() if clip.stamp != before.clips[clip.clip.stem].stamp]
    assert changed == [QUAY]
    assert {name: insert.stamp for name, insert in after.inserts.items()} == {
        name: insert.stamp for name, insert in before.inserts.items()
    }
    assert [after.acts[name].stamp == before.acts[name].stamp for name in ("A01", "A02")] == [False, False]


def test_a_line_break_in_a_title_is_another_picture(film: Film) -> None:
    stamps = set()
    for text in ("Two words", "Two\nwords", "Two  words"):
        write_edit(film, end_card={"text": text, "frames": 8})
        stamps.add(plan().inserts["end_card"].stamp)
    assert len(stamps) == 3


def test_faults_name_file_line_and_what_fits(film: Film) -> None:
    film.write(
        "story/05_edit.yaml",
        f"clips:\n  {QUAY}: {{in: -2}}\ntransitions:\n- after: {MARA}\n  dip: 40\n",
    )
    path = "projects/harbour/story/05_edit.yaml"
    assert faults() == [
        f"{path}:2: clips.{QUAY}.in: -2: its take has 0 frames before the shot, so at least 0",
        f"{path}:5: transitions.0.dip: 40 frames: at most 16 fit ({MARA} has 8 and {WHEELHOUSE} has 8 left of its own)",
    ]


def test_a_shot_list_that_names_no_clip_there_is_told(film: Film) -> None:
    film.write("story/04_shotlist.yaml", "shots: [{clip_id: A09_S01_SH001}]\n")
    with pytest.raises(ProjectError, match=r"none of the 6 clips of harbour is in the film: story/04_shotlist\.yaml"):
        plan_command("harbour")


@pytest.mark.parametrize(("content", "what"), [(b"Nobody\n\xff\xfe", ":2: not UTF-8 text"), (b"a\0b", "zero bytes")])
def test_an_end_roll_that_is_no_text(film: Film, content: bytes, what: str) -> None:
    path = film.folder / "inputs/roll.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    write_edit(film, end_roll={"file": "inputs/roll.txt", "frames": 48})
    (found,) = faults()
    assert found.startswith(
        "projects/harbour/story/05_edit.yaml:2: end_roll.file: 'inputs/roll.txt' is not a text file"
    )
    assert what in found


def test_an_end_roll_without_words(film: Film) -> None:
    film.write("inputs/roll.txt", " \n\t\n")
    write_edit(film, end_roll={"file": "inputs/roll.txt", "frames": 48})
    path = "projects/harbour/story/05_edit.yaml:2: end_roll.file"
    assert faults() == [f"{path}: 'inputs/roll.txt' has no words in it; write some, or take the roll out"]


def test_a_fade_of_its_sound_that_is_too_long_is_one_fault(film: Film) -> None:
    write_edit(film, clips={QUAY: {"fade_in": 400}})
    (found,) = faults()
    assert found.endswith(f"clips.{QUAY}.fade_in: 400 frames: its sound has 8, so at most 8")
    write_edit(film, clips={QUAY: {"fade_in": 400, "fade_out": 1}})
    assert faults()[1].endswith(f"clips.{QUAY}.fade_out: 1 frame: its sound has 8, so at most 0")


def test_a_long_still_is_told_in_time(film: Film) -> None:
    write_edit(film, clips={QUAY: {"hold": {"last": 480}}, MARA: {"hold": {"first": 479}}})
    told = [line for line in build_report(plan(), "final").lines() if "still picture" in line]
    assert len(told) == 1
    assert told[0].endswith(f"clips.{QUAY}.hold.last: 480 frames are 1:00 of one still picture")
    write_edit(film, titles=[{"before": QUAY, "text": "A", "frames": 8}], end_card={"text": "B", "frames": 100_000})
    told = [line for line in build_report(plan(), "final").lines() if "still picture" in line]
    assert [line.partition(": ")[2] for line in told] == [
        "end_card.frames: 100000 frames are 3:28:20 of one still picture"
    ]


def test_a_film_ends_before_its_time_code_does(film: Film) -> None:
    write_edit(film, clips={QUAY: {"hold": {"last": 100_000}, "repeat": 6}, MARA: {"hold": {"last": 62_314}}})
    (found,) = faults()
    assert found.partition(": ")[2] == (
        f"clips.{QUAY}.hold.last: 100000 frames, shown 6 times, make the film 23:00:00 long; "
        "it may last 23 hours, until its time code ends"
    )


def test_a_film_of_one_clip_has_one_clip(film: Film) -> None:
    film.write("story/04_shotlist.yaml", f"shots: [{{clip_id: {QUAY}}}]\n")
    assert build_report(plan(), "final").lines()[0].startswith("harbour: 1 clip, 0:01 of film")


def test_an_approved_take_is_cut_within_what_it_has(film: Film) -> None:
    """Its take has nine frames, one more than the shot."""
    take = write_take(plan().clip("A01_S01_SH001__empty_quay").take)
    film.write(f"review/selects/{QUAY}.yaml", f"clip_id: {QUAY}\nstate: approved\ntake: {take}\n")
    write_edit(film, clips={QUAY: {"out": 12}})
    clip = plan().clip("A01_S01_SH001__empty_quay")
    assert (clip.delivery.first, clip.delivery.frames) == (0, 9)
    assert clip.notes == (
        f"projects/harbour/story/05_edit.yaml:3: clips.{QUAY}.out: 12: its take has 1 frame after the shot's 8",
    )
    film.edit_clip("A01_S01_SH001__empty_quay", "seconds: 1.0", "seconds: 0.5")
    write_edit(film)
    assert plan().clip("A01_S01_SH001__empty_quay").delivery.frames == 4  # as the spec has it now


def test_a_torn_chain_is_reported(film: Film) -> None:
    write_edit(film, clips={WHEELHOUSE: {"out": 6}})
    path = "projects/harbour/story/05_edit.yaml"
    said = f"{path}:3: clips.{WHEELHOUSE}: {WINDOW} continues {WHEELHOUSE}, but no longer runs on from it"
    report = build_report(plan(), "final")
    assert any(said in line for line in report.lines())
    assert report.data()["cut"]["torn"] == [[WHEELHOUSE, WINDOW]]


def test_the_takes_of_a_mix_and_of_drawn_pieces_are_rendered_even_if_clips_are_current(film: Film) -> None:
    write_edit(film, clips={DREAM: {"mute": True}})
    made = plan()
    for clip in made.clips.values():
        made._current[clip.path] = True
    assert [clip.clip_id for clip in takes_for(made, "final")] == [QUAY, MARA, WHEELHOUSE, WINDOW, IVO]


def test_the_storyboard_of_an_ltx_film_has_no_handles_and_the_edit_gives_way(film: Film) -> None:
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx\nhandles: {head: 8, tail: 8}")
    write_edit(film, clips={QUAY: {"in": -4}}, transitions=[{"after": MARA, "dissolve": 14}])
    notes = plan("animatic").notes(None)
    path = "projects/harbour/story/05_edit.yaml"
    assert f"{path}:3: clips.{QUAY}.in: -4: its take has 0 frames before the shot" in notes
    assert any(note.startswith(f"{path}:6: transitions.0.dissolve: 14 frames: its take has room for") for note in notes)


def test_matched_colour_is_in_the_stamps_of_shots_that_continue_others_and_in_no_take(film: Film) -> None:
    before = {clip.clip_id: clip for clip in plan().clips.values()}
    film.write("story/05_edit.yaml", "version: 1\nmatch: {chain: first}\n")
    after = {clip.clip_id: clip for clip in plan().clips.values()}
    assert [clip_id for clip_id in before if before[clip_id].stamp != after[clip_id].stamp] == ["A01_S02_SH002"]
    assert [clip.take.digest for clip in before.values()] == [clip.take.digest for clip in after.values()]
    film.write("story/05_edit.yaml", "version: 1\nmatch: {chain: first, strength: 0}\n")
    assert {clip.clip_id: clip.stamp for clip in plan().clips.values()} == {
        clip_id: clip.stamp for clip_id, clip in before.items()
    }
    film.write("story/05_edit.yaml", "version: 1\nmatch: {chain: first}\nclips:\n  A01_S02_SH001: {out: -2}\n")
    trimmed = {clip.clip_id: clip for clip in plan().clips.values()}
    assert trimmed["A01_S02_SH002"].delivery.match == after["A01_S02_SH002"].delivery.match is not None
