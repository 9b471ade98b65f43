"""Numbers and lists as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.text import format_bytes, format_duration, format_memory, listed, plural, shortened


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 takes"), (1, "1 take"), (2, "2 takes"), (1200, "1,200 takes"), (1001, "1,001 takes")]
)
def test_a_noun_agrees_with_its_number(count: int, text: str) -> None:
    assert plural(count, "take") == text


def test_a_noun_may_have_a_plural_of_its_own() -> None:
    assert (plural(1, "reply", "replies"), plural(3, "reply", "replies")) == ("1 reply", "3 replies")


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0.0 MB"), (250_000, "0.2 MB"), (999_000_000, "999.0 MB"), (1e9, "1.0 GB"), (2_540_000_000, "2.5 GB")],
)
def test_files_are_measured_in_decimal_units(count: float, text: str) -> None:
    assert format_bytes(count) == text


@pytest.mark.parametrize(
    ("count", "text"), [(512 * 2**20, "512 MiB"), (2**30 - 2**20, "1023 MiB"), (2**30, "1.0 GiB"), (80e9, "74.5 GiB")]
)
def test_memory_is_measured_in_binary_units(count: float, text: str) -> None:
    assert format_memory(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (75.2, "1:15"), (59.6, "1:00"), (3599, "59:59"), (3600, "1:00:00"), (3723, "1:02:03")],
)
def test_durations_are_written_as_on_a_clock(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@given(st.integers(0, 400_000))
def test_a_duration_reads_back(seconds: int) -> None:
    parts = [int(part) for part in format_duration(seconds).split(":")]
    total = 0
    for part in parts:
        total = total * 60 + part
    assert total == seconds


@pytest.mark.parametrize(("count", "text"), [(0, ""), (1, "a"), (2, "a, b"), (3, "a, b, …"), (9, "a, b, …")])
def test_a_long_list_is_cut(count: int, text: str) -> None:
    assert listed("abcdefghi"[:count], 2) == text


def test_lines_beyond_the_limit_are_counted() -> None:
    assert shortened(["a", "b"], 2) == ["a", "b"]
    assert shortened(["a", "b", "c"], None) == ["a", "b", "c"]
    assert shortened(["a", "b", "c", "d"], 2, indent="  ") == ["a", "b", "  … and 2 more"]
    assert shortened(["a", "b", "c"], 2, see="vtx plan x --all") == ["a", "b", "… and 1 more: vtx plan x --all"]
