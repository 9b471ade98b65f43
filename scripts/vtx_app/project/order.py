"""What is in the film, in which order: as the shot list has it, else every clip by act, scene and shot."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from vtx_app.formats.clip_spec import clip_numbers

__all__ = ["cut_order"]


def cut_order(clip_ids: Collection[str], listed: Sequence[str]) -> list[str]:
    """Those of ``clip_ids`` that are in the film, as they are cut; all of them if nothing is ``listed``.

    Acts always follow one another; inside an act the shot list decides, scenes may be intercut.
    """
    if not listed:
        return sorted(clip_ids, key=clip_numbers)
    return sorted((clip_id for clip_id in listed if clip_id in clip_ids), key=lambda clip_id: clip_numbers(clip_id)[0])
