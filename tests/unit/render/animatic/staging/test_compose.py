"""Where people are: by whom they speak with, what they ride, and how the words see them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vtx_app.render.animatic.reading.model import Camera, Evidence, Garment, Move, Person, Place, Reading, Thing
from vtx_app.render.animatic.staging.carried import carry_things
from vtx_app.render.animatic.staging.compose import Composition, compose, head_box

ASPECT = 16 / 9
INES = Person("ines", "Inès", woman=True, age="old", years=67, speaks=1)
MISHA = Person("misha", "Misha", woman=False, age="child", years=9, speaks=2)
YANN = Person("yann", "Yann", woman=False, years=30)


def composed(*people: Person, seed: int = 1, kind: str = "shore", **more: object) -> Composition:
    given = {"camera": Camera("medium")} | more
    indoors = kind in ("room", "car", "lantern")
    reading = Reading("A01_S01_SH001", Place(kind, indoors, kind, kind), people=people, **given)  # type: ignore[arg-type]
    return compose(reading, seed, ASPECT, 4.0)


@pytest.mark.parametrize("seed", range(8))
def test_two_who_speak_look_at_each_other_and_a_third_at_who_speaks_first(seed: int) -> None:
    found = {each.person.id: each for each in composed(INES, MISHA, YANN, seed=seed).actors}
    ines, misha, yann = found["ines"], found["misha"], found["yann"]
    assert (misha.x > ines.x) == (ines.facing > 0)
    assert (ines.x > misha.x) == (misha.facing > 0)
    assert (ines.x > yann.x) == (yann.facing > 0)


@pytest.mark.parametrize("seed", range(8))
def test_nobody_looks_into_the_lens_unless_it_is_said(seed: int) -> None:
    for people in ((INES,), (INES, MISHA), (INES, MISHA, YANN)):
        assert all(each.view != "front" for each in composed(*people, seed=seed).actors)
    assert composed(replace(INES, looks_at="camera"), seed=seed).actors[0].view == "front"


@pytest.mark.parametrize("view", ["profile", "behind"])
def test_views_are_as_said(view: str) -> None:
    assert composed(replace(INES, view=view)).actors[0].view == view  # type: ignore[arg-type]


def test_over_the_shoulder_one_is_near_from_behind_and_the_other_faces_us() -> None:
    found = composed(INES, YANN, camera=Camera("medium_close", framing="over_shoulder", over="yann", on="ines"))
    yann, ines = sorted(found.actors, key=lambda each: each.z)
    assert (yann.person.id, yann.view, yann.over_shoulder) == ("yann", "behind", True)
    assert ines.view == "three_quarter"
    assert yann.x * ines.x < 0


def test_a_child_is_smaller_than_a_grown_up_beside_it_and_has_a_larger_head() -> None:
    found = composed(INES, MISHA)
    looks = {each.person.id: each.look for each in found.actors}
    assert looks["misha"].metres < 0.85 * looks["ines"].metres
    assert looks["misha"].head > looks["ines"].head
    tops = {each.person.id: box[1] for each, box in zip(found.actors, found.heads, strict=True) if box}
    assert tops["misha"] > tops["ines"]


def test_a_rider_sits_on_the_horse_and_all_sit_in_a_car() -> None:
    horse = Person("", "", "animal", "horse")
    found = {
        each.person.kind: each for each in composed(replace(YANN, pose="ride"), horse, camera=Camera("wide")).actors
    }
    assert found["person"].x == found["animal"].x
    assert found["person"].lift > 0.4
    assert {each.pose for each in composed(INES, YANN, kind="car").actors} == {"sit"}


def test_a_torch_is_in_a_hand_and_not_on_a_table() -> None:
    reading = Reading(
        "A", Place("room", True, "Room", "room"), people=(INES,), things=(Thing("torch", lit=True), Thing("lamp"))
    )
    assert carry_things(reading).people[0].holds == ("torch",)
    assert carry_things(replace(reading, people=())) == replace(reading, people=())


@pytest.mark.parametrize(
    "size", ["extreme_wide", "wide", "full", "medium_wide", "medium", "medium_close", "close", "extreme_close"]
)
@pytest.mark.parametrize("angle", [None, "low", "high", "dutch"])
def test_heads_are_in_the_frame_in_every_size(size: str, angle: str | None) -> None:
    tall = replace(YANN, height="tall", wears=(Garment("top_hat"),))
    for people in ((tall,), (tall, MISHA), (INES, MISHA, tall)):
        found = composed(*people, camera=Camera(size, angle=angle))  # type: ignore[arg-type]
        for actor in found.actors:
            left, top, right, bottom = head_box(found.lens, actor)
            assert left > -0.05 and right < ASPECT + 0.05 and top > -0.05
            assert bottom < 1.0 or size == "extreme_close"


def test_nearer_sizes_show_people_larger() -> None:
    sizes = ("extreme_wide", "wide", "full", "medium_wide", "medium", "medium_close", "close", "extreme_close")
    heads = [composed(INES, camera=Camera(size)).heads[0] for size in sizes]  # type: ignore[arg-type]
    heights = [box[3] - box[1] for box in heads if box]
    assert heights == sorted(heights)
    assert heights[-1] > 0.6


@pytest.mark.parametrize("size", ["wide", "medium", "close"])
@pytest.mark.parametrize(
    ("person", "edited"),
    [
        (INES, replace(INES, wears=(Garment("coat", "black"),))),
        (INES, replace(INES, age="adult", years=50)),
        (YANN, replace(YANN, age="old", years=80)),
        (MISHA, replace(MISHA, years=11)),
        (replace(MISHA, years=5), replace(MISHA, years=7)),
        (replace(INES, years=None), replace(INES, age=None, years=None)),
    ],
)
def test_an_edit_of_a_coat_or_an_age_moves_nothing(person: Person, edited: Person, size: str) -> None:
    camera = Camera(size, moves=(Move("push", "in"),))  # type: ignore[arg-type]
    one, other = composed(person, YANN, camera=camera), composed(edited, YANN, camera=camera)
    assert (one.lens, one.move, one.side, one.shift) == (other.lens, other.move, other.side, other.shift)
    assert [(a.x, a.z, a.view, a.facing) for a in one.actors] == [(a.x, a.z, a.view, a.facing) for a in other.actors]


def test_what_the_place_has_and_what_is_put_somewhere_is_in_no_hand() -> None:
    words = (Evidence("things.lantern", "locations.market.description", "lanterns"),)
    for things, said in (((Thing("lantern"),), words), ((Thing("umbrella", placed=True),), ())):
        reading = Reading("A", Place("market", False), people=(YANN,), things=things, words=said)
        assert carry_things(reading).people[0].holds == ()
    assert carry_things(Reading("A", Place("market", False), people=(YANN,), things=(Thing("umbrella"),))).people[
        0
    ].holds == ("umbrella",)


def test_who_stands_between_two_others_is_in_the_middle_and_looks_as_said() -> None:
    found = {
        each.person.id: each
        for each in composed(INES, replace(MISHA, side="middle", looks_at="left"), YANN, camera=Camera("full")).actors
    }
    assert min(found["ines"].x, found["yann"].x) < found["misha"].x < max(found["ines"].x, found["yann"].x)
    assert found["misha"].facing == -1


@pytest.mark.parametrize("seed", range(6))
def test_from_straight_above_people_are_places_on_a_plan_and_all_in_the_picture(seed: int) -> None:
    above = composed(INES, MISHA, YANN, seed=seed, camera=Camera("full", angle="overhead"))
    assert above.lens.above
    for actor, box in zip(above.actors, above.heads, strict=True):
        assert box is not None
        assert 0 <= box[0] < box[2] <= ASPECT
        assert 0 <= box[1] < box[3] <= 1
        x, y = above.lens.at(actor.x, 0.0, actor.z)
        assert above.lens.at(actor.x, 1.7, actor.z) == (x, y)  # height does not show
        assert above.lens.at(actor.x, 0.0, actor.z + 1)[1] < y
    assert not composed(INES, seed=seed, camera=Camera("full", angle="high")).lens.above


def test_hands_and_the_inside_of_a_car_are_not_seen_as_a_plan() -> None:
    overhead = Camera("close", angle="overhead")
    assert not composed(replace(INES, part="hands"), camera=overhead).lens.above
    assert not composed(INES, kind="car", camera=overhead).lens.above


def test_the_head_of_a_robot_beside_somebody_who_sits_is_in_the_picture() -> None:
    bit = Person("bit", "Bit", kind="thing", what="robot", pose="stand")
    found = composed(replace(INES, pose="sit"), bit, kind="room")
    boxes = {each.person.id: box for each, box in zip(found.actors, found.heads, strict=True)}
    assert boxes["bit"] is not None
    assert boxes["bit"][1] >= 0


def test_whose_weapon_it_is_is_not_guessed_between_two() -> None:
    reading = composed(INES, YANN).reading
    with_gun = replace(reading, things=(Thing("gun"),))
    assert [each.holds for each in carry_things(with_gun).people] == [(), ()]
    alone = replace(with_gun, people=(INES,))
    assert carry_things(alone).people[0].holds == ("gun",)
