"""All things that the storyboard can draw, and the placeholder for all it can't."""

from __future__ import annotations

from vtx_app.render.animatic.things.belongings import BELONGINGS
from vtx_app.render.animatic.things.buildings import BUILDINGS
from vtx_app.render.animatic.things.furniture import FURNITURE
from vtx_app.render.animatic.things.lights import LIGHTS
from vtx_app.render.animatic.things.objects import OBJECTS
from vtx_app.render.animatic.things.outdoors import OUTDOOR_THINGS
from vtx_app.render.animatic.things.painter import ThingInfo
from vtx_app.render.animatic.things.vehicles import VEHICLES

__all__ = ["CATALOGUE", "thing_of"]

CATALOGUE: dict[str, ThingInfo] = {
    **FURNITURE,
    **LIGHTS,
    **OBJECTS,
    **BELONGINGS,
    **BUILDINGS,
    **OUTDOOR_THINGS,
    **VEHICLES,
}


def thing_of(words: str) -> ThingInfo | None:
    """The thing that ``words`` name (``desk lamp``, ``desk_lamp``, ``an old radio``); None if it can't be drawn."""
    parts = words.lower().replace("-", " ").replace("_", " ").split()
    for length in range(min(3, len(parts)), 0, -1):
        found = CATALOGUE.get("_".join(parts[-length:]))
        if found is not None:
            return found
    return None
