"""What people carry: things that nobody puts on a table are in somebody's hand."""

from __future__ import annotations

from dataclasses import replace

from vtx_app.render.animatic.reading.model import Reading
from vtx_app.render.animatic.things.catalogue import CATALOGUE, thing_of

__all__ = ["carry_things"]

_CARRIED_OUTSIDE = (
    "umbrella",
    "letter",
    "map",
    "newspaper",
    "book",
    "basket",
    "bucket",
    "lantern",
    "kite",
    "balloon",
    "bag",
)
_WEAPONS = ("gun", "sword")
_CARRIED = ("torch", "clipboard", "sword", "gun", "suitcase")


def carry_things(reading: Reading) -> Reading:
    """``reading`` with what nobody puts on a table, such as a torch, in the hand of the first who is seen."""
    held = [thing_of(each) for person in reading.people for each in person.holds]
    carried = _CARRIED if reading.place.indoors else (*_CARRIED, *_CARRIED_OUTSIDE)
    of_place = {each.value for each in reading.words if each.key.startswith("locations.")}
    free = [
        each.kind
        for each in reading.things
        if each.kind in carried
        and CATALOGUE[each.kind] not in held
        and not each.placed
        and f"things.{each.kind}" not in of_place
    ]
    if reading.dark and not free and any(each.kind == "beam" for each in reading.things):
        free = ["torch"]  # a beam in the dark comes from somebody's torch
    if sum(each.seen and each.kind == "person" for each in reading.people) > 1:
        free = [each for each in free if each not in _WEAPONS]  # whose it is, the words would have to say
    first = next((i for i, each in enumerate(reading.people) if each.seen and each.kind == "person"), None)
    if first is None or not free or reading.people[first].holds:
        return reading
    people = list(reading.people)
    people[first] = replace(people[first], holds=(free[0],))
    return replace(reading, people=tuple(people))
