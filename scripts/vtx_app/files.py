"""Writing so that nothing is lost: beside, then verified, then renamed.

A file under its real name is always whole. What is being written has a name that starts with a dot
and ends in ``.part.<suffix>``; a killed writer leaves only that, and the next writer of the same file
clears it away.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
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
def locked(path: Path, waiting: str) -> Iterator[None]:
    """Hold the lock file ``path``; says ``waiting`` on stderr if somebody holds it, and waits.

    The kernel lets go of a dead holder's lock. The file is removed with the lock, so a lock is only had
    once it is held on the file that still has the name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(waiting, file=sys.stderr, flush=True)  # noqa: T201
            fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            held = os.stat(path).st_ino == os.fstat(handle).st_ino  # noqa: PTH116
        except FileNotFoundError:
            held = False
        if held:
            break
        os.close(handle)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)
