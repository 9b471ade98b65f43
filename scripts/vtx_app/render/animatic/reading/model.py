"""What the storyboard's painter knows of a shot: a :class:`Reading` of its structure and words. Pure data.

None, ``""`` and ``()`` mean that nothing says so; nothing is guessed. ``words`` names for each value that was read the
key in the film's files and the text there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "COLOURS",
    "FAMILIES",
    "HEADWEAR",
    "INDOORS",
    "OUTDOORS",
    "OUTERWEAR",
    "THINGS",
    "Age",
    "Angle",
    "Camera",
    "Change",
    "Evidence",
    "Garment",
    "Hair",
    "Kind",
    "Move",
    "MoveKind",
    "Person",
    "Place",
    "Reading",
    "ShotSize",
    "Sky",
    "Thing",
    "TimeOfDay",
    "Weather",
    "WeatherKind",
]

Kind = Literal["person", "animal", "creature", "thing"]
Age = Literal["child", "adult", "old"]
TimeOfDay = Literal["dawn", "morning", "day", "afternoon", "dusk", "evening", "night"]
WeatherKind = Literal["clear", "cloud", "fog", "rain", "snow", "storm", "dust"]
Change = Literal["begins", "ends"]
"""What happens to the weather, or to a light, within the shot."""

ShotSize = Literal[
    "extreme_wide", "wide", "full", "medium_wide", "medium", "medium_close", "close", "extreme_close", "insert"
]
"""Far to near; ``insert`` is a thing that fills the picture."""
Angle = Literal["eye", "low", "high", "overhead", "ground", "dutch"]
Framing = Literal["two_shot", "over_shoulder", "point_of_view", "group"]
MoveKind = Literal["push", "pull", "pan", "tilt", "track", "crane", "orbit", "zoom", "hold", "handheld"]
Direction = Literal["in", "out", "left", "right", "up", "down"]
View = Literal["front", "profile", "three_quarter", "behind"]
Pose = Literal["stand", "sit", "lie", "kneel", "crouch", "walk", "run", "fly", "swim", "climb", "row", "ride", "dance"]
Side = Literal["left", "right", "middle"]
Depth = Literal["foreground", "background"]

# Kinds of places: what is behind each is the family, which a painter that has no picture of the kind draws instead.
INDOORS: Mapping[str, str] = {
    "room": "room", "bedroom": "room", "childs_room": "bedroom", "kitchen": "room", "living_room": "room",
    "bathroom": "room", "office": "room", "classroom": "room", "library": "room", "hospital": "room", "shop": "room",
    "bar": "room", "restaurant": "bar", "church": "hall", "theatre": "hall", "workshop": "room", "factory": "hall",
    "barn": "hall", "cellar": "room", "attic": "room", "corridor": "corridor", "stairs": "stairs",
    "lantern": "lantern", "cell": "room", "lift": "room", "hall": "room", "laboratory": "room", "tent": "room",
    "cave": "hall", "station_hall": "hall", "car": "vehicle", "train": "vehicle", "bus": "vehicle",
    "ship": "vehicle", "plane": "vehicle", "spacecraft": "vehicle", "vehicle": "room",
}  # fmt: skip
OUTDOORS: Mapping[str, str] = {
    "street": "street", "alley": "street", "square": "street", "market": "square", "village": "street",
    "rooftop": "street", "bridge": "road", "station": "street", "harbour": "shore", "shore": "shore", "sea": "sea",
    "river": "shore", "lake": "shore", "underwater": "sea", "forest": "forest", "field": "field", "garden": "field",
    "park": "field", "farm": "field", "yard": "street", "road": "field", "mountains": "mountains", "hill": "field",
    "desert": "desert", "snowfield": "field", "swamp": "forest", "graveyard": "field", "battlefield": "field",
    "ruins": "field", "headland": "shore", "sky": "sky", "space": "sky", "playground": "park",
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
    "violet": "70519b", "lilac": "b09bc4", "amber": "c8892b",
}  # fmt: skip
"""The colours that are read, each as sRGB."""

HEADWEAR = (
    *("hat", "cap", "flat_cap", "beanie", "bowler", "top_hat", "cowboy_hat", "straw_hat", "sun_hat", "beret", "hood"),
    *("helmet", "hard_hat", "bonnet", "headscarf", "turban", "crown", "headband", "veil"),
)
OUTERWEAR = (
    *("coat", "raincoat", "oilskin", "overcoat", "trench_coat", "jacket", "leather_jacket", "parka", "cloak", "cape"),
    *("cardigan", "dressing_gown", "robe", "lab_coat", "uniform", "suit", "dress", "gown", "nightgown", "pyjamas"),
    *("jersey", "hoodie", "shirt", "t_shirt", "blouse", "vest", "waistcoat", "overalls", "apron", "armour"),
    *("spacesuit", "swimsuit", "kimono", "sari", "tunic", "skirt", "trousers", "jeans", "shorts", "boots", "shoes"),
    *("scarf", "gloves", "tie", "habit", "shawl", "blanket"),
)
THINGS = (
    *("lighthouse", "boat", "ship", "house", "car", "truck", "bus", "train", "plane", "helicopter", "bicycle"),
    *("motorcycle", "cart", "tree", "window", "lamp", "desk_lamp", "street_lamp", "candle", "lantern", "torch"),
    *("match", "fire", "table", "desk", "chair", "bed", "door", "sofa", "bench", "shelf", "clock", "watch", "mirror"),
    *(
        "picture",
        "letter",
        "book",
        "map",
        "newspaper",
        "cup",
        "bottle",
        "glass",
        "plate",
        "radio",
        "telephone",
        "television",
    ),
    *("computer", "key", "plaque", "sign", "gun", "knife", "sword", "box", "suitcase", "bag", "umbrella", "ladder"),
    *("rope", "piano", "guitar", "violin", "drum", "ball", "balloon", "kite", "doll", "toy", "flower", "basket"),
    *("lens", "burner", "stove", "robot", "statue", "gravestone", "tent", "bridge", "fence", "gate", "well"),
    *(
        "windmill",
        "tower",
        "castle",
        "church",
        "flag",
        "coin",
        "ring",
        "camera",
        "bell",
        "anchor",
        "net",
        "oar",
        "bucket",
    ),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """``value`` of the reading (``place``, ``people.ines.hat``) was read from ``text`` under ``key`` of the film's
    files (``characters.ines.wardrobe.oilskin``, ``prompt.positive``, ``heading``, ``shots.A01_S01_SH001.size``)."""

    value: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the shot is. ``kind`` is a key of :data:`FAMILIES`, ``""`` if unknown; ``indoors`` None if unknown.

    ``name`` is that of the first location, else the heading's place. ``key`` is equal in all shots at that place.
    ``large``: of a room that is called great or vast, False of a small one.
    """

    kind: str = ""
    indoors: bool | None = None
    name: str = ""
    key: str = ""
    empty: bool = False
    large: bool | None = None

    @property
    def family(self) -> str:
        return FAMILIES.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Weather:
    """``heavy`` is False for a drizzle; ``wet``: the ground is wet, also after the rain; ``change`` within the shot."""

    kind: WeatherKind | None = None
    heavy: bool | None = None
    wind: bool = False
    lightning: bool = False
    wet: bool = False
    lying_snow: bool = False
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Sky:
    """What is said to be in the sky (True) or not to be there (False)."""

    sun: bool | None = None
    moon: bool | None = None
    stars: bool | None = None


@dataclass(frozen=True, slots=True)
class Garment:
    """Something worn: one of :data:`HEADWEAR` or :data:`OUTERWEAR`; ``colour`` is a key of :data:`COLOURS` or ""."""

    kind: str
    colour: str = ""
    long: bool | None = None
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Hair:
    """``length``: bald, cropped, short, medium, long; ``style``: plaits, bun, ponytail, curly, wavy, wild, straight."""

    colour: str = ""
    length: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody or something that acts in the shot. ``id`` is that of characters.yaml, "" for unnamed people.

    ``what`` is the noun for it: ``dragon``, ``dog``, ``desk lamp``, ``fisherman``. ``count`` of a flock or a crowd.
    ``colour`` is that of an animal, creature or thing as a whole. ``wears`` from the head down; ``hat`` and ``coat``
    are among them. ``seen`` is False for a voice off screen. ``looks_at``: an id, ``off`` (out of the picture) or
    ``camera``. ``speaks``: the place in the order of first speech, from 1; 0 for silence.
    """

    id: str
    name: str
    kind: Kind = "person"
    what: str = ""
    count: int = 1
    woman: bool | None = None
    age: Age | None = None
    years: int | None = None
    build: Literal["", "slim", "broad", "stout"] = ""
    height: Literal["", "tall", "short"] = ""
    skin: Literal["", "pale", "tanned", "brown", "dark"] = ""
    hair: Hair = Hair()
    beard: Literal["", "stubble", "moustache", "beard", "long_beard"] = ""
    beard_colour: str = ""
    glasses: Literal["", "glasses", "sunglasses", "goggles", "monocle", "eye_patch"] = ""
    wears: tuple[Garment, ...] = ()
    holds: tuple[str, ...] = ()
    colour: str = ""
    seen: bool = True
    speaks: int = 0
    view: View | None = None
    pose: Pose | None = None
    side: Side | None = None
    depth: Depth | None = None
    looks_at: str = ""
    small: bool | None = None

    @property
    def hat(self) -> Garment | None:
        """What is on the head."""
        return next((each for each in self.wears if each.kind in HEADWEAR), None)

    @property
    def coat(self) -> Garment | None:
        """The outermost of what covers the body."""
        return next((each for each in self.wears if each.kind in OUTERWEAR), None)


@dataclass(frozen=True, slots=True)
class Thing:
    """An object that the words put into the picture: one of :data:`THINGS`, in the order of the words.

    ``lit``: whether a light burns, None where that is not said; ``change`` of the light within the shot.
    """

    kind: str
    count: int = 1
    colour: str = ""
    lit: bool | None = None
    change: Change | None = None
    depth: Depth | None = None
    open: bool | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A move of the camera, as said; left and right, up and down are the camera's own, as on a set."""

    kind: MoveKind
    direction: Direction | None = None
    pace: Literal["", "slow", "fast"] = ""


@dataclass(frozen=True, slots=True)
class Camera:
    """``size_end`` of a shot from medium to wide. ``moves`` in the order of the words; one that holds has ``hold``.

    ``over``: the id over whose shoulder the camera looks, ``on``: the id whom it looks at.
    """

    size: ShotSize | None = None
    size_end: ShotSize | None = None
    angle: Angle | None = None
    framing: Framing | None = None
    over: str = ""
    on: str = ""
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A shot as it is to be drawn. ``people`` who are seen stand from left to right unless a ``side`` is said; those
    off screen follow. ``dark``: there is no light but that of ``things``. ``notes``: words that contradict each other,
    a line each."""

    clip: str
    place: Place = Place()
    time: TimeOfDay | None = None
    weather: Weather = Weather()
    sky: Sky = Sky()
    dark: bool = False
    people: tuple[Person, ...] = ()
    things: tuple[Thing, ...] = ()
    camera: Camera = Camera()
    words: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
