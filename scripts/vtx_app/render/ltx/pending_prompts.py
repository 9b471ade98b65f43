"""The prompts of a build's pending takes, in a file: a worker encodes them all while its text encoder is loaded.

Written when the build starts. Nothing depends on it: without it, each take's prompt is encoded in its turn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from vtx_app.compile.request import RenderRequest
from vtx_app.files import write_text
from vtx_app.formats.pipelines import pipeline_row
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.ltx.call import encoder_models

__all__ = ["pending_prompts_path", "read_pending_prompts", "write_pending_prompts"]


def pending_prompts_path(home: Path, build: str) -> Path:
    """Return the file of ``build`` under ``VTX_APP_HOME``."""
    return home / "builds" / f"{build}.json"


def write_pending_prompts(path: Path, requests: Iterable[RenderRequest]) -> None:
    """Write the prompts of ``requests``, grouped by encoder; delete the files of builds that have ended.

    Raises :class:`OSError`.
    """
    for old in path.parent.glob("*.*"):
        build = BuildProcess.parse(old.stem)
        if build is not None and not build.alive():
            old.unlink(missing_ok=True)
    groups: dict[str, list[list[str | None]]] = {}
    for request in requests:
        groups.setdefault(_key(encoder_models(request)), []).append(_group(request))
    write_text(path, json.dumps(groups, ensure_ascii=False))


def read_pending_prompts(path: Path, encoder: tuple[str, ...]) -> list[list[str | None]]:
    """Return the groups that ``encoder`` encodes, as its calls do: a prompt, or a prompt and its negative.

    A negative of None is the package's own. Empty if there is no readable file.
    """
    try:
        groups = json.loads(path.read_text(encoding="utf-8")).get(_key(encoder), [])
    except (OSError, ValueError, AttributeError):
        return []
    return [group for group in groups if isinstance(group, list)] if isinstance(groups, list) else []


def _group(request: RenderRequest) -> list[str | None]:
    guided = pipeline_row(request.pipeline, request.generation).accepts("negative")
    negative = [request.negative or None] if guided else []
    return [request.prompt, *negative]


def _key(encoder: tuple[str, ...]) -> str:
    return " ".join(encoder)
