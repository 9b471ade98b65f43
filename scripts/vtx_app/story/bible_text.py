"""Adding to ``prompts/characters.yaml`` and ``prompts/locations.yaml``: what is there stays, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vtx_app.formats.yaml_reader import read_yaml_text
from vtx_app.merge import rewrite_yaml
from vtx_app.story.story_files import CHARACTERS
from vtx_app.story.yaml_text import yaml_text

__all__ = ["added", "empty_bible"]

_HEADS = {
    "characters": "Canonical looks and voices, used by every prompt that names a character. Only ever added to.",
    "locations": "Canonical looks of places, used by every prompt that names one. Only ever added to.",
}


def _kind(path: str) -> str:
    return "characters" if path == CHARACTERS else "locations"


def empty_bible(path: str) -> str:
    """The file before anything is in it."""
    return yaml_text({"version": 1, _kind(path): {}}, _HEADS[_kind(path)])


def added(text: str, path: str, entries: Mapping[str, Any]) -> str:
    """``text``, the file ``path`` as it is, with ``entries`` by id at its end."""
    kind = _kind(path)
    if not text.strip():
        return yaml_text({"version": 1, kind: dict(entries)}, _HEADS[kind])
    data = read_yaml_text(text, path) or {}
    there = data.get(kind) or {}
    return rewrite_yaml(text, {**data, kind: {**there, **entries}}, path)
