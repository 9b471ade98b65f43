"""The deliveries of a film as data: each file with what it is made from, and its stamp."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from vtx_app.compile.request import canonical_json
from vtx_app.cut.framing import Crop, Framing, crops, frame_of
from vtx_app.cut.timeline import Timeline
from vtx_app.cut.version_record import is_delivered
from vtx_app.errors import ProjectError
from vtx_app.formats.check import did_you_mean
from vtx_app.formats.deliveries import Deliverable, Stem
from vtx_app.project.deliveries import Declared

__all__ = ["DELIVERY_VERSION", "DeliveryPlan", "Parts", "delivery_of_file", "plan_delivery"]

DELIVERY_VERSION = 1
"""Raised when the same declaration and film would give another file."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the deliveries of one film are made from.

    ``folder``: that of the files. ``final`` and ``mix`` are stamps; ``width`` and ``height`` pixels; ``crops`` are the
    clips' positions by id, from the edit.
    """

    folder: Path
    slug: str
    final: str
    mix: str
    width: int
    height: int
    timeline: Timeline
    crops: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class DeliveryPlan:
    """One file of a delivery; ``stem`` if it is one part of the mix.

    ``framing`` and ``crops`` say what is shown of each frame; None for sound alone.
    """

    name: str
    deliverable: Deliverable
    stem: Stem | None
    path: Path
    stamp: str
    framing: Framing | None
    crops: tuple[Crop, ...]

    def is_current(self) -> bool:
        """Whether the file is there, whole, and made as this plan says. Reads its record."""
        return is_delivered(self.path, self.stamp, checksum=self.deliverable.sha256)


def plan_delivery(declared: Declared, parts: Parts) -> list[DeliveryPlan]:
    """The files of one delivery: one, or one for each stem."""
    deliverable = declared.deliverable
    framing = None
    moves: tuple[Crop, ...] = ()
    if picture := deliverable.picture:
        framing = frame_of(picture, parts.width, parts.height)
        if framing.crop_width < parts.width:
            moves = crops(parts.timeline.picture, parts.crops)
    facts = {
        "deliverable": deliverable.model_dump(exclude={"about"}),
        "final": parts.final if deliverable.picture else "",
        "mix": parts.mix,
        "framing": asdict(framing) if framing else {},
        "crops": [(crop.start, crop.position) for crop in moves],
    }
    plans = []
    for stem in deliverable.stems or (None,):
        name = f"{parts.slug}.{declared.name}" + (f".{stem}" if stem else "")
        text = f"delivery/{DELIVERY_VERSION}:{canonical_json(facts | {'stem': stem or ''})}"
        stamp = hashlib.sha256(text.encode()).hexdigest()
        path = parts.folder / f"{name}{deliverable.suffix}"
        plans.append(DeliveryPlan(declared.name, deliverable, stem, path, stamp, framing, moves))
    return plans


def delivery_of_file(plans: Mapping[str, DeliveryPlan], name: str) -> DeliveryPlan:
    """The delivery whose file is called ``name``. Raises :class:`ProjectError` if there is none."""
    if name not in plans:
        raise ProjectError(f"no delivery makes {name}{did_you_mean(name, plans)}. There are: {', '.join(plans)}")
    return plans[name]
