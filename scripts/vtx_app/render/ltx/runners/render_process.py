"""What both runners need for the process that renders: its environment, its log's end, and a check of the build."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vtx_app.errors import RenderError
from vtx_app.render.build_process import BuildProcess

__all__ = ["log_tail", "render_environment", "require_running"]

_TAIL_LINES = 12
_ALLOCATOR = {"PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_ALLOC_CONF"}


def require_running(build: BuildProcess) -> None:
    """Raise :class:`RenderError` if the build has ended: nobody waits for its takes."""
    if not build.alive():
        raise RenderError("the build of this take has ended")


def render_environment(environment: Mapping[str, str], gpu: str) -> dict[str, str]:
    """Return ``environment`` with one visible GPU, without OpenAI's secrets, and with an allocator that can grow.

    Growing segments let takes of other sizes reuse memory (LTX-2's docs/optimization.md); a person's own setting stays.
    A person's GPU number keeps CUDA's meaning; ours counts device nodes, which is bus order (CUDA C++ Programming
    Guide, ``CUDA_DEVICE_ORDER``).
    """
    kept = {name: value for name, value in environment.items() if not name.startswith("OPENAI_")}
    order = {} if "CUDA_VISIBLE_DEVICES" in environment else {"CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
    growing = {} if _ALLOCATOR.intersection(environment) else {"PYTORCH_CUDA_ALLOC_CONF": "expandable_segments:True"}
    return kept | growing | order | {"CUDA_VISIBLE_DEVICES": gpu, "PYTHONUNBUFFERED": "1"}


def log_tail(log: Path | None) -> str:
    """Return the last lines of ``log`` as one line; empty if there is nothing in it."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log is not None else []
    except OSError:
        return ""
    return " | ".join([line.strip() for line in lines if line.strip()][-_TAIL_LINES:])
