"""The file system that a path is on, and what holds on it between machines.

Sources: flock(2), nfs(5), sqlite.org/wal.html ("WAL does not work over a network filesystem").
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["NETWORK", "Mount", "file_system", "mounts"]

NETWORK = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "lustre", "gpfs", "beegfs", "ceph", "glusterfs"),
        *(f"fuse.{name}" for name in ("ceph", "glusterfs", "juicefs", "rclone", "s3fs", "sshfs")),
    )
)
"""File systems over which machines share files and no memory."""


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a file system is mounted: its ``kind`` (``ext4``, ``nfs4``) and the mount's ``options``."""

    point: str
    kind: str
    options: frozenset[str] = frozenset()


def mounts() -> list[Mount]:
    """Every mount of this machine, in the order in which they were made: a later one hides an earlier one."""
    import psutil

    return [
        Mount(each.mountpoint, each.fstype, frozenset(each.opts.split(",")))
        for each in psutil.disk_partitions(all=True)
    ]


def file_system(path: Path, mounted: Sequence[Mount]) -> Mount | None:
    """The mount that ``path`` is on, through links; None if no mount point is above it."""
    real = Path(os.path.realpath(path))
    above = [(len(each.point), at) for at, each in enumerate(mounted) if real.is_relative_to(each.point)]
    return mounted[max(above)[1]] if above else None
