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
from vtx_app.project.paths import CHARACTERS, LOCATIONS, SHOT_LIST, resolve_inside
from vtx_app.text import listed, plural

__all__ = ["film_notices"]

_MAX_IDS = 8
_MOST_IDS = 12


def film_notices(film: Film) -> list[str]:
    """One line per key of the older ``defaults`` block, per bible with entries that lack a name, and per thing in which
    the shot list and the specs disagree."""
    metadata = film.folder / "metadata.yaml"
    return [
        *(f"{location(metadata, 'defaults', key)} is read as {new}" for key, new in older_keys(film.metadata)),
        *_nameless(resolve_inside(film.folder, CHARACTERS), "characters", film.bibles.characters),
        *_nameless(resolve_inside(film.folder, LOCATIONS), "locations", film.bibles.locations),
        *_shot_list(film),
    ]


def _nameless(path: Path, key: str, entries: Mapping[str, Character | Location]) -> Iterator[str]:
    called_by_id = [name for name, entry in entries.items() if entry.name == name]
    if not called_by_id:
        return
    written = read_yaml(path)[key]
    if nameless := [name for name in called_by_id if written[name].get("name") is None]:
        line = value_lines(path)[key, nameless[0]]
        yield f"{display_path(path)}:{line}: without a name, so called by their ids: {listed(nameless, _MAX_IDS)}"


def _shot_list(film: Film) -> Iterator[str]:
    path = resolve_inside(film.folder, SHOT_LIST)
    name = display_path(path)
    if film.unwritten:
        verb, are = ("has", "is") if len(film.unwritten) == 1 else ("have", "are")
        yield (
            f"{name}: {len(film.unwritten)} of its shots {verb} no spec and {are} not in the film: "
            f"{listed(film.unwritten, _MOST_IDS)}. The target story writes them"
        )
    if film.unlisted:
        are, them = ("is", "it") if len(film.unlisted) == 1 else ("are", "them")
        yield (
            f"{name}: {plural(len(film.unlisted), 'spec')} {are} not in it and so not in the film: "
            f"{listed(film.unlisted, _MOST_IDS)}. Add {them} to the list to show {them}"
        )
    for number, (clip_id, shot) in enumerate(film.shots.items()):
        clip = film.clips.get(clip_id)
        seconds = clip.spec.render.duration.seconds if clip else None
        if shot.seconds is not None and seconds is not None and seconds != shot.seconds:
            at = location(path, "shots", number, "seconds")
            yield f"{at}: {shot.seconds:g}, but the spec of {clip_id} says {seconds:g}, which counts"
