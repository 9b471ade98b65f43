"""One GPU, one render: whoever renders holds a lease on a GPU of this machine.

Snakemake counts GPUs within one build (``--resources gpu=1``). The lease also holds between builds in
two terminals, between two folders, and for a render whose build was killed.
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
from vtx_app.render.card import card_number

__all__ = ["gpu_lease", "lease_home", "lease_path", "machine_gpus"]

_LOOK_AGAIN_SECONDS = 0.25


_BATCH_JOBS = ("SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID")


def lease_home(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of this machine's leases, the same for all films and builds of one user.

    A batch job on a cluster has one of its own: its GPUs are its alone, and their numbers may be any other job's.
    Raises :class:`RenderError` where the folder is not this user's alone.
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
    """The lock file of one GPU, the same by its number and by its UUID. Who holds it writes into it who it is."""
    name = card_number(gpu) or gpu
    return home / f"gpu-{re.sub(r'[^0-9A-Za-z-]', '_', name) or 'none'}.lock"


def machine_gpus(environment: Mapping[str, str], devices: Path = Path("/dev")) -> tuple[str, ...]:
    """The GPUs that renders may take, as ``CUDA_VISIBLE_DEVICES`` names them; always at least one name.

    That variable's list where it is set (CUDA C++ Programming Guide, "CUDA Environment Variables": numbers or
    UUIDs, and nothing after the first -1 counts), else one for each device node ``nvidia<n>`` of the driver,
    else ``0``. An empty name stands for a machine whose GPUs are hidden.
    """
    listed = environment.get("CUDA_VISIBLE_DEVICES")
    if listed is None:
        found = sum(bool(re.fullmatch(r"nvidia\d+", node.name)) for node in devices.glob("nvidia*"))
        return tuple(str(index) for index in range(max(1, found)))
    names: list[str] = []
    for name in (each.strip() for each in listed.split(",")):
        if name.startswith("-") or not name:
            break
        names.append(name)
    return tuple(dict.fromkeys(names)) or ("",)


@contextlib.contextmanager
def gpu_lease(home: Path, gpus: Sequence[str]) -> Iterator[str]:
    """Hold one of ``gpus`` (one name or more), the first that is free, and give its name; waits while none is.

    The leases are lock files in ``home``. Raises :class:`OSError` where they can't be made.
    """
    waits = False
    while (held := _first_free(home, gpus)) is None:
        if not waits:
            report("every GPU is rendering another take; waiting for one")
            waits = True
        time.sleep(_LOOK_AGAIN_SECONDS)  # no call of the kernel waits for the first of several locks
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
