"""The settings in metadata.yaml, as top-level keys or in the older ``defaults`` block."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vtx_app.errors import SpecError
from vtx_app.formats.check import location
from vtx_app.formats.metadata import Metadata

__all__ = ["metadata_settings", "older_keys"]

_SAME = (
    *("title", "fps", "aspect", "max_seconds", "style_profile", "acts_enabled", "renderer", "negative"),
    *("handles.head", "handles.tail"),
)
_OTHER = {
    "pipeline": "default_pipeline",
    "width": "default_resolution.width",
    "height": "default_resolution.height",
}
_KEYS = {name: name for name in _SAME} | _OTHER
"""Setting → its key in metadata.yaml."""


def metadata_settings(metadata: Metadata, folder: Path) -> list[tuple[str, str, Any]]:
    """Setting, key and value of the settings in the metadata.yaml of the film in ``folder``.

    Raises :class:`SpecError` for a setting that has one value as a key of the film and another in ``defaults``.
    """
    found = {name: (key, _value(metadata, key)) for name, key in _KEYS.items()}
    path, faults = folder / "metadata.yaml", []
    for name, older in _defaults(metadata):
        key, value = found[name]
        if value is None:
            found[name] = f"defaults.{name}", older
        elif value != older:
            other = location(path, *key.split("."))
            faults.append(f"{location(path, 'defaults', name)}: {older!r}, but {other} is {value!r}; keep one of them")
    if faults:
        raise SpecError(faults)
    return [(name, key, value) for name, (key, value) in found.items()]


def older_keys(metadata: Metadata) -> list[tuple[str, str]]:
    """Each key in ``defaults``, with the key that replaces it."""
    return [(name, _KEYS[name]) for name, _ in _defaults(metadata)]


def _defaults(metadata: Metadata) -> Iterator[tuple[str, Any]]:
    if metadata.defaults is not None:
        yield from ((name, value) for name, value in metadata.defaults if value is not None)


def _value(metadata: Metadata, key: str) -> Any:
    value: Any = metadata
    for name in key.split("."):
        value = None if value is None else getattr(value, name)
    return value
