"""The take store: ``renders/takes/<clip_id>/<digest>.mp4`` with its record ``<digest>.json`` beside it.

A take is written under a temporary name, probed, and given its name only then and only once. It is
never overwritten and never deleted by the build. A take is there exactly if its ``.mp4`` is.
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
from vtx_app.errors import RenderError
from vtx_app.files import locked, part_name, publish_new, write_text_over
from vtx_app.project.paths import app_home

__all__ = ["make_take"]


def make_take(
    path: Path,
    request: RenderRequest,
    digest: str,
    render: Callable[[Path], Mapping[str, Any]],
    check: Callable[[Path], None],
) -> bool:
    """Make the take at ``path`` by ``render(temporary name)`` unless it is there already; True if it was made.

    ``check`` raises where the rendered file is not what the request asks for. Two builds that want one take
    wait for each other: the second finds it made. Raises :class:`RenderError`, :class:`OSError`.
    """
    lock = app_home() / "locks" / f"take-{path.parent.name}-{digest}.lock"
    with locked(lock, f"another build is rendering {path.parent.name}; waiting for it"):
        if path.exists():
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        part = part_name(path)
        part.unlink(missing_ok=True)
        began = time.monotonic()
        try:
            facts = render(part)
            check(part)
            write_text_over(path.with_suffix(".json"), _record(path, request, digest, facts, time.monotonic() - began))
            return publish_new(part, path)
        except OSError as error:
            raise RenderError(
                f"{path.parent.name}: the take can't be written to {path.parent}: {error.strerror}"
            ) from error
        finally:
            part.unlink(missing_ok=True)


def _record(path: Path, request: RenderRequest, digest: str, facts: Mapping[str, Any], seconds: float) -> str:
    """What was rendered, by what, and how long it took. No paths, no secrets; nothing here decides anything."""
    record = {
        "version": 1,
        "clip_id": path.parent.name,
        "digest": digest,
        "request": json.loads(canonical_json(request)),
        "rendered_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "wall_seconds": round(seconds, 3),
        "software": {"vtx": __version__, "av": version("av"), "python": platform.python_version()},
        "cpus": os.cpu_count(),
        **facts,
    }
    return json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
