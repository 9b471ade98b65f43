"""Takes beside each other: a scene's level, a chain's colour, its seams."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.qc.colour import delta_e, spread_ratio
from vtx_app.qc.film_checks import Shown, check_film
from vtx_app.qc.measures import Colour, Measures, SoundMeasures

LOOK = Colour(110, 125, 130, 40)


def take(number: int, looks: list[Colour], loudness: float | None = -25.0) -> Measures:
    sound = SoundMeasures(4.0, loudness, -3.0, 0, 2.0, None, 0)
    clip_id = f"A01_S01_SH{number:03d}"
    return Measures(
        clip_id, "a" * 64, 6 * len(looks), 64, 48, Fraction(24), (), (), (), (), 2.0, 6, tuple(looks), sound
    )


def shown(number: int, looks: list[Colour], parent: int | None = None, **changed: object) -> Shown:
    loudness = changed.pop("loudness", -25.0)
    measured = take(number, looks, loudness)  # type: ignore[arg-type]
    before = f"A01_S01_SH{parent:03d}" if parent else None
    return replace(Shown(measured, 0, measured.frames, "A01_S01", "quay", True, before, bool(parent)), **changed)  # type: ignore[arg-type]


def warmer(by: float) -> Colour:
    return replace(LOOK, u=LOOK.u - by, v=LOOK.v + by)


def found(*takes: Shown) -> list[tuple[str, str]]:
    return [(each.check, each.clip_id) for each in check_film(takes)]


def test_white_and_black_are_100_apart() -> None:
    assert delta_e(Colour(235, 128, 128, 0), Colour(16, 128, 128, 0)) == pytest.approx(100, abs=0.1)


LEVELS = st.floats(0, 255)
COLOURS = st.builds(Colour, LEVELS, LEVELS, LEVELS, LEVELS)


@given(COLOURS, COLOURS)
def test_a_difference_is_the_same_both_ways(one: Colour, other: Colour) -> None:
    assert delta_e(one, other) == delta_e(other, one) >= 0
    assert delta_e(one, one) == 0
    assert spread_ratio(one, other) == spread_ratio(other, one) >= 1


def test_takes_that_look_and_sound_alike_have_no_fault() -> None:
    steps = [replace(LOOK, y=LOOK.y + n) for n in range(8)]
    chain = [shown(n, steps, n - 1 if n > 1 else None, loudness=-25.0 + n) for n in range(1, 6)]
    assert found(*(replace(each, measures=replace(each.measures, colours=(LOOK,) * 8)) for each in chain)) == []


def test_one_take_far_from_the_level_of_its_scene() -> None:
    takes = [shown(n, [LOOK] * 4, loudness=level) for n, level in enumerate((-25.0, -27.0, -24.0, -5.0), 1)]
    assert found(*takes) == [("loudness", "A01_S01_SH004")]
    assert found(*(replace(each, scene=f"A01_S0{n}") for n, each in enumerate(takes))) == []


def test_drift_that_grows_is_named_once() -> None:
    chain = [shown(n, [warmer(3 * n)] * 4, n - 1 if n > 1 else None) for n in range(1, 7)]
    (drift,) = [each for each in check_film(chain) if each.check == "drift"]
    assert drift.clip_id == "A01_S01_SH003"
    assert "further with each link" in drift.message
    assert "chain from A01_S01_SH001" in drift.message


def test_drift_is_measured_from_the_first_link_not_from_the_one_before() -> None:
    chain = [shown(n, [warmer(1.1 * n)] * 4, n - 1 if n > 1 else None) for n in range(1, 10)]
    assert {each.check for each in check_film(chain)} == {"drift"}  # no seam is seen


def test_contrast_that_drifts() -> None:
    chain = [shown(1, [LOOK] * 4), shown(2, [replace(LOOK, spread=90)] * 4, 1)]
    assert ("drift", "A01_S01_SH002") in found(*chain)


def test_a_seam_that_jumps() -> None:
    before, after = [LOOK] * 4, [warmer(8), *([LOOK] * 7)]
    assert found(shown(1, before), shown(2, after, 1)) == [("seam", "A01_S01_SH002")]
    assert found(shown(1, before), shown(2, after)) == []  # a cut to another shot


def test_a_chain_is_followed_past_other_shots() -> None:
    chain = [shown(n, [warmer(3 * n)] * 4, n - 2 if n > 1 else None, runs_on=False) for n in (1, 3, 5)]
    others = [shown(n, [LOOK] * 4) for n in (2, 4)]
    film = [chain[0], others[0], chain[1], others[1], chain[2]]
    assert ("drift", "A01_S01_SH005") in found(*film)


def test_a_seam_is_where_the_film_cuts() -> None:
    before, after = [LOOK] * 4, [warmer(8), *([LOOK] * 7)]
    assert found(shown(1, before), shown(2, after, 1, first=6)) == []


def test_day_beside_night_in_one_place() -> None:
    day, night = Colour(180, 126, 128, 40), Colour(40, 130, 126, 12)
    assert found(shown(1, [day] * 4), shown(2, [night] * 4)) == [("seam", "A01_S01_SH002")]
    assert found(shown(1, [day] * 4), shown(2, [night] * 4, place="cellar")) == []
