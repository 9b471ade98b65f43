"""What is in a picture: the coat's colour where the coat is, a placeholder for what can't be drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kit.paintings import ASPECT, HEIGHT, WIDTH, ines, picture, shot
from vtx_app.render.animatic.motion.camera import view_at
from vtx_app.render.animatic.picture.variants import states_of
from vtx_app.render.animatic.reading.kinds import FAMILIES
from vtx_app.render.animatic.reading.model import (
    Camera,
    Garment,
    Hair,
    Move,
    Person,
    Place,
    Reading,
    Sky,
    Thing,
    Weather,
)  # fmt: skip
from vtx_app.render.animatic.staging.compose import actor_box, compose


def test_another_coat_changes_the_coat_and_nothing_else() -> None:
    yellow, black = shot(ines("yellow")), shot(ines("black"))
    one, other = compose(yellow, 3, ASPECT, 4.0), compose(black, 3, ASPECT, 4.0)
    assert (one.lens, one.move, one.heads) == (other.lens, other.move, other.heads)
    a, b = picture(yellow, 3).astype(int), picture(black, 3).astype(int)
    changed = np.abs(a - b).max(-1) > 6
    left, _, right, _ = actor_box(one.lens, one.actors[0])
    columns = np.arange(WIDTH) / HEIGHT
    assert changed.mean() > 0.05
    assert not changed[:, (columns < left - 0.1) | (columns > right + 0.1)].any()
    assert np.abs(a - b)[changed].max(-1).mean() > 40  # it is plain to see


@pytest.mark.parametrize("angle", [None, "low", "high"])
def test_a_reroll_is_visibly_another_picture(angle: str | None) -> None:
    reading = shot(ines("yellow"), camera=Camera("medium", angle=angle))  # type: ignore[arg-type]
    pictures = [picture(reading, seed).astype(int) for seed in (1, 2, 3)]
    for i, one in enumerate(pictures):
        for other in pictures[i + 1 :]:
            assert (np.abs(one - other).max(-1) > 10).mean() > 0.1


def test_the_same_person_is_drawn_alike_wherever_they_stand() -> None:
    """The colours in the figure are the same in two shots of one size at other seeds."""

    def colours(seed: int) -> set[tuple[int, ...]]:
        found = picture(shot(ines("red"), kind="field"), seed)
        tones, counts = np.unique(found.reshape(-1, 3), axis=0, return_counts=True)
        return {tuple(int(v) for v in tone) for tone, count in zip(tones, counts, strict=True) if count > 250}

    assert len(colours(1) & colours(2)) >= 2


@pytest.mark.parametrize("what", ["wyvern", "ghost of a chance", "гром"])
def test_what_cannot_be_drawn_is_a_box_in_its_colour_and_never_a_person(what: str) -> None:
    creature = Person("it", "It", "creature", what, colour="green")
    person = replace(creature, kind="person")
    box, figure = picture(shot(creature)), picture(shot(person))
    assert (np.abs(box.astype(int) - figure).max(-1) > 20).mean() > 0.05
    y, u, v = (box[..., i].astype(int) for i in range(3))
    assert ((u < 124) & (v < 124) & (y > 60)).mean() > 0.03  # green in both chroma planes


@pytest.mark.parametrize("size", ["wide", "medium", "medium_close", "close", "extreme_close"])
def test_what_cannot_be_drawn_is_in_the_picture_of_every_size(size: str) -> None:
    """Also where the ground that it stands on is not."""
    tatters = Person("tatters", "Tatters", kind="thing", what="scarecrow", colour="green", speaks=1)
    for others in ((), (ines("yellow"),)):
        found = picture(shot(tatters, *others, camera=Camera(size)))  # type: ignore[arg-type]
        y, u, v = (found[..., i].astype(int) for i in range(3))
        assert ((u < 124) & (v < 124) & (y > 60)).mean() > 0.03  # green in both chroma planes


def test_two_colours_of_placeholders_are_by_character() -> None:
    tones = {picture(shot(Person(name, name, "creature", "wyvern")))[45, 80].tobytes() for name in "abcdefgh"}
    assert len(tones) > 2


@pytest.mark.parametrize("kind", ["", *sorted(FAMILIES)])
def test_every_place_is_painted_in_every_light(kind: str) -> None:
    indoors = (
        None if not kind else kind in __import__("vtx_app.render.animatic.reading.kinds", fromlist=["INDOORS"]).INDOORS
    )
    shown = []
    for time, weather in (("day", None), ("night", "rain"), ("dusk", "fog"), ("dawn", "snow")):
        reading = Reading(
            "A01_S01_SH002", Place(kind, indoors, kind, kind), time, Weather(weather), camera=Camera("wide")
        )  # type: ignore[arg-type]
        shown.append(picture(reading)[..., 0].astype(int))
    if kind not in ("underwater", "space", "spacecraft"):
        assert shown[0].mean() > shown[1].mean() + 5  # night is darker
    assert shown[0].std() > 1.0


def test_nothing_is_painted_twice_differently() -> None:
    reading = shot(ines("yellow"), Person("", "", "animal", "dog"), kind="street")
    assert np.array_equal(picture(reading), picture(reading))


def test_the_first_and_last_view_hold_every_head() -> None:
    for seed in range(6):
        for move in (
            Move("push", "in"),
            Move("pull", "out"),
            Move("pan", "left"),
            Move("track", "right"),
            Move("tilt", "up"),
            Move("crane", "down"),
            Move("handheld"),
        ):
            reading = shot(
                ines("yellow"), Person("yann", "Yann", woman=False, speaks=1), camera=Camera("medium", moves=(move,))
            )
            composition = compose(reading, seed, ASPECT, 4.0)
            for index in range(0, 97, 8):
                left, top, right, bottom = view_at(composition.move, index, 97, 24).box(ASPECT)
                for head in composition.heads:
                    assert head is not None
                    assert left - 0.01 <= head[0] and head[2] <= right + 0.01, (move, seed, index)
                    assert top - 0.02 <= head[1] and head[3] <= bottom + 0.01, (move, seed, index)


YANN = Person("yann", "Yann", woman=False, years=30, hair=Hair("brown", "short"), wears=(Garment("coat", "navy"),))
DRESSED = replace(YANN, wears=(Garment("cap", "red"), Garment("coat", "navy")))
EDITS: list[tuple[str, Reading, Reading, bool]] = [
    ("coat", shot(YANN), shot(replace(YANN, wears=(Garment("coat", "red"),))), True),
    ("garment", shot(YANN), shot(replace(YANN, wears=(Garment("jersey", "navy"),))), True),
    ("hair", shot(YANN), shot(replace(YANN, hair=Hair("blond", "short"))), True),
    ("bald", shot(YANN), shot(replace(YANN, hair=Hair(length="bald"))), True),
    ("hat", shot(DRESSED), shot(replace(DRESSED, wears=(Garment("cap", "green"), Garment("coat", "navy")))), True),
    ("beard", shot(YANN), shot(replace(YANN, beard="beard")), True),
    ("glasses", shot(YANN), shot(replace(YANN, glasses="sunglasses")), True),
    ("skin", shot(YANN), shot(replace(YANN, skin="dark")), True),
    ("old", shot(YANN), shot(replace(YANN, age="old", years=62)), True),
    ("weather", shot(YANN), shot(YANN, weather=Weather("rain", wet=True)), False),
    ("time", shot(YANN), shot(YANN, time="night"), False),
    ("place", shot(YANN, kind="field"), shot(YANN, kind="street"), False),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "own"), [each[1:] for each in EDITS], ids=[each[0] for each in EDITS])
def test_an_edit_of_one_word_changes_that_and_nothing_else(before: Reading, after: Reading, own: bool) -> None:
    """The composition stays; what is said of a person changes the picture within that person."""
    one, other = (compose(each, 3, ASPECT, 4.0) for each in (before, after))
    assert (one.lens, one.move, one.side, one.shift) == (other.lens, other.move, other.side, other.shift)
    assert [(a.x, a.z, a.view, a.facing, a.pose) for a in one.actors] == [
        (a.x, a.z, a.view, a.facing, a.pose) for a in other.actors
    ]
    changed = np.abs(picture(before, 3).astype(int) - picture(after, 3)).max(-1) > 12
    assert changed.mean() > (0.002 if own else 0.2)
    if own:
        left, _, right, _ = actor_box(one.lens, one.actors[0])
        columns = np.arange(WIDTH) / HEIGHT
        assert not changed[:, (columns < left - 0.1) | (columns > right + 0.1)].any()


def test_nothing_said_of_hair_is_no_bald_head() -> None:
    plain = Person("mara", "Mara")
    head, bald = picture(shot(plain)), picture(shot(replace(plain, hair=Hair(length="bald"))))
    assert (np.abs(head.astype(int) - bald).max(-1) > 40).mean() > 0.01


def test_who_lies_in_bed_lies_on_one_and_who_sits_there_has_no_other() -> None:
    tobi = Person("tobi", "Tobi", age="child", years=7, pose="lie", seat="bed")
    gran = Person("gran", "Gran", years=70, pose="sit", seat="bed")
    reading = Reading("A", Place("bedroom", True, "Room", "room"), people=(tobi, gran), camera=Camera("wide"))
    found = {each.person.id: each for each in compose(reading, 1, ASPECT, 4.0).actors}
    assert found["tobi"].lift > 0.4
    assert abs(found["gran"].x - found["tobi"].x) < 0.8
    floor = replace(reading, people=(replace(tobi, seat="ground"), gran))
    assert compose(floor, 1, ASPECT, 4.0).actors[0].lift == 0.0


def test_birds_that_fly_are_in_the_sky_and_others_on_the_ground() -> None:
    birds = Person("birds", "The bluebirds", "animal", "bluebird", 5, pose="fly")
    tobi = Person("tobi", "Tobi", age="child", years=7)
    flying = shot(tobi, birds, kind="field", camera=Camera("wide"))
    walking = shot(tobi, replace(birds, pose=None), kind="field", camera=Camera("wide"))
    none = shot(tobi, kind="field", camera=Camera("wide"))
    horizon = round(compose(flying, 1, ASPECT, 4.0).lens.horizon * HEIGHT)
    above, below = (np.abs(picture(each).astype(int) - picture(walking)).max(-1) > 25 for each in (flying, none))
    assert above[: horizon - 4].sum() > 30
    assert below[: horizon - 4].sum() < above[: horizon - 4].sum()


@pytest.mark.parametrize("part", ["hands", "feet"])
def test_a_close_up_of_hands_shows_no_face(part: str) -> None:
    whole = shot(replace(YANN, hair=Hair("red", "long")), camera=Camera("close"))
    near = shot(replace(YANN, hair=Hair("red", "long"), part=part), camera=Camera("close"))  # type: ignore[arg-type]
    red = [((each[..., 2] > 150) & (each[..., 0] > 50)).sum() for each in (picture(whole), picture(near))]
    assert red[0] > 200 > red[1]


def test_an_insert_of_what_has_no_picture_is_named() -> None:
    reading = shot(camera=Camera("insert"))
    named = replace(reading, subject="brass astrolabe")
    assert (np.abs(picture(named).astype(int) - picture(reading)).max(-1) > 20).mean() > 0.05


def test_a_letter_fills_the_picture_without_the_desk_it_lies_on() -> None:
    words = shot(camera=Camera("insert"), things=(Thing("letter"), Thing("desk")))
    alone = shot(camera=Camera("insert"), things=(Thing("letter"),))
    assert np.array_equal(picture(words), picture(alone))


def test_the_sun_comes_out_when_the_clouds_are_gone() -> None:
    reading = shot(YANN, kind="field", weather=Weather("cloud", change="ends"), sky=Sky(sun=True))
    before, after = (each.reading for each in states_of(reading))
    assert (before.weather.kind, before.sky.sun) == ("cloud", None)
    assert (after.weather.kind, after.sky.sun) == (None, True)
    assert picture(after)[..., 0].mean() > picture(before)[..., 0].mean() + 5
    assert [each.reading for each in states_of(shot(YANN))] == [shot(YANN)]


def test_a_tilt_and_a_crane_end_or_begin_on_the_people() -> None:
    for move, at_start in ((Move("tilt", "down"), False), (Move("crane", "down"), False), (Move("crane", "up"), True)):
        move_of = compose(shot(YANN, camera=Camera("wide", moves=(move,))), 1, ASPECT, 4.0).move
        home, away = (move_of.start, move_of.end) if at_start else (move_of.end, move_of.start)
        assert home.y == pytest.approx(0.5)
        assert away.y < 0.45


def test_the_set_stays_in_place_when_the_weather_changes() -> None:
    fair, overcast = (shot(kind="headland", camera=Camera("wide"), weather=Weather(kind)) for kind in ("clear", "dust"))
    land = [picture(each)[-20:, :, 0].astype(int) for each in (fair, overcast)]
    assert np.corrcoef(land[0].ravel(), land[1].ravel())[0, 1] > 0.9  # its colours change, its shapes do not


def test_a_near_shot_of_a_dragon_is_of_its_head() -> None:
    smok = Person("smok", "Smok", "creature", "dragon", colour="red")
    near, whole = (compose(shot(smok, camera=Camera(size)), 1, ASPECT, 4.0) for size in ("close", "wide"))
    left, _, right, _ = actor_box(near.lens, near.actors[0])
    assert right - left > ASPECT * 1.3
    left, _, right, _ = actor_box(whole.lens, whole.actors[0])
    assert right - left < ASPECT


@pytest.mark.parametrize("what", ["dog", "cat", "dragon"])
def test_an_animal_that_sleeps_lies_and_one_that_breathes_fire_is_bright(what: str) -> None:
    beast = Person("rex", "Rex", "creature", what)
    stands = shot(beast, kind="field", camera=Camera("wide"))
    lies = shot(replace(beast, pose="lie"), kind="field", camera=Camera("wide"))
    breathes = shot(replace(beast, breath="fire"), kind="field", camera=Camera("wide"))
    for other in (lies, breathes):
        assert (np.abs(picture(other).astype(int) - picture(stands)).max(-1) > 25).sum() > 20
    one, other = (compose(each, 1, ASPECT, 4.0) for each in (stands, lies))
    high = [actor_box(each.lens, each.actors[0]) for each in (one, other)]
    assert high[1][3] - high[1][1] < 0.6 * (high[0][3] - high[0][1])


def test_what_is_held_has_its_own_colour() -> None:
    holder = replace(YANN, holds=("umbrella",))
    blue, red = (shot(holder, things=(Thing("umbrella", colour=each),)) for each in ("blue", "red"))
    assert (np.abs(picture(blue).astype(int) - picture(red)).max(-1) > 30).sum() > 100


def test_a_dutch_angle_tilts_the_picture() -> None:
    level, tilted = (shot(kind="sea", camera=Camera("wide", angle=each)) for each in (None, "dutch"))  # type: ignore[arg-type]
    rows = [
        [int(np.argmax(np.abs(np.diff(picture(each)[..., 0].astype(int)[:, x])))) for x in (20, 140)]
        for each in (level, tilted)
    ]
    assert abs(rows[0][0] - rows[0][1]) < 6 < abs(rows[1][0] - rows[1][1])


def test_the_moon_is_above_the_roofs() -> None:
    moon, none = (
        shot(kind="rooftop", time="night", camera=Camera("wide"), sky=Sky(moon=each)) for each in (True, False)
    )
    assert (picture(moon)[:40, :, 0].astype(int) - picture(none)[:40, :, 0] > 80).sum() > 8


def test_who_is_on_a_lake_is_in_a_boat_only_if_it_is_said() -> None:
    ashore, afloat = (
        replace(shot(YANN, kind="lake"), place=Place("lake", False, "The lake", "lake", afloat=each))
        for each in (None, True)
    )
    assert compose(ashore, 1, ASPECT, 4.0).actors[0].pose == "stand"
    assert compose(afloat, 1, ASPECT, 4.0).actors[0].pose == "sit"
    assert (np.abs(picture(ashore).astype(int) - picture(afloat)).max(-1) > 25).mean() > 0.1
