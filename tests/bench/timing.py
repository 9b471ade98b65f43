"""What whole processes cost, and ratios of two that are timed in turn."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Cost", "Ratio", "Row", "cost", "ratio", "row", "run"]

_SET_CHILD_SUBREAPER = 36  # prctl(2)

Row = tuple[str, str, str, bool]
"""What is measured, the figure, the target, and whether it is met."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """The median of the ratios pair by pair, and the median seconds of each side."""

    times: float
    ours: float
    theirs: float

    def __str__(self) -> str:
        return f"{self.times:.2f}× ({self.ours:.2f} s / {self.theirs:.2f} s)"


def run(*argv: str, cwd: Path, env: Mapping[str, str] | None = None) -> float:
    """Wall seconds of ``python argv…`` in ``cwd``, which must succeed."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, *argv], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)
    return took


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor time, and the largest resident size of a process in bytes."""

    seconds: float
    memory: float


def cost(cwd: Path, *argv: str) -> Cost:
    """The cost of ``python argv…`` in ``cwd`` with all processes that it leads to; it must succeed.

    Those that outlive their parents count too, as a build's warm process does: they become this process's children.
    """
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([sys.executable, *argv], cwd=cwd, stdout=output, stderr=subprocess.STDOUT)
        seconds, memory = 0.0, 0
        try:
            while True:
                pid, status, usage = os.wait4(-1, 0)
                if pid == process.pid:
                    process.returncode = os.waitstatus_to_exitcode(status)
                seconds += usage.ru_utime + usage.ru_stime
                memory = max(memory, usage.ru_maxrss)
        except ChildProcessError:  # all have ended
            pass
        if process.returncode:
            output.seek(0)
            raise RuntimeError(output.read().decode(errors="replace"))
    return Cost(seconds, memory * 1024)


def ratio(ours: Callable[[], float], theirs: Callable[[], float], runs: int = 5) -> Ratio:
    """Time ``ours`` and ``theirs`` in turn: a slow machine is slow for both. The first pair warms up."""
    pairs = [(ours(), theirs()) for _ in range(runs + 1)][1:]
    middle = runs // 2
    ratios = sorted(mine / other for mine, other in pairs)
    return Ratio(ratios[middle], sorted(p[0] for p in pairs)[middle], sorted(p[1] for p in pairs)[middle])


def row(what: str, figure: Ratio, target: float | None) -> Row:
    """A row of the table whose target is a largest ratio."""
    return what, str(figure), "" if target is None else f"≤ {target}×", target is None or figure.times <= target
