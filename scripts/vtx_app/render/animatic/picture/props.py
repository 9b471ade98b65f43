"""Paint the things that the words put into the picture and the place does not have already."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import Colour, hexed
from vtx_app.render.animatic.drawing.light import Beam, Glow
from vtx_app.render.animatic.picture.tables import at_table
from vtx_app.render.animatic.places.country import snowy, under_snow
from vtx_app.render.animatic.places.room_kinds import room_of
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.reading.model import INDOORS, Thing
from vtx_app.render.animatic.staging.compose import Composition, flying_height
from vtx_app.render.animatic.things.catalogue import CATALOGUE, thing_of
from vtx_app.render.animatic.things.painter import ThingInfo, Touch

__all__ = ["LAMP_LIGHT", "lit_in", "needed_things", "on_the_table", "paint_props"]

LAMP_LIGHT: Colour = (255, 222, 150)
_PART_OF_PLACE = {
    "lantern": ("lens", "lamp", "window", "lantern"),
    "church": ("church",),
    "bridge": ("bridge",),
    "stairs": (),
    "car": ("car",),
    "train": ("train",),
}
_TOWNS = ("street", "alley", "square", "market", "village", "yard", "rooftop", "farm")
_ON_THE_ROAD = ("car", "truck", "bus", "tram", "carriage", "cart", "bicycle", "motorcycle")
_AIRCRAFT = ("plane", "helicopter", "spaceship")
_IN_WALLS = ("window", "door", "mirror", "picture", "clock", "plaque", "sign")


def needed_things(setting: Setting) -> list[Thing]:
    """The things that are neither held by somebody nor in the room anyway."""
    reading = setting.reading
    held = [thing_of(each) for person in reading.people for each in person.holds]
    acting = {person.what.replace(" ", "_") for person in reading.people if person.kind == "thing"}
    here: set[str] = set(_PART_OF_PLACE.get(reading.place.kind, ()))
    if reading.place.kind in INDOORS and reading.place.kind not in ("lantern", "car", "train", "bus"):
        here |= {each[0] for each in room_of(reading.place.kind, reading.place.family).things} | {"window"}
    vehicle = reading.place.family == "vehicle" or reading.place.kind == "vehicle"
    inside, town = bool(reading.place.indoors), reading.place.kind in _TOWNS
    return [
        each
        for each in reading.things
        if each.kind in CATALOGUE
        and each.kind not in acting | here
        and CATALOGUE[each.kind] not in held
        and not (inside and CATALOGUE[each.kind].outside)
        and not (town and each.kind == "house")
        and not (each.kind in ("bicycle", "motorcycle") and any(one.pose == "ride" for one in reading.people))
        and not (reading.place.in_boat and each.kind == "boat" and each.count == 1)  # it is the one that they are in
        and not (inside and each.kind == "umbrella")  # an open one stands in no room
        and not (vehicle and CATALOGUE[each.kind].on in ("wall", "floor"))
    ]


def lit_in(setting: Setting, thing: Thing, info: ThingInfo) -> bool:
    """Whether a thing's light burns: as said, else if lamps do."""
    if info.light is None:
        return bool(setting.light.lamps and info.outside)
    if thing.lit is not None:
        return thing.lit
    return setting.light.lamps or thing.kind in ("fire", "candle", "match", "torch")


def on_the_table(setting: Setting) -> list[Thing]:
    """The small things that stand on a table, as many as there is room for."""
    return [
        each
        for each in needed_things(setting)
        if CATALOGUE[each.kind].on in ("table", "hand") and not CATALOGUE[each.kind].outside and each.kind != "bag"
    ][:4]


def paint_props(setting: Setting, composition: Composition) -> None:
    """Paint them behind the people: far ones far, small ones on a table, doors and windows in the wall."""
    needed = needed_things(setting)
    together = bool(at_table(setting, composition.actors))
    if together:  # the table is before those who sit at it, and what is on it is painted with it
        laid = on_the_table(setting)
        needed = [each for each in needed if each.kind not in ("table", "desk", "chair") and each not in laid]
    inside = bool(setting.reading.place.indoors)
    if not inside and composition.landmark is None and any(each.kind == "beam" for each in setting.reading.things):
        _far_light(setting)
    on_tables = [
        each for each in needed if CATALOGUE[each.kind].on in ("table", "hand") and not CATALOGUE[each.kind].outside
    ]
    standing = [each for each in needed if each not in on_tables]
    if not inside:
        # A window, a door, a lamp out of doors are parts of the buildings there.
        standing = [each for each in standing if CATALOGUE[each.kind].on != "wall"]
        on_tables = []
    free = [-2.1, 2.3, -3.4, 3.5, 0.4]
    for i, thing in enumerate(sorted(standing, key=lambda each: -_depth(setting, each, inside))):
        landmark = composition.landmark
        if landmark is not None and landmark.kind == thing.kind:
            _stand(setting, thing, landmark.x, landmark.z, inside, picture_x=landmark.x)
        else:
            _stand(setting, thing, free[i % len(free)], _depth(setting, thing, inside), inside)
    if on_tables and setting.lens.scale() >= 1.2 and composition.actors:
        _foreground(setting, on_tables, composition.free)
    elif on_tables and setting.reading.place.kind not in ("car", "train", "bus", "plane"):
        _table(setting, on_tables, inside)


def _depth(setting: Setting, thing: Thing, inside: bool) -> float:
    if thing.depth == "foreground":
        return 0.4
    if inside:
        return 2.0
    high = CATALOGUE[thing.kind].high
    if thing.kind in _ON_THE_ROAD and setting.reading.place.kind in ("street", "village", "square", "market", "road"):
        return 2.4
    return (
        60.0
        if high > 12
        else 34.0
        if high > 6
        else 18.0
        if high > 2.5
        else 9.0
        if CATALOGUE[thing.kind].outside
        else 3.0
    )


def _stand(setting: Setting, thing: Thing, x: float, z: float, inside: bool, *, picture_x: float | None = None) -> None:
    info = CATALOGUE[thing.kind]
    lit = lit_in(setting, thing, info)
    if picture_x is None:
        picture_x = setting.stage.aspect * (0.5 + x / 3.5 * 0.36)
    place = setting.lens.across(picture_x, z)
    x = (place - setting.shift) * setting.side
    if thing.kind in ("boat", "ship"):
        _boats(setting, thing, x)
        return
    if inside and thing.kind in _IN_WALLS:
        z = 2.5
    count = min(4, max(1, thing.count))
    up = flying_height(setting.lens, z, info.high, 0.3) if thing.kind in _AIRCRAFT and not thing.placed else 0.0
    for i in range(count):
        offset = (i - (count - 1) / 2) * info.wide * 1.25
        pen = setting.at(x + offset, z, up)
        pen = pen.tinted(under_snow) if thing.kind in ("tree", "pine", "bush") and snowy(setting) else pen
        info.paint(pen, Touch(thing.colour, lit, bool(thing.open)))
    if lit and info.light is not None:
        setting.shine(x, info.light, z, info.shine, LAMP_LIGHT, 0.6)
        if thing.kind == "lighthouse":
            _beam(setting, x, info.light, z)


def _far_light(setting: Setting) -> None:
    """A lighthouse's lamp and its beam, far off on the horizon."""
    x, y = setting.stage.aspect * (0.5 + 0.3 * setting.side), setting.lens.horizon - 0.045
    setting.pen.tinted(setting.light.set).fill([(x - 0.006, y + 0.05), (x - 0.004, y), (x + 0.004, y),
        (x + 0.006, y + 0.05)], (206, 204, 196))  # fmt: skip
    setting.glows.append(Glow(x, y, 0.09, LAMP_LIGHT, 0.9))
    for edge, low, high in ((setting.stage.left - 0.3, 0.1, -0.14), (setting.stage.right + 0.3, 0.05, -0.02)):
        setting.glows.append(Beam(((x, y - 0.003), (edge, y + high), (edge, y + low), (x, y + 0.003)),
            (255, 236, 184), 0.3, 0.008))  # fmt: skip


def _beam(setting: Setting, x: float, y: float, z: float) -> None:
    px, py = setting.spot(x, y, z)
    for edge, rise, low in ((setting.stage.right + 0.4, -0.08, 0.1), (setting.stage.left - 0.4, 0.02, 0.12)):
        setting.glows.append(
            Beam(
                ((px, py - 0.004), (edge, py + rise), (edge, py + low), (px, py + 0.004)), (255, 236, 184), 0.32, 0.008
            )
        )


def _boats(setting: Setting, thing: Thing, x: float) -> None:
    if any(each.pose in ("row", "sit") for each in setting.reading.people) and thing.kind == "boat":
        return  # the one in which they sit is painted with them
    kind = "ship" if thing.kind == "ship" else "fishing_boat"
    lit = setting.light.lamps if thing.lit is None else thing.lit
    spots = ((0.0, 26.0), (9.0, 34.0), (-11.0, 42.0), (16.0, 50.0))
    for dx, z in spots[: min(4, max(1, thing.count))]:
        z = z * 3 if kind == "ship" else z
        CATALOGUE[kind].paint(setting.at(x + dx, z), Touch(thing.colour, lit))
        if lit:
            setting.shine(x + dx - 1, 1.9, z, 1.4, LAMP_LIGHT, 0.6)


def _table(setting: Setting, things: list[Thing], inside: bool) -> None:
    """Small things together on a table beside the people; outside on a box."""
    x, z = (1.45, 0.55) if setting.lens.scale() < 1.2 else (0.62, 0.5)
    x = x * (-1 if any(each.seen for each in setting.reading.people) and setting.side > 0 else 1)
    top = 0.82 if inside else 0.43
    CATALOGUE["table" if inside else "box"].paint(setting.at(x, z), Touch())
    total = sum(CATALOGUE[each.kind].wide + 0.12 for each in things[:4])
    at = x - total / 2
    for thing in things[:4]:
        info = CATALOGUE[thing.kind]
        lit = lit_in(setting, thing, info)
        at += (info.wide + 0.12) / 2
        info.paint(setting.at(at, z, top), Touch(thing.colour, lit, bool(thing.open)))
        if lit and info.light is not None:
            setting.shine(at, top + info.light, z, info.shine, LAMP_LIGHT, 0.55)
        at += (info.wide + 0.12) / 2


def _foreground(setting: Setting, things: list[Thing], side: int) -> None:
    """Small things before somebody near: along the lower edge, where the picture is free."""
    aspect, pen = setting.stage.aspect, setting.pen.tinted(setting.light.people)
    top = 0.93
    tone = hexed("6e5138")
    near, far = aspect / 2 + side * 0.1 * aspect, aspect / 2 + side * 0.56 * aspect
    pen.shape([(near, top), (far, top - 0.02), (far, 1.2), (near - side * 0.05, 1.2)], tone)
    at = near + side * 0.08
    for thing in things[:3]:
        info = CATALOGUE[thing.kind]
        size = min(0.34 / info.high, 0.36 / info.wide, 1.4 if info.high > 0.2 else 2.0)
        lit = lit_in(setting, thing, info)
        at += side * info.wide * size / 2
        info.paint(pen.at(at, top + 0.01, size), Touch(thing.colour, lit, bool(thing.open)))
        if lit and info.light is not None:
            setting.glows.append(Glow(at, top - info.light * size, 0.3, LAMP_LIGHT, 0.45))
        at += side * (info.wide * size / 2 + 0.05)
