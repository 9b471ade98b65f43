"""Random numbers that are the same in every process and on every machine."""

from __future__ import annotations

import hashlib
import random

__all__ = ["chance_of"]


def chance_of(*parts: str) -> random.Random:
    """Random numbers from ``parts``."""
    return random.Random(int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:8], "big"))  # noqa: S311
