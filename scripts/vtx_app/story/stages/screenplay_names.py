"""The film's screenplay for the rules, and which ids its names mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vtx_app.errors import SpecError
from vtx_app.files import display_path
from vtx_app.story.names import name_key, slug_of
from vtx_app.story.screenplay.fdx import read_fdx
from vtx_app.story.screenplay.fountain import read_fountain
from vtx_app.story.screenplay.script import Screenplay
from vtx_app.story.story_files import StoryFiles
from vtx_app.text import shortened

__all__ = ["find_id", "ids_by_name", "own_screenplay", "scene_files_as_screenplay", "screenplay_warnings"]

_MOST_WARNINGS = 12


def own_screenplay(files: StoryFiles) -> Screenplay:
    """The writer's own screenplay. Raises :class:`vtx_app.errors.SpecError` if there is none that can be read."""
    name = files.screenplay_file
    if name is None:
        raise SpecError(
            [
                f"{display_path(files.folder / 'story')}: writer fountain needs screenplay.fountain or "
                "screenplay.fdx here"
            ]
        )
    if name.endswith(".fdx"):
        path = files.path(name)
        return read_fdx(path.read_bytes(), display_path(path))
    return read_fountain(files.read(name))


def scene_files_as_screenplay(files: StoryFiles) -> Screenplay:
    """The film's scene files as one screenplay."""
    return Screenplay({}, tuple(scene for file in files.scenes for scene in read_fountain(file.text).scenes))


def screenplay_warnings(files: StoryFiles) -> list[str]:
    """Text that may have been misread, as ``file:line: message``: in the writer's own screenplay, else in the scene
    files that a person wrote."""
    if files.writer == "fountain":
        name = display_path(files.path(files.screenplay_file or ""))
        read = [(name, own_screenplay(files))]
    elif files.writer == "hand":
        read = [(display_path(files.path(scene.path)), read_fountain(scene.text)) for scene in files.scenes]
    else:
        return []
    lines = [f"{name}:{line}: {message}" for name, screenplay in read for line, message in screenplay.warnings]
    return shortened(lines, _MOST_WARNINGS)


def find_id(name: str, known: Mapping[str, str]) -> str | None:
    """The id, among ids and their names, that a cue or a heading means; it may name the id itself.

    An id that was made from its name stands for that name alone: ANNA is not ``anna``, whose name is Анна.
    """
    key, slug = name_key(name), slug_of(name)
    for each, its_name in known.items():
        if key == name_key(its_name):
            return each
    for each, its_name in known.items():
        if slug_of(its_name) != each and (key == name_key(each) or slug == each):
            return each
    return None


def ids_by_name(names: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """An id for each name: its ``known`` id, else a new one made from it. All spellings of a name have the same id,
    and no two names share one."""
    found: dict[str, str] = {}
    new: dict[str, str] = {}
    for name in names:
        name_id = find_id(name, known) or new.get(name_key(name))
        if name_id is None:
            slug = name_id = slug_of(name)
            number = 2
            while name_id in known or name_id in new.values():
                name_id = f"{slug[:36]}_{number}"
                number += 1
            new[name_key(name)] = name_id
        found[name] = name_id
    return found
