"""A shot from straight above: the set as a plan, in which what is farther away is higher in the picture."""

from __future__ import annotations

from dataclasses import replace

from vtx_app.render.animatic.motion.camera import Box
from vtx_app.render.animatic.reading.model import Reading
from vtx_app.render.animatic.staging.cast import Actor
from vtx_app.render.animatic.staging.lens import Lens
from vtx_app.render.animatic.staging.seats import sit_at_table

__all__ = ["box_above", "is_above", "lens_above", "spread_above"]

_NEAREST = 0.85
"""Frame heights for a metre: nearer, the shoulders of two people would not be in the picture."""

_AROUND = {"person": 0.3, "animal": 0.6, "creature": 0.9, "thing": 0.4}
"""Metres from the middle of somebody to the edge of what must be in the picture."""


def is_above(reading: Reading, size: str) -> bool:
    """Whether the camera looks straight down on people or a place, rather than on a detail."""
    place = reading.place
    return (
        reading.camera.angle == "overhead"
        and size not in ("insert", "extreme_close")
        and place.family not in ("vehicle", "sky")
        and place.kind not in ("stairs", "lantern", "underwater", "cave")
        and not any(each.part for each in reading.people if each.seen)
    )


def lens_above(lens: Lens) -> Lens:
    """A lens that looks straight down with the scale of ``lens``."""
    return replace(lens, above=True, horizon=0.5, distance=lens.focal / min(_NEAREST, lens.scale()))


def spread_above(actors: tuple[Actor, ...], reading: Reading) -> tuple[Actor, ...]:
    """``actors`` not all in one line across the picture, or round the table at which they sit; nobody stands on
    anything."""
    flat = [replace(each, lift=0.0, over_shoulder=False) for each in actors]
    if sit_at_table(reading) and len(flat) <= len(_ROUND):
        return tuple(
            replace(each, x=x, z=z, facing=1 if x < 0 else -1, view=view)
            for each, (x, z, view) in zip(sorted(flat, key=lambda one: one.x), _ROUND, strict=False)
        )
    if reading.place.in_boat:
        return tuple(replace(each, z=0.0 if each.person.kind == "person" else -1.05) for each in flat)
    several = len(flat) > 1
    return tuple(replace(each, z=each.z * 0.6 + (0.35 if i % 2 else -0.25) * several) for i, each in enumerate(flat))


_ROUND = (
    (-0.72, 0.0, "profile"), (0.72, 0.0, "profile"), (0.0, 0.62, "front"), (0.0, -0.62, "behind"),
)  # fmt: skip
"""Where who sits at a table is, and how their looks to its middle are called: metres from it."""


def box_above(lens: Lens, actor: Actor) -> Box:
    """All of ``actor`` that must be in the picture, in frame heights."""
    x, y = lens.at(actor.x, 0.0, actor.z)
    around = _AROUND[actor.person.kind] * lens.scale()
    return x - around, y - around, x + around, y + around
