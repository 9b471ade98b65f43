"""What runs a pipeline for a take's job: the interface of the runners, the settings, and what both runners need."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from vtx_app.errors import RenderError
from vtx_app.project.paths import app_home
from vtx_app.render.build_process import BuildProcess, this_build
from vtx_app.render.gpu_lease import lease_home
from vtx_app.render.gpus import visible_gpus
from vtx_app.render.ltx.call import PipelineCall
from vtx_app.render.ltx.progress import Steps

__all__ = ["Runner", "choose_runner", "log_tail", "render_environment", "require_running", "runner_settings"]

_RUNNERS = ("worker", "process")
_TAIL_LINES = 12
_ALLOCATOR = {"PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_ALLOC_CONF"}


class Runner(Protocol):
    """Runs a pipeline on a GPU that nobody else uses meanwhile."""

    def run(self, call: PipelineCall, steps: Steps) -> dict[str, Any]:
        """Write ``call.output``. Returns facts for the take's record: seconds by phase, memory, GPU.

        Raises :class:`RenderError` with what to do; nothing is left at ``call.output`` then.
        """
        ...


def runner_settings(variables: Mapping[str, str]) -> tuple[str, float]:
    """Return ``VTX_RUNNER`` (default ``worker``), and the seconds that a worker waits for more work.

    Raises :class:`RenderError` for invalid values.
    """
    name = variables.get("VTX_RUNNER") or "worker"
    if name not in _RUNNERS:
        raise RenderError(f"VTX_RUNNER is {name!r}; expected {' or '.join(_RUNNERS)}")
    idle = variables.get("VTX_WORKER_IDLE_SECONDS") or "120"
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", idle) is None:
        raise RenderError(f"VTX_WORKER_IDLE_SECONDS is {idle!r}; expected seconds, such as 120")
    return name, float(idle)


def choose_runner(variables: Mapping[str, str]) -> Runner:
    """Return the runner of the settings, for this job's build and machine. Raises :class:`RenderError`."""
    name, idle = runner_settings(variables)
    leases, gpus, build = lease_home(), visible_gpus(os.environ), this_build(os.environ)
    if name == "process":
        from vtx_app.render.ltx.runners.process_runner import ProcessRunner

        return ProcessRunner(leases, gpus, build)
    from vtx_app.render.ltx.runners.worker_runner import WorkerRunner

    return WorkerRunner(leases, gpus, build, app_home(), idle)


def require_running(build: BuildProcess) -> None:
    """Raise :class:`RenderError` if the build has ended: nobody waits for its takes."""
    if not build.alive():
        raise RenderError("the build of this take has ended")


def render_environment(environment: Mapping[str, str], gpu: str) -> dict[str, str]:
    """Return ``environment`` with one visible GPU, without OpenAI's secrets, and with an allocator that can grow.

    Growing segments let takes of other sizes use the memory of earlier ones (LTX-2's docs/optimization.md); a person's
    own setting is kept. A GPU number that a person gave means what it means to CUDA; one of ours counts device nodes,
    which is bus order (CUDA C++ Programming Guide, ``CUDA_DEVICE_ORDER``).
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
