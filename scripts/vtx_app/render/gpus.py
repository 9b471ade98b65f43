"""The GPUs of this machine, by the driver's ``nvidia-smi``: for processes that do not load CUDA."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = [
    "Gpu",
    "find_gpu",
    "gpu_number",
    "gpus",
    "has_gpu",
    "installed_gpus",
    "large_enough",
    "largest_visible_gpu",
    "newest_capability",
    "process_gpu_bytes",
    "visible_gpus",
]

_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU: its number in bus order, its UUID, its name, its memory in bytes (None if unknown)."""

    number: str
    uuid: str
    name: str
    total_bytes: int | None
    free_bytes: int | None


def gpus(timeout: float = 30.0) -> list[Gpu]:
    """Return the GPUs that ``nvidia-smi`` lists; empty if it is missing, fails, or takes ``timeout`` seconds."""
    rows = _query("--query-gpu=index,uuid,memory.total,memory.free,name", 5, timeout)
    return [Gpu(number, uuid, name, _bytes(total), _bytes(free)) for number, uuid, total, free, name in rows]


@cache
def installed_gpus(tool: str | None) -> tuple[Gpu, ...]:
    """Return the GPUs that the ``nvidia-smi`` at ``tool`` lists, for facts that stay. Looked up once."""
    return tuple(gpus()) if tool else ()


def find_gpu(gpu: str) -> Gpu | None:
    """Return the GPU with that number, UUID or beginning of a UUID; None if there is none, or more than one."""
    found = [each for each in gpus() if gpu == each.number or (gpu.startswith("GPU-") and each.uuid.startswith(gpu))]
    return found[0] if len(found) == 1 else None


@cache
def gpu_number(uuid: str) -> str | None:
    """Return the number of the GPU with that UUID or beginning of one; None if unknown. Looked up once."""
    found = find_gpu(uuid) if uuid.startswith("GPU-") else None
    return found.number if found else None


def largest_visible_gpu(environment: Mapping[str, str]) -> Gpu | None:
    """Return the GPU with the most memory of those that renders may use; None if no size is known."""
    listed = environment.get("CUDA_VISIBLE_DEVICES")
    names = visible_gpus(environment) if listed is not None else None
    if names == ("",):
        return None
    known = [
        gpu
        for gpu in installed_gpus(shutil.which("nvidia-smi"))
        if gpu.total_bytes
        and (
            names is None
            or gpu.number in names
            or any(name.startswith("GPU-") and gpu.uuid.startswith(name) for name in names)
        )
    ]
    return max(known, key=lambda gpu: gpu.total_bytes or 0, default=None)


def large_enough(names: Sequence[str], total_bytes: int) -> Sequence[str]:
    """Return those of the GPUs ``names`` with at least that much memory, or with unknown memory; all if there are none.

    ``names`` as in :func:`visible_gpus`.
    """
    sizes = {name: _total_bytes(name) for name in names}
    return [name for name, size in sizes.items() if size is None or size >= total_bytes] or names


def _total_bytes(name: str) -> int | None:
    installed = installed_gpus(shutil.which("nvidia-smi"))
    found = [gpu for gpu in installed if name == gpu.number or (name.startswith("GPU-") and gpu.uuid.startswith(name))]
    return found[0].total_bytes if len(found) == 1 else None


def newest_capability() -> tuple[int, int] | None:
    """Return the highest compute capability of the GPUs, such as (8, 9); None if unknown."""
    numbers = [number.partition(".") for (number,) in _query("--query-gpu=compute_cap", 1)]
    return max(((int(a), int(b)) for a, _, b in numbers if a.isdecimal() and b.isdecimal()), default=None)


def has_gpu(gpu: str, devices: Path = Path("/dev")) -> bool:
    """Return whether the machine has the GPU, or has any device node of the driver; False for the empty name."""
    return bool(gpu) and (bool(_device_nodes(devices)) or find_gpu(gpu) is not None)


def process_gpu_bytes(pid: int) -> int:
    """Return the bytes that a process now uses on all GPUs; 0 if unknown."""
    rows = _query("--query-compute-apps=pid,used_gpu_memory", 2)
    return sum(_bytes(used) or 0 for process, used in rows if process == str(pid))


def visible_gpus(environment: Mapping[str, str], devices: Path = Path("/dev")) -> tuple[str, ...]:
    """Return the GPUs that renders may use, as ``CUDA_VISIBLE_DEVICES`` names them; at least one name.

    The variable's list if it is set (CUDA C++ Programming Guide, "CUDA Environment Variables": numbers or UUIDs;
    nothing counts after the first -1), else one for each device node ``nvidia<n>`` of the driver, else ``0``.
    The empty name stands for a machine whose GPUs are hidden.
    """
    listed = environment.get("CUDA_VISIBLE_DEVICES")
    if listed is None:
        return tuple(str(index) for index in range(max(1, len(_device_nodes(devices)))))
    names: list[str] = []
    for name in (each.strip() for each in listed.split(",")):
        if name.startswith("-") or not name:
            break
        names.append(name)
    return tuple(dict.fromkeys(names)) or ("",)


def _device_nodes(devices: Path) -> list[Path]:
    return [node for node in devices.glob("nvidia*") if re.fullmatch(r"nvidia\d+", node.name)]


def _bytes(mebibytes: str) -> int | None:
    return int(mebibytes) * _MIB if mebibytes.isdecimal() else None


def _query(query: str, columns: int, timeout: float = 30.0) -> list[list[str]]:
    """Return the rows of the tool's answer; commas in the last column are part of it."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return []
    command = [tool, query, "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=timeout)
    except (OSError, subprocess.SubprocessError):
        return []
    rows = [[cell.strip() for cell in line.split(",", columns - 1)] for line in done.stdout.splitlines()]
    return [row for row in rows if len(row) == columns]
