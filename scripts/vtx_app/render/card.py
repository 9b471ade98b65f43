"""What the driver's own tool, ``nvidia-smi``, says of the cards: for processes that do not load CUDA themselves."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

__all__ = ["card_bytes", "card_name", "card_number", "has_card", "newest_capability", "used_bytes"]

_MIB = 2**20


def card_bytes(gpu: str = "") -> int | None:
    """Memory of the card with that number or UUID, else of the largest, in bytes; None where nobody knows it."""
    told = _asked("--query-gpu=memory.total", 1, [f"--id={gpu}"] if gpu else [])
    sizes = [int(size) for (size,) in told if size.isdecimal()]
    return max(sizes) * _MIB if sizes else None


def newest_capability() -> tuple[int, int] | None:
    """The highest compute capability of the cards here, as (8, 9); None where nobody knows one."""
    told = [number.partition(".") for (number,) in _asked("--query-gpu=compute_cap", 1)]
    return max(((int(a), int(b)) for a, _, b in told if a.isdecimal() and b.isdecimal()), default=None)


@cache
def card_number(gpu: str) -> str | None:
    """The number of the card with that UUID, or the beginning of one, by the bus; None where nobody knows it."""
    if not gpu.startswith("GPU-"):
        return None
    found = [number for number, uuid in _asked("--query-gpu=index,uuid", 2) if uuid.startswith(gpu)]
    return found[0] if len(found) == 1 else None


def card_name(gpu: str) -> str | None:
    """The name of the card with that number or UUID; None where nobody knows it."""
    names = _asked("--query-gpu=name", 1, [f"--id={gpu}"]) if gpu else []
    return names[0][0] if names else None


def has_card(gpu: str, devices: Path = Path("/dev")) -> bool:
    """Whether the machine has the card that ``gpu`` names, or any that its driver shows; the empty name hides all."""
    nodes = any(re.fullmatch(r"nvidia\d+", node.name) for node in devices.glob("nvidia*"))
    return bool(gpu) and (nodes or card_name(gpu) is not None)


def used_bytes(pid: int) -> int:
    """Bytes of all cards' memory that the process ``pid`` has now; 0 where nobody knows."""
    apps = _asked("--query-compute-apps=pid,used_gpu_memory", 2)
    return sum(int(used) * _MIB for told, used in apps if told == str(pid) and used.isdecimal())


def _asked(query: str, columns: int, more: Sequence[str] = ()) -> list[list[str]]:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return []
    try:
        words = [tool, query, "--format=csv,noheader,nounits", *more]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return []
    rows = [[cell.strip() for cell in line.split(",")] for line in done.stdout.splitlines()]
    return [row for row in rows if len(row) == columns and done.returncode == 0]
