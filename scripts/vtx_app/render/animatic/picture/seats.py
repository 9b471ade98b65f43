"""Paint what people sit, lie or stand on, and the table on which a small thing acts."""

from __future__ import annotations

from collections.abc import Sequence

from vtx_app.render.animatic.drawing.colours import Colour, lighter
from vtx_app.render.animatic.drawing.pen import Pen, box
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.staging.cast import Actor
from vtx_app.render.animatic.staging.seats import SEAT_HEIGHTS, hips_of, seat_of
from vtx_app.render.animatic.things.catalogue import CATALOGUE
from vtx_app.render.animatic.things.painter import Touch

__all__ = ["paint_seat"]

_STONE: Colour = (150, 146, 140)
_WOOD: Colour = (122, 92, 64)
_FURNITURE = {"chair": "chair", "sofa": "sofa", "bench": "bench", "table": "table", "desk": "desk", "box": "box"}
_TOPS = {"chair": 0.46, "sofa": 0.46, "bench": 0.46, "table": 0.78, "desk": 0.78, "box": 0.4}


def paint_seat(setting: Setting, pen: Pen, actor: Actor, others: Sequence[Actor]) -> None:
    """Paint it with a ``pen`` in frame heights, behind who uses it. ``others``: all who are there; who sits on the bed
    of somebody who lies in it has no other."""
    if actor.person.kind != "person" and not actor.person.seat:
        if actor.lift > 0.2 and actor.pose != "fly":
            _stand(setting, pen, actor)
        return
    ridden = next((each for each in setting.reading.things if each.kind in ("bicycle", "motorcycle")), None)
    if actor.pose == "ride" and ridden is not None:
        CATALOGUE[ridden.kind].paint(_at(setting, pen, actor, actor.x), Touch(ridden.colour))
        return
    seat = seat_of(actor.person, actor.pose, setting.reading) if actor.person.kind == "person" else actor.person.seat
    if not seat or seat == "ground":
        return
    top = (
        hips_of(actor.look, actor.pose) if actor.pose == "sit" and actor.person.kind == "person" else SEAT_HEIGHTS[seat]
    )
    if setting.lens.at(actor.x, top, actor.z)[1] > setting.stage.bottom + 0.1:
        return  # below the picture
    if seat == "bed" and actor.pose != "lie" and any(each.pose == "lie" for each in others):
        return
    if seat == "bed":
        away = 0.0 if actor.pose == "lie" else 0.35 * actor.facing
        CATALOGUE["bed"].paint(_at(setting, pen, actor, actor.x - away).at(0, 0, top / 0.52), Touch())
    elif seat == "wall" and setting.reading.place.indoors:  # a window sill, a ledge
        _at(setting, pen, actor, actor.x).shape(box(-0.45, -top, 0.45, -top + 0.1), lighter(_WOOD, 0.2))
    elif seat in _FURNITURE:
        CATALOGUE[_FURNITURE[seat]].paint(_at(setting, pen, actor, actor.x).at(0, 0, top / _TOPS[seat]), Touch())
    else:
        _PAINTERS[seat](_at(setting, pen, actor, actor.x), top)


def _at(setting: Setting, pen: Pen, actor: Actor, x: float) -> Pen:
    return setting.lens.pen(pen, x, actor.z + 0.05, flip=actor.facing < 0)


def _armchair(pen: Pen, top: float) -> None:
    tone: Colour = (138, 92, 84)
    pen.blob([(-0.42, 0), (-0.46, -top * 2.2), (-0.2, -top * 2.4), (0.14, -top * 2.3), (0.16, 0)], tone)
    pen.blob([(-0.4, 0), (-0.4, -top), (0.42, -top), (0.44, 0)], lighter(tone, 0.15))


def _stool(pen: Pen, top: float) -> None:
    for x in (-0.16, 0.16):
        pen.stroke([(x, 0), (x * 0.7, -top)], 0.035, _WOOD, line=(34, 32, 38))
    pen.shape(box(-0.2, -top - 0.02, 0.2, -top + 0.04), lighter(_WOOD, 0.2))


def _rock(pen: Pen, top: float) -> None:
    pen.blob([(-0.6, 0.02), (-0.5, -top * 0.8), (-0.15, -top * 1.05), (0.25, -top), (0.5, -top * 0.6), (0.6, 0.02)],
             _STONE)  # fmt: skip
    pen.line([(-0.2, -top * 0.9), (-0.1, -top * 0.4), (-0.25, -top * 0.1)], ink=0.7, colour=(110, 106, 102))


def _steps(pen: Pen, top: float) -> None:
    for i in range(3):
        high = top * (1.5 - 0.5 * i)
        pen.shape(box(-1.0, -high, 0.1 + 0.3 * i, 0), lighter(_STONE, 0.08 * i))


def _wall(pen: Pen, top: float) -> None:
    pen.shape(box(-2.2, -top, 2.2, 0), _STONE)
    pen.shape(box(-2.25, -top, 2.25, -top + 0.1), lighter(_STONE, 0.2))


def _log(pen: Pen, top: float) -> None:
    pen.stroke([(-0.9, -top / 2), (0.9, -top / 2)], top, _WOOD, line=(34, 32, 38))
    pen.oval(0.9, -top / 2, top * 0.3, top * 0.5, lighter(_WOOD, 0.35))


def _swing(pen: Pen, top: float) -> None:
    for x in (-0.26, 0.26):
        pen.line([(x, -top), (x * 0.9, -3.4)], ink=1.6, colour=(120, 104, 84))
    pen.shape(box(-0.3, -top, 0.3, -top + 0.05), lighter(_WOOD, 0.1))


_PAINTERS = {
    "swing": _swing,
    "armchair": _armchair,
    "stool": _stool,
    "rock": _rock,
    "steps": _steps,
    "wall": _wall,
    "log": _log,
}


def _stand(setting: Setting, pen: Pen, actor: Actor) -> None:
    """A table whose top is where the thing stands."""
    CATALOGUE["table"].paint(_at(setting, pen, actor, actor.x).at(0, 0, actor.lift / 0.76), Touch())
