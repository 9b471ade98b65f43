"""The registry, brought up to date with the films that are there."""

from __future__ import annotations

from kit.synced import synced

__all__ = ["synced"]
