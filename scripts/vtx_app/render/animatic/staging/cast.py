"""Who stands where, how they are seen and where they look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vtx_app.render.animatic.animals.catalogue import animal_back, animal_size, growth, known_animal
from vtx_app.render.animatic.people.look import Look, look_of
from vtx_app.render.animatic.reading.model import Person, Reading
from vtx_app.render.animatic.staging.seats import SEAT_HEIGHTS, UPRIGHT, all_sit, seat_of
from vtx_app.render.animatic.things.catalogue import thing_growth, thing_of

__all__ = [
    "Actor", "Choices", "eye_height", "head_spread",
    "height_of", "in_front", "place_people", "spacing",
]  # fmt: skip

_SPACE = {"person": 0.78, "animal": 1.1, "creature": 1.8, "thing": 0.9}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the words leave open, from the seed of the shot: numbers from 0 to 1, equal for equal seeds."""

    side: float
    place: float
    turn: float
    height: float
    extra: float

    @property
    def hand(self) -> int:
        """-1: the subject stands to the left, 1: to the right."""
        return -1 if self.side < 0.5 else 1


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody in the picture: ``x``, ``z`` in metres; ``facing`` 1 looks to the right, -1 to the left.
    ``lift``: metres above the ground, of who rides, flies, or is on something."""

    person: Person
    look: Look
    x: float
    z: float
    view: str
    facing: int
    pose: str
    over_shoulder: bool = False
    lift: float = 0.0

    @property
    def number(self) -> int:
        return max(1, self.person.count)


def eye_height(people: Sequence[Person], *, sitting: bool = False) -> float:
    """How high the eyes of ``people`` are, in metres: a fair middle of them all. ``sitting``: all of them sit."""
    heights = [_eyes(replace(each, pose="sit") if sitting else each) for each in people if each.kind == "person"]
    if not heights:
        return 1.2
    return (max(heights) + sum(heights) / len(heights)) / 2


_LOWER: dict[str, float] = {
    "sit": 0.76, "row": 0.7, "kneel": 0.74, "crouch": 0.6, "lie": 0.2, "swim": 0.2,
}  # fmt: skip
"""How high the eyes are in a pose, as a share of their height in somebody who stands."""


def _eyes(person: Person) -> float:
    look = look_of(person)
    standing = look.metres * (1 - look.head * 0.5)
    return standing * _LOWER.get(person.pose or "", 1.0)


def head_spread(people: Sequence[Person]) -> float:
    """The metres from the lowest chin to the highest hat of ``people``; of an animal, all but its legs."""
    eyes = [(_eyes(each), look_of(each)) for each in people if each.kind == "person"]
    if not eyes:
        return 0.0
    beasts = [
        height_of(each) for each in people if each.kind in ("animal", "creature") and each.id and each.pose != "fly"
    ]
    low = min([*(height - look.head * look.metres * 0.5 for height, look in eyes), *(each * 0.35 for each in beasts)])
    return max([*(height + look.head * look.metres * 0.8 for height, look in eyes), *beasts]) - low


def in_front(people: Sequence[Person]) -> list[Person]:
    """``people`` without those who have no name and pass or stand behind the others, such as a crowd."""
    named = [each for each in people if each.id and each.kind == "person"]
    return [each for each in people if not (named and not each.id and each.depth != "foreground" and
            (each.count > 2 or each.depth == "background"))]  # fmt: skip


def _space(person: Person) -> float:
    """The metres that somebody, or a group of them, needs."""
    one = _SPACE[person.kind]
    if person.kind != "person" and (kind := known_animal(person.what)):
        long = animal_size(kind)[0] * growth(person.what, person.small)
        one = max(one, min(0.8 * long, 1.0 + 0.5 * long))
    if person.pose == "lie" and person.kind == "person":
        one = max(one, 1.7)
    return float(one * min(person.count, 6) ** 0.7) if person.count <= 6 else 0.62 * 9


def height_of(person: Person) -> float:
    """How tall somebody is, in metres; of what can't be drawn, its placeholder."""
    if person.kind == "person":
        return look_of(person).metres
    if kind := known_animal(person.what):
        return animal_size(kind)[1] * growth(person.what, person.small)
    if person.kind in ("thing", "creature") and (thing := thing_of(person.what)):
        return thing.high * thing_growth(thing, person.small)
    return 1.6


def spacing(people: Sequence[Person]) -> float:
    """The metres that ``people`` need side by side."""
    return float(sum(_space(each) for each in in_front(people)))


def _looks(people: Sequence[Person], index: int, places: Sequence[float], choices: Choices) -> int:
    """The side to which ``people[index]`` looks: at whom they speak with, else into the picture."""
    person, x = people[index], places[index]
    if person.looks_at in ("left", "right"):
        return 1 if person.looks_at == "right" else -1
    if person.looks_at in ("camera", "off"):
        return 1 if x > 0 else -1 if x < 0 else choices.hand
    target = next((i for i, each in enumerate(people) if person.looks_at and each.id == person.looks_at), None)
    if target is None and len(people) > 1:
        in_order = sorted((each.speaks, i) for i, each in enumerate(people) if each.speaks)
        first = in_order[0][1] if in_order else 0 if index else 1
        second = (
            in_order[1][1]
            if len(in_order) > 1
            else min((i for i in range(len(people)) if i != first), key=lambda i: abs(places[i] - places[first]))
        )
        target = second if index == first else first
    if target is None or target == index:
        return -1 if x > 0.02 else 1 if x < -0.02 else -choices.hand
    return 1 if places[target] > x else -1


def place_people(reading: Reading, choices: Choices, half: float, *, centred: bool) -> list[Actor]:
    """Actors of those who are seen, from the farthest to the nearest.

    ``half``: metres from the middle to the edge of the frame at the subject; ``centred`` keeps a single subject near
    the middle, for moves that go past it.
    """
    people = [each for each in reading.people if each.seen]
    over = _over_shoulder(reading, people)
    front = in_front(people)
    stage = [each for each in people if each is not over and each in front]
    places = _across(stage, choices, half, centred=centred, shoulder=over is not None)
    lowest = min((_eyes(each) for each in stage if each.kind == "person"), default=0.0)
    actors = [
        Actor(
            person=person,
            look=look_of(person),
            x=places[i],
            z=_depth(person, i, len(stage), near=half < 1.0),
            view=_view(person, stage, choices, toward_camera=over is not None),
            facing=_looks(stage, i, places, choices) if over is None else (-1 if places[i] > 0 else 1),
            pose=_pose(person, near=half < 0.95, vehicle=all_sit(reading, people)),
            lift=_lift(person, reading, lowest if half < 1.1 else 0.0),
        )
        for i, person in enumerate(stage)
    ]
    actors = _mounted(actors, reading)
    back = 1.3 if reading.place.indoors else 1.8 if half < 1.5 else 3.2  # a crowd's; in a room, before its wall
    actors += [
        Actor(each, look_of(each), 0.0, back, _view(each, stage, choices, toward_camera=False),
              choices.hand, each.pose or "stand")
        for each in people if each not in front
    ]  # fmt: skip
    actors = _on_one_bed(actors)
    if over is not None:
        side = -1 if stage and places[0] > 0 else 1
        actors.append(Actor(over, look_of(over), side * half * 0.62, -0.42, "behind", -side, "stand", True))
    return sorted(actors, key=lambda actor: -actor.z)


def _lift(person: Person, reading: Reading, eyes: float) -> float:
    """How high somebody stands, in metres; a small thing beside people is on a table, so that it is in the picture.

    ``eyes``: those of the lowest of the people in a near shot, else 0."""
    if person.kind == "person":
        pose = person.pose or "stand"
        seat = seat_of(person, pose, reading)
        return SEAT_HEIGHTS[seat] if seat and pose != "sit" else 0.0
    high = height_of(person)
    if person.seat:
        upright = person.what in UPRIGHT  # they sit as people do, as far as that shows
        return max(0.0, SEAT_HEIGHTS[person.seat] - 0.37 * high) if upright else SEAT_HEIGHTS[person.seat]
    thing = thing_of(person.what) if person.kind == "thing" else None
    if thing is not None and thing.on in ("table", "hand") and high < 0.8 and reading.place.indoors:
        return min(1.0, max(0.74, eyes - 0.35 - high)) if eyes else 0.74
    return max(0.0, eyes - 0.35 - high) if eyes and person.kind == "thing" and high < 0.8 else 0.0


def _mounted(actors: list[Actor], reading: Reading) -> list[Actor]:
    """``actors`` with who rides on the back of the animal that is there."""
    mount = next((each for each in actors if each.person.kind != "person" and _back(each.person) > 0.9), None)
    if mount is None:
        ridden = any(each.kind in ("bicycle", "motorcycle") for each in reading.things)
        return [_in_the_saddle(each) if ridden and each.pose == "ride" else each for each in actors]
    found = []
    for each in actors:
        if each.pose == "ride" and each is not mount:
            hips = 0.43 * each.look.metres
            each = replace(each, x=mount.x, z=mount.z - 0.01, facing=mount.facing, view="profile",
                           lift=mount.lift + _back(mount.person) - hips)  # fmt: skip
        found.append(each)
    return found


def _in_the_saddle(actor: Actor) -> Actor:
    """``actor`` on a bicycle."""
    return replace(actor, lift=max(0.0, 0.86 - 0.45 * actor.look.metres), view="profile")


def _on_one_bed(actors: list[Actor]) -> list[Actor]:
    """``actors`` with who sits on the bed of somebody who lies in it at its end."""
    lying = next((each for each in actors if each.pose == "lie" and each.person.seat == "bed"), None)
    if lying is None:
        return actors
    return [replace(each, x=lying.x + (0.62 if each.x > lying.x else -0.62), z=lying.z - 0.2)
            if each.pose == "sit" and each.person.seat == "bed" else each for each in actors]  # fmt: skip


def _back(person: Person) -> float:
    return animal_back(person.what) * growth(person.what, person.small)


def _over_shoulder(reading: Reading, people: Sequence[Person]) -> Person | None:
    if reading.camera.framing != "over_shoulder" or len(people) < 2:
        return None
    return next((each for each in people if each.id and each.id == reading.camera.over), people[-1])


def _across(people: Sequence[Person], choices: Choices, half: float, *, centred: bool, shoulder: bool) -> list[float]:
    """The x of each in metres, from left to right unless a side is said."""
    if not people:
        return []
    if len(people) == 1:
        side = {"left": -1.0, "right": 1.0, "middle": 0.0}.get(people[0].side or "", float(choices.hand))
        away = 0.0 if centred else half * (0.2 + 0.16 * choices.place)
        return [side * (half * 0.3 if shoulder else away)]
    order = sorted(range(len(people)), key=lambda i: {"left": -1, "right": 1}.get(people[i].side or "", 0))
    middle = next((i for i in order if people[i].side == "middle"), None)
    if middle is not None:
        order.remove(middle)
        order.insert(len(order) // 2, middle)
    if choices.hand > 0 and not any(each.side for each in people):
        order.reverse()
    widths = [_space(people[i]) for i in order]
    total = sum(widths)
    stretch = min(1.25 if len(people) == 2 else 1.1, max(0.5, half * 1.5 / total))
    at, places = -total / 2, [0.0] * len(people)
    shift = 0.0 if centred else half * 0.08 * (choices.place - 0.5)
    for i, wide in zip(order, widths, strict=True):
        places[i] = (at + wide / 2) * stretch + shift
        at += wide
    return places


def _pose(person: Person, *, near: bool, vehicle: bool) -> str:
    """In a near shot, what the legs do is not in the picture; in a vehicle all sit."""
    pose = person.pose or "stand"
    pose = "sit" if pose == "fly" and vehicle and person.kind != "animal" else pose  # at the controls
    if vehicle and (pose not in ("row", "lie", "swim", "fly") or (pose == "lie" and not person.seat)):
        return "sit"
    return "stand" if near and pose in ("walk", "run", "climb", "dance", "reach") else pose


def _depth(person: Person, index: int, count: int, *, near: bool) -> float:
    if count > 1 and person.depth == "background":
        return 1.1 if near or person.speaks else 3.0
    if count > 1 and person.depth == "foreground":
        return -0.35
    return 0.0 if count < 3 else 0.25 * (index % 2)


def _view(person: Person, people: Sequence[Person], choices: Choices, *, toward_camera: bool) -> str:
    """How somebody is seen: as the words say, else turned from the lens; nobody looks into it unless they say so."""
    if person.looks_at == "camera":
        return "front"
    if person.view in ("profile", "behind"):
        return person.view
    if person.view is not None or toward_camera or person.depth == "background":
        return "three_quarter"
    if len(people) == 2:
        return "profile" if choices.turn < 0.35 else "three_quarter"
    return "profile" if choices.turn < 0.25 else "three_quarter"
