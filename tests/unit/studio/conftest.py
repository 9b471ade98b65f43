"""A film, and the registry brought up to date with it."""

from __future__ import annotations

from kit.synced import film, synced

__all__ = ["film", "synced"]
