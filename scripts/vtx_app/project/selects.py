"""``review/selects/``: a person's decisions on the takes of each shot."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path

from vtx_app.errors import SpecError
from vtx_app.files import display_path
from vtx_app.formats.check import load_format, location
from vtx_app.formats.names import CLIP_ID_PATTERN
from vtx_app.formats.select import Select
from vtx_app.project.paths import is_incoming, resolve_inside

__all__ = ["SELECTS", "read_selects", "select_path"]

SELECTS = "review/selects"


def select_path(folder: Path, clip_id: str) -> Path:
    """The select of a clip. Raises :class:`vtx_app.errors.ProjectError` for a link out of the film."""
    return resolve_inside(folder, f"{SELECTS}/{clip_id}.yaml")


def read_selects(folder: Path, clip_ids: Collection[str] | None, faults: list[str]) -> dict[str, Select]:
    """The selects of these clips (None: of all) by clip id. Adds a line to ``faults`` for each that is not valid."""
    try:
        names = sorted(entry.name for entry in os.scandir(resolve_inside(folder, SELECTS)))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    found: dict[str, Select] = {}
    for name in names:
        clip_id, suffix = os.path.splitext(name)  # noqa: PTH122 - a name, no path
        if suffix not in (".yaml", ".yml") or name.startswith(".") or is_incoming(name):
            continue
        if clip_ids is not None and clip_id not in clip_ids:
            continue
        path = select_path(folder, clip_id)
        if suffix == ".yml" or not re.fullmatch(CLIP_ID_PATTERN, clip_id):
            at = display_path(path.with_suffix(suffix))
            faults.append(f"{at}: the file is named by its clip: A01_S02_SH003.yaml")
            continue
        try:
            select = load_format(path, Select)
        except SpecError as error:
            faults += error.problems
            continue
        if select.clip_id != clip_id:
            faults.append(f"{location(path, 'clip_id')}: {select.clip_id!r}, but the file is {name}")
        else:
            found[clip_id] = select
    return found
