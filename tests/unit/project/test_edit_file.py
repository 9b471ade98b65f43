"""The edit of a film on disk, held against its clips and files."""

from __future__ import annotations

import pytest

from kit.film import Film
from vtx_app.errors import SpecError
from vtx_app.formats.edit import Edit
from vtx_app.project.edit_file import joins, with_joined
from vtx_app.project.load import load_film

QUAY, MARA, WHEELHOUSE, WINDOW, IVO, DREAM = (
    *("A01_S01_SH001", "A01_S01_SH002", "A01_S02_SH001", "A01_S02_SH002", "A02_S01_SH001", "A02_S01_SH002"),
)
ORDER = [QUAY, MARA, WHEELHOUSE, WINDOW, IVO, DREAM]
PATH = "projects/harbour/story/05_edit.yaml"


def faults(film: Film, text: str) -> list[str]:
    film.write("story/05_edit.yaml", text)
    with pytest.raises(SpecError) as caught:
        load_film("harbour")
    return [line.removeprefix(PATH) for line in caught.value.problems]


def test_without_a_file_there_is_no_edit(film: Film) -> None:
    assert load_film("harbour").edit == Edit()
    film.write("story/05_edit.yaml", "# nothing yet\n")
    assert load_film("harbour").edit == Edit()


def test_a_clip_that_is_not_there_is_named_with_the_nearest(film: Film) -> None:
    text = (
        "clips:\n  A01_S01_SH003: {in: 2}\ntransitions:\n- {after: A01_S02_SH009, dip: 4}\n"
        "poster: {clip: A09_S01_SH001}\n"
    )
    assert [line.partition(", did you mean")[0] for line in faults(film, text)] == [
        ":2: clips.A01_S01_SH003: no clip A01_S01_SH003 in prompts/clips",
        ":4: transitions.0.after: no clip A01_S02_SH009 in prompts/clips",
        ":5: poster.clip: no clip A09_S01_SH001 in prompts/clips",
    ]


def test_places_at_clips_that_are_not_in_the_film(film: Film) -> None:
    film.write("story/04_shotlist.yaml", f"shots: [{{clip_id: {QUAY}}}, {{clip_id: {MARA}}}]\n")
    titles = f"- {{before: {QUAY}, text: x, frames: 4}}\n- {{over: {IVO}, text: x, frames: 4}}\n"
    text = f"clips: {{{QUAY}: {{leave_out: true}}}}\ntitles:\n{titles}"
    assert faults(film, text) == [
        f":3: titles.0.before: {QUAY} is not in the film: clips.{QUAY}.leave_out; take out one of the two",
        f":4: titles.1.over: {IVO} is not in the film: story/04_shotlist.yaml does not list it",
    ]


def test_a_film_of_which_every_clip_is_left_out(film: Film) -> None:
    film.write("story/04_shotlist.yaml", f"shots: [{{clip_id: {QUAY}}}, {{clip_id: {MARA}}}]\n")
    text = f"clips:\n  {QUAY}: {{leave_out: true}}\n  {MARA}: {{leave_out: true}}\n"
    assert faults(film, text) == [
        f":3: clips.{MARA}.leave_out: no clip is left: all 2 of the film are left out; show one"
    ]
    film.write("story/05_edit.yaml", text.replace(f"  {MARA}: {{leave_out: true}}\n", ""))
    assert load_film("harbour").edit.left_out == {QUAY}


def test_files_that_are_folders_or_missing(film: Film) -> None:
    film.write("inputs/names/roll.txt", "Nobody\n")
    assert faults(film, "end_roll:\n  file: inputs/names\n  frames: 48\n") == [
        ":2: end_roll.file: 'inputs/names' is a folder; name a file in it"
    ]
    assert faults(film, "end_roll:\n  file: inputs/names/rol.txt\n  frames: 48\n") == [
        ":2: end_roll.file: 'inputs/names/rol.txt': no such file, did you mean 'inputs/names/roll.txt'?"
    ]
    film.write("inputs/audio/.gitkeep", "")
    assert faults(film, "music:\n- {file: inputs/audio/it.wav}\n") == [
        ":2: music.0.file: 'inputs/audio/it.wav': no such file"
    ]


@pytest.mark.parametrize("text", ["' '", '"\\n\\t"', '"\\u200b\\u00a0"'])
def test_a_title_of_which_nothing_is_seen(film: Film, text: str) -> None:
    found = faults(film, f"titles:\n- before: {QUAY}\n  text: {text}\n  frames: 24\n")
    assert len(found) == 1
    assert found[0].startswith(":3: titles.0.text: ")
    assert found[0].endswith("nothing of it can be seen; write the words, or take it out")


def test_two_transitions_at_one_side(film: Film) -> None:
    text = f"transitions:\n- {{after: {QUAY}, dip: 4}}\n- {{after: {QUAY}, fade_out: 4}}\n"
    assert faults(film, text) == [f":3: transitions.1: transition 0 (from 0) is after {QUAY} already; keep one"]


def test_a_film_is_not_in_itself(film: Film) -> None:
    for name in ("renders/final/harbour.mp4", "renders/takes/take.mp4"):
        film.write(name, b"")
    text = "music:\n- {file: renders/takes/take.mp4}\n- {file: inputs/../renders/final/harbour.mp4}\n"
    film.write("inputs/audio/theme.flac", b"")
    assert faults(film, text) == [
        ":3: music.1.file: 'inputs/../renders/final/harbour.mp4' is made of this edit; "
        "copy it to inputs/ and name the copy"
    ]


def test_files_that_are_missing_or_outside(film: Film) -> None:
    film.write("inputs/audio/theme.flac", b"")
    text = (
        "music:\n- {file: inputs/audio/thema.flac}\neffects:\n- {file: ../door.wav}\n"
        "end_roll: {file: story/credits.txt, frames: 40}\nfont: inputs/audio/theme.flac\n"
    )
    assert faults(film, text) == [
        ":2: music.0.file: 'inputs/audio/thema.flac': no such file, did you mean 'inputs/audio/theme.flac'?",
        ":4: effects.0.file: '../door.wav' leads out of the project; copy the file into it",
        ":5: end_roll.file: 'story/credits.txt': no such file, did you mean 'story/05_edit.yaml'?",
        ":6: font: 'inputs/audio/theme.flac' is not a font: expected TrueType or OpenType (.ttf, .otf, .ttc)",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"clips: {{{QUAY}: {{out_: 3}}}}", f":1: clips.{QUAY}.out_: unknown key, did you mean 'out'?"),
        (f"transitions: [{{after: {QUAY}}}]", ":1: transitions.0: none: a transition is one of dissolve, dip"),
        (f"transitions: [{{after: {QUAY}, before: {MARA}, dip: 3}}]", ":1: transitions.0: say where it is: after one"),
        (f"transitions: [{{after: {QUAY}, fade_in: 3}}]", ":1: transitions.0: fade_in leads to a clip: use before"),
        ("end_card: {text: End, frames: 4, fade: 3}", ":1: end_card: fade 3: twice in 4 frames, so at most 2"),
    ],
)
def test_what_is_not_valid_by_itself(film: Film, text: str, message: str) -> None:
    assert faults(film, text)[0].startswith(message)


def test_a_clip_is_read_with_those_that_transitions_join_it_to(film: Film) -> None:
    film.write(
        "story/05_edit.yaml",
        f"clips: {{{WHEELHOUSE}: {{leave_out: true}}}}\n"
        f"transitions: [{{after: {MARA}, dissolve: 2}}, {{before: {IVO}, dip: 2}}, {{after: {DREAM}, fade_out: 2}}]\n",
    )
    # the window continues the wheelhouse, which is left out
    assert set(load_film("harbour", only=[MARA]).clips) == {MARA, WHEELHOUSE, WINDOW, IVO}
    assert set(load_film("harbour", only=[DREAM]).clips) == {DREAM}


def test_joins_at_the_ends_of_the_film() -> None:
    edit = Edit.model_validate({"transitions": [{"before": QUAY, "dip": 2}, {"after": DREAM, "dissolve": 2}]})
    assert list(joins(edit, ORDER)) == [(0, None, QUAY), (1, DREAM, None)]
    assert with_joined([QUAY], edit, ORDER) == [QUAY]
