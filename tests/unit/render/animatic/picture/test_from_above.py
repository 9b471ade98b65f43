"""Shots from straight above: a plan of the place, with who and what is there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kit.paintings import ASPECT, HEIGHT, ines, picture, shot
from vtx_app.render.animatic.reading.model import (
    INDOORS,
    Camera,
    Evidence,
    Garment,
    Person,
    Place,
    Thing,
)  # fmt: skip
from vtx_app.render.animatic.staging.compose import compose

ABOVE = Camera("full", angle="overhead")


def test_a_hat_is_seen_from_above_and_a_plan_has_no_sky() -> None:
    bare, hatted = (
        shot(replace(ines("yellow"), wears=worn), kind="field", camera=ABOVE)
        for worn in ((), (Garment("straw_hat", "red"),))
    )
    a, b = picture(bare).astype(int), picture(hatted).astype(int)
    changed = (np.abs(a - b).max(-1) > 10).mean()
    assert 0.005 < changed < 0.1
    rows = a[..., 0].mean(1)
    assert abs(rows[:20].mean() - rows[-20:].mean()) < 8  # the same grass above and below


@pytest.mark.parametrize("kind", ["street", "farm", "station", "kitchen", "barn", "sea", "forest", "desert", "harbour"])
def test_the_ground_of_every_place_has_a_picture_of_its_own(kind: str) -> None:
    field = picture(shot(kind="field", camera=ABOVE)).astype(int)
    place = Place(kind, kind in INDOORS, kind, kind)
    other = picture(replace(shot(kind=kind, camera=ABOVE), place=place)).astype(int)
    assert (np.abs(field - other).max(-1) > 8).mean() > 0.5


@pytest.mark.parametrize("what", ["horse", "hen", "robot", "unheard-of"])
def test_who_is_no_person_is_seen_from_above_too(what: str) -> None:
    someone = Person("", "", kind="thing" if what in ("robot", "unheard-of") else "animal", what=what)
    nobody, one = (picture(shot(*who, kind="field", camera=ABOVE)).astype(int) for who in ((), (someone,)))
    assert (np.abs(nobody - one).max(-1) > 10).mean() > 0.005


def test_from_above_two_at_a_table_have_it_between_them() -> None:
    sitting = [Person(each, each.title(), pose="sit") for each in ("ann", "bea")]
    said = (Evidence("things.table", "prompt.positive", "table"),)
    reading = shot(
        *sitting, place=Place("room", True, "Room", "room"), camera=ABOVE, things=(Thing("table"),), words=said
    )
    composition = compose(reading, 1, ASPECT, 4.0)
    ann, bea = sorted(composition.actors, key=lambda each: each.x)
    assert ann.x < -0.5
    assert bea.x > 0.5
    assert (ann.facing, bea.facing) == (1, -1)
    x, y = composition.lens.at(0.0, 0.0, 0.0)
    bare = picture(replace(reading, words=(), things=())).astype(int)[round(y * HEIGHT), round(x * HEIGHT)]
    laid = picture(reading).astype(int)[round(y * HEIGHT), round(x * HEIGHT)]
    assert np.abs(bare - laid).max() > 10
