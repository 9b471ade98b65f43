"""The main memory that a process may still take: what is free, and what a container or a batch job leaves of it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["free_main_memory"]

_V2 = ("memory.max", "memory.current", "inactive_file")
_V1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


def free_main_memory(proc: Path = Path("/proc"), groups: Path = Path("/sys/fs/cgroup")) -> int:
    """Return the bytes of main memory that this process can take now.

    On Linux it is the kernel's estimate (proc(5), MemAvailable), which counts cached files as free: after a model was
    read, those are most pages. Elsewhere it is the free pages. A control group (cgroups(7)) may leave less, as in a
    container, or in a batch job that asked for a part of its node: the kernel kills what takes more.
    """
    return min([_available(proc), *_left_by_groups(proc, groups)])


def _available(proc: Path) -> int:
    with contextlib.suppress(OSError):
        for line in (proc / "meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _left_by_groups(proc: Path, groups: Path) -> Iterator[int]:
    """Yield the bytes that each limit leaves: of this process's own groups, and of all groups above them."""
    lines: list[str] = []
    with contextlib.suppress(OSError):
        lines = (proc / "self" / "cgroup").read_text(encoding="utf-8").splitlines()
    for line in lines:  # "0::/a/b" in version 2, "4:memory:/a/b" in version 1
        number, _, rest = line.partition(":")
        kinds, _, path = rest.partition(":")
        if number == "0" and not kinds:
            top, names = groups, _V2
        elif "memory" in kinds.split(","):
            top, names = groups / "memory", _V1
        else:
            continue
        own = Path(os.path.normpath(top / path.lstrip("/")))
        for group in (own, *own.parents):
            if group.is_relative_to(top) and (left := _left_by_group(group, *names)) is not None:
                yield left


def _left_by_group(group: Path, limit: str, usage: str, inactive: str) -> int | None:
    """Return limit less usage, in bytes; inactive file pages are reclaimed when needed. None without a limit."""
    try:
        most = (group / limit).read_text(encoding="ascii").strip()
        if not most.isdecimal():  # "max"
            return None
        used = int((group / usage).read_text(encoding="ascii"))
        for line in (group / "memory.stat").read_text(encoding="ascii").splitlines():
            name, _, count = line.partition(" ")
            used -= int(count) if name == inactive else 0
    except (OSError, ValueError):
        return None
    return max(0, int(most) - used)
