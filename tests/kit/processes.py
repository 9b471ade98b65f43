"""Python programs that run beside a test: started with pipes, read line by line, and gone when the test ends."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

__all__ = ["Process", "Start", "next_line", "starting"]

Process = subprocess.Popen[str]
Start = Callable[..., Process]


@contextlib.contextmanager
def starting(env: Mapping[str, str] | None = None) -> Iterator[Start]:
    """A function that starts ``python -c <program> <arguments>``; what it started is killed at the end."""
    running: list[Process] = []

    def start(program: str, *arguments: str | Path) -> Process:
        process = subprocess.Popen(
            [sys.executable, "-c", program, *map(str, arguments)],
            env=os.environ | (env or {}),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        running.append(process)
        return process

    try:
        yield start
    finally:
        for process in running:
            process.kill()
            process.communicate()


def next_line(process: Process) -> str:
    """The next line that the process writes to its standard output."""
    assert process.stdout is not None
    return process.stdout.readline().strip()
