"""The screenplay that the rules read, and what its names mean in the film."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vtx_app.errors import SpecError
from vtx_app.project.paths import shown
from vtx_app.story.names import slug_of
from vtx_app.story.screenplay.fdx import read_fdx
from vtx_app.story.screenplay.fountain import read_fountain
from vtx_app.story.screenplay.script import Screenplay, ScriptScene
from vtx_app.story.story_files import Sources

__all__ = ["acts_of", "ids_by_name", "known_id", "scene_files", "screenplay_of"]


def screenplay_of(sources: Sources) -> Screenplay:
    """The writer's own screenplay. Raises :class:`vtx_app.errors.SpecError` where none can be read."""
    name = sources.screenplay_file
    if name is None:
        raise SpecError(
            [f"{shown(sources.folder / 'story')}: writer fountain needs screenplay.fountain or screenplay.fdx here"]
        )
    if name.endswith(".fdx"):
        path = sources.path(name)
        return read_fdx(path.read_bytes(), shown(path))
    return read_fountain(sources.read(name))


def scene_files(sources: Sources) -> Screenplay:
    """The film's scene files, one after the other, as one screenplay."""
    return Screenplay({}, tuple(scene for file in sources.scenes for scene in read_fountain(file.text).scenes))


def acts_of(screenplay: Screenplay) -> list[tuple[int, str, list[ScriptScene]]]:
    """Number, title and scenes of each act: the outermost sections (``# Act one``), else all is one act."""
    acts: list[tuple[int, str, list[ScriptScene]]] = []
    for scene in screenplay.scenes:
        title = scene.section[0] if scene.section else ""
        if not acts or (title and title != acts[-1][1] and (acts[-1][1] or acts[-1][2])):
            acts.append((len(acts) + 1, title, []))
        acts[-1][2].append(scene)
    return acts


def known_id(name: str, known: Mapping[str, str]) -> str | None:
    """The id, of ids and their names, that a cue or a heading means."""
    folded = " ".join(name.casefold().split())
    for each, its_name in known.items():
        if folded in (" ".join(its_name.casefold().split()), each.casefold()):
            return each
    slug = slug_of(name)
    return slug if slug in known else None


def ids_by_name(names: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """An id for each name: the one it is ``known`` by, else one made of it; no two names get the same new one."""
    found: dict[str, str] = {}
    for name in names:
        there = known_id(name, known)
        if there is None:
            slug = made = slug_of(name)
            number = 2
            while made in known or made in found.values():
                made = f"{slug[:36]}_{number}"
                number += 1
            there = made
        found[name] = there
    return found
