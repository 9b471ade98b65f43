"""The order of the cut: the shot list's where there is one, else by act, scene and shot."""

from __future__ import annotations

from collections.abc import Sequence

from vtx_app.formats.clip_spec import clip_numbers

__all__ = ["cut_order"]


def cut_order(clip_ids: Sequence[str], listed: Sequence[str]) -> list[str]:
    """``clip_ids`` as they are cut.

    Acts always follow one another; inside an act the shot list decides, scenes may be intercut. A clip
    that the list does not name comes after the nearest clip before it by id: a new shot needs no new list.
    """
    rank = {clip_id: position for position, clip_id in enumerate(listed)}
    places: dict[str, tuple[int, int, int]] = {}
    act, before = 0, -1
    for position, clip_id in enumerate(sorted(clip_ids, key=clip_numbers)):
        number = clip_numbers(clip_id)[0]
        if number != act:
            act, before = number, -1
        if clip_id in rank:
            before = rank[clip_id]
            places[clip_id] = (act, before, -1)
        else:
            places[clip_id] = (act, before, position)
    return sorted(clip_ids, key=places.__getitem__)
