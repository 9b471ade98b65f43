"""The render worker of one GPU: ``python -m vtx_app.render.ltx.worker``, started by the first take that needs it.

It holds the GPU's lease from its first moment to its last, keeps models warm, and does one call at a time for the
jobs of one build. It ends with that build, however that ends, and after a time without work.
"""

from __future__ import annotations

import argparse
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
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

from vtx_app.errors import RenderError
from vtx_app.formats.pipelines import PIPELINES
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.ltx.build_takes import prompt_groups
from vtx_app.render.ltx.hooks import Cancelled
from vtx_app.render.ltx.runner import Call
from vtx_app.render.ltx.wire import Holder, Lines, call_of, forget_address, new_address

__all__ = ["Worker", "main"]

_LEAVES_AFTER = 5.0
"""Seconds without work after which a worker makes way for another build that waits for its GPU."""


_SAYS_WITHIN = 10.0
"""Seconds for a job to say what it wants: one that is stopped keeps no other waiting."""


class Worker:
    """A listening socket, a thread that answers it, and the calls, which run in the main thread."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.build = BuildProcess.parse(options.build)
        self.idle_seconds = float(options.idle)
        self.encodings = Path(options.encodings)
        self.takes = Path(options.takes)
        self.lease, self.lease_path = int(options.lease), Path(options.lease_path)
        self.calls: queue.Queue[tuple[Call, Lines] | None] = queue.Queue()
        self.busy = threading.Lock()
        self.idle_since = time.monotonic()
        self.out: Path | None = None
        self.address = new_address()
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(self.address))
        self.listener.listen(64)

    def announce(self, ready: int) -> None:
        """Say in the lease who holds it, and on the handle ``ready`` that jobs may come."""
        here = BuildProcess.of(os.getpid())
        forget_address(self.lease_path)
        Holder(str(here), str(self.build), sys.executable, str(self.address)).write(self.lease)
        os.write(ready, b"ready")
        os.close(ready)

    def serve(self) -> None:
        """Do calls until there is no more to do."""
        threading.Thread(target=self._answer, name="answers", daemon=True).start()
        if self.build is not None:
            threading.Thread(target=self._watch_build, args=(self.build,), name="build", daemon=True).start()
        from vtx_app.render.ltx.warm import Warm

        warm = Warm()
        while True:
            try:
                next_call = self.calls.get(timeout=self.idle_seconds)
            except queue.Empty:
                if self.busy.acquire(blocking=False):
                    return
                continue
            if next_call is None:
                return
            self._do(warm, *next_call)
            if warm.spoiled:
                return

    def _do(self, warm: Any, call: Call, job: Lines) -> None:
        self.out = call.out
        try:
            with _said_in(call.log):
                facts = warm.run(
                    call,
                    lambda step: job.send(step=asdict(step)),
                    lambda: not _hung_up(job),
                    self.encodings,
                    lambda: prompt_groups(self.takes, call.encoder),
                )
            answer: dict[str, Any] = {"done": facts}
        except RenderError as error:
            answer = {"failed": str(error)}
        except (Cancelled, BrokenPipeError, ConnectionResetError):
            answer = {}
        except Exception as error:
            traceback.print_exc()
            answer = {"failed": f"the render worker failed: {type(error).__name__}: {error}"}
        if "done" not in answer or _hung_up(job):
            call.out.unlink(missing_ok=True)
        self.out = None
        self.idle_since = time.monotonic()
        if not warm.spoiled:  # else it stays busy until it has ended
            self.busy.release()
        with contextlib.suppress(OSError):
            if answer:
                job.send(**answer)
        job.close()

    def _answer(self) -> None:
        while True:
            connection, _ = self.listener.accept()
            try:
                self._answer_one(Lines(connection))
            except Exception:  # what one job says can't end the work of the others
                traceback.print_exc()
                connection.close()

    def _answer_one(self, job: Lines) -> None:
        job.connection.settimeout(_SAYS_WITHIN)
        told = job.receive() or {}
        job.connection.settimeout(None)
        if not self.busy.acquire(blocking=False):
            job.send(busy=True)
            job.close()
        elif "leave" in told:
            if told["leave"] == str(self.build) or time.monotonic() - self.idle_since >= _LEAVES_AFTER:
                self.calls.put(None)  # stays busy: nothing more is taken on
            else:
                self.busy.release()
            job.close()
        else:
            try:
                call = call_of(told["call"])
                if call.pipeline not in PIPELINES:
                    raise ValueError(call.pipeline)
            except (KeyError, TypeError, ValueError, AttributeError):
                self.busy.release()
                job.close()
                return
            job.send(accepted=True)
            self.calls.put((call, job))

    def _watch_build(self, build: BuildProcess) -> None:
        build.wait()
        self.end(0)

    def end(self, code: int) -> None:
        """End now: the half file goes, the lease goes with the process."""
        if self.out is not None:
            with contextlib.suppress(OSError):
                self.out.unlink(missing_ok=True)
        self.clear()
        os._exit(code)

    def clear(self) -> None:
        """Take the socket and the lease's file away."""
        with contextlib.suppress(OSError):
            self.lease_path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.address.unlink(missing_ok=True)
            self.address.parent.rmdir()


def _hung_up(job: Lines) -> bool:
    """Whether the job has gone: it says nothing while it waits, so anything to read is the end."""
    return bool(select.select([job], [], [], 0)[0])


@contextlib.contextmanager
def _said_in(log: Path | None) -> Iterator[None]:
    """Inside, what this process and all libraries in it say goes to the end of ``log``."""
    if log is None:
        yield
        return
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with contextlib.suppress(OSError):
            handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            os.dup2(handle, 2)
            os.close(handle)
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)


def main(words: Sequence[str] | None = None) -> int:
    """Serve until the build ends. ``--lease`` and ``--ready`` are open handles of the process that started this."""
    parser = argparse.ArgumentParser(description="The render worker of one GPU. Started by take jobs, not by people.")
    for name in ("build", "lease", "lease-path", "ready", "idle", "encodings", "takes"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args(words)
    worker = Worker(options)

    def stop(number: int, _: FrameType | None) -> None:
        worker.end(128 + number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the build, and ends this with it
    worker.announce(int(options.ready))
    try:
        worker.serve()
    finally:
        worker.clear()
    return 0


if __name__ == "__main__":
    sys.exit(main())
