"""The render worker of one GPU, a process that the first take that needs it starts.

It holds the GPU's lease, and runs one call at a time for the jobs of one build. It ends with that build, however that
ends, after some time without work, and between two calls when its build has had its turn and another one waits.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

from vtx_app.errors import RenderError
from vtx_app.formats.pipelines import PIPELINES
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.ltx.call import PipelineCall
from vtx_app.render.ltx.pending_prompts import pending_prompts_path
from vtx_app.render.ltx.worker.hooks import Cancelled
from vtx_app.render.ltx.worker.probe import DoesNotFit
from vtx_app.render.ltx.worker.protocol import Connection, LeaseHolder, call_from_json, new_address, remove_address
from vtx_app.render.ltx.worker.session import PipelineSession
from vtx_app.render.ltx.worker.turns import Turn, promise

__all__ = ["Worker", "main"]

_IDLE_SECONDS = 5.0
"""Without work, after which a worker releases its GPU to another build."""

_REQUEST_SECONDS = 10.0
"""For a job to send its request: one that is stopped blocks no other."""


class Worker:
    """A listening socket, a thread that accepts calls, and the main thread, which runs them."""

    def __init__(self, build: BuildProcess | None, lease_path: Path, idle_seconds: float, turn_seconds: float) -> None:
        self.build = build
        self.lease_path = lease_path
        self.idle_seconds = idle_seconds
        self.turn = Turn(turn_seconds)
        self.next_build: str | None = None
        self.calls: queue.Queue[tuple[PipelineCall, Connection] | None] = queue.Queue()
        self.busy = threading.Lock()
        self.idle_since = time.monotonic()
        self.output: Path | None = None
        self.address = new_address()
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(self.address))
        self.listener.listen(64)

    def announce(self, lease: int, ready: int) -> None:
        """Write into the open file ``lease`` who holds the GPU, and tell the pipe ``ready`` that jobs may connect."""
        remove_address(self.lease_path)
        process = BuildProcess.of(os.getpid())
        LeaseHolder(str(process), str(self.build), sys.executable, str(self.address)).write(lease)
        os.write(ready, b"ready")
        os.close(ready)

    def serve(self, home: Path) -> None:
        """Run calls until there are no more. ``home`` is ``VTX_APP_HOME``."""
        threading.Thread(target=self._accept_calls, daemon=True).start()
        if self.build is not None:
            threading.Thread(target=self._end_with, args=(self.build,), daemon=True).start()
        try:
            session = PipelineSession(home / "encodings", pending_prompts_path(home, str(self.build)))
        except DoesNotFit as error:
            if (accepted := self._next_call()) is not None:
                with contextlib.suppress(OSError):
                    accepted[1].send(unfit=str(error))
            self.end(0)  # at once: the job waits for the GPU
        while not session.broken and not self.next_build and (accepted := self._next_call()) is not None:
            self._run(session, *accepted)
        if self.next_build:
            promise(self.lease_path, self.next_build)

    def _next_call(self) -> tuple[PipelineCall, Connection] | None:
        """Return the next call that is accepted; None if there are no more."""
        while True:
            try:
                return self.calls.get(timeout=self.idle_seconds)
            except queue.Empty:
                if self.busy.acquire(blocking=False):
                    return None

    def _run(self, session: PipelineSession, call: PipelineCall, job: Connection) -> None:
        self.output = call.output
        answer: dict[str, Any] = {}
        try:
            with _stderr_to(call.log):
                answer["done"] = session.run(call, lambda step: job.send(step=asdict(step)), lambda: _has_gone(job))
        except DoesNotFit as error:
            session.broken = True
            answer["unfit"] = str(error)
        except RenderError as error:
            answer["failed"] = str(error)
        except (Cancelled, BrokenPipeError, ConnectionResetError):
            pass
        except Exception as error:
            traceback.print_exc()
            answer["failed"] = f"the render worker failed: {type(error).__name__}: {error}"
        if "done" not in answer or _has_gone(job):
            call.output.unlink(missing_ok=True)
        self.output = None
        self.idle_since = time.monotonic()
        self.next_build = self.turn.next_build()
        if not session.broken and not self.next_build:  # else it stays busy until it has ended
            self.busy.release()
        with contextlib.suppress(OSError):
            if answer:
                job.send(**answer)
        job.close()

    def _accept_calls(self) -> None:
        while True:
            job = Connection(self.listener.accept()[0])
            try:
                self._answer(job)
            except Exception:  # one job's request can't end the work of the others
                traceback.print_exc()
                job.close()

    def _answer(self, job: Connection) -> None:
        job.socket.settimeout(_REQUEST_SECONDS)
        request = job.receive() or {}
        job.socket.settimeout(None)
        asked = request.get("release")
        other = asked if isinstance(asked, str) and asked != str(self.build) else None
        if other is not None:
            self.turn.ask(other)
        if not self.busy.acquire(blocking=False):
            job.send(busy=True)
        elif (call := _requested_call(request)) is not None:
            with contextlib.suppress(OSError):  # a job that has gone cancels its call
                job.send(accepted=True)
            self.calls.put((call, job))
            return
        elif asked == str(self.build) or (
            other is not None and (self.turn.next_build() or time.monotonic() - self.idle_since >= _IDLE_SECONDS)
        ):
            self.next_build = self.turn.next_build() or other
            self.calls.put(None)  # stays busy: it accepts nothing more
        else:
            self.busy.release()
        job.close()

    def _end_with(self, build: BuildProcess) -> None:
        build.wait()
        self.end(0)

    def end(self, code: int) -> None:
        """End this process now. The unfinished file is deleted; the kernel releases the lease."""
        if self.output is not None:
            with contextlib.suppress(OSError):
                self.output.unlink(missing_ok=True)
        self.clear()
        os._exit(code)

    def clear(self) -> None:
        """Delete the socket and the lease's file."""
        with contextlib.suppress(OSError):
            self.lease_path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.address.unlink(missing_ok=True)
            self.address.parent.rmdir()


def _requested_call(request: dict[str, Any]) -> PipelineCall | None:
    try:
        call = call_from_json(request["call"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return call if call.pipeline in PIPELINES else None


def _has_gone(job: Connection) -> bool:
    """Return whether the job has ended: it sends nothing while it waits, so anything to read is the end."""
    return bool(select.select([job], [], [], 0)[0])


@contextlib.contextmanager
def _stderr_to(log: Path | None) -> Iterator[None]:
    """Inside, this process and all libraries in it print to the end of ``log``."""
    if log is None:
        yield
        return
    sys.stderr.flush()
    own = os.dup(2)
    try:
        with contextlib.suppress(OSError):
            handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            os.dup2(handle, 2)
            os.close(handle)
        yield
    finally:
        sys.stderr.flush()
        os.dup2(own, 2)
        os.close(own)


def main() -> int:
    """Serve until the build ends.

    The arguments, from the job that starts this process: its build, the lease's path and open handle, the handle to
    report to, the seconds to wait for work, those of a turn while another build waits, and ``VTX_APP_HOME``.
    """
    build, lease_path, lease, ready, idle_seconds, turn_seconds, home = sys.argv[1:]
    worker = Worker(BuildProcess.parse(build), Path(lease_path), float(idle_seconds), float(turn_seconds))

    def stop(number: int, _: FrameType | None) -> None:
        worker.end(128 + number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the build, which ends this process
    worker.announce(int(lease), int(ready))
    try:
        worker.serve(Path(home))
    finally:
        worker.clear()
    worker.end(0)  # at once: the next worker may start now, and Python takes its time to give back the GPU's memory
    return 0


if __name__ == "__main__":
    sys.exit(main())
