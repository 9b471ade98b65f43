"""Leases on this machine's GPUs: one render at a time on each.

Snakemake counts GPUs within one build (``--resources gpu=1``). A lease also holds between builds in two terminals,
between two folders, and for a render whose build was killed.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from vtx_app.errors import RenderError
from vtx_app.files import acquire_lock, release_lock, report
from vtx_app.render.gpus import gpu_number

__all__ = ["first_available", "gpu_lease", "lease_home", "lease_path"]

T = TypeVar("T")

_POLL_SECONDS = 0.25  # the kernel has no call that waits for the first of several locks
_BATCH_JOBS = ("SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID")


def lease_home(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of this machine's leases, the same for all films and builds of one user.

    A batch job on a cluster has a folder of its own: its GPUs belong to it alone, and other jobs may use the same
    numbers. Raises :class:`RenderError` if somebody else owns the folder.
    """
    job = next((environment[name] for name in _BATCH_JOBS if environment.get(name)), "")
    name = f"vtx-gpus-{os.getuid()}" + (f"-{re.sub('[^0-9A-Za-z]', '_', job)}" if job else "")
    home = Path(tempfile.gettempdir()) / name
    with contextlib.suppress(FileExistsError):
        home.mkdir(mode=0o700, parents=True)
    status = home.lstat()
    if status.st_uid != os.getuid() or not stat.S_ISDIR(status.st_mode):
        raise RenderError(f"{home} is not a folder of this user's; remove it, or set TMPDIR to a folder of your own")
    home.chmod(0o700)
    return home


def lease_path(home: Path, gpu: str) -> Path:
    """Return the lock file of a GPU, the same by its number and by its UUID. Its holder may write into it."""
    name = gpu_number(gpu) or gpu
    return home / f"gpu-{re.sub(r'[^0-9A-Za-z-]', '_', name) or 'none'}.lock"


@contextlib.contextmanager
def gpu_lease(home: Path, gpus: Sequence[str]) -> Iterator[str]:
    """Hold the first of ``gpus`` (at least one) that is free, and yield its name; wait while none is.

    The leases are lock files in ``home``. Raises :class:`OSError` if they can't be created.
    """
    name, handle = first_available(gpus, lambda gpu: acquire_lock(lease_path(home, gpu), wait=False))
    try:
        yield name
    finally:
        release_lock(lease_path(home, name), handle)


def first_available(
    gpus: Sequence[str],
    take: Callable[[str], T | None],
    while_waiting: Callable[[], None] = lambda: None,
    why: Callable[[], str] = lambda: "",
) -> tuple[str, T]:
    """Return the first GPU that ``take`` gets something for, and what it got; try them in turn until one does.

    That it waits is reported once, with ``why`` added.
    """
    reported = False
    while True:
        for gpu in gpus:
            taken = take(gpu)
            if taken is not None:
                return gpu, taken
        if not reported:
            report(f"every GPU is rendering another take; waiting for one{why()}")
            reported = True
        while_waiting()
        time.sleep(_POLL_SECONDS)
