"""What turns a request into a take: one Protocol, and the registry of the renderers there are.

A renderer is named in ``metadata.yaml`` (``renderer: animatic``). Its module is imported only when a
take is made, so planning a film never loads a codec or a model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from vtx_app.compile.request import RenderRequest
from vtx_app.errors import RenderError

__all__ = ["RENDERERS", "Progress", "Renderer", "RendererInfo", "Sources", "load_renderer"]

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


@dataclass(frozen=True, slots=True)
class RendererInfo:
    """A row of the registry: what planning must know of a renderer without importing it.

    ``version`` enters every digest: it is raised when the same request would give other pixels.
    ``needs_gpu``: Snakemake counts a GPU for each take. ``leases``: the renderer holds a GPU's lease itself,
    for longer than a take; for others, their job does.
    """

    factory: str
    version: int
    needs_gpu: bool
    uses_models: bool
    burns_slate: bool
    leases: bool = False


RENDERERS: dict[str, RendererInfo] = {
    "animatic": RendererInfo(
        "vtx_app.render.animatic.renderer:AnimaticRenderer", 1, needs_gpu=False, uses_models=False, burns_slate=True
    ),
    "ltx": RendererInfo(
        "vtx_app.render.ltx.renderer:LtxRenderer",
        1,
        needs_gpu=True,
        uses_models=True,
        burns_slate=False,
        leases=True,
    ),
}


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
