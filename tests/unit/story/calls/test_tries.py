"""Bounds by the clock, and the words while a call waits."""

from __future__ import annotations

import threading

import pytest

from vtx_app.story.calls.tries import Retries, within


def test_the_result_of_a_call() -> None:
    seen: list[threading.Event] = []

    def call(given_up: threading.Event) -> str:
        assert not given_up.is_set()
        seen.append(given_up)
        return "answer"

    assert within(30, call, 30, lambda passed: None) == "answer"
    assert seen[0].is_set()


def test_the_error_of_a_call() -> None:
    def call(given_up: threading.Event) -> str:
        raise KeyError("broken")

    with pytest.raises(KeyError, match="broken"):
        within(30, call, 30, lambda passed: None)


def test_a_call_that_never_ends_is_given_up() -> None:
    ended = threading.Event()

    def call(given_up: threading.Event) -> str:
        given_up.wait()
        ended.set()
        return ""

    with pytest.raises(TimeoutError):
        within(0.05, call, 30, lambda passed: None)
    assert ended.wait(600), "it learns that nobody waits for it"


def test_a_call_that_lasts_is_told_of_more_and_more_rarely() -> None:
    told: list[float] = []
    enough = threading.Event()

    def call(given_up: threading.Event) -> str:
        enough.wait()
        return "answer"

    def waiting(passed: float) -> None:
        told.append(passed)
        if len(told) == 3:
            enough.set()

    assert within(600, call, 0.02, waiting) == "answer"
    assert told == sorted(told)
    assert all(passed >= notice for passed, notice in zip(told, (0.02, 0.04, 0.08), strict=False))


def test_bounds_of_a_call() -> None:
    assert Retries().longest == 40 * 60
    assert Retries(timeout=1.5).longest == 6
    assert [Retries().delay(tries, None) for tries in range(1, 8)] == [0.5, 1, 2, 4, 8, 8, 8]
    assert Retries().delay(1, 33.0) == 33
