"""A film's files, read, checked and related to one another. Nothing is written."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from vtx_app.errors import ProjectError, SpecError
from vtx_app.formats.bibles import Characters, Locations, Loras, StyleBible
from vtx_app.formats.check import load_format, near, place
from vtx_app.formats.clip_spec import ClipSpec, clip_numbers
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.metadata import Metadata
from vtx_app.formats.names import CLIP_ID_PATTERN
from vtx_app.formats.pipelines import MODEL_VARIABLES
from vtx_app.formats.shot_list import ShotList
from vtx_app.project.film import Bibles, Clip, Film
from vtx_app.project.order import cut_order
from vtx_app.project.paths import inside, is_incoming, leads_inside, project_folder, shown
from vtx_app.project.references import wrong_defaults, wrong_references
from vtx_app.project.selects import read_selects
from vtx_app.project.settings import app_config, environment, film_settings

__all__ = ["load_film"]

ModelT = TypeVar("ModelT", StyleBible, Characters, Locations, Loras, FilmLock, ShotList)

_NAME = re.compile(rf"({CLIP_ID_PATTERN[1:-1]})__([A-Za-z0-9][A-Za-z0-9_-]*)")
_SHOWN_PROBLEMS = 20


def load_film(slug: str, only: Iterable[str] | None = None, *, act: int | None = None) -> Film:
    """Read the film ``slug``: all clips, or those with the ids ``only``, or those of one ``act``.

    The clips that these continue from are read too.

    Raises :class:`ProjectError` where there is no such film, :class:`SpecError` with a line for every fault.
    """
    folder = project_folder(slug)
    problems: list[str] = []

    def file(relative: str) -> tuple[Path, str]:
        path = inside(folder, relative)
        return path, shown(path)

    path, name = file("metadata.yaml")
    metadata = load_format(path, Metadata, name)
    if metadata.slug != slug:
        raise SpecError([f"{place(path, name, 'slug')}: {metadata.slug!r}, but the film's folder is {slug!r}"])
    settings = film_settings(folder, metadata, app_config())
    style = _bible(folder, "prompts/style_bible.yaml", StyleBible, problems)
    characters = _bible(folder, "prompts/characters.yaml", Characters, problems)
    locations = _bible(folder, "prompts/locations.yaml", Locations, problems)
    loras = _bible(folder, "prompts/loras.yaml", Loras, problems)
    lock = _bible(folder, "film.lock.yaml", FilmLock, problems)
    shots = _bible(folder, "story/04_shotlist.yaml", ShotList, problems)
    files = _clip_files(folder, problems)
    if act is not None:
        only = [clip_id for clip_id in files if clip_numbers(clip_id)[0] == act]
    clips = _read_clips(files, only, problems)
    selects = read_selects(folder, None if only is None else clips, problems)
    if problems:
        raise _faults(problems)
    order = cut_order(list(files), [shot.clip_id for shot in shots.shots])
    clips = {clip_id: clips[clip_id] for clip_id in order if clip_id in clips}
    bibles = Bibles(style, characters.characters, locations.locations)
    variables = dict.fromkeys(MODEL_VARIABLES, "") | dict.fromkeys(lock.models, "") | environment(folder)
    unwritten = tuple(shot.clip_id for shot in shots.shots if shot.clip_id not in files)
    titles = _scene_titles(folder)
    film = Film(folder, slug, metadata, settings, bibles, loras, lock, clips, titles, variables, unwritten, selects)
    problems = wrong_defaults(film) + [
        problem for clip in clips.values() for problem in wrong_references(clip, film, files)
    ]
    if problems:
        raise _faults(problems)
    return film


def _faults(problems: list[str]) -> SpecError:
    more = len(problems) - _SHOWN_PROBLEMS
    return SpecError(problems[:_SHOWN_PROBLEMS] + ([f"… and {more} more"] if more > 0 else []))


def _bible(folder: Path, relative: str, model: type[ModelT], problems: list[str]) -> ModelT:
    """The file, or an empty one where a person has not written it."""
    path = inside(folder, relative)
    if not os.path.lexists(path):
        return model()
    try:
        return load_format(path, model, shown(path))
    except SpecError as error:
        problems += error.problems
        return model()


def _clip_files(folder: Path, problems: list[str]) -> dict[str, Path]:
    """Clip id → spec file, by the files' names alone."""
    clips = inside(folder, "prompts/clips")
    found: dict[str, Path] = {}
    numbers: dict[tuple[int, int, int, str], Path] = {}  # A01 and A001 are one act
    try:
        entries = sorted(os.scandir(clips), key=lambda entry: entry.name)
    except FileNotFoundError:
        return found
    except OSError as error:
        problems.append(f"{shown(clips)}: can't be read: {error.strerror}")
        return found
    for entry in entries:
        if entry.name.startswith(".") or not entry.name.endswith((".yaml", ".yml")) or is_incoming(entry.name):
            continue
        path = clips / entry.name
        match = _NAME.fullmatch(path.stem)
        if match is None or path.suffix != ".yaml":
            problems.append(
                f"{shown(path)}: the file name must be <clip_id>__<slug>.yaml, as in A01_S02_SH003__the_door.yaml "
                "(a slug has letters, digits, - and _)"
            )
        elif (taken := numbers.get(clip_numbers(match[1]))) is not None:
            problems.append(f"{shown(path)}: clip id {match[1]} is taken by {taken.name}; every clip has its own")
        elif entry.is_symlink() and not leads_inside(path, folder):
            problems.append(f"{shown(path)}: leads out of the project; copy the file into it")
        else:
            found[match[1]] = numbers[clip_numbers(match[1])] = path
    return found


def _read_clips(files: dict[str, Path], only: Iterable[str] | None, problems: list[str]) -> dict[str, Clip]:
    """The wanted clips with all that they continue from."""
    waiting = deque(files if only is None else only)
    clips: dict[str, Clip] = {}
    while waiting:
        clip_id = waiting.popleft()
        if clip_id in clips:
            continue
        if clip_id not in files:
            if only is not None and not clips:
                raise ProjectError(f"no clip {clip_id} in prompts/clips{near(clip_id, files)}")
            continue  # wrong_references names the clip that asked for it
        path = files[clip_id]
        name = shown(path)
        try:
            spec = load_format(path, ClipSpec, name)
        except SpecError as error:
            problems += error.problems
            continue
        if spec.clip_id != clip_id:
            problems.append(f"{place(path, name, 'clip_id')}: {spec.clip_id!r}, but the file is named {path.name}")
            continue
        clips[clip_id] = Clip(clip_id, path.stem, path, name, spec)
        if spec.inputs.continue_from is not None:
            waiting.append(spec.inputs.continue_from)
    return clips


def _scene_titles(folder: Path) -> dict[tuple[int, int], str]:
    """(act, scene) → title, out of the screenplay's file names: ``A01_S03__the_library_reveal.md``."""
    titles: dict[tuple[int, int], str] = {}
    for path in sorted((folder / "story" / "03_screenplay").glob("A*_S*__*.md")):
        match = re.fullmatch(r"A(\d+)_S(\d+)__(.+)", path.stem)
        if match and not is_incoming(path.name):
            words = re.sub(r"[_\s]+", " ", match[3]).strip()
            titles[int(match[1]), int(match[2])] = words[:1].upper() + words[1:]
    return titles
