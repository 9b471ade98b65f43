"""A person's file in a film, which a command changes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vtx_app.errors import ProjectError
from vtx_app.files import display_path, file_lock, write_failure

__all__ = ["hold_file", "put"]


@contextlib.contextmanager
def hold_file(folder: Path, file: str, what: str) -> Iterator[None]:
    """Hold the lock on ``file`` of the film in ``folder``; messages call it ``what``, which also names the lock.

    Raises :class:`ProjectError` if ``folder`` can't be written to.
    """
    with contextlib.ExitStack() as stack:
        try:
            waiting = f"another command is changing this film's {what}; waiting for it"
            stack.enter_context(file_lock(folder / f".{what}.part.lock", waiting))
        except OSError as error:
            raise ProjectError(f"{display_path(folder / file)} {write_failure(error, folder, 'try again')}") from error
        yield


def put(data: dict[str, Any], key: str, value: Any, default: Any = None) -> None:
    """Set ``key``, or remove it if ``value`` is the ``default``, an empty list or mapping."""
    data[key] = value
    if value == default or value in ([], {}):
        del data[key]
