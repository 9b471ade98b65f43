"""Notices about missing or outdated keys in a film's files, and how VTX reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from vtx_app.files import display_path
from vtx_app.formats.bibles import Character, Location
from vtx_app.formats.check import location
from vtx_app.formats.yaml_reader import read_yaml, value_lines
from vtx_app.project.film import Film
from vtx_app.project.metadata_settings import older_keys
from vtx_app.project.paths import resolve_inside

__all__ = ["film_notices"]

_MAX_IDS = 8


def film_notices(film: Film) -> list[str]:
    """One line per key of the older ``defaults`` block, and per bible with entries that lack a name."""
    metadata = film.folder / "metadata.yaml"
    return [
        *(f"{location(metadata, 'defaults', key)} is read as {new}" for key, new in older_keys(film.metadata)),
        *_nameless(resolve_inside(film.folder, "prompts/characters.yaml"), "characters", film.bibles.characters),
        *_nameless(resolve_inside(film.folder, "prompts/locations.yaml"), "locations", film.bibles.locations),
    ]


def _nameless(path: Path, key: str, entries: Mapping[str, Character | Location]) -> Iterator[str]:
    called_by_id = [name for name, entry in entries.items() if entry.name == name]
    if not called_by_id:
        return
    written = read_yaml(path)[key]
    if nameless := [name for name in called_by_id if written[name].get("name") is None]:
        line = value_lines(path)[key, nameless[0]]
        listed = ", ".join(nameless[:_MAX_IDS]) + (", …" if len(nameless) > _MAX_IDS else "")
        yield f"{display_path(path)}:{line}: without a name, so called by their ids: {listed}"
