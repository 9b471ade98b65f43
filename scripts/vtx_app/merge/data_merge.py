"""Three-way merge of plain data: mappings by key, lists of items with ids by id, other lists as sequences."""

from __future__ import annotations

from collections.abc import Hashable
from enum import Enum
from typing import Any, Final

from vtx_app.merge.diff3 import regions

__all__ = ["ID_KEYS", "WHOLE_FILE", "canonical", "id_key", "merge_data", "merge_order", "printable", "same"]

ID_KEYS = ("scene", "clip_id", "act", "id")
WHOLE_FILE = "the whole file"


class _Missing(Enum):
    MISSING = 0


_MISSING: Final = _Missing.MISSING


def canonical(value: Any) -> Hashable:
    """A value that is equal for equal data, in any order of keys: 4 equals 4.0, true doesn't equal 1."""
    if isinstance(value, dict):
        return ("map", frozenset((key, canonical(each)) for key, each in value.items()))
    if isinstance(value, list):
        return ("list", tuple(map(canonical, value)))
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, float) and value != value:
        return ("nan",)
    return ("number", value) if isinstance(value, int | float) else value


def same(one: Any, other: Any) -> bool:
    """Whether both are the same data."""
    return canonical(one) == canonical(other)


def id_key(*lists: list[Any]) -> str | None:
    """The key that identifies the items of all ``lists``: every item has it, and no two of a list share a value."""
    if not any(lists):
        return None
    for key in ID_KEYS:
        ids = [[_id(item, key) for item in items] for items in lists]
        if all(None not in each and len(set(each)) == len(each) for each in ids):
            return key
    return None


def _id(item: Any, key: str) -> Hashable:
    found = item.get(key) if isinstance(item, dict) else None
    return None if isinstance(found, dict | list) else canonical(found)


def merge_data(base: Any, mine: Any, theirs: Any) -> tuple[Any, tuple[str, ...]]:
    """Return the merged data and the places that both sides changed, which keep ``mine``.

    A merge that would differ if it were repeated on its own result is a conflict too.
    """
    first = _Merge()
    merged = first.value((), base, mine, theirs)
    if first.conflicts:
        return merged, tuple(first.conflicts)
    again = _Merge()
    twice = again.value((), base, merged, theirs)
    if again.conflicts or not same(twice, merged):
        return mine, tuple(again.conflicts) or (".".join(_first_difference(merged, twice)) or WHOLE_FILE,)
    return merged, ()


def _first_difference(one: Any, other: Any) -> list[str]:
    """The keys that lead to the first value that differs."""
    pairs: list[tuple[Any, Any, Any]] = []
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        pairs = [(key, one[key], other[key]) for key in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(index, *sides) for index, sides in enumerate(zip(one, other, strict=True))]
    for key, left, right in pairs:
        if not same(left, right):
            return [printable(key), *_first_difference(left, right)]
    return []


class _Merge:
    """One merge. ``path`` is the keys that lead to a value; every method returns the merged value."""

    def __init__(self) -> None:
        self.conflicts: list[str] = []

    def conflict(self, path: tuple[str, ...], mine: Any) -> Any:
        self.conflicts.append(".".join(path) or WHOLE_FILE)
        return mine

    def value(self, path: tuple[str, ...], base: Any, mine: Any, theirs: Any) -> Any:
        """The merged value; _MISSING if it is removed."""
        old, own, new = canonical(base), canonical(mine), canonical(theirs)
        if new in (old, own):
            return mine
        if own == old:
            return theirs
        if mine is _MISSING:
            return mine
        if theirs is _MISSING:
            return self.conflict(path, mine)
        if isinstance(mine, dict) and isinstance(theirs, dict) and (base is _MISSING or isinstance(base, dict)):
            return self.mapping(path, {} if base is _MISSING else base, mine, theirs)
        if isinstance(mine, list) and isinstance(theirs, list) and (base is _MISSING or isinstance(base, list)):
            items = [] if base is _MISSING else base
            key = id_key(items, mine, theirs)
            return self.by_id(path, items, mine, theirs, key) if key else self.sequence(path, items, mine, theirs)
        return self.conflict(path, mine)

    def mapping(
        self, path: tuple[str, ...], base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
    ) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for key in merge_order(list(mine), list(theirs)):
            sides = (side.get(key, _MISSING) for side in (base, mine, theirs))
            found = self.value((*path, printable(key)), *sides)
            if found is not _MISSING:
                merged[key] = found
        return merged

    def by_id(self, path: tuple[str, ...], base: list[Any], mine: list[Any], theirs: list[Any], key: str) -> list[Any]:
        """Items in the person's order, or in theirs if only they changed it."""
        b, m, t = ({_id(item, key): item for item in items} for items in (base, mine, theirs))
        orders = [[name for name in side if name in b and name in m and name in t] for side in (b, m, t)]
        theirs_leads = orders[0] == orders[1] != orders[2]
        merged: list[Any] = []
        for name in merge_order(list(t), list(m)) if theirs_leads else merge_order(list(m), list(t)):
            sides = [side.get(name, _MISSING) for side in (b, m, t)]
            item = next(side for side in sides if side is not _MISSING)
            found = self.value((*path, printable(item[key])), *sides)
            if found is not _MISSING:
                merged.append(found)
        return merged

    def sequence(self, path: tuple[str, ...], base: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any]:
        merged: list[Any] = []
        b, m, t = ([canonical(item) for item in items] for items in (base, mine, theirs))
        found = list(regions(b, m, t, touching=True))
        for place, region in enumerate(found):
            old, own, new = base[region.base], mine[region.mine], theirs[region.theirs]
            if region.kind == "theirs":
                beside = [m[each.mine] for each in found[max(0, place - 1) : place + 2] if each.kind == "mine"]
                if old or not any(_begins_or_ends(each, t[region.theirs]) for each in beside):
                    merged += new
            elif region.kind != "conflict":
                merged += own
            elif len(old) == len(own) == len(new):  # the same items, each perhaps changed
                start = region.mine.start
                merged += (
                    self.value((*path, str(start + index)), *sides)
                    for index, sides in enumerate(zip(old, own, new, strict=True))
                )
            elif _begins_or_ends(m[region.mine], t[region.theirs]):  # the person did the same, and more
                merged += own
            elif _begins_or_ends(t[region.theirs], m[region.mine]):
                merged += new
            else:
                merged += self.conflict((*path, str(region.mine.start)), own)
        return merged


def _begins_or_ends(whole: list[Hashable], part: list[Hashable]) -> bool:
    """Whether ``whole`` begins or ends with ``part``."""
    return bool(part) and part in (whole[: len(part)], whole[-len(part) :])


def merge_order(leading: list[Any], other: list[Any]) -> list[Any]:
    """``leading``, and what only ``other`` has after what precedes it there, or at the start."""
    known = set(leading)
    after: dict[Any, list[Any]] = {}
    place: Any = _MISSING
    for name in other:
        if name in known:
            place = name
        else:
            after.setdefault(place, []).append(name)
    ordered = list(after.get(_MISSING, ()))
    for name in leading:
        ordered.append(name)
        ordered += after.get(name, ())
    return ordered


def printable(key: Any) -> str:
    """A key or an id as a message can show it."""
    text = str(key)
    text = text if text.isprintable() and text else ascii(text)
    return text if len(text) <= 60 else f"{text[:57]}…"
