"""``review/selects/``: what a person said of the takes of each shot."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path

from vtx_app.errors import SpecError
from vtx_app.formats.check import load_format, place
from vtx_app.formats.names import CLIP_ID_PATTERN
from vtx_app.formats.select import Select
from vtx_app.project.paths import inside, is_incoming, shown

__all__ = ["SELECTS", "read_selects", "select_path"]

SELECTS = "review/selects"


def select_path(folder: Path, clip_id: str) -> Path:
    """Where the select of a clip lies. Raises :class:`vtx_app.errors.ProjectError` for a link out of the film."""
    return inside(folder, f"{SELECTS}/{clip_id}.yaml")


def read_selects(folder: Path, wanted: Collection[str] | None, problems: list[str]) -> dict[str, Select]:
    """The selects of the film by clip id, of the ``wanted`` clips (None: of all); faults go to ``problems``."""
    try:
        names = sorted(entry.name for entry in os.scandir(inside(folder, SELECTS)))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    found: dict[str, Select] = {}
    for name in names:
        clip_id, suffix = os.path.splitext(name)  # noqa: PTH122 - a name, no path
        if suffix not in (".yaml", ".yml") or name.startswith(".") or is_incoming(name):
            continue
        if wanted is not None and clip_id not in wanted:
            continue
        path = select_path(folder, clip_id)
        if suffix == ".yml" or not re.fullmatch(CLIP_ID_PATTERN, clip_id):
            problems.append(f"{shown(path.with_suffix(suffix))}: the file is named by its clip: A01_S02_SH003.yaml")
            continue
        try:
            select = load_format(path, Select, shown(path))
        except SpecError as error:
            problems += error.problems
            continue
        if select.clip_id != clip_id:
            problems.append(f"{place(path, shown(path), 'clip_id')}: {select.clip_id!r}, but the file is {name}")
        else:
            found[clip_id] = select
    return found
