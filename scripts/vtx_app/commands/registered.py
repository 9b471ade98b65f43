"""How commands ask the registry: brought up to date first, and in memory alone where it can't be written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from vtx_app.commands.showing import say

if TYPE_CHECKING:
    from vtx_app.registry.database import Connection

__all__ = ["registered"]

Answer = TypeVar("Answer")


def registered(ask: Callable[[Connection], Answer], *, sync_first: bool = True) -> Answer:
    """``ask`` with the registry. Raises :class:`vtx_app.errors.VtxError`."""
    from vtx_app.errors import RegistryError
    from vtx_app.registry.database import in_memory, use
    from vtx_app.studio.sync import sync

    def synced(db: Connection) -> Answer:
        sync(db)
        return ask(db)

    try:
        return use(synced if sync_first else ask)
    except RegistryError as error:
        say(f"{error}; every film is read instead", err=True)
        return in_memory(synced)
