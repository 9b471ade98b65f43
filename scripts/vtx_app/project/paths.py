"""Where everything is. Every path of the build is made here."""

from __future__ import annotations

import os
import re
from pathlib import Path

from vtx_app.errors import ProjectError
from vtx_app.formats.names import SLUG_PATTERN
from vtx_app.project.env_files import read_env

__all__ = [
    "BRIEF",
    "CHARACTERS",
    "DEFAULT_ROOT",
    "LOCATIONS",
    "LOCK",
    "LORAS",
    "OUTLINE",
    "SCENES",
    "SHOT_LIST",
    "SPECS",
    "STYLE_BIBLE",
    "TIERS",
    "TREATMENT",
    "app_home",
    "is_incoming",
    "is_inside",
    "machine_variable",
    "project_folder",
    "projects_root",
    "renders",
    "resolve_inside",
    "take_path",
    "tier_of",
]

TIERS = ("animatic", "final", "draft")
"""The films that can be cut from one set of specs; ``final`` owns the plain paths under ``renders/``.

A draft is rendered small and fast by LTX. An animatic is drawn without a model, so it is planned first.
"""

BRIEF = "story/00_brief.md"
OUTLINE = "story/01_outline.yaml"
TREATMENT = "story/02_treatment.md"
SCENES = "story/03_screenplay"
SHOT_LIST = "story/04_shotlist.yaml"
STYLE_BIBLE = "prompts/style_bible.yaml"
CHARACTERS = "prompts/characters.yaml"
LOCATIONS = "prompts/locations.yaml"
LORAS = "prompts/loras.yaml"
SPECS = "prompts/clips"
LOCK = "film.lock.yaml"
"""Files and folders of a film, relative to its folder."""

DEFAULT_ROOT = Path("projects")
"""The folder of the films, unless ``VTX_PROJECTS_ROOT`` gives another."""


def projects_root() -> Path:
    """The folder that holds the films: ``VTX_PROJECTS_ROOT``, else ``projects`` in the working directory."""
    return Path(machine_variable("VTX_PROJECTS_ROOT") or DEFAULT_ROOT)


def app_home() -> Path:
    """Machine state that can be rebuilt from files: ``VTX_APP_HOME``, else ``.vtx`` in the working directory."""
    return Path(machine_variable("VTX_APP_HOME") or ".vtx")


def machine_variable(name: str) -> str | None:
    """A variable of this machine: from the process environment, else ``config/global.env``."""
    return os.environ.get(name) or read_env(Path("config/global.env")).get(name)


def project_folder(slug: str) -> Path:
    """The folder of the film ``slug``. Raises :class:`ProjectError` if that is no slug, or there is no such film."""
    if not re.fullmatch(SLUG_PATTERN, slug):
        raise ProjectError(f"{slug!r} is not a project: a slug has small letters, digits, - and _ only")
    folder = projects_root() / slug
    if not (folder / "metadata.yaml").is_file():
        films = sorted(path.parent.name for path in projects_root().glob("*/metadata.yaml"))
        existing = f"existing films: {', '.join(films)}" if films else "there are no films in it yet"
        raise ProjectError(f"no film {slug!r}: {folder / 'metadata.yaml'} is missing; {existing}")
    return folder


def tier_of(folder: str) -> str:
    """The tier whose files are in ``renders/<folder>`` (``""`` or ``"animatic/"``, a rule's wildcard)."""
    return folder.rstrip("/") or "final"


def renders(tier: str) -> str:
    """The folder under a project that holds ``clips``, ``acts`` and ``final`` of ``tier``."""
    return "renders" if tier == "final" else f"renders/{tier}"


def take_path(folder: Path, clip_id: str, digest: str) -> Path:
    """The take of a clip that is rendered from the request with this digest."""
    return folder / f"renders/takes/{clip_id}/{digest}.mp4"


def resolve_inside(folder: Path, written: str) -> Path:
    """The file that a spec names as ``written``, relative to the project ``folder``.

    Raises :class:`ProjectError` for an absolute path, or one that leaves the project, by ``..`` or a link.
    """
    if Path(written).is_absolute() or written.startswith("~"):
        raise ProjectError(f"{written!r} is not inside the project; give a path relative to the project's folder")
    if "\0" in written:
        raise ProjectError(f"{written!r} is not a path")
    path = folder / written
    if not is_inside(path, folder):
        raise ProjectError(f"{written!r} leads out of the project; copy the file into it")
    return path


def is_incoming(name: str) -> bool:
    """Whether a file of this name is a new version that a person has yet to merge, and so no part of the film."""
    return ".incoming." in name


def is_inside(path: Path, folder: Path) -> bool:
    """Whether ``path`` is in ``folder`` once all links are followed (a circle of links leads nowhere, so not out)."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
