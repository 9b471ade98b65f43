"""The order of the cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vtx_app.formats.clip_spec import clip_numbers
from vtx_app.project.order import cut_order

IDS = st.builds(
    "A{:02d}_S{:02d}_SH{:03d}{}".format,
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(1, 4),
    st.sampled_from(["", "A", "B"]),
)
FILM = ["A01_S01_SH001", "A01_S01_SH002", "A01_S02_SH001", "A01_S02_SH002", "A02_S01_SH001"]


def test_without_a_list_shots_stand_by_act_scene_and_shot() -> None:
    assert cut_order(list(reversed(FILM)), []) == FILM
    long = ["A02_S01_SH001", "A10_S01_SH001", "A100_S01_SH001"]
    assert cut_order(list(reversed(long)), []) == long


def test_a_letter_comes_after_the_shot_it_was_inserted_after() -> None:
    found = cut_order(["A01_S01_SH004", "A01_S01_SH003B", "A01_S01_SH003", "A01_S01_SH003A"], [])
    assert found == ["A01_S01_SH003", "A01_S01_SH003A", "A01_S01_SH003B", "A01_S01_SH004"]


def test_the_list_decides_and_scenes_may_be_intercut() -> None:
    listed = ["A01_S02_SH001", "A01_S01_SH001", "A01_S02_SH002", "A01_S01_SH002"]
    assert cut_order(FILM, [*listed, "A02_S01_SH001"]) == [*listed, "A02_S01_SH001"]


def test_acts_follow_one_another_in_any_list() -> None:
    assert cut_order(FILM, list(reversed(FILM)))[-1] == "A02_S01_SH001"


def test_a_shot_that_is_not_listed_is_not_in_the_film() -> None:
    assert cut_order([*FILM, "A01_S01_SH001A"], FILM) == FILM


def test_listed_shots_without_a_spec_are_planned_and_not_cut() -> None:
    assert cut_order(FILM, ["A01_S01_SH009", *FILM]) == FILM


@given(st.lists(IDS, unique=True), st.lists(IDS, unique=True))
def test_every_listed_clip_is_cut_once_and_acts_stay_together(clips: list[str], listed: list[str]) -> None:
    found = cut_order(clips, listed)
    assert sorted(found) == sorted(set(clips).intersection(listed or clips))
    acts = [clip_numbers(clip_id)[0] for clip_id in found]
    assert acts == sorted(acts)
    for act in set(acts):
        inside = [clip_id for clip_id in found if clip_numbers(clip_id)[0] == act]
        assert inside == [clip_id for clip_id in listed or inside if clip_id in inside]


@given(st.lists(IDS, unique=True), st.lists(IDS, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_the_files_is_no_matter(clips: list[str], listed: list[str], chance: object) -> None:
    mixed = list(clips)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert cut_order(mixed, listed) == cut_order(clips, listed)


@given(st.lists(IDS, unique=True, min_size=2), st.lists(IDS, unique=True), st.data())
def test_deleting_a_clip_moves_no_other(clips: list[str], listed: list[str], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from([clip_id for clip_id in clips if clip_id not in listed] or [""]))
    left = [clip_id for clip_id in clips if clip_id != gone]
    assert cut_order(left, listed) == [clip_id for clip_id in cut_order(clips, listed) if clip_id != gone]
