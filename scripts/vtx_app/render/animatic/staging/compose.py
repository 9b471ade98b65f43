"""Compose a shot: lens, people, and the camera's move. Everything that decides where things are, and nothing painted.

What the words leave open hangs on the clip, its seed and its place, so an edit of a coat moves nobody and no camera.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from vtx_app.render.animatic.animals.catalogue import animal_size, growth, known_animal
from vtx_app.render.animatic.motion.camera import Box, CameraMove, plan_move
from vtx_app.render.animatic.people.pose import pose_joints
from vtx_app.render.animatic.reading.model import Person, Reading, ShotSize
from vtx_app.render.animatic.staging.above import box_above, is_above, lens_above, spread_above
from vtx_app.render.animatic.staging.beast_heads import on_the_head
from vtx_app.render.animatic.staging.cast import (
    Actor,
    Choices,
    eye_height,
    head_spread,
    height_of,
    place_people,
    spacing,
)
from vtx_app.render.animatic.staging.chance import chance_of
from vtx_app.render.animatic.staging.lens import SCALES, Lens, lens_for
from vtx_app.render.animatic.staging.seats import all_sit
from vtx_app.render.animatic.things.catalogue import CATALOGUE, thing_growth, thing_of

__all__ = ["Composition", "Landmark", "actor_box", "compose", "flying_height", "head_box", "size_of"]

_HEAD_ROOM = 0.045
_SETUPS = 12


@dataclass(frozen=True, slots=True)
class Landmark:
    """The tall thing that an outside shot is of: its middle, top and foot in frame heights, ``z`` in metres."""

    kind: str
    x: float
    top: float
    foot: float
    z: float


@dataclass(frozen=True, slots=True)
class Composition:
    """``heads``: the box of each head that must stay in the picture, in frame heights, by the order of ``actors``
    (None for somebody from behind at the picture's edge). ``side`` mirrors the set, ``shift`` moves it, in metres."""

    reading: Reading
    size: str
    aspect: float
    lens: Lens
    actors: tuple[Actor, ...]
    heads: tuple[Box | None, ...]
    move: CameraMove
    choices: Choices
    side: int
    shift: float
    landmark: Landmark | None = None

    @property
    def labels(self) -> tuple[Box | None, ...]:
        """The box of each actor over which its name belongs: the head, also of somebody from behind."""
        return tuple(head_box(self.lens, each) for each in self.actors)

    @property
    def free(self) -> int:
        """-1 if there is room to the left of the people, 1 if to the right."""
        return 1 if sum(each.x for each in self.actors) < 0 else -1


def _choices(reading: Reading, seed: int) -> Choices:
    """From a seed, one of many visibly different set-ups; the next seed has its subject on the other side."""
    first = chance_of("composition", reading.clip, reading.place.key).randrange(_SETUPS)
    number = (first + seed) % _SETUPS
    chance = chance_of("composition", reading.clip, str(seed), reading.place.key)
    side, turn, mirrored = number % 2, number // 2 % 3, number // 6 % 2
    return Choices(
        0.25 + 0.5 * side, chance.random(), (turn + chance.random()) / 3, chance.random(),
        (mirrored + chance.random()) / 2,
    )  # fmt: skip


def size_of(reading: Reading) -> ShotSize:
    """The size of the shot; by who is in it if nothing says it."""
    if reading.camera.size is not None:
        return reading.camera.size
    people = [each for each in reading.people if each.seen]
    if reading.camera.framing == "over_shoulder":
        return "medium_close"
    if not people:
        return "wide"
    return "medium" if len(people) <= 2 and not any(each.count > 3 for each in people) else "full"


def compose(reading: Reading, seed: int, aspect: float, seconds: float) -> Composition:
    """The composition of a shot that lasts ``seconds``, for frames of ``aspect``."""
    choices = _choices(reading, seed)
    size: str = size_of(reading)
    people = [each for each in reading.people if each.seen]
    moves = {each.kind for each in reading.camera.moves}
    if people and reading.place.in_boat and SCALES[size] > SCALES["medium_wide"] and "medium" in size:
        size = "medium_wide"  # the boat they sit in is in the picture
    size_wide = reading.camera.size_end
    if size_wide is not None and SCALES[size_wide] < SCALES[size]:
        size = size_wide  # the widest framing is composed, and the move begins inside it
    fit = aspect * 0.88 / spacing(people) if len(people) > 1 or any(each.count > 1 for each in people) else 10.0
    if len(people) > 1 and (spread := head_spread(people)):
        fit = min(fit, 0.84 / spread)
    flying = bool(people) and all(each.kind != "person" and each.pose == "fly" for each in people)
    if people and all(each.kind != "person" for each in people):
        fit = min(fit, aspect * 0.85 / spacing(people))
        fit = (
            min(fit, 0.8 / max(0.05, max(height_of(each) for each in people)))
            if size in ("insert", "full", "wide", "medium", "medium_wide")
            else fit
        )
        eyes = max(0.25, min(2.2, max(height_of(each) for each in people) * 0.8))
        small = max(height_of(each) for each in people)
        table = 0.74 if small < 0.8 and reading.place.indoors and any(_on_table(each) for each in people) else 0.0
        if flying:
            lens = lens_for(size, None, 1.2, aspect, fit=fit)
            lens = replace(lens, height=1.2, horizon=0.84)  # their ground is the sky
        elif small < 1.0 and size not in ("extreme_wide", "wide"):
            fit = 10.0
            scale = min(6.0, {"full": 0.55, "medium_wide": 0.6, "medium": 0.7}.get(size, 0.8) / max(0.08, small))
            lens = lens_for("medium", reading.camera.angle, eyes, aspect)
            lens = replace(lens, distance=lens.focal / scale, horizon=0.4)
            lens = replace(lens, height=eyes + table, horizon=0.8 - eyes * scale)
        else:
            lens = lens_for(size, reading.camera.angle, eyes, aspect, fit=fit)
    else:
        lens = lens_for(
            size, reading.camera.angle, eye_height(people, sitting=all_sit(reading, people)), aspect, fit=fit
        )
    lens = replace(lens, distance=lens.distance * (0.94 + 0.12 * choices.height))
    if reading.camera.angle in (None, "eye"):
        lens = replace(lens, horizon=lens.horizon + 0.03 * (choices.height - 0.5))
    half = aspect / 2 / lens.scale()
    sideways = bool(moves & {"pan", "track", "orbit"}) and bool(people)
    actors = tuple(place_people(reading, choices, half, centred=sideways))
    eyes_only = size in ("extreme_close", "insert") and any(each.person.part == "eyes" for each in actors)
    near = replace(lens, distance=lens.focal / 6.0, horizon=0.47)
    lens = near if eyes_only else _with_head_room(lens, _upright(actors), size)
    actors = _airborne(lens, actors)
    above = is_above(reading, size)
    if above:
        lens, actors = lens_above(lens), spread_above(actors, reading)
    elif len(actors) == 1:
        lens = on_the_head(lens, actors[0], size, aspect)
    heads = tuple(None if each.over_shoulder or eyes_only else head_box(lens, each) for each in actors)
    framed = [None if each.over_shoulder or eyes_only else head_box(lens, each) for each in _upright(actors)]
    held = [
        box
        for box, each in zip(framed, actors, strict=True)
        if box is not None and each.z < 2.5 and (each.person.kind == "person" or _fits(each, box, aspect))
    ]
    walking = any(each.pose in ("walk", "run", "ride", "row") for each in actors)
    side = -1 if choices.extra < 0.5 else 1
    landmark = _landmark(reading, lens, aspect, side, tilts="tilt" in moves or "crane" in moves, people=bool(held))
    focus = (aspect / 2 + side * aspect * 0.12, min(0.6, max(0.36, lens.horizon - 0.05)))
    if landmark is not None:
        focus = (landmark.x, landmark.top + 0.2 * (landmark.foot - landmark.top))
    top = landmark.top if landmark is not None else None
    move = plan_move(reading.camera, aspect, held, focus, choices.hand, walking=walking, seconds=seconds, top=top)
    shift = (choices.extra - 0.5) * (2.4 if lens.scale() < 0.5 else 1.6)
    return Composition(reading, size, aspect, lens, actors, heads, move, choices, side, shift, landmark)


def _upright(actors: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """``actors`` without the stoop of the old, which must not move the camera."""
    return tuple(replace(each, look=replace(each.look, old=False)) for each in actors)


def _stands_up(person: Person) -> bool:
    return person.kind != "thing" or 1.2 <= height_of(person) < 3.0


def _on_table(person: Person) -> bool:
    thing = thing_of(person.what) if person.kind == "thing" else None
    return thing is not None and thing.on in ("table", "hand")


def _fits(actor: Actor, box: Box, aspect: float) -> bool:
    """Whether one animal, creature or thing is small enough for a move to keep all of it in the picture."""
    return actor.number == 1 and box[2] - box[0] < aspect * 0.8 and box[3] - box[1] < 0.8 and box[3] < 1.05


def flying_height(lens: Lens, z: float, high: float, share: float) -> float:
    """How many metres above the ground something ``high`` flies, to be seen in the upper part of the picture; ``share``
    from 0 (highest) to 1."""
    middle = 0.14 + 0.34 * share
    return max(0.2, lens.height + (lens.horizon - middle) / lens.scale(z) - high / 2)


def _airborne(lens: Lens, actors: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """``actors`` with those that fly in the air, and who rides on one of them with it."""
    rises = {
        each.x: flying_height(lens, each.z, height_of(each.person), 0.5)
        for each in actors if each.pose == "fly" and each.person.kind != "person"
    }  # fmt: skip
    return tuple(
        replace(each, lift=each.lift + rises[each.x])
        if each.x in rises and (each.pose == "ride" or (each.pose == "fly" and each.person.kind != "person"))
        else each
        for each in actors
    )


def _landmark(reading: Reading, lens: Lens, aspect: float, side: int, *, tilts: bool, people: bool) -> Landmark | None:
    """The first tall thing outside, so far away that it is well seen; near if a tilt climbs it."""
    if reading.place.indoors or lens.above:
        return None
    found = next(
        (each.kind for each in reading.things if each.kind in CATALOGUE and CATALOGUE[each.kind].high > 6), None
    )
    if found is None or reading.place.kind == "street":
        return None
    high = CATALOGUE[found].high
    tall = 1.25 if tilts and not people else 0.42 if people else 0.6
    z = lens.focal * high / tall - lens.distance
    x = aspect / 2 + side * aspect * (0.26 if people else 0.1)
    foot = lens.at(0.0, 0.0, z)[1]
    return Landmark(found, x, foot - high * lens.scale(z), foot, z)


def _with_head_room(lens: Lens, actors: tuple[Actor, ...], size: str) -> Lens:
    """``lens`` tilted so far that no head is cut by the upper edge."""
    boxes = [
        head_box(lens, each)
        for each in actors
        if (each.person.kind == "person" or (_stands_up(each.person) and each.person.id and each.number == 1))
        and not each.over_shoulder
        and each.z < 2.5
        and each.pose != "fly"
    ]
    if not boxes:
        return lens
    room = _HEAD_ROOM if size != "extreme_close" else 0.015
    top, low = min(box[1] for box in boxes), max(box[3] for box in boxes)
    if top < room:
        lens = replace(lens, horizon=lens.horizon + (room - top))
        low += room - top
    if low > 0.9 and top > room:
        lens = replace(lens, horizon=lens.horizon - min(low - 0.9, top - room))
    return lens


def head_box(lens: Lens, actor: Actor) -> Box:
    """The head of ``actor`` in frame heights, with its hat; of what is no person, all of it."""
    if lens.above:
        return box_above(lens, actor)
    scale = lens.scale(actor.z)
    if actor.person.kind != "person":
        return _beast_head(lens, actor)
    look = actor.look
    joints = pose_joints(look, actor.pose, actor.view)
    tall = look.metres * scale
    x, floor = lens.at(actor.x, actor.lift, actor.z)
    cx, crown = x + joints.head[0] * tall * actor.facing, floor + joints.head[1] * tall
    if actor.pose == "lie":
        cx, crown = x - actor.facing * 0.45 * tall, floor - 0.2 * tall
    head = look.head * tall
    hat = (
        0.25
        if look.clothes.hat is not None and look.clothes.hat.kind in ("top_hat", "hat", "bowler", "cowboy_hat", "crown")
        else 0.1
    )
    return cx - head * 0.5, crown - head * hat, cx + head * 0.5, crown + head


def _beast_head(lens: Lens, actor: Actor) -> Box:
    """The end of a large animal towards which it looks; of what is smaller, all of it."""
    left, top, right, bottom = actor_box(lens, actor)
    kind = known_animal(actor.person.what)
    if not kind or actor.person.kind == "thing" or animal_size(kind)[0] < 1.5 or actor.pose == "fly":
        return left, top, right, bottom
    middle = (left + right) / 2
    near, far = middle + 0.1 * (right - middle) * actor.facing, middle + 1.0 * (right - middle) * actor.facing
    return min(near, far), top, max(near, far), top + 0.4 * (bottom - top)


def actor_box(lens: Lens, actor: Actor) -> Box:
    """All of ``actor`` in frame heights."""
    scale = lens.scale(actor.z)
    wide, high = 0.7, actor.look.metres
    kind = known_animal(actor.person.what)
    if actor.person.kind != "person":
        thing = thing_of(actor.person.what)
        wide, high = animal_size(kind) if kind else (thing.wide, thing.high) if thing else (1.3, 1.6)
        small = actor.person.small
        grown = growth(actor.person.what, small) if kind else thing_growth(thing, small) if thing else 1.0
        wide, high = wide * grown, high * grown * (0.5 if actor.pose == "lie" and kind else 1.0)
    x, floor = lens.at(actor.x, actor.lift, actor.z)
    return x - wide * scale / 2, floor - high * scale, x + wide * scale / 2, floor
