"""What this process asks of the system, seen by an audit hook: which files are opened, and the moments in between."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["audited", "opened"]

Callback = Callable[[str, tuple[Any, ...]], None]

_callbacks: list[Callback] = []


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if not _callbacks:
        return
    callbacks = _callbacks[:]
    _callbacks.clear()  # what a callback does itself is not audited
    try:
        for callback in callbacks:
            callback(event, args)
    finally:
        _callbacks[:] = callbacks


sys.addaudithook(_audit)


@contextlib.contextmanager
def audited(callback: Callback) -> Iterator[None]:
    """Call ``callback`` with every audit event and its arguments, before it happens; what it raises is the answer."""
    _callbacks.append(callback)
    try:
        yield
    finally:
        _callbacks.remove(callback)


@contextlib.contextmanager
def opened() -> Iterator[list[str]]:
    """Collect the names of all files that are opened, as they are given; a folder is none."""
    names: list[str] = []

    def note(event: str, args: tuple[Any, ...]) -> None:
        if event != "open" or (args[2] or 0) & os.O_DIRECTORY:
            return
        if isinstance(args[0], str | bytes | os.PathLike):
            names.append(os.fsdecode(args[0]))

    with audited(note):
        yield names
