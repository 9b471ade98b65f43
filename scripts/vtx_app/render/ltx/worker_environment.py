"""What a process that renders is given of this one's environment, and what it left behind in its log."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["last_words", "worker_environment"]

_LAST_WORDS = 12
_ALLOCATOR = {"PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_ALLOC_CONF"}


def worker_environment(environment: Mapping[str, str], gpu: str) -> dict[str, str]:
    """One GPU to see, no secret that it has no use for, and memory in pieces that grow, unless a person says otherwise
    (LTX-2's docs/optimization.md: takes of other sizes find room in what takes before them have left).

    A number that a person gave means what it means to CUDA; one of ours counts device nodes, as the bus does (CUDA C++
    Programming Guide, ``CUDA_DEVICE_ORDER``).
    """
    kept = {name: value for name, value in environment.items() if not name.startswith("OPENAI_")}
    order = {} if "CUDA_VISIBLE_DEVICES" in environment else {"CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
    growing = {} if _ALLOCATOR.intersection(environment) else {"PYTORCH_CUDA_ALLOC_CONF": "expandable_segments:True"}
    return kept | growing | order | {"CUDA_VISIBLE_DEVICES": gpu, "PYTHONUNBUFFERED": "1"}


def last_words(log: Path | None) -> str:
    """The end of what was said in ``log``, on one line; empty where nothing was."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log is not None else []
    except OSError:
        return ""
    return " | ".join([line.strip() for line in lines if line.strip()][-_LAST_WORDS:])
