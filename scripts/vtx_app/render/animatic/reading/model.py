"""What the storyboard's painter knows of a shot: a :class:`Reading` of its structure and words. Pure data.

None, ``""`` and ``()`` mean that nothing says so; nothing is guessed. ``words`` names for each value that was read the
key in the film's files and the text there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vtx_app.render.animatic.reading.kinds import (
    COLOURS,
    FAMILIES,
    HEADWEAR,
    INDOORS,
    OUTDOORS,
    OUTERWEAR,
    SEATS,
    THINGS,
)

__all__ = [
    "COLOURS",
    "FAMILIES",
    "HEADWEAR",
    "INDOORS",
    "OUTDOORS",
    "OUTERWEAR",
    "SEATS",
    "THINGS",
    "Age",
    "Angle",
    "Build",
    "Camera",
    "Change",
    "Depth",
    "Direction",
    "Evidence",
    "Framing",
    "Garment",
    "Hair",
    "Height",
    "Kind",
    "Move",
    "MoveKind",
    "Part",
    "Person",
    "Place",
    "Pose",
    "Reading",
    "ShotSize",
    "Side",
    "Sky",
    "Thing",
    "TimeOfDay",
    "View",
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
Build = Literal["", "slim", "broad", "stout"]
Height = Literal["", "tall", "short"]
Part = Literal["", "hands", "face", "eyes", "feet", "back"]
View = Literal["front", "profile", "three_quarter", "behind"]
Pose = Literal["stand", "sit", "lie", "kneel", "crouch", "walk", "run", "fly", "swim", "climb", "row", "ride", "dance"]
Side = Literal["left", "right", "middle"]
Depth = Literal["foreground", "background"]


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
    ``large``: of a room that is called great or vast, False of a small one. ``afloat``: who is there is in a boat,
    False on the shore; None where nothing says so, on the sea in a boat.
    """

    kind: str = ""
    indoors: bool | None = None
    name: str = ""
    key: str = ""
    empty: bool = False
    large: bool | None = None
    afloat: bool | None = None

    @property
    def family(self) -> str:
        return FAMILIES.get(self.kind, "")

    @property
    def in_boat(self) -> bool:
        """Whether people who are seen there are in an open boat."""
        return self.afloat if self.afloat is not None else self.kind == "sea"


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
    are among them. ``seen`` is False for a voice off screen. ``looks_at``: an id, ``off`` (out of the picture),
    ``left``, ``right`` or ``camera``. ``speaks``: the place in the order of first speech, from 1; 0 for silence.
    ``seat`` is what they are said to sit, lie, kneel or stand on: one of :data:`SEATS` or "".
    ``breath``: ``fire`` or ``smoke`` that a creature breathes.
    """

    id: str
    name: str
    kind: Kind = "person"
    what: str = ""
    count: int = 1
    woman: bool | None = None
    age: Age | None = None
    years: int | None = None
    build: Build = ""
    height: Height = ""
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
    part: Part = ""
    seat: str = ""
    breath: str = ""

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
    ``placed``: the words say where it is, so nobody holds it.
    """

    kind: str
    count: int = 1
    colour: str = ""
    lit: bool | None = None
    change: Change | None = None
    depth: Depth | None = None
    open: bool | None = None
    placed: bool = False


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
    off screen follow. ``dark``: there is no light but that of ``things``. ``subject``: what an insert is of, as it is
    called, if that is none of the things. ``notes``: words that contradict each other, a line each."""

    clip: str
    place: Place = Place()
    time: TimeOfDay | None = None
    weather: Weather = Weather()
    sky: Sky = Sky()
    dark: bool = False
    people: tuple[Person, ...] = ()
    things: tuple[Thing, ...] = ()
    camera: Camera = Camera()
    subject: str = ""
    words: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
