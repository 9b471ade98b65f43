"""What a process that renders is given of this one's environment, and what it left behind in its log."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["last_words", "worker_environment"]

_LAST_WORDS = 12


def worker_environment(environment: Mapping[str, str], gpu: str) -> dict[str, str]:
    """One GPU to see, and no secret that it has no use for.

    A number that a person gave means what it means to CUDA; one of ours counts device nodes, as the bus does (CUDA C++
    Programming Guide, ``CUDA_DEVICE_ORDER``).
    """
    kept = {name: value for name, value in environment.items() if not name.startswith("OPENAI_")}
    order = {} if "CUDA_VISIBLE_DEVICES" in environment else {"CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
    return kept | order | {"CUDA_VISIBLE_DEVICES": gpu, "PYTHONUNBUFFERED": "1"}


def last_words(log: Path | None) -> str:
    """The end of what was said in ``log``, on one line; empty where nothing was."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log is not None else []
    except OSError:
        return ""
    return " | ".join([line.strip() for line in lines if line.strip()][-_LAST_WORDS:])
