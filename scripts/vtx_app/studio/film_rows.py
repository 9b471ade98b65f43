"""Read one film from its files into rows of the registry. Nothing is written here."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from vtx_app.errors import VtxError
from vtx_app.registry.database import as_utf8

if TYPE_CHECKING:
    from vtx_app.plan.film_plan import ClipPlan
    from vtx_app.project.film import Film

__all__ = ["ClipRow", "FilmRow", "TakeRow", "clip_state", "read_film", "read_take", "take_names"]

TakeName = tuple[str, str]
"""Clip id and digest."""

_MAX_TEXT_LENGTH = 500
_MAX_SECONDS = 1e9


@dataclass(frozen=True, slots=True)
class ClipRow:
    """One clip in the order of the cut: ``seconds`` of film, ``digest`` of the take that the film shows."""

    clip_id: str
    title: str
    seconds: float
    state: str
    digest: str
    output_path: str


@dataclass(frozen=True, slots=True)
class FilmRow:
    """One film. If it has an ``error``, its first fault, only its names are known."""

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


class TakeRow(NamedTuple):
    """The record of a take, in the order of the columns; None for what it lacks. Wall time, pixels, frames."""

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


def read_film(slug: str, folder: Path) -> FilmRow:
    """Plan the film in ``folder`` again; return its first fault as ``error`` if it can't be planned."""
    from vtx_app.models.fingerprint import file_sha256

    # Files that were hashed earlier in this process may have been edited since.
    file_sha256.cache_clear()
    path = as_utf8(os.path.abspath(folder))  # noqa: PTH100 - links stay as they are
    try:
        return _planned(slug, path)
    except (VtxError, OSError) as error:
        fault = next(iter(str(error).splitlines()), "") or type(error).__name__
        return FilmRow(slug, path, *_names(folder), error=as_utf8(fault))


def _planned(slug: str, path: str) -> FilmRow:
    from vtx_app.plan.pending import clips_to_conform, clips_to_render, takes_for
    from vtx_app.plan.planner import plan_film

    plan = plan_film(slug, "final")
    stale = clips_to_conform(plan, "final")
    missing = clips_to_render(takes_for(plan, "final"))
    clips = tuple(
        ClipRow(
            clip.clip_id,
            as_utf8(clip.clip.spec.title),
            float(clip.delivery.frames / plan.rate),
            clip_state(plan.film, clip),
            clip.take.digest,
            as_utf8(clip.path.as_posix()),
        )
        for clip in plan.clips.values()
    )
    return FilmRow(
        slug,
        path,
        plan.film.metadata.project_id,
        as_utf8(str(plan.film.settings["title"])),
        plan.renderer,
        clips=clips,
        to_render=len(missing),
        to_conform=len(stale),
        seconds=sum(clip.seconds for clip in clips),
        seconds_to_render=plan.seconds_to_render(missing),
        finished=plan.final is not None and plan.is_current(plan.final),
    )


def clip_state(film: Film, plan: ClipPlan) -> str:
    """The state of a clip by its files: ``approved`` or ``rendered`` if the take that the film shows exists;
    ``rejected`` if a person rejected the previous one and the next is not rendered yet; else ``planned``."""
    if plan.take.exists():
        return "approved" if plan.choice.state == "approved" else "rendered"
    select = film.selects.get(plan.clip_id)
    rejected = plan.clip.spec.status.state == "rejected" or (select is not None and select.rejected)
    return "rejected" if rejected else "planned"


def _names(folder: Path) -> tuple[str, str]:
    """Id and title of a film that can't be planned."""
    from vtx_app.formats.check import load_format
    from vtx_app.formats.metadata import Metadata

    try:
        metadata = load_format(folder / "metadata.yaml", Metadata)
    except (VtxError, OSError):
        return "", ""
    return metadata.project_id, as_utf8(metadata.title)


def take_names(folder: Path) -> set[TakeName]:
    """The takes in the film's ``folder``, also of clips that it no longer has."""
    from vtx_app.takes.records import clips_with_takes, take_digests

    found: set[TakeName] = set()
    for clip_id in clips_with_takes(folder):
        with contextlib.suppress(OSError):
            found |= {(as_utf8(clip_id), digest) for digest in take_digests(folder, clip_id)}
    return found


def read_take(folder: Path, take: TakeName) -> TakeRow:
    """The record of a take. Records never change, so the registry reads each once."""
    from vtx_app.takes.records import take_record

    found = take_record(folder, *take)
    record, request = found.record, found.request
    return TakeRow(
        *take,
        _text(record.get("rendered_at")),
        _seconds(record.get("wall_seconds")),
        _text(request.get("pipeline")),
        _text(request.get("renderer")),
        _count(request.get("width")),
        _count(request.get("height")),
        _count(request.get("frames")),
        _text(record.get("gpu")),
    )


def _text(value: object) -> str | None:
    return as_utf8(value[:_MAX_TEXT_LENGTH]) if isinstance(value, str) else None


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _MAX_SECONDS:
        return None
    return float(value)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None
