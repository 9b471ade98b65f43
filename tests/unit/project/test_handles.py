"""Spare frames around a shot: whose word counts, which shots have none, and what they leave of a take's length."""

from __future__ import annotations

from typing import Any

import pytest

from kit.film import Film, spec
from vtx_app.compile.duration import clip_frames
from vtx_app.errors import SpecError
from vtx_app.project.handles import NO_HANDLES, Handles, clip_handles
from vtx_app.project.load import load_film

QUAY, STEM = "A01_S01_SH001", "A01_S01_SH001__empty_quay"
NAME = f"projects/harbour/prompts/clips/{STEM}.yaml"
GIVEN = [
    {"type": "i2v", "continue_from": "A01_S01_SH002"},
    {"type": "v2v", "input_video": "inputs/walk.mp4"},
    {"type": "a2v", "audio": "inputs/line.wav"},
    {"type": "retake", "input_video": "inputs/walk.mp4", "retake": {"start": 0.0, "end": 0.5}},
]


def write(film: Film, handles: dict[str, int] | None = None, **parts: Any) -> None:
    """Write the shot anew, with ``handles`` of its own."""
    render = {"duration": {"mode": "fixed", "seconds": 1.0}} | parts.pop("render", {})
    own = {"handles": handles} if handles is not None else {}
    film.write(
        f"prompts/clips/{STEM}.yaml", spec(QUAY, "Empty quay", "The quay at dawn.", render=render | own, **parts)
    )
    for name in ("inputs/walk.mp4", "inputs/line.wav"):
        film.write(name, b"never opened here")


def film_wide(film: Film, head: int, tail: int) -> None:
    film.edit("metadata.yaml", "fps: 8\n", f"fps: 8\nhandles: {{head: {head}, tail: {tail}}}\n")


def handles() -> Handles:
    found = load_film("harbour")
    return clip_handles(found.clips[QUAY], found)


def frames() -> int:
    found = load_film("harbour")
    return clip_frames(found.clips[QUAY], found)


def faults() -> list[str]:
    with pytest.raises(SpecError) as caught:
        load_film("harbour")
    return caught.value.problems


def line(film: Film, words: str) -> int:
    texts = [text.strip() for text in film.read(f"prompts/clips/{STEM}.yaml").splitlines()]
    return texts.index(words) + 1


def test_a_film_that_says_nothing_has_none(film: Film) -> None:
    assert handles() == NO_HANDLES
    assert not handles()


def test_the_specs_word_counts_and_then_the_films(film: Film) -> None:
    film_wide(film, 12, 10)
    assert handles() == Handles(12, 10)
    write(film, {"head": 4})
    assert handles() == Handles(4, 10)
    write(film, {"head": 0, "tail": 0})
    assert handles() == NO_HANDLES
    film.edit("metadata.yaml", "handles: {head: 12, tail: 10}", "handles: {tail: 3}")
    write(film, {})
    assert handles() == Handles(0, 3)


@pytest.mark.parametrize("inputs", GIVEN, ids=lambda inputs: str(inputs["type"]))
def test_a_shot_whose_beginning_is_given_has_no_head_and_a_retake_no_handles(
    film: Film, inputs: dict[str, Any]
) -> None:
    film_wide(film, 12, 10)
    for own in (None, {"head": 0}):
        write(film, own, inputs=inputs)
        assert handles() == (NO_HANDLES if inputs["type"] == "retake" else Handles(0, 10))


@pytest.mark.parametrize("inputs", GIVEN, ids=lambda inputs: str(inputs["type"]))
def test_a_head_that_a_shot_can_not_have_is_reported(film: Film, inputs: dict[str, Any]) -> None:
    write(film, {"head": 12, "tail": 0}, inputs=inputs)
    kind = "continues A01_S01_SH002" if "continue_from" in inputs else f"is of type {inputs['type']}"
    at = f"{NAME}:{line(film, 'head: 12')}: render.handles.head"
    assert faults() == [f"{at}: 12: the shot {kind}, which gives its beginning; take it out"]


def test_a_tail_of_a_retake_is_reported(film: Film) -> None:
    write(film, {"tail": 12}, inputs=GIVEN[-1])
    at = f"{NAME}:{line(film, 'tail: 12')}: render.handles.tail"
    assert faults() == [f"{at}: 12: a retake has the frames of its source; take it out"]


def test_a_shot_may_fill_the_take_with_its_handles_and_not_exceed_it(film: Film) -> None:
    film_wide(film, 12, 10)  # 22 of the 120 frames that 15 seconds have
    write(film, render={"duration": {"mode": "fixed", "seconds": 12.25}})
    assert frames() == 98
    write(film, render={"duration": {"mode": "fixed", "seconds": 12.4}})
    assert faults() == [
        f"{NAME}:{line(film, 'seconds: 12.4')}: render.duration.seconds: 12.4 s: a take lasts at most 15 s, and "
        "handles of 12 and 10 frames leave 12.25 s; make the shot shorter, or its handles (render.handles)"
    ]
    write(film, {"head": 10}, render={"duration": {"mode": "fixed", "seconds": 12.5}})
    assert frames() == 100


def test_every_shot_that_is_too_long_is_reported_at_once(film: Film) -> None:
    film_wide(film, 60, 60)
    assert len(faults()) == 5  # the sixth continues another and has no head


BEATS = {"story_beats": ["She walks the whole quay, ring by ring, and counts them aloud to herself."] * 9}


def auto(**limits: float) -> dict[str, Any]:
    return {"duration": {"mode": "auto", "seconds": None, **limits}}


def test_a_length_that_is_estimated_is_what_the_handles_leave(film: Film) -> None:
    write(film, render=auto(), **BEATS)
    assert frames() == 120
    film_wide(film, 12, 10)
    assert frames() == 98
    write(film, render=auto(max_seconds=12), **BEATS)  # a limit of the shot, not of its take
    assert frames() == 96
    write(film, render=auto(max_seconds=13), **BEATS)
    assert frames() == 98


def test_the_films_own_limit_counts_the_handles(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTX_DEFAULT_MAX_SECONDS", "5")
    write(film, render=auto(), **BEATS)
    assert frames() == 40
    film_wide(film, 12, 10)
    assert frames() == 18
    write(film, render=auto(min_seconds=3), **BEATS)
    (fault,) = faults()
    assert fault.startswith(
        f"{NAME}:{line(film, 'min_seconds: 3')}: render.duration.min_seconds: 3 s: a take lasts at "
    )
    assert "at most 5 s, and handles of 12 and 10 frames leave 2.25 s" in fault


def test_a_film_without_handles_is_not_measured_anew(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTX_DEFAULT_MAX_SECONDS", "1")
    write(film, render=auto(min_seconds=3), **BEATS)
    assert frames() == 8


def test_handles_are_whole_frames(film: Film) -> None:
    film_wide(film, -1, 10)
    with pytest.raises(
        SpecError, match=r"metadata\.yaml:\d+: handles\.head: -1: expected .*greater than or equal to 0"
    ):
        load_film("harbour")
