"""Takes that share models and LoRAs wait one after the other, whichever film they belong to."""

from __future__ import annotations

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from vtx_app.workflow.batches import PendingTake, TakeKey, in_batches, in_jobs


def key(name: str) -> TakeKey:
    """``h1``: the take 1 of the film h."""
    return name[0], name, "digest"


def order(*takes: str) -> list[str]:
    """The order of ``h1:core``, or ``h2:core<h1`` where it starts from another."""
    given: dict[TakeKey, PendingTake] = {}
    for take in takes:
        name, _, rest = take.partition(":")
        kind, _, parent = rest.partition("<")
        given[key(name)] = PendingTake(kind, key(parent) if parent else None)
    return [name for _, name, _ in in_batches(given)]


def test_films_share_a_batch_and_stand_in_their_order_within() -> None:
    assert order("h1:core", "h2:dream", "h3:core", "f1:dream", "f2:core") == ["h1", "h3", "f2", "h2", "f1"]


def test_a_chain_stays_in_the_order_of_its_links() -> None:
    assert order("h1:core<h2", "h2:core", "f1:core") == ["h2", "h1", "f1"]


def test_a_kind_that_others_lead_to_comes_last_and_once() -> None:
    assert order("h1:core", "h2:dream", "h3:core<h2", "f1:core") == ["h2", "h1", "h3", "f1"]
    assert order("h1:a", "h2:b", "h3:a<h2", "h4:c", "h5:b<h4") == ["h4", "h2", "h5", "h1", "h3"]


def test_a_take_whose_parent_is_rendered_already_waits_for_nobody() -> None:
    assert order("h2:dream<h1", "h3:core") == ["h2", "h3"]


def test_nothing_waits_where_nothing_is_due() -> None:
    assert order() == []


def runs(kinds: list[str]) -> int:
    return sum(1 for _ in groupby(kinds))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(-3, 30)), max_size=40))
def test_every_take_comes_once_after_its_parent_in_as_few_runs_as_two_kinds_allow(
    drawn: list[tuple[str, int]],
) -> None:
    takes: dict[TakeKey, PendingTake] = {}
    for number, (kind, parent) in enumerate(drawn):
        takes[key(f"h{number}")] = PendingTake(kind, key(f"h{parent}") if 0 <= parent < number else None)
    done = in_batches(takes)
    assert sorted(done) == sorted(takes)
    places = {each: place for place, each in enumerate(done)}
    for each, take in takes.items():
        assert take.parent is None or places[take.parent] < places[each]
    assert runs([str(takes[each].kind) for each in done]) == min(_runs(takes, first) for first in "ab")


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(-3, 30)), max_size=40), st.integers(1, 6))
def test_takes_of_a_job_are_of_one_kind_and_no_job_waits_for_a_later_one(
    drawn: list[tuple[str, int]], most: int
) -> None:
    takes: dict[TakeKey, PendingTake] = {}
    for number, (kind, parent) in enumerate(drawn):
        takes[key(f"h{number}")] = PendingTake(kind, key(f"h{parent}") if 0 <= parent < number else None)
    jobs = in_jobs(takes, most)
    assert [each for job in jobs for each in job] == in_batches(takes)
    assert all(1 <= len(job) <= most and len({takes[each].kind for each in job}) == 1 for job in jobs)


def _runs(takes: dict[TakeKey, PendingTake], kind: str) -> int:
    """Runs where everything is rendered that can be, of one kind and the other in turn, beginning with ``kind``."""
    left, count = dict(takes), 0
    while left:
        began = len(left)
        while able := [
            each
            for each, take in left.items()
            if take.kind == kind and (take.parent is None or take.parent not in left)
        ]:
            for each in able:
                del left[each]
        count += len(left) < began
        kind = "b" if kind == "a" else "a"
    return count
