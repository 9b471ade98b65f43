"""Near shots of a large animal: the camera looks at its head, as it does of people."""

from __future__ import annotations

from dataclasses import replace

from vtx_app.render.animatic.animals.catalogue import animal_face, animal_size, growth, known_animal
from vtx_app.render.animatic.staging.cast import Actor
from vtx_app.render.animatic.staging.lens import Lens

__all__ = ["on_the_head"]

_SHARES = {"medium_close": 0.42, "close": 0.6, "extreme_close": 1.2}
"""How many frame heights long the head is in a shot of a size."""

_LARGE = 1.5
"""Metres: who is smaller is seen as a whole."""


def on_the_head(lens: Lens, actor: Actor, size: str, aspect: float) -> Lens:
    """``lens`` on the head of ``actor``, if it is a large animal that stands and the shot is near; else as it is."""
    kind, share = known_animal(actor.person.what), _SHARES.get(size)
    if share is None or not kind or actor.person.kind == "person" or actor.pose in ("fly", "lie") or actor.number > 1:
        return lens
    if animal_size(kind)[0] < _LARGE:
        return lens
    grown = growth(actor.person.what, actor.person.small)
    x, y, long = (each * grown for each in animal_face(kind))
    near = replace(lens, distance=lens.focal / (share / long) - actor.z)
    px, py = near.at(actor.x + x * actor.facing, actor.lift + y, actor.z)
    return replace(near, middle=near.middle + aspect / 2 - px, horizon=near.horizon + 0.46 - py)
