"""On what people sit, lie, kneel and stand, and how high that is."""

from __future__ import annotations

from collections.abc import Sequence

from vtx_app.render.animatic.people.look import Look
from vtx_app.render.animatic.reading.model import Person, Reading

__all__ = ["SEAT_HEIGHTS", "UPRIGHT", "all_sit", "hips_of", "seat_of", "sit_at_table"]

SEAT_HEIGHTS = {
    "bed": 0.52, "chair": 0.46, "armchair": 0.46, "sofa": 0.46, "bench": 0.46, "stool": 0.5, "rock": 0.5,
    "steps": 0.36, "wall": 0.6, "box": 0.43, "table": 0.78, "desk": 0.78, "log": 0.36, "ground": 0.0, "swing": 0.55,
}  # fmt: skip
"""Metres from the ground."""

UPRIGHT = ("robot", "alien")
"""What has the shape of a person."""

_BEDROOMS = ("bedroom", "childs_room", "hospital", "cell")
_BENCHES = (
    "street",
    "square",
    "market",
    "village",
    "park",
    "garden",
    "station",
    "playground",
    "church",
    "station_hall",
)


def hips_of(look: Look, pose: str) -> float:
    """How high the seat of somebody who sits is, in metres."""
    return (0.5 if not look.child else 0.46) * 0.56 * look.metres - 0.03 if pose == "sit" else 0.0


def seat_of(person: Person, pose: str, reading: Reading) -> str:
    """What somebody is on: as the words say, else what the place suggests; "" for the ground."""
    if pose not in ("sit", "lie", "kneel", "crouch", "stand", "dance") or reading.place.family == "vehicle":
        return ""
    if reading.place.in_boat:
        return ""
    if person.seat:
        return person.seat
    if pose == "sit":
        if reading.place.kind in _BENCHES:
            return "bench"
        return "chair" if reading.place.indoors is not False else "rock"
    return "bed" if pose == "lie" and reading.place.kind in _BEDROOMS else ""


def sit_at_table(reading: Reading) -> bool:
    """Whether several people sit at a table that the shot's own words speak of."""
    own = {each.value for each in reading.words if each.key == "prompt.positive"}
    if not {"things.table", "things.desk"} & own or reading.place.indoors is False:
        return False
    sitting = [
        each for each in reading.people
        if each.seen and each.count == 1 and (each.kind == "person" or each.what in UPRIGHT)
        and each.pose == "sit" and each.seat in ("", "chair") and each.view != "behind"
    ]  # fmt: skip
    return len(sitting) > 1


def all_sit(reading: Reading, people: Sequence[Person]) -> bool:
    """Whether who is there sits: in a vehicle, or a few in an open boat."""
    return reading.place.family == "vehicle" or (reading.place.in_boat and len(people) < 4)
