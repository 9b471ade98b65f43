"""Three-way merge of sequences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.merge.diff3 import hunks, includes_changes, regions

LETTERS = st.text("abc", max_size=12)


def merged(base: str, mine: str, theirs: str, touching: bool = False) -> str:
    """The merged letters, with ``!`` for a conflict."""
    taken = []
    for region in regions(base, mine, theirs, touching=touching):
        side = theirs[region.theirs] if region.kind == "theirs" else mine[region.mine]
        taken.append("!" if region.kind == "conflict" else side)
    return "".join(taken)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "result"),
    [
        ("abcde", "abXde", "abcde", "abXde"),
        ("abcde", "abcde", "abXde", "abXde"),
        ("abcde", "aXcde", "abcYe", "aXcYe"),
        ("abcde", "Xabcde", "abcdeY", "XabcdeY"),
        ("abcde", "abXde", "abXde", "abXde"),
        ("abcde", "abde", "abde", "abde"),
        ("abcde", "abXde", "abYde", "ab!de"),
        ("abcde", "abXde", "abde", "ab!de"),
        ("abcde", "abcdeX", "abcdeY", "abcde!"),
        ("abcde", "aXXde", "abcYe", "a!e"),
        ("abcde", "aXcYe", "abZde", "a!e"),
        ("", "x", "", "x"),
        ("", "x", "y", "!"),
        ("abc", "", "abc", ""),
        ("abc", "", "abX", "!"),
    ],
)
def test_merge(base: str, mine: str, theirs: str, result: str) -> None:
    assert merged(base, mine, theirs) == result
    assert merged(base, theirs, mine) == result


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "apart", "together"),
    [
        ("abcd", "aXcd", "abYd", "a!d", "aXYd"),
        ("abcd", "abXcd", "abYd", "ab!d", "abXYd"),
        ("abcd", "aXcd", "abYcd", "a!cd", "aXYcd"),
        ("abcd", "abcX", "abcdY", "abc!", "abcXY"),
        ("abcd", "abXcd", "abYcd", "ab!cd", "ab!cd"),
        ("abcd", "aXd", "abYcd", "a!d", "a!d"),
    ],
)
def test_touching_changes(base: str, mine: str, theirs: str, apart: str, together: str) -> None:
    assert merged(base, mine, theirs) == apart
    assert merged(base, mine, theirs, touching=True) == together


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Y__P", "Y__N__P", [(2, 2, 2, 5)]),  # not (1, 1) and not (3, 3): it touches neither Y nor P
        ("Y__N__P", "Y__P", [(2, 5, 2, 2)]),
        ("Y_", "Y__N_", [(2, 2, 2, 5)]),
        ("aXbYc", "aXXbc", [(2, 2, 2, 3), (3, 4, 4, 4)]),
        ("abc", "axc", [(1, 2, 1, 2)]),
    ],
)
def test_ambiguous_hunks_are_centred(old: str, new: str, found: list[tuple[int, int, int, int]]) -> None:
    assert hunks(old, new) == found


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "already"),
    [
        ("abcd", "abXcYd", "abcYd", True),
        ("abcd", "abcd", "abcYd", False),
        ("abcd", "abcXYd", "abcYd", False),
        ("abcd", "Xbd", "abd", True),
        ("abcd", "Xbcd", "abd", False),
        ("abcd", "Xbcd", "abcd", False),  # nothing to have
    ],
)
def test_includes_changes(base: str, mine: str, theirs: str, already: bool) -> None:
    assert includes_changes(base, mine, theirs) is already


@given(LETTERS, LETTERS)
def test_hunks_turn_old_into_new(old: str, new: str) -> None:
    made, at = "", 0
    for a, b, c, d in hunks(old, new):
        assert at < a or made == ""
        assert a < b or c < d
        assert (c, d) == (len(made) + a - at, c + d - c)
        made += old[at:a] + new[c:d]
        at = b
    assert made + old[at:] == new


@given(LETTERS, LETTERS, LETTERS, st.booleans())
def test_regions_cover_all_sides_symmetrically(base: str, mine: str, theirs: str, touching: bool) -> None:
    found = list(regions(base, mine, theirs, touching=touching))
    assert "".join(base[region.base] for region in found) == base
    assert "".join(mine[region.mine] for region in found) == mine
    assert "".join(theirs[region.theirs] for region in found) == theirs
    for region in found:
        b, m, t = base[region.base], mine[region.mine], theirs[region.theirs]
        assert region.kind != "nobody" or b == m == t
        assert region.kind != "mine" or b == t
        assert region.kind != "theirs" or b == m
        assert region.kind != "both" or m == t
        assert region.kind != "conflict" or m != t
    turned = list(regions(base, theirs, mine, touching=touching))
    assert [region.base for region in turned] == [region.base for region in found]


@given(LETTERS, LETTERS)
def test_one_side_alone_always_wins(base: str, other: str) -> None:
    assert merged(base, other, base) == merged(base, base, other) == merged(base, other, other) == other


def test_long_repetitive_sequences_are_merged_quickly() -> None:
    base = "ab" * 20_000
    assert merged(base, "x" + base, base + "y") == "x" + base + "y"
