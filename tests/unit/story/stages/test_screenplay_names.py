"""The ids that cues and headings mean: one for all spellings of a name, and another for every other name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.story.names import name_key
from vtx_app.story.stages.screenplay_names import find_id, ids_by_name

SAME = [
    ("ANNA’S MOTHER", "ANNA'S MOTHER"),
    ("ANNAʼS MOTHER", "anna`s  mother"),
    ("DR. WHO", "DR WHO"),
    ("Kitchen", "KITCHEN."),
    ("OLD  MAN", " old man "),
    ("INE\u0300S", "INÈS"),
    ("I\u200bDA", "\u200eIDA"),
    ("ﬁnn", "FINN"),
]
OTHER = [("АННА", "ANNA"), ("ZOË", "ZOE"), ("JOSÉ", "JOSE"), ("D'ARCY", "DARCY"), ("COP #1", "COP #2"), ("ÖZ", "OZ")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_have_one_id(one: str, other: str) -> None:
    ids = ids_by_name([one, other], {})
    assert len(set(ids.values())) == 1 and name_key(one) == name_key(other)
    assert find_id(other, {"who": one}) == "who"


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_names_never_share_an_id(one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        ids = ids_by_name([first, second], {})
        assert len(set(ids.values())) == 2
        known = {ids[first]: first.title(), ids[second]: second.title()}
        assert [find_id(first, known), find_id(second, known)] == [ids[first], ids[second]]


@pytest.mark.parametrize(
    ("cue", "found"),
    [("INÈS", "ines"), ("INES", "ines"), ("INÈS KEROUAN", "ines"), ("KEROUAN", None), ("ANNA", None), ("АННА", "anna")],
)
def test_an_id_that_was_not_made_from_the_name_is_another_name(cue: str, found: str | None) -> None:
    assert find_id(cue, {"ines": "Inès Kerouan", "anna": "Анна"}) == found


@given(st.lists(st.text(alphabet="AÀaа.'’ \u200b12", min_size=1, max_size=6), max_size=8))
def test_names_share_an_id_exactly_if_they_are_spellings_of_one(names: list[str]) -> None:
    ids = ids_by_name(names, {})
    assert all((ids[one] == ids[other]) == (name_key(one) == name_key(other)) for one in names for other in names)
