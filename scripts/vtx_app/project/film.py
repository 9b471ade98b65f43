"""A film as it was read from disk: plain data that nothing changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vtx_app.formats.bibles import Character, Location, Loras, Profile, StyleBible
from vtx_app.formats.clip_spec import ClipSpec
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.metadata import Metadata
from vtx_app.formats.select import Select
from vtx_app.project.paths import inside
from vtx_app.project.settings import Settings

__all__ = ["Bibles", "Clip", "Film"]


@dataclass(frozen=True, slots=True)
class Bibles:
    """What the film's clips share, by id."""

    style: StyleBible
    characters: dict[str, Character]
    locations: dict[str, Location]

    def profile(self, name: str | None) -> Profile:
        """The named profile; an empty one for None."""
        return self.style.profiles[name] if name is not None else Profile()


@dataclass(frozen=True, slots=True)
class Clip:
    """One shot: its spec and the file it was read from. ``stem`` names the delivered clip."""

    clip_id: str
    stem: str
    path: Path
    name: str
    spec: ClipSpec


@dataclass(frozen=True, slots=True)
class Film:
    """One film, read. ``clips`` by clip id, in the order of the cut; ``scenes`` titles by (act, scene);
    ``variables`` that may hold model paths, empty where one is known and not set; ``unwritten`` are the clip ids of
    the shot list that have no spec; ``selects`` a person's choices of takes, by clip id."""

    folder: Path
    slug: str
    metadata: Metadata
    settings: Settings
    bibles: Bibles
    loras: Loras
    lock: FilmLock
    clips: dict[str, Clip]
    scenes: dict[tuple[int, int], str]
    variables: dict[str, str]
    unwritten: tuple[str, ...] = ()
    selects: Mapping[str, Select] = field(default_factory=dict)

    @property
    def slate_font(self) -> Path | None:
        """The font of the film's own for the words on its storyboard."""
        named = self.metadata.slate_font
        return None if named is None else inside(self.folder, named)
