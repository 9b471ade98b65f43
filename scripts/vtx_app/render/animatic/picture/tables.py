"""The table at which people sit together: before them, so that they sit at it and not beside it."""

from __future__ import annotations

from collections.abc import Sequence

from vtx_app.render.animatic.drawing.colours import darker, hexed, lighter
from vtx_app.render.animatic.drawing.pen import Pen, box
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.reading.model import Thing
from vtx_app.render.animatic.staging.cast import Actor
from vtx_app.render.animatic.staging.seats import UPRIGHT, sit_at_table
from vtx_app.render.animatic.things.catalogue import CATALOGUE
from vtx_app.render.animatic.things.painter import Touch

__all__ = ["at_table", "paint_table_before"]

_HIGH = 0.76
_WOOD = "8a6a48"
_LEG = 0.07


def at_table(setting: Setting, actors: Sequence[Actor]) -> list[Actor]:
    """Those who sit at the table that the shot's own words mention; none if only one does."""
    if not sit_at_table(setting.reading):
        return []
    sitting = [
        each for each in actors
        if each.pose == "sit" and each.number == 1 and (each.person.kind == "person" or each.person.what in UPRIGHT)
        and not each.over_shoulder and each.view != "behind" and each.person.seat in ("", "chair") and each.z < 1.0
    ]  # fmt: skip
    return sitting if len(sitting) > 1 else []


def paint_table_before(setting: Setting, pen: Pen, sitting: Sequence[Actor], things: Sequence[Thing]) -> None:
    """Paint the table with a ``pen`` in frame heights before ``sitting``, with small ``things`` on it."""
    lens = setting.lens
    xs = [each.x for each in sitting]
    left, right = min(xs) - 0.35, max(xs) + 0.35
    far, near = min(each.z for each in sitting) - 0.28, min(each.z for each in sitting) - 0.85
    tone = hexed(_WOOD)

    for x in (left + 0.08, right - 0.08):
        lens.pen(pen, x, near).shape(box(-_LEG / 2, -_HIGH, _LEG / 2, 0), darker(tone, 0.2))
    top = [lens.at(x, _HIGH, z) for x, z in ((left, far), (right, far), (right, near), (left, near))]
    pen.shape(top, lighter(tone, 0.12))
    edge = lens.pen(pen, (left + right) / 2, near)
    half = (right - left) / 2
    edge.shape(box(-half, -_HIGH, half, -_HIGH + 0.06), tone)
    total = sum(CATALOGUE[each.kind].wide + 0.14 for each in things)
    at = (left + right - total) / 2
    for thing in things:
        info = CATALOGUE[thing.kind]
        at += (info.wide + 0.14) / 2
        lit = info.light is not None and (thing.lit is True or (thing.lit is None and setting.light.lamps))
        info.paint(lens.pen(pen, at, (far + near) / 2, y=_HIGH), Touch(thing.colour, lit, bool(thing.open)))
        at += (info.wide + 0.14) / 2
