"""One film, read from its files into the registry's rows. Nothing is written here."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vtx_app.errors import ProjectError, VtxError
from vtx_app.project.paths import DEFAULT_ROOT, shown
from vtx_app.registry.db import plain
from vtx_app.studio.states import clip_state

__all__ = ["ClipRow", "FilmRow", "TakeRow", "film_folders", "read_film", "take_names", "take_row"]

TakeName = tuple[str, str]
"""Clip id and digest."""

_TAKE = re.compile(r"([0-9a-f]{64})\.mp4")
_LONGEST_TEXT = 500
_LONGEST_SECONDS = 1e9


@dataclass(frozen=True, slots=True)
class ClipRow:
    """One clip in the order of the cut; ``seconds`` of film, ``digest`` of the take that is shown."""

    clip_id: str
    title: str
    seconds: float
    found: str
    digest: str
    output_path: str


@dataclass(frozen=True, slots=True)
class FilmRow:
    """One film. ``error`` is its first fault, and then nothing else of it is known but its name."""

    slug: str
    path: str
    project_id: str = ""
    title: str = ""
    renderer: str = ""
    error: str = ""
    clips: tuple[ClipRow, ...] = ()
    to_render: int = 0
    to_conform: int = 0
    seconds: float = 0.0
    seconds_to_render: float = 0.0
    finished: bool = False


@dataclass(frozen=True, slots=True)
class TakeRow:
    """A take as its record tells it; None for what it does not say. ``wall_seconds`` of rendering, pixels, frames."""

    clip_id: str
    digest: str
    rendered_at: str | None = None
    wall_seconds: float | None = None
    pipeline: str | None = None
    renderer: str | None = None
    width: int | None = None
    height: int | None = None
    frames: int | None = None
    gpu: str | None = None


def film_folders(root: Path) -> dict[str, Path]:
    """The films below ``root`` by the names of their folders, in order: every folder with a ``metadata.yaml``.

    Raises :class:`ProjectError` for a root that is not there, as on a disk that is not mounted.
    """
    try:
        with os.scandir(root) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except OSError as error:
        if isinstance(error, FileNotFoundError) and root == DEFAULT_ROOT:
            return {}  # nobody has begun a film yet
        reason = (error.strerror or str(error)).lower()
        raise ProjectError(f"{shown(root)}, which is to hold the films: {reason}; mend VTX_PROJECTS_ROOT") from error
    return {plain(name): root / name for name in names if os.path.lexists(root / name / "metadata.yaml")}


def read_film(slug: str, folder: Path) -> FilmRow:
    """The film in ``folder``, planned anew; with its first fault in ``error`` where it can't be planned."""
    from vtx_app.models.fingerprint import file_sha256

    # Files hashed earlier in this run may have been edited since.
    file_sha256.cache_clear()
    path = plain(os.path.abspath(folder))  # noqa: PTH100 - links stay as they are
    try:
        return _planned(slug, path)
    except (VtxError, OSError) as error:
        fault = next(iter(str(error).splitlines()), "") or type(error).__name__
        return FilmRow(slug, path, *_named(folder), error=plain(fault))


def _planned(slug: str, path: str) -> FilmRow:
    from vtx_app.plan.pending import clips_to_conform, clips_to_render
    from vtx_app.plan.planner import plan_film

    plan = plan_film(slug, "final")
    clips = list(plan.clips.values())
    stale = clips_to_conform(plan, "final")
    missing = clips_to_render(stale)
    rows = [
        ClipRow(
            clip.clip_id,
            plain(clip.clip.spec.title),
            float(clip.delivery.frames / plan.rate),
            clip_state(plan.film, clip),
            clip.take.digest,
            plain(clip.path.as_posix()),
        )
        for clip in clips
    ]
    return FilmRow(
        slug,
        path,
        plan.film.metadata.project_id,
        plain(str(plan.film.settings["title"])),
        plan.renderer,
        clips=tuple(rows),
        to_render=len(missing),
        to_conform=len(stale),
        seconds=sum(row.seconds for row in rows),
        seconds_to_render=plan.seconds(missing),
        finished=plan.final is not None and plan.is_current(plan.final),
    )


def _named(folder: Path) -> tuple[str, str]:
    """Id and title of a film of which the rest can't be read."""
    from vtx_app.formats.check import load_format
    from vtx_app.formats.metadata import Metadata

    try:
        metadata = load_format(folder / "metadata.yaml", Metadata, "metadata.yaml")
    except (VtxError, OSError):
        return "", ""
    return metadata.project_id, plain(metadata.title)


def take_names(folder: Path) -> set[TakeName]:
    """The takes that are there, of the clips there are and of those that were."""
    found: set[TakeName] = set()
    try:
        with os.scandir(folder / "renders" / "takes") as entries:
            clip_ids = [entry.name for entry in entries if not entry.name.startswith(".")]
    except OSError:
        return found
    for clip_id in clip_ids:
        try:
            with os.scandir(folder / "renders" / "takes" / clip_id) as entries:
                names = [entry.name for entry in entries]
        except OSError:
            continue
        found |= {(plain(clip_id), match[1]) for name in names if (match := _TAKE.fullmatch(name))}
    return found


def take_row(folder: Path, take: TakeName) -> TakeRow:
    """What the record of a take says; records never change, so one is read once."""
    clip_id, digest = take
    path = folder / "renders" / "takes" / clip_id / f"{digest}.json"
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        return TakeRow(clip_id, digest)
    request = record.get("request")
    asked: Mapping[str, Any] = request if isinstance(request, dict) else {}
    return TakeRow(
        clip_id,
        digest,
        _text(record.get("rendered_at")),
        _seconds(record.get("wall_seconds")),
        _text(asked.get("pipeline")),
        _text(asked.get("renderer")),
        _count(asked.get("width")),
        _count(asked.get("height")),
        _count(asked.get("frames")),
        _text(record.get("gpu")),
    )


def _text(value: object) -> str | None:
    return plain(value[:_LONGEST_TEXT]) if isinstance(value, str) else None


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LONGEST_SECONDS:
        return None
    return float(value)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None
