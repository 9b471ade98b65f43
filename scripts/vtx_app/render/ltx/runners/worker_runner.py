"""The runner ``worker``: jobs send their calls to the process that keeps models loaded on a GPU, or start it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vtx_app.errors import RenderError
from vtx_app.files import acquire_lock, release_lock
from vtx_app.models.ltx_version import installed_version
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.gpu_lease import first_available, lease_path
from vtx_app.render.ltx.call import PipelineCall
from vtx_app.render.ltx.fit import gpus_for
from vtx_app.render.ltx.package import installed
from vtx_app.render.ltx.progress import Step, Steps
from vtx_app.render.ltx.runners.render_process import log_tail, render_environment, require_running
from vtx_app.render.ltx.worker.protocol import Connection, LeaseHolder, call_to_json
from vtx_app.render.ltx.worker.turns import clear_promise, is_promised
from vtx_app.text import format_duration

__all__ = ["WorkerRunner"]

_RELEASE_SECONDS = 2.0


class _Unfit(Exception):
    """Another job of the build found that the package can't be hooked."""


@dataclass(frozen=True, slots=True)
class WorkerRunner:
    """Finds or starts the worker of one of ``gpus`` for ``build``.

    ``leases`` is the folder of GPU leases, ``home`` is ``VTX_APP_HOME``. A worker without work ends after ``idle``
    seconds. While another build waits, its turn lasts ``turn`` seconds, and until the end of the take.
    """

    leases: Path
    gpus: Sequence[str]
    build: BuildProcess
    home: Path
    idle: float = 120.0
    turn: float = 600.0

    def run(self, call: PipelineCall, steps: Steps) -> dict[str, Any]:
        """Write ``call.output`` (see :class:`vtx_app.render.ltx.runners.runner.Runner`)."""
        if self._unfit.exists():
            return self._run_process(call, steps)
        released = time.monotonic()

        def while_waiting() -> None:
            nonlocal released
            require_running(self.build)
            if time.monotonic() - released > _RELEASE_SECONDS:
                self._release_idle_workers()
                released = time.monotonic()

        try:
            gpus = gpus_for(call, self.gpus, installed())
            gpu, worker = first_available(
                gpus, lambda gpu: self._offer(call, gpu, steps), while_waiting, lambda: self._whose_turn(gpus)
            )
        except _Unfit:
            return self._run_process(call, steps)
        with contextlib.closing(worker):
            while (message := worker.receive()) is not None:
                if "step" in message:
                    steps(Step(**message["step"]))
                elif "done" in message:
                    return dict(message["done"])
                elif "unfit" in message:
                    self._note_unfit(str(message["unfit"]), steps)
                    break
                else:
                    raise RenderError(str(message.get("failed", "the render worker gave up the take")))
        if self._unfit.exists():
            return self._run_process(call, steps)
        require_running(self.build)  # its workers end with it
        tail = log_tail(call.log) or log_tail(self._log(gpu)) or "none"
        raise RenderError(
            "the render worker ended in the middle of this take: it crashed, was killed, or main memory ran out (see "
            f"dmesg). Build again: a new one starts. The end of its log: {tail}",
            again=True,
        )

    @property
    def _unfit(self) -> Path:
        """The file that notes that this build's takes are rendered in processes of their own, and why."""
        return self.home / "builds" / f"{self.build}.unfit"

    def _note_unfit(self, reason: str, steps: Steps) -> None:
        """Note that the installed package can't be hooked, and tell the first job that finds out."""
        self._unfit.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError), self._unfit.open("x", encoding="utf-8") as file:
            file.write(f"{reason}\n")
            steps(
                Step(
                    f"ltx-pipelines {installed_version()} can't stay warm, as {reason}: this build renders each take "
                    "in a process of its own (VTX_RUNNER=process), which gives the same takes"
                )
            )

    def _run_process(self, call: PipelineCall, steps: Steps) -> dict[str, Any]:
        from vtx_app.render.ltx.runners.process_runner import ProcessRunner

        return ProcessRunner(self.leases, self.gpus, self.build).run(call, steps)

    def _offer(self, call: PipelineCall, gpu: str, steps: Steps) -> Connection | None:
        """Return a connection to the GPU's worker if it accepts ``call``; start it first if the GPU is free."""
        if self._unfit.exists():
            raise _Unfit
        path = lease_path(self.leases, gpu)
        lease = acquire_lock(path, wait=False)
        if lease is not None and is_promised(path, str(self.build)):
            release_lock(path, lease)
            return None
        if lease is not None:
            clear_promise(path)
            steps(Step("start a render worker"))
            self._start(gpu, path, lease)
        holder = LeaseHolder.read(path)
        worker = Connection.open(holder.address) if holder is not None and self._is_ours(holder) else None
        if worker is None:
            return None
        with contextlib.suppress(OSError):
            worker.send(call=call_to_json(call))
            if (worker.receive() or {}).get("accepted"):
                return worker
        worker.close()
        return None

    def _is_ours(self, holder: LeaseHolder) -> bool:
        return holder.build == str(self.build) and holder.python == sys.executable

    def _whose_turn(self, gpus: Sequence[str]) -> str:
        """What to say of another build that holds a GPU; ``""`` if none does."""
        holders = [LeaseHolder.read(lease_path(self.leases, gpu)) for gpu in gpus]
        others = {holder.build.partition("-")[0] for holder in holders if holder and holder.build != str(self.build)}
        if not others:
            return ""
        named = ", ".join(sorted(others))
        return f". Another build (process {named}) has its turn, of at least {format_duration(self.turn)} minutes"

    def _release_idle_workers(self) -> None:
        """Ask workers of other builds or other Pythons to end, once they have no work or their turn is over."""
        for gpu in self.gpus:
            holder = LeaseHolder.read(lease_path(self.leases, gpu))
            worker = Connection.open(holder.address) if holder is not None and not self._is_ours(holder) else None
            if worker is not None:
                with contextlib.closing(worker), contextlib.suppress(OSError):
                    worker.send(release=str(self.build))
                    worker.receive()

    def _start(self, gpu: str, path: Path, lease: int) -> None:
        """Start the GPU's worker and pass it the lease. Raises :class:`RenderError` if it does not come up."""
        log = self._log(gpu)
        log.parent.mkdir(parents=True, exist_ok=True)
        ready, ready_to_write = os.pipe()
        arguments = (self.build, path, lease, ready_to_write, self.idle, self.turn, self.home.absolute())
        try:
            with log.open("wb") as output:
                worker = subprocess.Popen(
                    [sys.executable, "-m", "vtx_app.render.ltx.worker.server", *map(str, arguments)],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=render_environment(os.environ, gpu),
                    pass_fds=(lease, ready_to_write),
                    start_new_session=True,
                )
        finally:
            os.close(ready_to_write)
            os.close(lease)  # the worker's copy holds the lock from now on
        try:
            if os.read(ready, 16) != b"ready":
                raise RenderError(
                    f"the render worker did not start: {log_tail(log) or 'its log is empty'}",
                    again=worker.wait() == -signal.SIGKILL,
                )
        finally:
            os.close(ready)

    def _log(self, gpu: str) -> Path:
        return self.home / "logs" / f"worker-{lease_path(self.leases, gpu).stem}.log"
