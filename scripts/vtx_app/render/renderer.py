"""What turns a request into a take: the Protocol that every renderer of the table keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from vtx_app.compile.request import RenderRequest
from vtx_app.errors import RenderError
from vtx_app.formats.renderers import RENDERERS

__all__ = ["Progress", "Renderer", "Sources", "load_renderer"]

Progress = Callable[[int, int], None]
"""Called with (frames done, frames in all), at most a few times a second's worth of frames."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the content that a request names lies on this machine.

    ``files`` maps the sha256 of an input file to its path; ``parent`` is the take that the clip
    continues from, if it does. ``models`` are the paths of model variables and LoRAs, ``fingerprints`` what they
    are by content. ``log`` is where a renderer may keep what its programs say, ``variables`` what this machine's
    settings say.
    """

    files: Mapping[str, Path] = field(default_factory=dict)
    parent: Path | None = None
    models: Mapping[str, Path] = field(default_factory=dict)
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


class Renderer(Protocol):
    """Makes a take. ``out`` is a temporary name that ends in ``.mp4``; the caller probes and renames it."""

    def render(self, request: RenderRequest, sources: Sources, out: Path, progress: Progress) -> dict[str, Any]:
        """Write exactly ``request.frames`` frames of ``request.width`` × ``request.height`` pixels to ``out``.

        Returns facts for the take's record (seconds by phase, versions); they decide nothing.
        Raises :class:`vtx_app.errors.RenderError` with what to do about it.
        """
        ...


def load_renderer(name: str) -> Renderer:
    """The renderer called ``name``. Raises :class:`RenderError` where this installation has none."""
    module, _, attribute = RENDERERS[name].factory.partition(":")
    try:
        factory = getattr(import_module(module), attribute)
    except ModuleNotFoundError as error:
        if error.name is None or not module.startswith(error.name):
            raise
        raise RenderError(
            f"the renderer '{name}' is not part of this installation. "
            "Take a storyboard instead: snakemake animatic --cores 4"
        ) from error
    return cast(Renderer, factory())
