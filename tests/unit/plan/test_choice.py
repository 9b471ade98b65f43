"""Which take a clip shows, as a pure function of its request and a person's word."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kit.request import make_request
from vtx_app.compile.request import request_digest
from vtx_app.formats.select import Select
from vtx_app.plan.choice import choose, covered, next_seed

REQUEST = make_request(prompt="The quay at dawn.", width=128, height=96)
DIGEST = request_digest(REQUEST)
OTHER = "b" * 64
EDITED = replace(REQUEST, prompt="The quay at noon.")


def select(**said: object) -> Select:
    return Select.model_validate({"clip_id": "A01_S01_SH001", **said})


def test_without_a_word_the_clip_shows_what_its_spec_asks_for() -> None:
    assert choose(REQUEST, None).shown == choose(REQUEST, select()).shown == DIGEST


def test_a_rejected_take_gives_way_to_the_next_seed_and_to_the_one_after() -> None:
    first = choose(REQUEST, select(rejected=[DIGEST]))
    assert first.request.seed == next_seed(7, 1)
    assert first.wanted == first.shown == request_digest(first.request) != DIGEST
    second = choose(REQUEST, select(rejected=[DIGEST, first.wanted]))
    assert second.request.seed == next_seed(7, 2)
    assert len({DIGEST, first.wanted, second.wanted}) == 3


def test_an_edit_after_a_rejection_is_rendered_with_the_specs_own_seed() -> None:
    assert choose(EDITED, select(rejected=[DIGEST])).request == EDITED


def test_a_spec_that_says_rejected_gets_the_next_seed_once() -> None:
    assert choose(REQUEST, None, rejected=True).request.seed == next_seed(7, 1)


def test_an_approved_take_is_shown_whatever_is_edited() -> None:
    said = select(state="approved", take=DIGEST, instead_of=DIGEST)
    assert not choose(REQUEST, said).out_of_date
    edited = choose(EDITED, said)
    assert (edited.shown, edited.out_of_date, edited.state) == (DIGEST, True, "approved")
    assert edited.wanted == request_digest(EDITED)


def test_an_approved_take_of_another_seed_is_not_out_of_date_by_that() -> None:
    assert not choose(REQUEST, select(state="approved", take=OTHER, instead_of=DIGEST)).out_of_date


def test_an_approved_take_that_was_accepted_for_an_edit_is_up_to_date() -> None:
    said = select(state="approved", take=DIGEST, good_for=[request_digest(EDITED)])
    assert not choose(EDITED, said).out_of_date
    assert choose(replace(EDITED, negative="rain"), said).out_of_date


def test_a_pick_holds_until_the_shot_is_edited() -> None:
    said = select(state="picked", take=OTHER, instead_of=DIGEST)
    assert choose(REQUEST, said).shown == OTHER
    edited = choose(EDITED, said)
    assert (edited.shown, edited.lapsed, edited.state) == (request_digest(EDITED), True, "open")
    assert choose(REQUEST, said).shown == OTHER  # the edit undone


def test_further_seeds_are_candidates_but_for_rejected_ones() -> None:
    both = dict(choose(REQUEST, select(seeds=[7, 8, 9])).candidates)
    assert sorted(request.seed for request in both.values()) == [8, 9]  # 7 is the spec's own
    eight = request_digest(replace(REQUEST, seed=8))
    assert [request.seed for _, request in choose(REQUEST, select(seeds=[8, 9], rejected=[eight])).candidates] == [9]


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_rejecting_again_and_again_never_shows_a_rejected_take(seed: int, times: int) -> None:
    request = replace(REQUEST, seed=seed)
    refused: list[str] = []
    for _ in range(times):
        shown = choose(request, select(rejected=refused)).shown
        assert shown not in refused
        refused.append(shown)
    assert choose(request, select(rejected=refused)).shown == choose(request, select(rejected=refused[::-1])).shown


def test_a_chosen_take_is_shown_as_far_as_it_goes() -> None:
    assert covered({"width": 64, "height": 96, "frames": 9}, (128, 64), 16) == ((64, 64), 9)
    assert covered({}, (128, 64), 16) == ((128, 64), 16)


def test_a_chosen_take_is_shown_from_where_its_own_shot_begins() -> None:
    assert covered({"frames": 41, "head": 12}, (128, 64), 40) == ((128, 64), 29)
    assert covered({"frames": 41, "head": 12}, (128, 64), 16) == ((128, 64), 16)
