"""Paint the place of a shot: by its kind, else by its family; a plain backdrop if nothing says where the shot is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vtx_app.render.animatic.drawing.colours import lighter
from vtx_app.render.animatic.places.country import COUNTRY
from vtx_app.render.animatic.places.inside import INSIDES
from vtx_app.render.animatic.places.room_kinds import room_of
from vtx_app.render.animatic.places.rooms import paint_room
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.places.sky import paint_sky
from vtx_app.render.animatic.places.spaceship import SPACESHIPS
from vtx_app.render.animatic.places.town import TOWNS
from vtx_app.render.animatic.places.town_places import TOWN_PLACES
from vtx_app.render.animatic.places.vehicles_inside import VEHICLES_INSIDE
from vtx_app.render.animatic.places.water import WATERS
from vtx_app.render.animatic.places.wild import WILD_PLACES
from vtx_app.render.animatic.reading.model import INDOORS

__all__ = ["paint_place"]

_PAINTERS: Mapping[str, Callable[[Setting], None]] = {
    **COUNTRY,
    **WILD_PLACES,
    **TOWNS,
    **TOWN_PLACES,
    **WATERS,
    **INSIDES,
    **VEHICLES_INSIDE,
    **SPACESHIPS,
}


def paint_place(setting: Setting) -> None:
    """Fill the stage with the place that the reading says."""
    place = setting.reading.place
    for kind in (place.kind, place.family):
        if kind in _PAINTERS:
            _PAINTERS[kind](setting)
            return
        if kind in INDOORS:
            paint_room(setting, room_of(place.kind, place.family))
            return
    if place.indoors:
        paint_room(setting, room_of("room", ""))
        return
    _backdrop(setting, outdoors=place.indoors is False)


def _backdrop(setting: Setting, *, outdoors: bool) -> None:
    """Nothing is said: a studio's backdrop, or plain ground under the sky."""
    if outdoors:
        paint_sky(setting)
        setting.band(
            setting.lens.horizon,
            setting.stage.bottom,
            setting.toned((150, 152, 140), 40),
            setting.toned((164, 162, 148)),
        )
        return
    wall = (176, 176, 172)
    setting.band(
        setting.stage.top, setting.stage.bottom, setting.light.set(lighter(wall, 0.15)), setting.light.set(wall)
    )
    line = setting.ground_line(2.5)
    if line < setting.stage.bottom:
        setting.band(line, setting.stage.bottom, setting.light.set((150, 149, 145)), setting.light.set((166, 165, 160)))
