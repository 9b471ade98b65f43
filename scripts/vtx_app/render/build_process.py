"""The build that a job belongs to, as a process: who it is, and whether it still runs.

Snakemake's process names itself in ``VTX_BUILD`` (process id and start time, so that a number used again is not
taken for it). What works for a build ends with it, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import select
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["VARIABLE", "BuildProcess", "announce", "this_build"]

VARIABLE = "VTX_BUILD"
_LOOK_AGAIN_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class BuildProcess:
    """A process of this machine: its id, and when it began (in whatever unit the system counts)."""

    pid: int
    began: str

    @classmethod
    def of(cls, pid: int) -> BuildProcess | None:
        """The running process ``pid``; None where there is none."""
        began = _began(pid)
        return None if began is None else cls(pid, began)

    @classmethod
    def parse(cls, text: str) -> BuildProcess | None:
        """The process that ``str`` of another one names; None where the text is none."""
        pid, _, began = text.partition("-")
        return cls(int(pid), began) if pid.isdecimal() and began else None

    def __str__(self) -> str:
        return f"{self.pid}-{self.began}"

    def alive(self) -> bool:
        """Whether it still runs."""
        return _began(self.pid) == self.began

    @contextlib.contextmanager
    def watched(self) -> Iterator[int | None]:
        """A handle that becomes readable when the process ends (Linux 5.3); None where the system has none."""
        try:
            handle = os.pidfd_open(self.pid)
        except (AttributeError, OSError):
            yield None
            return
        try:
            yield handle
        finally:
            os.close(handle)

    def wait(self) -> None:
        """Return when the process has ended."""
        with self.watched() as handle:
            while self.alive():
                select.select([handle] if handle is not None else [], [], [], _LOOK_AGAIN_SECONDS)


def announce(environment: MutableMapping[str, str]) -> BuildProcess:
    """Make this process the build of all its jobs, unless it is itself a job of one that runs above it."""
    here = BuildProcess.of(os.getpid())
    assert here is not None, "this process runs"  # noqa: S101
    above = BuildProcess.parse(environment.get(VARIABLE, ""))
    if above is not None and above.alive() and above.pid in _ancestors(os.getpid()):
        return above
    environment[VARIABLE] = str(here)
    return here


def this_build(environment: MutableMapping[str, str]) -> BuildProcess:
    """The build that this job belongs to; a job that was started by hand is a build of its own."""
    named = BuildProcess.parse(environment.get(VARIABLE, ""))
    if named is not None and named.alive():
        return named
    here = BuildProcess.of(os.getpid())
    assert here is not None, "this process runs"  # noqa: S101
    return here


def _ancestors(pid: int) -> Iterator[int]:
    while pid > 1 and (status := _status(pid)) is not None:
        pid = int(status[1])
        yield pid


def _began(pid: int) -> str | None:
    """When the process began, in clock ticks after boot; None where it does not run, or has ended and not been
    waited for."""
    status = _status(pid)
    return None if status is None or status[0] == "Z" else status[19]


def _status(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat from the third on (proc(5)); elsewhere than on Linux, psutil's word for them."""
    if Path("/proc/self/stat").exists():
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
    import psutil  # part of Snakemake; slow to import, and not needed on Linux

    try:
        process = psutil.Process(pid)
        state = "Z" if process.status() == psutil.STATUS_ZOMBIE else "R"
        return [state, str(process.ppid()), *("0" for _ in range(17)), str(process.create_time())]
    except psutil.Error:
        return None
