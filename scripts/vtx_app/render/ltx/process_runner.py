"""The runner ``process``: one ``python -m ltx_pipelines.<pipeline>`` for each call, and nothing kept between them."""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vtx_app.errors import RenderError
from vtx_app.formats.pipelines import PIPELINES
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.gpu_lease import gpu_lease
from vtx_app.render.gpus import find_gpu, process_gpu_bytes
from vtx_app.render.ltx.memory import MODES, choose, is_out_of_memory, require_streamable, streams, too_big
from vtx_app.render.ltx.package import installed
from vtx_app.render.ltx.runner import Call, Step, Steps
from vtx_app.render.ltx.worker_environment import last_words, worker_environment

__all__ = ["ProcessRunner"]

_STOP_SECONDS = 10.0
_LOOK_SECONDS = 2.0
_FROM_DISK = ["--offload", MODES["disk"].offload]
_PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(frozen=True, slots=True)
class ProcessRunner:
    """Runs each call as a command on one of ``gpus``, for ``build``. ``home`` holds the leases."""

    home: Path
    gpus: Sequence[str]
    build: BuildProcess

    def run(self, call: Call, steps: Steps) -> dict[str, Any]:
        """Make ``call.out`` (see :class:`vtx_app.render.ltx.runner.Runner`)."""
        require_streamable(call.memory, call.quantization)
        tightest = installed().offloads and streams(call.quantization)
        with gpu_lease(self.home, self.gpus) as gpu:
            began = time.monotonic()
            card = find_gpu(gpu)
            offload = _offload(call, card.total_bytes if card is not None else None)
            code, peaks, heard = self._once(gpu, call, offload, steps, on_card=card is not None)
            again = code != 0 and heard.out_of_memory() and tightest and offload != _FROM_DISK
            if again:
                steps(Step(f"out of memory; once more with weights {MODES['disk'].told}"))
                code, peaks, heard = self._once(gpu, call, _FROM_DISK, steps, on_card=card is not None)
        if code != 0 and heard.out_of_memory():
            raise too_big(call.pipeline, call.words, heard.reason(), retried=again)
        if code != 0:
            killed = "; it was killed, as where main memory ran out (dmesg says so)" if code == -signal.SIGKILL else ""
            said = heard.reason() or last_words(call.log)
            raise RenderError(f"{call.pipeline} failed (exit {code}): {said}{killed}")
        seconds = heard.phases() | {"call": round(time.monotonic() - began, 3)}
        facts = {"exit": code, "seconds": seconds, "memory": "process", "warm": False, **peaks}
        facts |= {"gpu": card.name} if card is not None else {}
        return facts | ({"out_of_memory_at_first": True} if again else {})

    def _once(
        self, gpu: str, call: Call, offload: list[str], steps: Steps, *, on_card: bool
    ) -> tuple[int, dict[str, int], _Heard]:
        heard = _Heard(steps, stages=2 if PIPELINES[call.pipeline].upsamples else 1)
        argv = [sys.executable, "-m", f"ltx_pipelines.{call.pipeline}", *call.words, *offload]
        code, peaks = self._watched(argv, gpu, call, heard, on_card=on_card)
        if code != 0:
            call.out.unlink(missing_ok=True)
        return code, peaks, heard

    def _watched(
        self, argv: Sequence[str], gpu: str, call: Call, heard: _Heard, *, on_card: bool
    ) -> tuple[int, dict[str, int]]:
        """Run ``argv`` to its end, or end it where this job or its build ends: exit code, peak bytes of memory.

        The card's is looked at every two seconds, ``on_card``; a peak between two looks is missed.
        """
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=worker_environment(os.environ, gpu),
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
        assert process.stdout is not None  # noqa: S101
        handle = process.stdout.fileno()
        on_card_bytes, looked = 0, -_LOOK_SECONDS  # the first look is at its first word
        pause = _LOOK_SECONDS if on_card else None
        try:
            with self.build.watched() as build, _appended(call.log) as note:
                while True:
                    waited = [handle, *([build] if build is not None else [])]
                    readable = select.select(waited, [], [], pause if build is not None else 1.0)[0]
                    if on_card and time.monotonic() - looked >= _LOOK_SECONDS:
                        on_card_bytes, looked = max(on_card_bytes, process_gpu_bytes(process.pid)), time.monotonic()
                    if not self.build.alive():
                        raise RenderError("the build that wanted this take has ended")
                    if handle not in readable:
                        continue
                    data = os.read(handle, 1 << 16)
                    if not data:
                        break
                    note(data)
                    heard.hear(data)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            peaks = {"peak_ram_bytes": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)}
            return process.returncode, peaks | ({"peak_vram_bytes": on_card_bytes} if on_card_bytes else {})
        finally:
            if process.returncode is None:
                _stop(process)
                call.out.unlink(missing_ok=True)
            process.stdout.close()


def _offload(call: Call, card: int | None) -> list[str]:
    """The weights of one call are loaded and let go of again, so nothing is kept: the package's own ways are left.

    ``card``: bytes of its memory, where they are known.
    """
    if not installed().offloads:
        if call.memory not in ("", "none", "resident"):
            raise RenderError(f"LTX_OFFLOAD is {call.memory!r}, and this ltx-pipelines has no --offload: unset it")
        return []
    mode = choose(call.memory, call.weights, card, 0, fused=False, streamed=streams(call.quantization))
    return [] if mode.offload == "none" else ["--offload", mode.offload]


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the process and all it started: asked as by Ctrl-C first, upon which it removes its half file."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):  # whatever it started and left behind, too
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _die_with_parent() -> None:
    """In the new process: be killed when the job that started this one is gone, however it went (prctl(2)); and listen
    to Ctrl-C, which a build that a script started in the background does not, nor what it starts (POSIX, sh, 2.11)."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@contextlib.contextmanager
def _appended(log: Path | None) -> Any:
    """A function that adds bytes to ``log``; one that adds nothing where there is none, or its disk is full."""
    with contextlib.ExitStack() as stack:
        file = None
        with contextlib.suppress(OSError):
            file = stack.enter_context(log.open("ab", buffering=0)) if log is not None else None

        def note(data: bytes) -> None:
            if file is not None:
                with contextlib.suppress(OSError):
                    file.write(data.replace(b"\r", b"\n"))

        yield note


_Utf8 = codecs.getincrementaldecoder("utf-8")
_BAR = re.compile(r"\|\s*(\d+)/(\d+) \[")
_MARKS: tuple[tuple[str, str], ...] = (  # what ltx_pipelines 1.2 says as it goes on; 1.0 says nothing but its bars
    ("Building text encoder", "encode text"),
    ("Prompt encoding complete", "load"),
    ("Running denoising loop", "denoise"),
    ("Building video decoder", "decode"),
    ("Building audio decoder", "decode"),
    ("Video saved", "write"),
)


@dataclass(slots=True)
class _Heard:
    """What the pipeline says on its way: steps out of its bars, seconds by phase out of its words.

    ``stages`` of denoising have a bar each; the next one is of what is written.
    """

    steps: Steps
    stages: int = 2
    clock: Callable[[], float] = time.monotonic
    decoder: codecs.IncrementalDecoder = field(default_factory=lambda: _Utf8(errors="replace"))
    rest: str = ""
    bars: int = 0
    last_of: int = -1
    last_done: int = -1
    marks: list[tuple[float, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._mark("load")

    def hear(self, data: bytes) -> None:
        """Take in what was said, in whatever pieces."""
        *whole, self.rest = re.split(r"[\r\n]", self.rest + self.decoder.decode(data))
        for line in filter(None, whole):
            self._line(line)

    def _line(self, line: str) -> None:
        bar = _BAR.search(line)
        if bar is None:
            self.lines = [*self.lines[-40:], line]
            for words, phase in _MARKS:
                if words in line:
                    self._mark(phase)
            return
        done, of = int(bar[1]), int(bar[2])
        if done < self.last_done or of != self.last_of:
            self.bars += 1
        self.last_done, self.last_of = done, of
        if self.marks[-1][1] == "load":
            self._mark("denoise")
        if self.marks[-1][1] == "denoise" and self.bars > self.stages:
            self._mark("decode")
        doing = f"denoise, stage {self.bars}" if self.marks[-1][1] == "denoise" else "decode and write"
        self.steps(Step(doing, done, of))

    def _mark(self, phase: str) -> None:
        self.marks.append((self.clock(), phase))

    def phases(self) -> dict[str, float]:
        """Seconds of each phase that was heard of."""
        seconds: dict[str, float] = {}
        for (began, phase), (ended, _) in zip(self.marks, [*self.marks[1:], (self.clock(), "")], strict=True):
            seconds[phase] = round(seconds.get(phase, 0.0) + ended - began, 3)
        return seconds

    def out_of_memory(self) -> bool:
        """Whether the card's memory ran out."""
        return any(map(is_out_of_memory, self.lines))

    def reason(self) -> str:
        """The last line of a traceback, or of a refusal."""
        errors = [line for line in self.lines if re.match(r"\w*(\.\w+)*(Error|Exception)\b|.*: error: ", line)]
        return errors[-1] if errors else ""
