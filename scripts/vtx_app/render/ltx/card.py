"""What the driver's own tool, ``nvidia-smi``, says of the cards: for processes that do not load CUDA themselves."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence

__all__ = ["card_bytes", "card_name", "used_bytes"]

_MIB = 2**20


def card_bytes() -> int | None:
    """Memory of the largest card, in bytes; None where there is none."""
    sizes = [int(size) for (size,) in _asked("--query-gpu=memory.total", 1) if size.isdecimal()]
    return max(sizes) * _MIB if sizes else None


def card_name(gpu: str) -> str | None:
    """The name of the card with that number or UUID; None where nobody knows it."""
    names = _asked("--query-gpu=name", 1, [f"--id={gpu}"]) if gpu else []
    return names[0][0] if names else None


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
