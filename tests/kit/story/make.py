"""A story made in this process, stage by stage as the jobs of a build make it, and what is looked at afterwards."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from kit.story.film import StoryFilm, write_story_film
from kit.story.server import StoryServer
from vtx_app.errors import VtxError
from vtx_app.formats.base import Format
from vtx_app.formats.bibles import Characters, Locations, StyleBible
from vtx_app.formats.check import load_format
from vtx_app.formats.clip_spec import ClipSpec
from vtx_app.formats.outline import Outline
from vtx_app.formats.shot_list import ShotList
from vtx_app.jobs.story import write_stage
from vtx_app.story.stage import STAGES

OUTLINE, TREATMENT, SHOTLIST = "story/01_outline.yaml", "story/02_treatment.md", "story/04_shotlist.yaml"
CHARACTERS, LOCATIONS, STYLE_BIBLE = "prompts/characters.yaml", "prompts/locations.yaml", "prompts/style_bible.yaml"
FORMATS: dict[str, type[Format]] = {
    OUTLINE: Outline,
    SHOTLIST: ShotList,
    CHARACTERS: Characters,
    LOCATIONS: Locations,
    STYLE_BIBLE: StyleBible,
}

PAGE = """\
# The Light

An old keeper, a dead lamp, a boat that nobody believes in.

## Everybody is home
* All boats in | Lamp room | Ines | Ines counts to twelve without looking.; The beam crosses her face.
* Nobody out there | Watch room | Ines, Yann | The light dies.; Yann says there is nobody out there.
* The stairs | Stairs | Ines | She runs up two steps at a time.; The torch goes out.
## For the one you can't see
* By hand | Lamp room | Ines | Three matches.; She puts her shoulder to the brass.
* The one on no list | Harbour | Yann | A bow comes out of the mist.; The boy had counted.
"""
"""Five scenes in two acts."""


@contextlib.contextmanager
def at_work(film: StoryFilm, **variables: str) -> Iterator[StoryFilm]:
    """This process stands where a build of the film would, with its environment."""
    kept, before = os.environ.copy(), Path.cwd()
    os.environ.clear()
    os.environ.update(film.environment(film.story_environment() | variables))
    os.chdir(film.root)
    try:
        yield film
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(kept)


def make(*stages: str, at_once: int = 4) -> list[str]:
    """Make the stages (all of them) in order; returns what was told of those that failed."""
    told = []
    for stage in stages or STAGES:
        try:
            write_stage(argparse.Namespace(project="harbour", stage=stage, at_once=at_once, only=None, log=None))
        except VtxError as error:
            told.append(str(error))
    return told


def copy_of(film: StoryFilm, root: Path) -> StoryFilm:
    """The film once more, in ``root``, asking the same server."""
    shutil.copytree(film.root, root, symlinks=True)
    return StoryFilm(root, film.slug, film.server)


def written_film(root: Path, server: StoryServer, page: str = PAGE) -> StoryFilm:
    """A film of ``page`` whose story is made."""
    film = write_story_film(root, server, page)
    with at_work(film):
        assert make() == []
    film.calls()
    return film


def clip(film: StoryFilm, clip_id: str) -> str:
    """The name of a clip's spec."""
    return next(name for name in film.texts() if f"clips/{clip_id}__" in name)


def scene(film: StoryFilm, scene_id: str) -> str:
    """The name of a scene's file."""
    return next(name for name in film.texts() if f"03_screenplay/{scene_id}__" in name)


def titles(film: StoryFilm) -> dict[str, str]:
    """Scene id → title, in the order of the outline."""
    outline = load_format(film.folder / OUTLINE, Outline)
    return {each.scene: each.title for _, each in outline.scenes()}


def shots(film: StoryFilm) -> dict[str, str]:
    """Clip id → what happens and is said in it, in the order of the cut."""
    listed = load_format(film.folder / SHOTLIST, ShotList)
    return {shot.clip_id: " / ".join([*shot.beats, *(said.line for said in shot.dialogue)]) for shot in listed.shots}


def specs(film: StoryFilm) -> set[str]:
    """The ids of the clips that have a spec."""
    names = [name.rpartition("/")[2] for name in film.texts() if "/clips/" in name]
    return {name.partition("__")[0] for name in names if ".incoming." not in name}


def require_whole(film: StoryFilm) -> None:
    """Every file under its real name loads, and none has the mark of a conflict in it."""
    for name, text in film.texts().items():
        assert not re.search(r"^(<{7}|={7}|>{7})", text, re.MULTILINE), name
        model: type[Format] | None = ClipSpec if "/clips/" in name else FORMATS.get(re.sub(r"\.incoming\.", ".", name))
        if model is not None:
            load_format(film.folder / name, model)
