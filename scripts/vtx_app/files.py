"""Writing so that nothing is lost: beside, then verified, then renamed.

A file under its real name is always whole. What is being written has a name that starts with a dot
and ends in ``.part.<suffix>``; a killed writer leaves only that, and the next writer of the same file
clears it away.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["locked", "part_name", "publish_new", "publish_over", "write_text_over"]


def part_name(path: Path) -> Path:
    """The name to write ``path`` under until it is whole, in the same folder (so that a rename is atomic)."""
    return path.with_name(f".{path.stem}.part{path.suffix}")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def publish_over(part: Path, path: Path) -> None:
    """Give the whole file ``part`` its name ``path``, replacing what was there in one step."""
    _sync(part)
    part.replace(path)
    _sync(path.parent)


def publish_new(part: Path, path: Path) -> bool:
    """Give ``part`` its name ``path`` only if nothing has that name; ``part`` is gone afterwards.

    Returns whether it was published: False means that the name was taken and what is there stays.
    """
    _sync(part)
    try:
        os.link(part, path)
    except FileExistsError:
        part.unlink()
        return False
    part.unlink()
    _sync(path.parent)
    return True


def write_text_over(path: Path, text: str) -> None:
    """Write ``text`` (UTF-8) to ``path``, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = part_name(path)
    part.write_text(text, encoding="utf-8")
    publish_over(part, path)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file ``path`` (made if missing); waits for the holder, and a dead holder holds nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
