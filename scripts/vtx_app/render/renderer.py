"""The interface of renderers, which turn a request into a take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from vtx_app.compile.earlier import ReadEarlier
from vtx_app.compile.request import RenderRequest
from vtx_app.formats.renderers import RENDERERS

__all__ = ["Progress", "Renderer", "Sources", "load_renderer", "reader_of_earlier"]

Progress = Callable[[int, int], None]
"""Called with (frames done, frames in all), at most a few times for each second of film."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The files that a request names by content, on this machine, and its settings.

    ``files``: SHA-256 of an input → path. ``parent``: the take that the clip continues. ``models``: model variable or
    LoRA → path; ``fingerprints``: the same → fingerprint. ``log``: for the output of the renderer's programs.
    """

    files: Mapping[str, Path] = field(default_factory=dict)
    parent: Path | None = None
    models: Mapping[str, Path] = field(default_factory=dict)
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


class Renderer(Protocol):
    """Renders takes. ``out`` is a temporary name that ends in ``.mp4``; the caller probes and renames it."""

    def render(self, request: RenderRequest, sources: Sources, out: Path, progress: Progress) -> dict[str, Any]:
        """Write exactly ``request.frames`` frames of ``request.width`` × ``request.height`` pixels to ``out``.

        Returns facts for the take's record (seconds by phase, versions); nothing depends on them.
        Raises :class:`vtx_app.errors.RenderError` with what to do about it.
        """
        ...


def load_renderer(name: str) -> Renderer:
    """Return the renderer called ``name``. Only now is its module imported."""
    return cast(Renderer, _named(RENDERERS[name].factory)())


def reader_of_earlier(name: str) -> ReadEarlier | None:
    """What reads, for the renderer called ``name``, what holds from earlier shots; None if it draws no words."""
    named = RENDERERS[name].earlier
    return None if named is None else cast(ReadEarlier, _named(named))


@cache
def _named(name: str) -> Any:
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)
