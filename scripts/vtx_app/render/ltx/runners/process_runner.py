"""The runner ``process``: a ``python -m ltx_pipelines.<pipeline>`` for each call; nothing stays loaded."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from vtx_app.errors import RenderError
from vtx_app.formats.pipelines import PIPELINES
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.gpu_lease import gpu_lease
from vtx_app.render.gpus import find_gpu, process_gpu_bytes
from vtx_app.render.ltx.call import PipelineCall
from vtx_app.render.ltx.fit import gpus_for, process_mode, require_fit, smaller_mode, usable
from vtx_app.render.ltx.memory import Memory, Mode, out_of_memory
from vtx_app.render.ltx.package import installed
from vtx_app.render.ltx.progress import Step, Steps
from vtx_app.render.ltx.runners.pipeline_output import PipelineOutput
from vtx_app.render.ltx.runners.render_process import log_tail, render_environment, require_running

__all__ = ["ProcessRunner"]

_MEASURE_SECONDS = 2.0
_MANY_STAGES = ("--chunked", "--temporal-upscalings", "--spatial-upscalings")
_PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """How one process ended, what it printed, and its peaks of memory in bytes."""

    code: int
    output: PipelineOutput
    peaks: dict[str, int]

    @property
    def out_of_memory(self) -> bool:
        return self.code != 0 and self.output.out_of_memory()


@dataclass(frozen=True, slots=True)
class ProcessRunner:
    """Runs each call as a command on one of ``gpus``, for ``build``. ``leases`` is the folder of GPU leases.

    A process that must stop has ``stop_seconds`` to delete its unfinished file; then it is killed.
    """

    leases: Path
    gpus: Sequence[str]
    build: BuildProcess
    stop_seconds: float = 10.0

    def run(self, call: PipelineCall, steps: Steps) -> dict[str, Any]:
        """Write ``call.output`` (see :class:`vtx_app.render.ltx.runners.runner.Runner`)."""
        package = installed()
        with gpu_lease(self.leases, gpus_for(call, self.gpus, package)) as name:
            began = time.monotonic()
            gpu = find_gpu(name)
            memory = Memory(usable(gpu.total_bytes) if gpu and gpu.total_bytes else None, main=0)
            mode = process_mode(call, memory, package)
            require_fit(call, mode, memory, package)
            attempt = self._attempt(call, mode, name, steps, measured=gpu is not None)
            smaller = smaller_mode(mode, call, memory, package) if attempt.out_of_memory else None
            if smaller is not None:
                steps(Step(f"out of memory; once more with weights {smaller.description}"))
                attempt = self._attempt(call, smaller, name, steps, measured=gpu is not None)
        if attempt.code != 0:
            raise _failure(call, attempt, retried=smaller is not None)
        seconds = attempt.output.seconds() | {"call": round(time.monotonic() - began, 3)}
        facts = {"exit": 0, "seconds": seconds, "memory": "process", "warm": False, **attempt.peaks}
        facts |= {"gpu": gpu.name} if gpu else {}
        return facts | ({"out_of_memory_at_first": True} if smaller else {})

    def _attempt(self, call: PipelineCall, mode: Mode, gpu: str, steps: Steps, *, measured: bool) -> _Attempt:
        """Run the call to its end, or stop it if this job or its build ends. Measures GPU memory if ``measured``."""
        output = PipelineOutput(steps, stages=_stages(call))
        process = subprocess.Popen(
            [sys.executable, "-m", call.module, *call.argv(offload=mode.offload)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=render_environment(os.environ, gpu),
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
        assert process.stdout is not None  # noqa: S101
        try:
            gpu_peak = self._read(process.stdout, output, call.log, process.pid if measured else None)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            if process.returncode is None:
                self._stop(process)
            if process.returncode != 0:
                call.output.unlink(missing_ok=True)
            process.stdout.close()
        peaks = {"peak_ram_bytes": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)}
        return _Attempt(process.returncode, output, peaks | ({"peak_vram_bytes": gpu_peak} if gpu_peak else {}))

    def _read(self, stream: IO[bytes], output: PipelineOutput, log: Path | None, measured: int | None) -> int:
        """Read the pipeline's output to its end. Raises :class:`RenderError` if the build ends.

        Returns the peak of the GPU memory that the process ``measured`` uses, in bytes, looked up every two seconds.
        """
        peak, due = 0, 0.0
        with self.build.watched() as build, _open_log(log) as file:
            handle = stream.fileno()
            handles = [handle] if build is None else [handle, build]
            timeout = 1.0 if build is None else None if measured is None else _MEASURE_SECONDS
            while True:
                readable = select.select(handles, [], [], timeout)[0]
                require_running(self.build)
                if measured is not None and time.monotonic() >= due:
                    peak, due = max(peak, process_gpu_bytes(measured)), time.monotonic() + _MEASURE_SECONDS
                if handle not in readable:
                    continue
                data = os.read(handle, 1 << 16)
                if not data:
                    return peak
                output.feed(data)
                with contextlib.suppress(OSError):  # a full disk
                    file.write(data.replace(b"\r", b"\n"))

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        """End the process and all it started: first as by Ctrl-C, on which it deletes its unfinished file."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(self.stop_seconds)
        with contextlib.suppress(ProcessLookupError):  # also what it started and left behind
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _stages(call: PipelineCall) -> int:
    """How many progress bars denoising has. In a take in windows or rounds, other bars can't be distinguished from
    them."""
    if any(option[0] in _MANY_STAGES for option in call.options):
        return sys.maxsize
    return 2 if PIPELINES[call.pipeline].upsamples else 1


def _failure(call: PipelineCall, attempt: _Attempt, *, retried: bool) -> RenderError:
    if attempt.out_of_memory:
        return out_of_memory(call, attempt.output.error(), retried=retried)
    killed = attempt.code == -signal.SIGKILL
    why = "; it was killed: main memory may have run out (see dmesg)" if killed else ""
    error = attempt.output.error() or log_tail(call.log)
    return RenderError(f"{call.pipeline} failed (exit {attempt.code}): {error}{why}", again=killed)


def _die_with_parent() -> None:
    """In the new process: be killed when the parent is gone, however it ended (prctl(2)), and obey Ctrl-C.

    A build that a script started in the background ignores Ctrl-C, and so would all its children (POSIX, sh, 2.11).
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _open_log(log: Path | None) -> IO[bytes]:
    """Open ``log`` for appending; the null device if there is none, or it can't be opened."""
    with contextlib.suppress(OSError):
        if log is not None:
            return log.open("ab", buffering=0)
    return Path(os.devnull).open("ab", buffering=0)
