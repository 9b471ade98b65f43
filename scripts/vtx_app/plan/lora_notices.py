"""Notices about the LoRAs that a film names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vtx_app.formats.check import location
from vtx_app.project.film import Film
from vtx_app.project.paths import LORAS

__all__ = ["lora_notices"]


def lora_notices(film: Film) -> list[str]:
    """One line if LoRAs give their variable as ``env``, which is read as ``env_path``; else none."""
    found = list(_given_as_env(film))
    if not found:
        return []
    path, *keys = found[0]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return [f"  {location(path, *keys, 'env')}: read as env_path{more}; write env_path"]


def _given_as_env(film: Film) -> Iterator[tuple[Any, ...]]:
    """The file of each, and the keys of the LoRA in it."""
    for name, bundle in film.loras.bundles.items():
        yield from ((film.folder / LORAS, "bundles", name, i) for i, each in enumerate(bundle) if each.env)
    for clip in film.clips.values():
        yield from ((clip.path, "loras", i) for i, each in enumerate(clip.spec.loras) if each.env)
