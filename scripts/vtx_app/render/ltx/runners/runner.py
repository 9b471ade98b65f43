"""What runs a pipeline for a take's job: the interface of the runners, the settings, and the choice among them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, Protocol

from vtx_app.errors import RenderError
from vtx_app.project.paths import app_home
from vtx_app.render.build_process import this_build
from vtx_app.render.gpu_lease import lease_home
from vtx_app.render.gpus import visible_gpus
from vtx_app.render.ltx.call import PipelineCall
from vtx_app.render.ltx.progress import Steps

__all__ = ["Runner", "choose_runner", "runner_settings"]

_RUNNERS = ("worker", "process")


class Runner(Protocol):
    """Runs a pipeline on a GPU that nobody else uses meanwhile."""

    def run(self, call: PipelineCall, steps: Steps) -> dict[str, Any]:
        """Write ``call.output``. Returns facts for the take's record: seconds by phase, memory, GPU.

        Raises :class:`RenderError` with what to do; nothing is left at ``call.output`` then.
        """
        ...


def runner_settings(variables: Mapping[str, str]) -> tuple[str, float, float]:
    """Return ``VTX_RUNNER`` (default ``worker``), and two numbers of seconds: for how long a worker waits for work, and
    for how long it stays, at least, while another build waits.

    Raises :class:`RenderError` for invalid values.
    """
    name = variables.get("VTX_RUNNER") or "worker"
    if name not in _RUNNERS:
        raise RenderError(f"VTX_RUNNER is {name!r}; expected {' or '.join(_RUNNERS)}")
    idle = _seconds(variables, "VTX_WORKER_IDLE_SECONDS", "120")
    return name, idle, _seconds(variables, "VTX_WORKER_TURN_SECONDS", "600")


def _seconds(variables: Mapping[str, str], name: str, default: str) -> float:
    value = variables.get(name) or default
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value) is None:
        raise RenderError(f"{name} is {value!r}; expected seconds, such as {default}")
    return float(value)


def choose_runner(variables: Mapping[str, str]) -> Runner:
    """Return the runner of the settings, for this job's build and machine. Raises :class:`RenderError`."""
    name, idle, turn = runner_settings(variables)
    leases, gpus, build = lease_home(), visible_gpus(os.environ), this_build(os.environ)
    if name == "process":
        from vtx_app.render.ltx.runners.process_runner import ProcessRunner

        return ProcessRunner(leases, gpus, build)
    from vtx_app.render.ltx.runners.worker_runner import WorkerRunner

    return WorkerRunner(leases, gpus, build, app_home(), idle, turn)
