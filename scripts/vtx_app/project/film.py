"""A film as it was read from disk: immutable data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vtx_app.files import display_path
from vtx_app.formats.bibles import Character, Location, Loras, StyleBible
from vtx_app.formats.check import load_format, location
from vtx_app.formats.clip_spec import ClipSpec, clip_numbers
from vtx_app.formats.edit import Edit
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.metadata import Metadata
from vtx_app.formats.select import Select
from vtx_app.formats.shot_list import Shot
from vtx_app.project.paths import resolve_inside
from vtx_app.project.scene_headings import Headings
from vtx_app.project.settings import Settings

__all__ = ["Bibles", "Clip", "Film", "Scenes"]


@dataclass(frozen=True, slots=True)
class Bibles:
    """What the film's clips share, by id."""

    style: StyleBible
    characters: dict[str, Character]
    locations: dict[str, Location]


@dataclass(frozen=True, slots=True)
class Clip:
    """One shot: its ``spec`` and the file it was read from. ``stem`` names the delivered clip."""

    clip_id: str
    stem: str
    path: Path
    spec: ClipSpec

    @property
    def name(self) -> str:
        """The spec's file, for messages."""
        return display_path(self.path)

    def location(self, *keys: str | int) -> str:
        """``file:line: key.key`` of a value in the spec, for messages."""
        return location(self.path, *keys)


class Scenes:
    """The shots of each scene in the ``order`` of the cut. A spec that was not read with the film's ``clips`` is read
    on first use, from its file in ``files``."""

    def __init__(self, files: Mapping[str, Path], order: Sequence[str], clips: Mapping[str, Clip]) -> None:
        self._files = files
        self._read = dict(clips)
        self._ids: dict[tuple[int, int], list[str]] = {}
        for clip_id in order:
            self._ids.setdefault(clip_numbers(clip_id)[:2], []).append(clip_id)

    def before(self, clip_id: str) -> list[Clip]:
        """The shots before ``clip_id`` in its scene, in order; none for a shot that is not in the cut.

        Raises :class:`SpecError` for a spec that can't be read.
        """
        ids = self._ids.get(clip_numbers(clip_id)[:2], [])
        return [self._clip(each) for each in ids[: ids.index(clip_id)]] if clip_id in ids else []

    def _clip(self, clip_id: str) -> Clip:
        if clip_id not in self._read:
            path = self._files[clip_id]
            self._read[clip_id] = Clip(clip_id, path.stem, path, load_format(path, ClipSpec))
        return self._read[clip_id]


@dataclass(frozen=True, slots=True)
class Film:
    """One film.

    ``clips`` by clip id, in the order of the cut. ``scenes``: titles by (act, scene). ``variables`` may hold model
    paths; a known variable that is not set is empty. ``unwritten``: the clip ids of the shot list without a spec.
    ``selects``: a person's choices of takes, by clip id. ``headings``: those of the screenplay's scenes. ``order``: the
    place in the cut of each clip that is listed, also of those that were not read or that the edit leaves out;
    ``unlisted``: the ids of specs that the shot list does not name. ``shots``: the shot list, by clip id. ``cut``: the
    shots of each scene, in order.
    """

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
    headings: Headings = field(default_factory=lambda: Headings(Path(), {}))
    edit: Edit = field(default_factory=Edit)
    order: Mapping[str, int] = field(default_factory=dict)
    unlisted: tuple[str, ...] = ()
    shots: Mapping[str, Shot] = field(default_factory=dict)
    cut: Scenes = field(default_factory=lambda: Scenes({}, (), {}))

    @property
    def shown(self) -> frozenset[str]:
        """The clips that are in the film: listed, and not left out by the edit."""
        return frozenset(self.order.keys() - self.edit.left_out)

    @property
    def title_font(self) -> Path | None:
        """The film's own font for its titles."""
        return self.slate_font if self.edit.font is None else resolve_inside(self.folder, self.edit.font)

    @property
    def slate_font(self) -> Path | None:
        """The film's own font for the words on its storyboard."""
        named = self.metadata.slate_font
        return None if named is None else resolve_inside(self.folder, named)
