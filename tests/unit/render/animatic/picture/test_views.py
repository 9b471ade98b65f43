"""Backs, receivers at the ear, tables, animals in motion, aircraft: how what is there is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kit.paintings import ASPECT, HEIGHT, ines, picture, shot
from vtx_app.render.animatic.reading.model import (
    Camera,
    Evidence,
    Person,
    Place,
    Thing,
    Weather,
)  # fmt: skip
from vtx_app.render.animatic.staging.compose import compose


def test_a_robot_and_an_alien_have_no_face_from_behind() -> None:
    for what in ("robot", "alien"):
        front, behind = (
            picture(shot(Person("bit", "Bit", kind="thing", what=what, view=view), camera=Camera("full")))
            for view in (None, "behind")
        )  # fmt: skip
        assert (np.abs(front.astype(int) - behind).max(-1) > 10).mean() > 0.001


def test_a_receiver_is_at_the_ear() -> None:
    silent, phoning = (
        picture(shot(replace(ines("yellow"), holds=holds, view="three_quarter"), camera=Camera("close"))).astype(int)
        for holds in ((), ("receiver",))
    )
    changed = np.abs(silent - phoning).max(-1) > 20
    (_, top, _, low) = next(
        box for box in compose(shot(ines("yellow"), camera=Camera("close")), 1, ASPECT, 4.0).heads if box
    )
    assert changed[round(top * HEIGHT) : round(low * HEIGHT)].mean() > 0.01


def test_those_who_sit_at_a_table_sit_behind_it() -> None:
    sitting = [Person(each, each.title(), pose="sit") for each in ("ann", "bea")]
    room = Place("room", True, "Room", "room")
    said = (Evidence("things.table", "prompt.positive", "table"),)
    table = shot(*sitting, camera=Camera("full"), place=room, things=(Thing("table"),), words=said)
    beside = replace(table, words=())
    composition = compose(table, 1, ASPECT, 4.0)
    a, b = picture(table).astype(int), picture(beside).astype(int)
    changed = np.abs(a - b).max(-1) > 10
    hips = [composition.lens.at(each.x, 0.6, each.z - 0.5) for each in composition.actors]
    assert all(changed[round(y * HEIGHT) - 8 : round(y * HEIGHT) + 8, round(x * HEIGHT)].any() for x, y in hips)


@pytest.mark.parametrize("pose", ["walk", "run"])
def test_an_animal_in_motion_lifts_its_feet(pose: str) -> None:
    dog = Person("rex", "Rex", kind="animal", what="dog")
    still, moving = (picture(shot(each, camera=Camera("full"))).astype(int) for each in (dog, replace(dog, pose=pose)))
    assert (np.abs(still - moving).max(-1) > 10).mean() > 0.003


def test_a_spaceship_is_in_the_sky_unless_it_stands() -> None:
    up, down = (
        picture(shot(kind="desert", camera=Camera("wide"), things=(Thing("spaceship", placed=placed),))).astype(int)
        for placed in (False, True)
    )
    changed = np.abs(up - down).max(-1) > 10
    assert changed[: HEIGHT // 2].any()
    assert changed.mean() > 0.005


def test_a_sky_of_which_the_words_say_that_it_has_no_cloud_has_none() -> None:
    clear = shot(kind="field", camera=Camera("wide"), weather=Weather("clear"))
    cloudless = replace(clear, words=(Evidence("weather", "prompt.positive", "cloudless"),))
    assert (np.abs(picture(clear).astype(int) - picture(cloudless)).max(-1) > 4).mean() > 0.01


@pytest.mark.parametrize("what", ["dog", "horse", "cow", "sheep", "donkey"])
def test_an_animal_from_behind_is_narrower_than_from_the_side(what: str) -> None:
    wide = []
    for view in (None, "behind"):
        one, other = (
            picture(shot(Person("", "", kind="animal", what=what, colour=colour, view=view), camera=Camera("full")))  # type: ignore[arg-type]
            for colour in ("red", "green")
        )
        columns = np.flatnonzero((np.abs(one.astype(int) - other).max(-1) > 20).any(0))
        wide.append(int(np.ptp(columns)))
    assert 3 < wide[1] < 0.7 * wide[0]
