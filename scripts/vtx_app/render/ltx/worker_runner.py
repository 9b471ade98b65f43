"""The runner ``worker``: calls go to a warm process on a GPU, which is started where there is none yet."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vtx_app.errors import RenderError
from vtx_app.files import acquire_lock, report
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.gpu_lease import lease_path
from vtx_app.render.ltx.build_takes import build_takes_path
from vtx_app.render.ltx.runner import Call, Step, Steps
from vtx_app.render.ltx.wire import Holder, Lines, message
from vtx_app.render.ltx.worker_environment import last_words, worker_environment

__all__ = ["WorkerRunner"]

_LOOK_AGAIN_SECONDS = 0.25
_ASK_TO_LEAVE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class WorkerRunner:
    """Finds or starts the worker of one of ``gpus`` for ``build``. ``home`` holds the leases, ``state`` is
    ``VTX_APP_HOME``; a worker without work ends after ``idle`` seconds."""

    home: Path
    gpus: Sequence[str]
    build: BuildProcess
    state: Path
    idle: float = 120.0

    def run(self, call: Call, steps: Steps) -> dict[str, Any]:
        """Make ``call.out`` (see :class:`vtx_app.render.ltx.runner.Runner`)."""
        with self._accepted(call, steps) as (worker, gpu):
            return self._follow(worker, gpu, call, steps)

    @contextlib.contextmanager
    def _accepted(self, call: Call, steps: Steps) -> Iterator[tuple[Lines, str]]:
        """A connection to a worker that has taken on ``call``, and its GPU; waits while every GPU is taken."""
        said, began = False, time.monotonic()
        while True:
            for gpu in self.gpus:
                worker = self._worker(gpu, call, steps)
                if worker is not None:
                    try:
                        yield worker, gpu
                    finally:
                        worker.close()
                    return
            if not self.build.alive():
                raise RenderError("the build that wanted this take has ended")
            if not said:
                report("every GPU is rendering another take; waiting for one")
                said = True
            if time.monotonic() - began > _ASK_TO_LEAVE_SECONDS:
                began = time.monotonic()
                self._ask_to_leave()
            time.sleep(_LOOK_AGAIN_SECONDS)  # no call of the kernel waits for the first of several locks

    def _worker(self, gpu: str, call: Call, steps: Steps) -> Lines | None:
        path = lease_path(self.home, gpu)
        handle = acquire_lock(path, wait=False)
        if handle is not None:
            steps(Step("start a render worker"))
            self._start(gpu, path, handle)
        holder = Holder.read(path)
        if holder is None or holder.build != str(self.build) or holder.python != sys.executable:
            return None
        worker = _connect(holder)
        if worker is None:
            return None
        try:
            worker.send(call=message(call))
            answer = worker.receive() or {}
        except OSError:
            answer = {}
        if answer.get("accepted"):
            return worker
        worker.close()
        return None

    def _ask_to_leave(self) -> None:
        """Ask workers that have nothing to do, for other builds or in other Pythons, to make way."""
        for gpu in self.gpus:
            holder = Holder.read(lease_path(self.home, gpu))
            if holder is None or (holder.build == str(self.build) and holder.python == sys.executable):
                continue
            worker = _connect(holder)
            if worker is not None:
                with contextlib.suppress(OSError):
                    worker.send(leave=str(self.build))
                    worker.receive()
                worker.close()

    def _start(self, gpu: str, path: Path, lease: int) -> None:
        """Start the worker of ``gpu`` and hand it the lease. Raises :class:`RenderError` where it does not come up."""
        log = self._log(gpu)
        log.parent.mkdir(parents=True, exist_ok=True)
        ready, ready_there = os.pipe()
        words = {
            "build": str(self.build),
            "lease": str(lease),
            "lease-path": str(path),
            "ready": str(ready_there),
            "idle": str(self.idle),
            "encodings": str((self.state / "encodings").absolute()),
            "takes": str(build_takes_path(self.state, str(self.build)).absolute()),
        }
        argv = [
            sys.executable,
            "-m",
            "vtx_app.render.ltx.worker",
            *(f"--{key}={value}" for key, value in words.items()),
        ]
        try:
            with log.open("wb") as said:
                subprocess.Popen(
                    argv,
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=said,
                    env=worker_environment(os.environ, gpu),
                    pass_fds=(lease, ready_there),
                    start_new_session=True,
                )
        finally:
            os.close(ready_there)
            os.close(lease)  # the worker's copy holds the lock from here on
        try:
            if os.read(ready, 16) != b"ready":
                raise RenderError(f"the render worker did not start: {last_words(log) or 'it said nothing'}")
        finally:
            os.close(ready)

    def _log(self, gpu: str) -> Path:
        name = "".join(letter if letter.isalnum() else "_" for letter in gpu) or "none"
        return self.state / "logs" / f"worker-gpu-{name}.log"

    def _follow(self, worker: Lines, gpu: str, call: Call, steps: Steps) -> dict[str, Any]:
        with self.build.watched() as build:
            while True:
                if not worker.waiting():
                    waited = [worker.fileno(), *([build] if build is not None else [])]
                    readable = select.select(waited, [], [], None if build is not None else 1.0)[0]
                    if not self.build.alive():
                        raise RenderError("the build that wanted this take has ended")
                    if worker.fileno() not in readable:
                        continue
                told = worker.receive()
                if told is None:
                    heard = last_words(call.log) or last_words(self._log(gpu)) or "none"
                    raise RenderError(
                        "the render worker ended in the middle of this take: it crashed, was killed, or main memory "
                        f"ran out (dmesg says so). Build again: a new one starts. Its last words: {heard}"
                    )
                if "step" in told:
                    steps(Step(**told["step"]))
                elif "done" in told:
                    return dict(told["done"])
                else:
                    raise RenderError(str(told.get("failed", "the render worker gave the take up")))


def _connect(holder: Holder) -> Lines | None:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(holder.address)
    except OSError:
        connection.close()
        return None
    return Lines(connection)
