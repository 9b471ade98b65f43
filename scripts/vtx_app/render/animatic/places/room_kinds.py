"""The rooms that the storyboard knows: colours, size, windows, and what stands in them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Room", "room_of"]


@dataclass(frozen=True, slots=True)
class Room:
    """``wall`` and ``floor`` colours, half the ``wide``, the ``high`` and ``deep`` in metres. ``windows``: x of each.
    ``floor_kind``: boards, tiles, stone, carpet, plain. ``things``: (kind, x, metres from the back wall, its y)."""

    wall: str
    floor: str
    floor_kind: str = "boards"
    wide: float = 3.2
    high: float = 2.7
    deep: float = 2.6
    windows: tuple[float, ...] = (-1.4,)
    things: tuple[tuple[str, float, float, float], ...] = ()
    special: str = ""


_ROOMS: dict[str, Room] = {
    "room": Room("cfc8ba", "8f7458", things=(("table", 1.5, 0.9, 0), ("lamp", 1.2, 0.9, 0.82), ("chair",
    2.5, 0.8, 0), ("picture", 0.3, 0, 0), ("door", -2.6, 0, 0))),
    "bedroom": Room("c6ccd2", "9b7c60", things=(("bed", 1.5, 0.6, 0), ("picture", 1.2, 0, 0.2), ("lamp",
    0.15, 0.4, 0.5), ("box", 0.15, 0.4, 0), ("door", -2.7, 0, 0))),
    "childs_room": Room("d8d3a8", "b08b62", things=(("bed", 1.7, 0.6, 0), ("toy", 0.2, 0.9, 0), ("ball",
    -0.5, 1.2, 0), ("box", -2.3, 0.5, 0), ("doll", 0.55, 0.7, 0), ("lamp", 0.35, 0.2, 0.5), ("picture",
    1.7, 0, 0.25)), special="bunting"),
    "kitchen": Room("d9d4c2", "b3a48a", "tiles", windows=(0.2,), things=(("table", -1.7, 1.3, 0),
    ("chair", -2.6, 1.2, 0), ("cup", -1.6, 1.3, 0.82), ("stove", 2.6, 0.4, 0)), special="kitchen"),
    "living_room": Room("c9b8a4", "8c6c50", "carpet", things=(("sofa", 0.9, 0.8, 0), ("standing_lamp",
    2.4, 0.6, 0), ("shelf", -2.6, 0.3, 0), ("picture", 1.0, 0, 0.15))),
    "bathroom": Room("c4d6d6", "a9b8ba", "tiles", windows=(2.0,), things=(("mirror", 0.1, 0, 0.05),),
    special="bathroom"),
    "office": Room("c4c8ca", "8d8c8a", "carpet", things=(("desk", 1.2, 0.9, 0), ("computer", 1.3, 0.9,
    0.83), ("telephone", 0.75, 0.8, 0.83), ("shelf", 2.7, 0.2, 0), ("chair", 0.2, 0.7, 0)),
    special="blinds"),
    "classroom": Room("d2cdb8", "a08566", wide=4.2, windows=(-3.2,), things=(("desk", -1.6, 1.4, 0),
    ("desk", 1.8, 1.4, 0), ("clock", 2.6, 0, 0.3)), special="blackboard"),
    "library": Room("a8927a", "7c6048", wide=4.2, high=3.4, windows=(0.0,), things=(
        *(("shelf", x, 0.2, 0) for x in (-3.3, -2.2, -1.1, 1.1, 2.2, 3.3)), ("table", 1.6, 1.6, 0),
        ("lamp", 1.5, 1.6, 0.82))),
    "hospital": Room("cfdcd8", "b4c0bc", "tiles", windows=(-1.8,), things=(("bed", 1.2, 0.7, 0),),
    special="hospital"),
    "shop": Room("cdbfa2", "97795a", wide=3.8, windows=(), things=(("shelf", -2.8, 0.2, 0), ("shelf",
    -1.6, 0.2, 0), ("shelf", 2.8, 0.2, 0)), special="counter"),
    "bar": Room("7f5a48", "5e4636", wide=4.0, windows=(), things=(), special="bar"),
    "restaurant": Room("b08a70", "7a5a44", wide=4.2, windows=(-2.6, 2.6), things=(("table", -1.5, 1.2,
    0), ("chair", -2.4, 1.2, 0), ("candle", -1.5, 1.2, 0.82), ("table", 1.9, 1.0, 0), ("bottle", 1.7,
    1.0, 0.82), ("picture", 0.2, 0, 0.1)), special="hanging_lamps"),
    "workshop": Room("a9967c", "7a6752", wide=3.6, windows=(1.8,), things=(("table", -0.8, 0.5, 0),
    ("box", 2.6, 0.6, 0), ("bucket", 1.2, 0.5, 0), ("ladder", -3.0, 0.2, 0)), special="tools"),
    "cellar": Room("8a847c", "6e6862", "stone", wide=3.0, high=2.3, windows=(), things=(("box", 1.7, 0.6,
    0), ("box", 2.3, 0.4, 0), ("bottle", 1.6, 0.6, 0.4), ("ladder", -2.2, 0.2, 0)), special="stones"),
    "attic": Room("a58a68", "80664a", wide=3.4, high=2.8, windows=(0.0,), things=(("suitcase", 1.5, 0.6,
    0), ("box", 2.1, 0.4, 0), ("box", -1.7, 0.4, 0), ("chair", -0.9, 0.5, 0)), special="rafters"),
    "cell": Room("8e9090", "74746f", "stone", wide=2.2, deep=2.2, windows=(0.9,), things=(("bench", -1.0,
    0.4, 0),), special="bars"),
    "lift": Room("a9adb0", "6e6e70", "plain", wide=1.3, high=2.4, deep=1.6, windows=(), special="lift"),
    "laboratory": Room("c8d2d4", "a9b2b4", "tiles", wide=3.8, windows=(-2.6,), things=(("table", 1.2,
    0.8, 0), ("bottle", 0.8, 0.8, 0.82), ("glass", 1.1, 0.8, 0.82), ("bottle", 1.5, 0.8, 0.82),
    ("computer", -0.6, 0.4, 0.9), ("desk", -0.6, 0.4, 0)), special="hanging_lamps"),
    "hall": Room("c2b8a4", "8f8470", "stone", wide=6.0, high=5.2, deep=6.0, windows=(-3.6, 3.6),
    special="columns"),
    "church": Room("c8bfae", "9a9080", "stone", wide=5.2, high=6.0, deep=7.0, windows=(),
    special="church"),
    "theatre": Room("6e3038", "5a4436", wide=6.0, high=5.0, deep=5.0, windows=(), special="theatre"),
    "barn": Room("9a7350", "a58d60", wide=5.0, high=4.5, deep=4.0, windows=(2.6,), things=(("ladder",
    -3.4, 0.4, 0), ("bucket", 1.2, 1.0, 0)), special="hay"),
    "factory": Room("90949a", "77787a", "stone", wide=6.0, high=5.0, deep=6.0, windows=(-3.5, -1.2, 1.2,
    3.5), things=(("box", 2.6, 1.0, 0), ("box", 3.4, 0.7, 0)), special="pipes"),
    "station_hall": Room("bdb6a8", "98928a", "tiles", wide=6.0, high=5.0, deep=6.0, windows=(-3.2, 3.2),
    things=(("bench", 2.2, 1.5, 0), ("clock", 0.0, 0, 1.2)), special="columns"),
}  # fmt: skip


def room_of(kind: str, family: str) -> Room:
    """The room of ``kind``, else of its ``family``."""
    return _ROOMS.get(kind) or _ROOMS.get(family) or _ROOMS["room"]
