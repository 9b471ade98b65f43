"""The build that a job belongs to, as a process: its identity, and whether it still runs.

Snakemake's process names itself in ``VTX_BUILD``, by process id and start time, so that a reused id is not mistaken
for it. Whatever works for a build ends with it, however it ends.

Each job of a build starts with this, so nothing is imported that takes milliseconds: no pathlib, no typing.
"""

from __future__ import annotations

import contextlib
import os
import select
from collections.abc import Iterator, Mapping, MutableMapping

__all__ = ["FORCED", "VARIABLE", "BuildProcess", "announce", "is_forced", "this_build"]

VARIABLE = "VTX_BUILD"
FORCED = "VTX_FORCED"
"""``0`` if nobody forces jobs with ``--force``, ``--forceall`` or ``--forcerun``."""
_POLL_SECONDS = 0.5


class BuildProcess:
    """A process of this machine: its id, and its start time in the system's own unit."""

    __slots__ = ("began", "pid")

    def __init__(self, pid: int, began: str) -> None:
        self.pid, self.began = pid, began

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BuildProcess) and (self.pid, self.began) == (other.pid, other.began)

    def __hash__(self) -> int:
        return hash((self.pid, self.began))

    @classmethod
    def of(cls, pid: int) -> BuildProcess | None:
        """Return the running process ``pid``; None if there is none."""
        began = _began(pid)
        return None if began is None else cls(pid, began)

    @classmethod
    def parse(cls, text: str) -> BuildProcess | None:
        """Return the process that ``str`` of another one names; None if the text names none."""
        pid, _, began = text.partition("-")
        return cls(int(pid), began) if pid.isdecimal() and began else None

    def __str__(self) -> str:
        return f"{self.pid}-{self.began}"

    def alive(self) -> bool:
        """Return whether it still runs."""
        return _began(self.pid) == self.began

    @contextlib.contextmanager
    def watched(self) -> Iterator[int | None]:
        """Yield a handle that becomes readable when the process ends (Linux 5.3); None if the system has none."""
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
                select.select([handle] if handle is not None else [], [], [], _POLL_SECONDS)


def announce(environment: MutableMapping[str, str]) -> BuildProcess:
    """Make this process the build of its jobs, unless an ancestor already is. Return the build."""
    above = BuildProcess.parse(environment.get(VARIABLE, ""))
    if above is not None and above.alive() and above.pid in _ancestors(os.getpid()):
        return above
    own = _this_process()
    environment[VARIABLE] = str(own)
    return own


def this_build(environment: Mapping[str, str]) -> BuildProcess:
    """Return the build that this job belongs to; a job without one is its own build."""
    named = BuildProcess.parse(environment.get(VARIABLE, ""))
    return named if named is not None and named.alive() else _this_process()


def is_forced(environment: Mapping[str, str]) -> bool:
    """Return whether a job makes its file even if that is current already, as when somebody runs the job by hand."""
    return environment.get(FORCED) != "0"


def _this_process() -> BuildProcess:
    process = BuildProcess.of(os.getpid())
    assert process is not None, "this process runs"  # noqa: S101
    return process


def _ancestors(pid: int) -> Iterator[int]:
    while pid > 1 and (status := _status(pid)) is not None:
        pid = int(status[1])
        yield pid


def _began(pid: int) -> str | None:
    """Return the start time in clock ticks after boot; None if the process does not run, or is a zombie."""
    status = _status(pid)
    return None if status is None or status[0] == "Z" else status[19]


def _status(pid: int) -> list[str] | None:
    """Return the fields of /proc/<pid>/stat from the third on (proc(5)); without /proc, psutil's values for them."""
    if os.path.exists("/proc/self/stat"):  # noqa: PTH110
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
                return file.read().rpartition(")")[2].split()
        except OSError:
            return None
    import psutil  # part of Snakemake; slow to import, and not needed on Linux

    try:
        process = psutil.Process(pid)
        state = "Z" if process.status() == psutil.STATUS_ZOMBIE else "R"
        return [state, str(process.ppid()), *("0" for _ in range(17)), str(process.create_time())]
    except psutil.Error:
        return None
