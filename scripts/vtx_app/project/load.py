"""Read a film's files, check them and relate them to one another. Nothing of the film is written."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from vtx_app.errors import ProjectError, SpecError
from vtx_app.files import display_path
from vtx_app.formats.bibles import Characters, Locations, Loras, StyleBible
from vtx_app.formats.check import did_you_mean, load_format, location
from vtx_app.formats.clip_spec import ClipSpec, clip_numbers
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.metadata import Metadata
from vtx_app.formats.names import CLIP_ID_PATTERN
from vtx_app.formats.parsed_files import ParsedFiles
from vtx_app.formats.pipelines import MODEL_VARIABLES
from vtx_app.formats.shot_list import ShotList
from vtx_app.formats.yaml_reader import read_yaml
from vtx_app.project.edit_file import read_edit, with_joined
from vtx_app.project.film import Bibles, Clip, Film, Scenes
from vtx_app.project.order import cut_order
from vtx_app.project.paths import (
    CHARACTERS,
    LOCATIONS,
    LOCK,
    LORAS,
    SCENES,
    SHOT_LIST,
    SPECS,
    STYLE_BIBLE,
    app_home,
    is_incoming,
    is_inside,
    project_folder,
    resolve_inside,
)
from vtx_app.project.references import default_faults, reference_faults
from vtx_app.project.scene_headings import Headings
from vtx_app.project.selects import read_selects
from vtx_app.project.settings import all_variables, app_config, film_settings
from vtx_app.text import shortened

__all__ = ["load_film"]

ModelT = TypeVar("ModelT", StyleBible, Characters, Locations, Loras, FilmLock, ShotList)

_SPEC_STEM = re.compile(rf"({CLIP_ID_PATTERN[1:-1]})__([A-Za-z0-9][A-Za-z0-9_-]*)")
_SCENE_FILE = re.compile(r"A(\d+)_S(\d+)__(.+)\.md")
_MAX_FAULTS = 20
_MANY = 50
"""So many specs are read through what was kept of them; fewer are parsed sooner than that is read."""


def load_film(slug: str, only: Iterable[str] | None = None, *, act: int | None = None) -> Film:
    """Read the film ``slug``: all clips, or those with the ids ``only``, or those of one ``act``.

    The clips that these continue from are read too, and those that the edit joins them to.

    Raises :class:`ProjectError` if there is no such film, :class:`SpecError` with a line for every fault.
    """
    folder = project_folder(slug)
    faults: list[str] = []
    path = resolve_inside(folder, "metadata.yaml")
    metadata = load_format(path, Metadata)
    if metadata.slug != slug:
        raise SpecError([f"{location(path, 'slug')}: {metadata.slug!r}, but the film's folder is {slug!r}"])
    settings = film_settings(folder, metadata, app_config())
    style = _load_optional(folder, STYLE_BIBLE, StyleBible, faults)
    characters = _load_optional(folder, CHARACTERS, Characters, faults)
    locations = _load_optional(folder, LOCATIONS, Locations, faults)
    loras = _load_optional(folder, LORAS, Loras, faults)
    lock = _load_optional(folder, LOCK, FilmLock, faults)
    shots = {shot.clip_id: shot for shot in _load_optional(folder, SHOT_LIST, ShotList, faults).shots}
    files = _spec_files(folder, faults)
    order = cut_order(files, list(shots))
    edit = read_edit(folder, files, order, faults)
    if act is not None:
        only = [clip_id for clip_id in files if clip_numbers(clip_id)[0] == act]
    clips = _read_clips(slug, files, only if only is None else with_joined(only, edit, order), faults)
    selects = read_selects(folder, None if only is None else clips, faults)
    if faults:
        raise SpecError(shortened(faults, _MAX_FAULTS))
    scenes = _scene_files(folder)
    unlisted = [clip_id for clip_id in sorted(files, key=clip_numbers) if shots and clip_id not in shots]
    clips = {clip_id: clips[clip_id] for clip_id in (*order, *unlisted) if clip_id in clips}
    film = Film(
        folder,
        slug,
        metadata,
        settings,
        Bibles(style, characters.characters, locations.locations),
        loras,
        lock,
        clips,
        {scene: _scene_title(file) for scene, file in scenes.items()},
        variables=dict.fromkeys(MODEL_VARIABLES, "") | dict.fromkeys(lock.models, "") | all_variables(folder),
        unwritten=tuple(clip_id for clip_id in shots if clip_id not in files),
        selects=selects,
        headings=Headings(folder, scenes),
        edit=edit,
        order={clip_id: place for place, clip_id in enumerate(order)},
        unlisted=tuple(unlisted),
        shots=shots,
        cut=Scenes(files, order, clips),
    )
    faults = default_faults(film) + [fault for clip in clips.values() for fault in reference_faults(clip, film, files)]
    if faults:
        raise SpecError(shortened(faults, _MAX_FAULTS))
    return film


def _load_optional(folder: Path, relative: str, model: type[ModelT], faults: list[str]) -> ModelT:
    """The file, or an empty model if it does not exist."""
    path = resolve_inside(folder, relative)
    if os.path.lexists(path):
        try:
            return load_format(path, model)
        except SpecError as error:
            faults += error.problems
    return model.model_construct()  # needs no validator, which takes milliseconds to build


def _spec_files(folder: Path, faults: list[str]) -> dict[str, Path]:
    """Clip id → spec file, by the files' names alone."""
    clips = resolve_inside(folder, SPECS)
    found: dict[str, Path] = {}
    numbers: dict[tuple[int, int, int, str], Path] = {}  # A01 and A001 are one act
    try:
        entries = sorted(os.scandir(clips), key=lambda entry: entry.name)
    except FileNotFoundError:
        return found
    except OSError as error:
        faults.append(f"{display_path(clips)}: can't be read: {error.strerror}")
        return found
    for entry in entries:
        if entry.name.startswith(".") or not entry.name.endswith((".yaml", ".yml")) or is_incoming(entry.name):
            continue
        path = clips / entry.name
        match = _SPEC_STEM.fullmatch(path.stem)
        if match is None or path.suffix != ".yaml":
            faults.append(
                f"{display_path(path)}: the file name must be <clip_id>__<slug>.yaml, as in "
                "A01_S02_SH003__the_door.yaml (a slug has letters, digits, - and _)"
            )
        elif (taken := numbers.get(clip_numbers(match[1]))) is not None:
            faults.append(f"{display_path(path)}: clip id {match[1]} is taken by {taken.name}; every clip has its own")
        elif entry.is_symlink() and not is_inside(path, folder):
            faults.append(f"{display_path(path)}: leads out of the project; copy the file into it")
        else:
            found[match[1]] = numbers[clip_numbers(match[1])] = path
    return found


def _read_clips(slug: str, files: dict[str, Path], only: Iterable[str] | None, faults: list[str]) -> dict[str, Clip]:
    """The clips, or ``only`` some with all that they continue from."""
    pending = deque(files if only is None else only)
    parsed = ParsedFiles(app_home() / "parsed" / f"{slug}.json") if len(pending) >= _MANY else None
    clips: dict[str, Clip] = {}
    while pending:
        clip_id = pending.popleft()
        if clip_id in clips:
            continue
        if clip_id not in files:
            if only is not None and not clips:
                raise ProjectError(f"no clip {clip_id} in prompts/clips{did_you_mean(clip_id, files)}")
            continue  # reference_faults names the clip that continues from it
        path = files[clip_id]
        try:
            spec = load_format(path, ClipSpec, parsed.read_yaml if parsed else read_yaml)
        except SpecError as error:
            faults += error.problems
            continue
        if spec.clip_id != clip_id:
            faults.append(f"{location(path, 'clip_id')}: {spec.clip_id!r}, but the file is named {path.name}")
            continue
        clips[clip_id] = Clip(clip_id, path.stem, path, spec)
        if spec.inputs.continue_from is not None:
            pending.append(spec.inputs.continue_from)
    if parsed and only is None:
        parsed.save()
    return clips


def _scene_files(folder: Path) -> dict[tuple[int, int], str]:
    """(act, scene) → the file ``A01_S03__the_library_reveal.md`` of the screenplay, relative to ``folder``."""
    names = sorted(path.name for path in (folder / SCENES).glob("A*_S*__*.md") if not is_incoming(path.name))
    matches = [(name, _SCENE_FILE.fullmatch(name)) for name in names]
    return {(int(match[1]), int(match[2])): f"{SCENES}/{name}" for name, match in matches if match}


def _scene_title(file: str) -> str:
    """The title in the name of a scene's file."""
    words = re.sub(r"[_\s]+", " ", Path(file).stem.partition("__")[2]).strip()
    return words[:1].upper() + words[1:]
