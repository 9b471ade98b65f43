"""Three-way merge of plain data: mappings key by key, named items by their name, other lists as sequences."""

from __future__ import annotations

from collections.abc import Hashable
from enum import Enum
from typing import Any, Final

from vtx_app.merge.diff3 import regions

__all__ = ["IDENTITY", "WHOLE", "canonical", "identity", "merge_data", "placed", "readable", "same"]

IDENTITY = ("scene", "clip_id", "act", "id")
WHOLE = "the whole file"


class _Missing(Enum):
    MISSING = 0


_MISSING: Final = _Missing.MISSING


def canonical(value: Any) -> Hashable:
    """Equal for the same data, whatever the order of keys: 4 and 4.0 are the same, true and 1 are not."""
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


def identity(*lists: list[Any]) -> str | None:
    """The key that names the items of all ``lists``: every item is a mapping that has it, and no two share a name."""
    if not any(lists):
        return None
    for key in IDENTITY:
        names = [[_name(item, key) for item in items] for items in lists]
        if all(None not in each and len(set(each)) == len(each) for each in names):
            return key
    return None


def _name(item: Any, key: str) -> Hashable:
    found = item.get(key) if isinstance(item, dict) else None
    return None if isinstance(found, dict | list) else canonical(found)


def merge_data(base: Any, mine: Any, theirs: Any) -> tuple[Any, tuple[str, ...]]:
    """The merged data and the places that both changed; there the data is mine's.

    A merge that wouldn't come out the same when done again over its own result is a conflict, too.
    """
    first = _Merge()
    merged = first.value((), base, mine, theirs)
    if not first.conflicts:
        again = _Merge()
        twice = again.value((), base, merged, theirs)
        if again.conflicts or not same(twice, merged):
            return mine, tuple(again.conflicts) or (".".join(_apart(merged, twice)) or WHOLE,)
    return merged, tuple(first.conflicts)


def _apart(one: Any, other: Any) -> list[str]:
    """The keys that lead to the first value in which two that differ do so."""
    pairs: list[tuple[Any, Any, Any]] = []
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        pairs = [(key, one[key], other[key]) for key in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(index, *sides) for index, sides in enumerate(zip(one, other, strict=True))]
    for key, left, right in pairs:
        if not same(left, right):
            return [readable(key), *_apart(left, right)]
    return []


class _Merge:
    def __init__(self) -> None:
        self.conflicts: list[str] = []

    def conflict(self, at: tuple[str, ...], mine: Any) -> Any:
        self.conflicts.append(".".join(at) or WHOLE)
        return mine

    def value(self, at: tuple[str, ...], base: Any, mine: Any, theirs: Any) -> Any:
        """The merged value, or the missing one."""
        kept, held = canonical(mine), canonical(theirs)
        was = canonical(base)
        if held in (was, kept):
            return mine
        if kept == was:
            return theirs
        if mine is _MISSING:
            return mine
        if theirs is _MISSING:
            return self.conflict(at, mine)
        if isinstance(mine, dict) and isinstance(theirs, dict) and (base is _MISSING or isinstance(base, dict)):
            return self.mapping(at, {} if base is _MISSING else base, mine, theirs)
        if isinstance(mine, list) and isinstance(theirs, list) and (base is _MISSING or isinstance(base, list)):
            items = [] if base is _MISSING else base
            key = identity(items, mine, theirs)
            return self.named(at, items, mine, theirs, key) if key else self.sequence(at, items, mine, theirs)
        return self.conflict(at, mine)

    def mapping(
        self, at: tuple[str, ...], base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
    ) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for key in placed(list(mine), list(theirs)):
            sides = (side.get(key, _MISSING) for side in (base, mine, theirs))
            found = self.value((*at, readable(key)), *sides)
            if found is not _MISSING:
                merged[key] = found
        return merged

    def named(self, at: tuple[str, ...], base: list[Any], mine: list[Any], theirs: list[Any], key: str) -> list[Any]:
        """Items by name. The person's order, or theirs where only they changed it."""
        b, m, t = ({_name(item, key): item for item in items} for items in (base, mine, theirs))
        orders = [[name for name in side if name in b and name in m and name in t] for side in (b, m, t)]
        theirs_leads = orders[0] == orders[1] != orders[2]
        merged: list[Any] = []
        for name in placed(list(t), list(m)) if theirs_leads else placed(list(m), list(t)):
            sides = [side.get(name, _MISSING) for side in (b, m, t)]
            item = next(side for side in sides if side is not _MISSING)
            found = self.value((*at, readable(item[key])), *sides)
            if found is not _MISSING:
                merged.append(found)
        return merged

    def sequence(self, at: tuple[str, ...], base: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any]:
        merged: list[Any] = []
        b, m, t = ([canonical(item) for item in items] for items in (base, mine, theirs))
        found = list(regions(b, m, t, touching=True))
        for place, region in enumerate(found):
            before, kept, held = base[region.base], mine[region.mine], theirs[region.theirs]
            if region.kind == "theirs":
                beside = [m[each.mine] for each in found[max(0, place - 1) : place + 2] if each.kind == "mine"]
                if before or not any(_edge(t[region.theirs], each) for each in beside):
                    merged += held
            elif region.kind != "conflict":
                merged += kept
            elif len(before) == len(kept) == len(held):  # the same items, each perhaps changed
                start = region.mine.start
                merged += (
                    self.value((*at, str(start + index)), *sides)
                    for index, sides in enumerate(zip(before, kept, held, strict=True))
                )
            elif _edge(t[region.theirs], m[region.mine]):  # the person did the same, and more
                merged += kept
            elif _edge(m[region.mine], t[region.theirs]):
                merged += held
            else:
                merged += self.conflict((*at, str(region.mine.start)), kept)
        return merged


def _edge(part: list[Hashable], whole: list[Hashable]) -> bool:
    """Whether ``whole`` begins or ends with ``part``."""
    return bool(part) and part in (whole[: len(part)], whole[-len(part) :])


def placed(leading: list[Any], other: list[Any]) -> list[Any]:
    """``leading``, with what only ``other`` has put after what precedes it there, or at the start."""
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


def readable(key: Any) -> str:
    """A key or a name as a message can show it."""
    text = str(key)
    text = text if text.isprintable() and text else ascii(text)
    return text if len(text) <= 60 else f"{text[:57]}…"
