"""The kinds of places, garments and things, and the colours, that a reading can have. Data only."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["COLOURS", "FAMILIES", "HEADWEAR", "INDOORS", "OUTDOORS", "OUTERWEAR", "SEATS", "THINGS"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Kinds of places: what is behind each is the family, which a painter that has no picture of the kind draws instead.
INDOORS: Mapping[str, str] = {
    "room": "room", "bedroom": "room", "childs_room": "bedroom", "kitchen": "room", "living_room": "room",
    "bathroom": "room", "office": "room", "classroom": "room", "library": "room", "hospital": "room", "shop": "room",
    "bar": "room", "restaurant": "bar", "church": "hall", "theatre": "hall", "workshop": "room", "factory": "hall",
    "barn": "hall", "cellar": "room", "attic": "room", "corridor": "corridor", "stairs": "stairs",
    "lantern": "lantern", "cell": "room", "lift": "room", "hall": "room", "laboratory": "room", "tent": "room",
    "cave": "hall", "station_hall": "hall", "car": "vehicle", "train": "vehicle", "bus": "vehicle",
    "ship": "vehicle", "plane": "vehicle", "spacecraft": "vehicle", "space_corridor": "corridor", "vehicle": "room",
}  # fmt: skip
OUTDOORS: Mapping[str, str] = {
    "street": "street", "alley": "street", "square": "street", "market": "square", "village": "street",
    "rooftop": "street", "bridge": "road", "station": "street", "harbour": "shore", "shore": "shore", "sea": "sea",
    "river": "shore", "lake": "shore", "underwater": "sea", "forest": "forest", "field": "field", "garden": "field",
    "park": "field", "farm": "field", "yard": "street", "road": "field", "mountains": "mountains", "hill": "field",
    "desert": "desert", "snowfield": "field", "swamp": "forest", "graveyard": "field", "battlefield": "field",
    "ruins": "field", "headland": "shore", "sky": "sky", "space": "sky", "playground": "park", "camp": "field",
}  # fmt: skip
FAMILIES: Mapping[str, str] = {**INDOORS, **OUTDOORS}
"""Kind of a place → the kind that is drawn where a painter has no picture of it."""

COLOURS: Mapping[str, str] = {
    "black": "17181b", "white": "eeece6", "grey": "85888a", "silver": "b9bdc0", "red": "b3262a", "crimson": "96182f",
    "scarlet": "c3201f", "maroon": "5e1a25", "burgundy": "5f1a2e", "pink": "d98ba0", "orange": "d9772b",
    "rust": "9c4a25", "copper": "a85e35", "brown": "6a4429", "tan": "b08a5c", "beige": "cdb997", "khaki": "8f8559",
    "camel": "b98f57", "cream": "e9dfc4", "ivory": "ece4d2", "straw": "d9bf75", "blond": "d3b26b",
    "auburn": "7c3a22", "ginger": "b5602c", "yellow": "e0b72c", "mustard": "b98d23", "gold": "c79a3a",
    "green": "3f7a45", "olive": "666b35", "emerald": "1f7a55", "teal": "27706f", "turquoise": "3ba3a0",
    "blue": "2f5c94", "navy": "1e2a45", "indigo": "33366f", "sky_blue": "7fb0d1", "purple": "63397a",
    "dark": "2b211b", "violet": "70519b", "lilac": "b09bc4", "amber": "c8892b",
}  # fmt: skip
"""The colours that are read, each as sRGB."""

HEADWEAR = _words("""
    hat cap flat_cap beanie bowler top_hat cowboy_hat straw_hat sun_hat beret hood helmet hard_hat bonnet
    headscarf turban crown headband veil chefs_hat
""")
OUTERWEAR = _words("""
    coat raincoat oilskin overcoat trench_coat jacket leather_jacket parka cloak cape cardigan dressing_gown
    robe lab_coat uniform suit dress gown nightgown pyjamas jersey hoodie shirt t_shirt blouse vest waistcoat
    overalls apron armour spacesuit swimsuit kimono sari tunic skirt trousers jeans shorts boots shoes scarf
    gloves tie habit shawl blanket
""")
THINGS = _words("""
    lighthouse boat ship house car truck bus train plane helicopter bicycle motorcycle cart tree window lamp
    desk_lamp street_lamp candle lantern torch match fire table desk chair bed door sofa bench shelf clock
    watch mirror picture letter book map newspaper cup bottle glass plate radio telephone television computer
    key plaque sign gun knife sword box suitcase bag umbrella ladder rope piano guitar violin drum ball
    balloon kite doll toy flower basket lens beam burner stove robot statue gravestone tent bridge fence gate well
    windmill tower castle church flag coin ring camera bell anchor net oar bucket
    clipboard pine bush fireplace standing_lamp fishing_boat tram carriage boots spectacles fruit bread pan cane
    puddle tractor spaceship
""")
SEATS = _words("bed chair armchair sofa bench stool rock steps wall box ground table desk log swing")
"""What people sit, lie, kneel and stand on."""
