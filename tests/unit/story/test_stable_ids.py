"""Ids stay with the text they name, in new versions too; what is new gets an id that was never used."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.formats.clip_spec import clip_numbers
from vtx_app.formats.names import CLIP_ID_PATTERN
from vtx_app.story.stable_ids import align, assign_ids, new_clip_id, new_scene_id

SHOTS = [
    "The storm climbs the tower and swings the power line off its pole.",
    "In the empty lamp room the light buzzes, flares and dies.",
    "Inès comes up the iron stairs behind a torch.",
    "The breaker clicks and clicks, and nothing comes.",
    "Her light catches a brass plaque that has hung there all her life.",
]
IDS = [f"A01_S02_SH{number:03d}" for number in range(1, 6)]
MADE = list(zip(IDS, SHOTS, strict=True))


def ids_of(new: list[str], written: list[tuple[str, str]] | None = None, taken: tuple[str, ...] = ()) -> list[str]:
    return assign_ids(new, MADE, MADE if written is None else written, taken, new_clip_id("A01_S02"))


def test_unchanged_shots_keep_their_ids() -> None:
    assert ids_of(SHOTS) == IDS


def test_inserted_shot_takes_a_letter() -> None:
    new = [*SHOTS[:2], "A gull falls past the glass like a thrown stone.", *SHOTS[2:]]
    assert ids_of(new) == [*IDS[:2], "A01_S02_SH002A", *IDS[2:]]


def test_two_inserted_shots_take_two_letters() -> None:
    new = [*SHOTS[:2], "A gull falls past the glass.", "The sea, seen from straight above, is milk.", *SHOTS[2:]]
    assert ids_of(new)[2:4] == ["A01_S02_SH002A", "A01_S02_SH002B"]


def test_shot_at_the_end_takes_the_next_number() -> None:
    assert ids_of([*SHOTS, "Nobody you can see, she says."])[-1] == "A01_S02_SH006"


def test_shot_before_the_first_takes_a_new_number() -> None:
    assert ids_of(["Black. Only wind, and then a match.", *SHOTS]) == ["A01_S02_SH006", *IDS]


def test_moved_shot_keeps_its_id() -> None:
    assert ids_of([*SHOTS[1:], SHOTS[0]]) == [*IDS[1:], IDS[0]]


def test_reworded_shot_keeps_its_id() -> None:
    new = [SHOTS[0], "In the lamp room, empty, the light buzzes, flares up and dies.", *SHOTS[2:]]
    assert ids_of(new) == IDS


def test_shot_between_the_same_neighbours_keeps_its_id() -> None:
    assert ids_of([*SHOTS[:2], "Torch. Stairs. Breath.", *SHOTS[3:]]) == IDS


def test_shot_inserted_by_a_person_keeps_its_id() -> None:
    written = [*MADE[:2], ("A01_S02_SH002A", "A gull falls past the glass like a stone."), *MADE[2:]]
    again = [*SHOTS[:2], "A gull falls past the glass like a stone.", *SHOTS[2:]]
    assert ids_of(again, written) == [*IDS[:2], "A01_S02_SH002A", *IDS[2:]]
    other = [*SHOTS[:2], "Rain. The window frame gives way with a bang.", *SHOTS[2:]]
    assert ids_of(other, written)[2] == "A01_S02_SH002B"


def test_ids_with_a_spec_are_not_reused() -> None:
    assert ids_of([*SHOTS, "One more thing happens here."], taken=("A01_S02_SH006", "A01_S02_SH007"))[-1] == (
        "A01_S02_SH008"
    )


def test_inserted_shot_takes_a_number_if_all_letters_are_taken() -> None:
    taken = tuple(f"A01_S02_SH002{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    new = [*SHOTS[:2], "Something else altogether, far away, in daylight.", *SHOTS[2:]]
    assert ids_of(new, taken=taken)[2] == "A01_S02_SH006"


def test_new_scene_takes_the_number_after_the_highest() -> None:
    new_id = new_scene_id(2)
    assert new_id(None, {"A01_S09", "A02_S03", "A02_S01"}) == "A02_S04"
    assert new_id(None, set()) == "A02_S01"


@pytest.mark.parametrize("size", [0, 1, 40])
def test_first_ids_are_in_order(size: int) -> None:
    ids = assign_ids([f"shot {number}" for number in range(size)], [], [], (), new_clip_id("A02_S11"))
    assert ids == [f"A02_S11_SH{number:03d}" for number in range(1, size + 1)]


texts = st.lists(st.text(min_size=1, max_size=12), max_size=8)


@given(texts, texts)
def test_each_old_text_is_used_once(new: list[str], old: list[str]) -> None:
    found = [at for at in align(new, old) if at is not None]
    assert len(found) == len(set(found))
    assert all(0 <= at < len(old) for at in found)


@given(st.lists(st.text(min_size=1), unique=True, max_size=8), st.randoms())
def test_equal_texts_are_always_aligned(old: list[str], chance: random.Random) -> None:
    new = old.copy()
    chance.shuffle(new)
    assert [old[at] for at in align(new, old) if at is not None] == new


@given(texts, texts, st.sets(st.integers(1, 12), max_size=5))
def test_ids_are_valid_and_unique(new: list[str], old: list[str], taken: set[int]) -> None:
    made = [(f"A01_S01_SH{number:03d}", text) for number, text in enumerate(old, 1)]
    also = {f"A01_S01_SH{number:03d}" for number in taken}
    ids = assign_ids(new, made, made, also, new_clip_id("A01_S01"))
    assert len(set(ids)) == len(ids) == len(new)
    assert all(re.fullmatch(CLIP_ID_PATTERN, name) and clip_numbers(name)[:2] == (1, 1) for name in ids)
    assert not (set(ids) - {name for name, _ in made}) & also
