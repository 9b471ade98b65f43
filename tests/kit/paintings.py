"""Shots and their first frames, as the tests of pictures share them."""

from __future__ import annotations

import numpy as np

from vtx_app.render.animatic.motion.resample import seen
from vtx_app.render.animatic.picture.paint import paint_composition
from vtx_app.render.animatic.reading.model import (
    Camera,
    Garment,
    Hair,
    Person,
    Place,
    Reading,
)  # fmt: skip
from vtx_app.render.animatic.staging.compose import compose

__all__ = ["ASPECT", "HEIGHT", "WIDTH", "ines", "picture", "shot"]

ASPECT = 16 / 9
WIDTH, HEIGHT = 160, 90


def shot(*people: Person, kind: str = "shore", **more: object) -> Reading:
    given = {"camera": Camera("medium"), "time": "day", "place": Place(kind, False, "The shore", "shore")} | more
    return Reading("A01_S01_SH001", people=people, **given)  # type: ignore[arg-type]


def ines(coat: str) -> Person:
    return Person(
        "ines", "Inès", woman=True, age="old", hair=Hair("grey", "cropped"), wears=(Garment("oilskin", coat),)
    )


def picture(reading: Reading, seed: int = 1) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The luma of the first frame."""
    composition = compose(reading, seed, ASPECT, 4.0)
    stage = composition.move.stage(ASPECT)
    planes = None
    for layer in paint_composition(composition, reading, stage, HEIGHT):
        left, top, right, bottom = composition.move.start.box(ASPECT)
        box = tuple(
            (edge - (stage.top if i % 2 else stage.left)) * HEIGHT for i, edge in enumerate((left, top, right, bottom))
        )
        planes = seen(layer, box, WIDTH, HEIGHT, planes)  # type: ignore[arg-type]
    assert planes is not None
    return np.stack([planes.y, planes.u.repeat(2, 0).repeat(2, 1), planes.v.repeat(2, 0).repeat(2, 1)], -1)
