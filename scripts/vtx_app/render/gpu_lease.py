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
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from vtx_app.errors import RenderError
from vtx_app.files import acquire_lock, release_lock, report
from vtx_app.render.gpus import gpu_number

__all__ = ["WAITING", "gpu_lease", "lease_home", "lease_path"]

WAITING = "every GPU is rendering another take; waiting for one"

_POLL_SECONDS = 0.25  # the kernel has no call that waits for the first of several locks
_BATCH_JOBS = ("SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID")


def lease_home(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of this machine's leases, the same for all films and builds of one user.

    A batch job on a cluster has its own: its GPUs belong to it alone, and other jobs may use the same numbers.
    Raises :class:`RenderError` if somebody else owns the folder.
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
    held = _first_free(home, gpus)
    if held is None:
        report(WAITING)
    while held is None:
        time.sleep(_POLL_SECONDS)
        held = _first_free(home, gpus)
    name, path, handle = held
    try:
        yield name
    finally:
        release_lock(path, handle)


def _first_free(home: Path, gpus: Sequence[str]) -> tuple[str, Path, int] | None:
    for name in gpus:
        path = lease_path(home, name)
        handle = acquire_lock(path, wait=False)
        if handle is not None:
            return name, path, handle
    return None
