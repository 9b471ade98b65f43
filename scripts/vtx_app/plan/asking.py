"""What Snakemake is told, and how it asks: messages instead of tracebacks, input functions, current inputs."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import signature
from pathlib import Path
from typing import Any, Protocol, TypeVar

from snakemake.io import ancient
from snakemake.logging import logger

from vtx_app.errors import ProjectError, VtxError

__all__ = ["asked", "input_file", "require_writable", "told"]

Answer = TypeVar("Answer")


class Obedient(Protocol):
    """Something that tells Snakemake what holds for every build before it answers."""

    def obey_plan(self) -> None:
        """Tell it."""


@contextmanager
def told() -> Iterator[None]:
    """A message for the film-maker ends the build with that message alone, and exit code 1."""
    try:
        yield
    except VtxError as error:
        logger.error(str(error))
        raise SystemExit(1) from None


def asked(graph: Obedient, ask: Callable[[Any], Answer]) -> Callable[[Any], Answer]:
    """``ask`` as a rule calls it.

    Snakemake inspects the signature at every call; one that is written down saves it a third of a dry-run.
    """

    def answer(wildcards: Any) -> Answer:
        with told():
            graph.obey_plan()
            return ask(wildcards)

    answer.__signature__ = signature(asked)  # type: ignore[attr-defined]
    return answer


def input_file(path: Path, current: bool) -> Any:
    """An input for Snakemake: ``ancient`` where it is current, plain where a job will make it."""
    return ancient(path.as_posix()) if current else path.as_posix()


def require_writable(folder: Path, checkout: Path) -> None:
    """Snakemake keeps its state in the ``folder`` it runs in, and would end with a traceback. Raises
    :class:`ProjectError`, which says how films are built with a ``checkout`` that is nobody's to write to."""
    state = folder / ".snakemake"
    if not os.access(state if state.exists() else folder, os.W_OK):
        config, *linked = (shlex.quote(f"{checkout}/{name}") for name in ("config", "Snakefile", "rules", "envs"))
        raise ProjectError(
            f"{folder} can't be written to, and a build keeps its state there. Build in a folder of your own, where "
            f"VTX_PROJECTS_ROOT says where the films are: cp -r {config} . && ln -s {' '.join(linked)} ."
        )
