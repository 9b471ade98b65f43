"""The takes that a build is going to render, as a file that its workers can look into: what is still to be encoded.

Written when the build begins its work. Nothing depends on it: without it, each clip's prompt is encoded in its turn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from vtx_app.compile.request import RenderRequest
from vtx_app.files import write_text
from vtx_app.formats.pipelines import DISTILLED_LORA, PIPELINES
from vtx_app.render.build_process import BuildProcess

__all__ = ["build_takes_path", "encoder_models", "prompt_groups", "write_build_takes"]


def build_takes_path(home: Path, build: str) -> Path:
    """Where the takes of ``build`` stand, under ``VTX_APP_HOME``."""
    return home / "builds" / f"{build}.json"


def encoder_models(request: RenderRequest) -> tuple[str, ...]:
    """What encodes the request's prompt, by content: the text encoder, and the checkpoint with its connectors."""
    apart = (DISTILLED_LORA, "LTX_SPATIAL_UPSAMPLER_PATH", "LTX_VIDEO_VAE_PATH", "LTX_AUDIO_VAE_PATH")
    return tuple(model.fingerprint for model in request.models if model.slot not in apart)


def _group(request: RenderRequest) -> list[str | None]:
    """What one call of the pipeline encodes: the prompt, and with guidance its negative (None: the package's own)."""
    words: list[str | None] = [request.prompt]
    return [*words, request.negative or None] if PIPELINES[request.pipeline].takes("negative") else words


def write_build_takes(path: Path, requests: Iterable[RenderRequest]) -> None:
    """Write what the clips of ``requests`` say, by what encodes it; those of builds that have ended go.

    Raises :class:`OSError`.
    """
    for old in path.parent.glob("*.json"):
        build = BuildProcess.parse(old.stem)
        if build is not None and not build.alive():
            old.unlink(missing_ok=True)
    groups: dict[str, list[list[str | None]]] = {}
    for request in requests:
        groups.setdefault(_key(encoder_models(request)), []).append(_group(request))
    write_text(path, json.dumps(groups, ensure_ascii=False))


def prompt_groups(path: Path, encoder: tuple[str, ...]) -> list[list[str | None]]:
    """The groups of prompts in the file that ``encoder`` encodes; none where there is no such file."""
    try:
        groups = json.loads(path.read_text(encoding="utf-8")).get(_key(encoder), [])
    except (OSError, ValueError, AttributeError):
        return []
    return [group for group in groups if isinstance(group, list)] if isinstance(groups, list) else []


def _key(encoder: tuple[str, ...]) -> str:
    return " ".join(encoder)
