"""How much main memory a process may still have: what is free, and what a container or a batch job leaves of it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["free_main_memory"]

_V2 = ("memory.max", "memory.current", "inactive_file")
_V1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


def free_main_memory(proc: Path = Path("/proc"), groups: Path = Path("/sys/fs/cgroup")) -> int:
    """Bytes of main memory that this process could have now.

    The kernel's own estimate (proc(5), MemAvailable): pages that only keep files it has read count as free, and after
    a model was read those are most of them. Elsewhere than on Linux, the pages that are free outright. Less where a
    control group has a limit (cgroups(7)), as in a container, or in a batch job that asked for a part of its node:
    there the kernel kills what takes more, whatever the machine has.
    """
    return min(_available(proc), *_left(proc, groups))


def _available(proc: Path) -> int:
    with contextlib.suppress(OSError):
        for line in (proc / "meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _left(proc: Path, groups: Path) -> Iterator[int]:
    """What each limit on this process leaves, its own group's and those of all groups above; a large number first."""
    yield 1 << 62
    try:
        lines = (proc / "self" / "cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:  # "0::/a/b" for version 2, "4:memory:/a/b" for version 1
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
            if group.is_relative_to(top) and (left := _left_in(group, *names)) is not None:
                yield left


def _left_in(group: Path, limit: str, usage: str, inactive: str) -> int | None:
    """Limit less usage, in bytes; file pages that nobody has used of late are given back at need. None: no limit."""
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
