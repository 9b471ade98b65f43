"""Three-way merge of plain data."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.merge.data_merge import id_key, merge_data, merge_order, same

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(width=16) | st.text("ab#:\n'é", max_size=4)
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner), max_leaves=10
)
NAMED = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from("ABCDEF")}, optional={"t": SCALARS, "l": st.lists(SCALARS, max_size=3)}
    ),
    max_size=6,
    unique_by=lambda item: str(item["id"]),
)


def ids(data: Any) -> str:
    return "".join(str(item["id"]) for item in data)


def items(names: str, **changed: Any) -> list[dict[str, Any]]:
    return [{"id": name, "title": changed.get(name, "as it was")} for name in names]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (4, 4.0, True),
        (True, 1, False),
        (False, 0, False),
        (None, 0, False),
        ("4", 4, False),
        (math.nan, math.nan, True),
        ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1}, True),
        ([1, 2], [2, 1], False),
        ([], {}, False),
        ({"a": None}, {}, False),
    ],
)
def test_same(one: Any, other: Any, alike: bool) -> None:
    assert same(one, other) is alike
    assert same([one], [other]) is alike


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "result"),
    [
        ({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 3}, {"a": 2, "b": 3}),
        ({"a": 1}, {"a": 2}, {"a": 2}, {"a": 2}),
        ({"a": 4}, {"a": 5}, {"a": 4.0}, {"a": 5}),
        ({"a": 1}, {"a": 1, "m": 1}, {"a": 1, "t": 1}, {"a": 1, "m": 1, "t": 1}),
        ({"a": 1, "b": 1}, {"b": 1}, {"a": 1, "b": 2}, {"b": 2}),
        ({"a": 1, "b": 1}, {"b": 1}, {"a": 9, "b": 2}, {"b": 2}),  # deleted by the person: stays deleted
        ({"a": 1, "b": 1}, {"a": 1, "b": 2}, {"b": 1}, {"b": 2}),
        ({"o": {"x": 1}}, {"o": {"x": 1, "m": 1}}, {"o": {"x": 2}}, {"o": {"x": 2, "m": 1}}),
        ({}, {"o": {"m": 1}}, {"o": {"t": 1}}, {"o": {"m": 1, "t": 1}}),
        ({"l": ["a", "b", "c"]}, {"l": ["a", "B", "c"]}, {"l": ["a", "b", "c", "d"]}, {"l": ["a", "B", "c", "d"]}),
        ({"l": ["a", "b"]}, {"l": ["A", "b"]}, {"l": ["a", "B"]}, {"l": ["A", "B"]}),
        ({"l": ["a", "b"]}, {"l": ["b"]}, {"l": ["a", "b", "c"]}, {"l": ["b", "c"]}),
        ({"l": [{"x": 1, "y": 1}]}, {"l": [{"x": 2, "y": 1}]}, {"l": [{"x": 1, "y": 2}]}, {"l": [{"x": 2, "y": 2}]}),
        ({"l": ["a", "b"]}, {"l": ["b"]}, {"l": ["a", "y", "b"]}, {"l": ["y", "b"]}),
        ({"l": ["a", "b"]}, {"l": ["b"]}, {"l": ["x", "a", "y", "b"]}, {"l": ["x", "y", "b"]}),
        ({"l": ["a", "b", "c"]}, {"l": ["a", "m", "b", "c"]}, {"l": ["a", "B", "c"]}, {"l": ["a", "m", "B", "c"]}),
        ({"l": ["a", "b", "c"]}, {"l": ["a", "B", "c"]}, {"l": ["a", "b", "t", "c"]}, {"l": ["a", "B", "t", "c"]}),
        ({"l": ["a"]}, {"l": ["a", "t"]}, {"l": ["a", "t", "u"]}, {"l": ["a", "t", "u"]}),
        (None, None, {"a": 1}, {"a": 1}),
        ({"a": None}, {"a": None}, {}, {}),
    ],
)
def test_merge_data(base: Any, mine: Any, theirs: Any, result: Any) -> None:
    merged, conflicts = merge_data(base, mine, theirs)
    assert conflicts == ()
    assert same(merged, result)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "places"),
    [
        ({"a": 1}, {"a": 2}, {"a": 3}, ("a",)),
        ({"a": 1}, {"a": True}, {"a": 2}, ("a",)),
        ({"o": {"x": 1, "y": 1}}, {"o": {"x": 2, "y": 2}}, {"o": {"x": 3, "y": 3}}, ("o.x", "o.y")),
        ({"a": 1}, {"a": 2}, {}, ("a",)),  # dropped by theirs, changed by the person
        ({}, {"a": 2}, {"a": 3}, ("a",)),
        ({"a": {"x": 1}}, {"a": "word"}, {"a": {"x": 2}}, ("a",)),
        ({"a": "word"}, {"a": {"x": 1}}, {"a": {"y": 1}}, ("a",)),
        ({"l": ["a"]}, {"l": ["b"]}, {"l": ["c"]}, ("l.0",)),
        ({"l": ["a", "b"]}, {"l": ["a", "b", "m"]}, {"l": ["a", "b", "t"]}, ("l.2",)),
        ({"a": 1}, None, {"a": 2}, ("the whole file",)),
        ({"a\x1b": 1}, {"a\x1b": 2}, {"a\x1b": 3}, (r"'a\x1b'",)),
    ],
)
def test_conflicts_keep_mine(base: Any, mine: Any, theirs: Any, places: tuple[str, ...]) -> None:
    merged, conflicts = merge_data(base, mine, theirs)
    assert conflicts == places
    assert same(merged, mine)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "result"),
    [
        ("ABC", "ABC", "ABXC", "ABXC"),
        ("ABC", "CBA", "ABXC", "CBXA"),  # the person's order; the new one after what precedes it in theirs
        ("ABC", "ABC", "XABC", "XABC"),
        ("ABC", "BC", "AXYBC", "XYBC"),
        ("ABC", "AMBC", "AXBC", "AXMBC"),
        ("ABC", "AC", "CBA", "CA"),  # deleted stays deleted, and only theirs changed the order of the others
        ("ABC", "ABC", "CAB", "CAB"),
        ("ABC", "AMBC", "CAB", "CAMB"),
        ("ABC", "ACB", "CAB", "ACB"),  # both changed the order: the person's
        ("ABC", "ABC", "AC", "AC"),
        ("ABC", "", "ABCX", "X"),
        ("", "M", "X", "XM"),
    ],
)
def test_items_with_ids(base: str, mine: str, theirs: str, result: str) -> None:
    merged, conflicts = merge_data(items(base), items(mine), items(theirs))
    assert conflicts == ()
    assert ids(merged) == result


def test_item_dropped_by_theirs_goes_unless_edited() -> None:
    merged, conflicts = merge_data(items("ABC"), items("ABC", A="mine"), items("AC"))
    assert (ids(merged), merged[0]["title"], conflicts) == ("AC", "mine", ())
    merged, conflicts = merge_data(items("ABC"), items("ABC", B="mine"), items("AC"))
    assert conflicts == ("B",)


def test_deleted_item_stays_deleted() -> None:
    merged, conflicts = merge_data(items("ABC"), items("AC"), items("ABC", B="new"))
    assert (ids(merged), conflicts) == ("AC", ())


def test_paths_of_conflicts() -> None:
    def outline(title: str, beat: str) -> dict[str, Any]:
        return {"acts": [{"act": 1, "scenes": [{"scene": "A01_S02", "title": title, "beats": ["first", beat]}]}]}

    _, conflicts = merge_data(outline("a", "a"), outline("b", "b"), outline("c", "c"))
    assert conflicts == ("acts.1.scenes.A01_S02.title", "acts.1.scenes.A01_S02.beats.1")


@pytest.mark.parametrize(
    ("lists", "key"),
    [
        (([{"id": 1}], [{"id": 2}]), "id"),
        (([], [{"id": 2}]), "id"),
        (([], []), None),
        (([{"id": 1}], [{"id": 1}, {"id": 1.0}]), None),
        (([{"id": 1}], [{}]), None),
        (([{"id": None}],), None),
        (([{"id": [1]}],), None),
        ((["id"],), None),
        (([{"scene": 1, "clip_id": "A"}, {"scene": 1, "clip_id": "B"}],), "clip_id"),
        (([{"scene": "A", "clip_id": "A"}],), "scene"),
    ],
)
def test_id_key(lists: tuple[list[Any], ...], key: str | None) -> None:
    assert id_key(*lists) == key


def test_unrepeatable_merge_is_a_conflict() -> None:
    # Done again, the new word would look like the person's other word for what theirs took out.
    mine = {"o": {"l": ["a", "new", "b", "c"]}}
    assert merge_data({"o": {"l": ["a", "b", "c"]}}, mine, {"o": {"l": ["a", "c"]}}) == (mine, ("o.l.1",))


def test_merge_order() -> None:
    assert merge_order(["a", "b"], ["x", "a", "y", "z", "b", "w"]) == ["x", "a", "y", "z", "b", "w"]
    assert merge_order(["b", "a"], ["a", "y", "b"]) == ["b", "a", "y"]
    assert merge_order([], ["x"]) == ["x"]


@given(DATA | NAMED, DATA | NAMED)
def test_one_side_alone_always_wins(base: Any, other: Any) -> None:
    for mine, theirs in ((base, other), (other, base), (other, other)):
        merged, conflicts = merge_data(base, mine, theirs)
        assert conflicts == ()
        assert same(merged, other)


@given(NAMED, NAMED, NAMED)
def test_items_with_ids_conflict_only_if_both_sides_changed_one(base: Any, mine: Any, theirs: Any) -> None:
    before = copy.deepcopy((base, mine, theirs))
    merged, conflicts = merge_data(base, mine, theirs)
    assert (base, mine, theirs) == before
    if id_key(base, mine, theirs) is None:
        return
    b, m, t = ({item["id"]: item for item in side} for side in (base, mine, theirs))
    for place in conflicts:
        name = place.split(".")[0]
        assert name in m
        assert not same(m[name], b.get(name))
        assert not same(t.get(name), b.get(name))
    if not conflicts:
        names = set(ids(merged))
        assert {name for name in m if name not in b} <= names
        assert {name for name in t if name not in b} <= names
        assert names.isdisjoint(name for name in b if name not in m or name not in t)


@given(DATA, DATA, DATA)
def test_merge_is_repeatable(base: Any, mine: Any, theirs: Any) -> None:
    merged, conflicts = merge_data(base, mine, theirs)
    if not conflicts:
        again, more = merge_data(base, merged, theirs)
        assert more == ()
        assert same(again, merged)
