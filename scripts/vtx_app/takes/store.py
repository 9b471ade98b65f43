"""The take store: ``renders/takes/<clip_id>/<digest>.mp4`` with its record ``<digest>.json`` beside it.

A take is written under a temporary name, probed, and given its name only then and only once. It is
never overwritten and never deleted by the build. A take exists exactly if its ``.mp4`` does.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from vtx_app import __version__
from vtx_app.compile.request import RenderRequest, canonical_json
from vtx_app.compile.sources import SourceTexts
from vtx_app.errors import CutError, RenderError
from vtx_app.files import (
    acquire_lock,
    file_lock,
    partial_path,
    publish,
    publish_if_absent,
    release_lock,
    write_failure,
    write_text,
)
from vtx_app.media.reader import probe
from vtx_app.project.paths import app_home

__all__ = ["COPY_AGAIN", "add_take", "make_take", "require_whole"]

COPY_AGAIN = "run the command again: what is copied is kept"
"""What to do after a copy of takes that failed."""


def make_take(
    path: Path,
    request: RenderRequest,
    sources: SourceTexts,
    render: Callable[[Path], Mapping[str, Any]],
    check: Callable[[Path], None],
) -> bool:
    """Make the take at ``path`` with ``render(temporary name)`` unless it exists; return whether it was made.

    ``check`` raises if the rendered file is not what was requested. Two builds that need one take wait for each other:
    the second finds it made. Raises :class:`RenderError` with what to do about it.
    """
    from av.error import FFmpegError  # the codecs load after planning

    try:
        with file_lock(_lock(path), f"another build is rendering {path.parent.name}; waiting for it"):
            if path.exists():
                return False
            path.parent.mkdir(parents=True, exist_ok=True)
            _clear_abandoned(path.parent)
            part = partial_path(path)
            for left in path.parent.glob(f".{path.stem}.part*"):  # nobody writes for this take: the lock is ours
                left.unlink(missing_ok=True)
            began = time.monotonic()
            try:
                facts = render(part)
                check(part)
                record = _record(path, request, sources, facts, time.monotonic() - began)
                write_text(path.with_suffix(".json"), record)
                return publish_if_absent(part, path)
            finally:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise RenderError(f"{path.parent.name}: the take {write_failure(error, path.parent)}") from error
    except FFmpegError as error:
        raise RenderError(f"{path.parent.name}: the take can't be made: {error}") from error


def add_take(path: Path, record: bytes | None, fetch: Callable[[Path], None]) -> bool:
    """Add a take that was rendered elsewhere, with its ``record`` if it has one; return False if it exists.

    ``fetch`` writes the film to a temporary name and raises if it isn't whole. A build that renders the take meanwhile
    is waited for. Raises :class:`RenderError` where the take can't be written.
    """
    try:
        with file_lock(_lock(path), f"a build is rendering {path.parent.name}; waiting for it"):
            if path.exists():
                return False
            path.parent.mkdir(parents=True, exist_ok=True)
            _clear_abandoned(path.parent)
            part, record_path = partial_path(path), path.with_suffix(".json")
            record_part = partial_path(record_path)
            try:
                fetch(part)
                if record is not None:
                    record_part.write_bytes(record)
                    publish(record_part, record_path)
                return publish_if_absent(part, path)
            finally:
                part.unlink(missing_ok=True)
                record_part.unlink(missing_ok=True)
    except OSError as error:
        raise RenderError(f"{path.parent.name}: the take {write_failure(error, path.parent, COPY_AGAIN)}") from error


def require_whole(take: Path) -> None:
    """Read the existing take through to its end. Raises :class:`CutError` where it is damaged."""
    try:
        probe(take)
    except CutError as error:
        if isinstance(error.__cause__, OSError):  # it can't be opened, so it may not be damaged
            raise
        raise CutError(
            f"{take.parent.name}: the take is damaged: {take}. A take is never rendered over: "
            "move it away, and the next build renders it again"
        ) from error


def _lock(take: Path) -> Path:
    return app_home() / "locks" / f"take-{take.parent.name}-{take.stem}.lock"


def _clear_abandoned(folder: Path) -> None:
    """Remove what killed renders left in a clip's takes, also for requests that are no longer current."""
    for part in folder.glob(".*.part.*"):
        lock = _lock(folder / part.name[1:].partition(".part")[0])
        handle = acquire_lock(lock, wait=False)
        if handle is not None:  # nobody is writing it
            part.unlink(missing_ok=True)
            release_lock(lock, handle)


def _record(
    path: Path,
    request: RenderRequest,
    sources: SourceTexts,
    facts: Mapping[str, Any],
    seconds: float,
) -> str:
    """What was rendered, by what, and how long it took. No paths, no secrets; nothing here decides anything."""
    record = {
        "version": 1,
        "clip_id": path.parent.name,
        "digest": path.stem,
        "request": json.loads(canonical_json(request)),
        "sources": sources,
        "rendered_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "wall_seconds": round(seconds, 3),
        "software": {"vtx": __version__, "av": version("av"), "python": platform.python_version()},
        "cpus": os.cpu_count(),
        **facts,
    }
    return json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
