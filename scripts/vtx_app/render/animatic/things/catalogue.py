"""All things that the storyboard can draw, and the placeholder for all it can't."""

from __future__ import annotations

from vtx_app.render.animatic.things.belongings import BELONGINGS
from vtx_app.render.animatic.things.buildings import BUILDINGS
from vtx_app.render.animatic.things.furniture import FURNITURE
from vtx_app.render.animatic.things.lights import LIGHTS
from vtx_app.render.animatic.things.objects import OBJECTS
from vtx_app.render.animatic.things.outdoors import OUTDOOR_THINGS
from vtx_app.render.animatic.things.painter import ThingInfo
from vtx_app.render.animatic.things.small_things import SMALL_THINGS
from vtx_app.render.animatic.things.street_cars import STREET_CARS
from vtx_app.render.animatic.things.vehicles import VEHICLES
from vtx_app.render.animatic.things.working_vehicles import WORKING_VEHICLES

__all__ = ["CATALOGUE", "thing_growth", "thing_of"]

CATALOGUE: dict[str, ThingInfo] = {
    **FURNITURE,
    **LIGHTS,
    **OBJECTS,
    **BELONGINGS,
    **BUILDINGS,
    **OUTDOOR_THINGS,
    **VEHICLES,
    **SMALL_THINGS,
    **STREET_CARS,
    **WORKING_VEHICLES,
}

_OTHER_NAMES = {
    "stick": "cane", "crook": "cane", "staff": "cane", "walking_stick": "cane",
    "mug": "cup", "pistol": "gun", "rifle": "gun",
    "phone": "telephone", "parcel": "box", "briefcase": "suitcase", "handbag": "bag", "satchel": "bag",
    "bouquet": "flower", "photograph": "picture", "tray": "plate", "flashlight": "torch", "spear": "sword",
    "notebook": "book", "sketchbook": "book", "axe": "knife", "parasol": "umbrella", "glasses": "spectacles",
    "toy_bear": "toy", "bear": "toy", "puppet": "doll", "bowl": "plate",
    "oak": "tree", "willow": "tree", "birch": "tree", "elm": "tree", "beech": "tree", "ash_tree": "tree",
    "oven": "stove", "furnace": "stove", "gramophone": "radio", "lorry": "truck", "van": "truck",
    "motorbike": "motorcycle", "bike": "bicycle", "taxi": "car",
    "revolver": "gun", "shotgun": "gun", "dagger": "knife", "shoes": "boots", "loaf": "bread", "goblet": "cup",
    "receiver": "telephone", "photo": "picture", "envelope": "letter", "rose": "flower", "teddy": "toy",
    "cab": "car", "starship": "spaceship", "extraterrestrial": "alien", "martian": "alien",
    "dinghy": "boat", "tug": "boat", "tugboat": "boat", "teapot": "kettle",
}  # fmt: skip


def thing_of(words: str) -> ThingInfo | None:
    """The thing that ``words`` name (``desk lamp``, ``desk_lamp``, ``an old radio``); None if it can't be drawn."""
    parts = words.lower().replace("-", " ").replace("_", " ").split()
    for length in range(min(3, len(parts)), 0, -1):
        name = "_".join(parts[-length:])
        found = CATALOGUE.get(_OTHER_NAMES.get(name, name))
        if found is not None:
            return found
    return None


def thing_growth(thing: ThingInfo, small: bool | None) -> float:
    """How many times its usual size a thing is that acts and is called small or large (None: neither)."""
    if small is None or thing.high < 0.8:
        return 1.0
    return 0.6 if small else 1.3
