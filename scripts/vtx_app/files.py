"""Atomic writes, locks, and messages on stderr.

A file under its real name is always complete. It is written under a name that starts with a dot and ends in
``.part.<suffix>``, then renamed. A killed writer leaves only that partial file, which the next writer of the same file
removes. Writers of the same file wait for each other on a lock, which the kernel releases when its holder dies.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path

__all__ = [
    "acquire_lock",
    "display_path",
    "explain_write_error",
    "file_lock",
    "partial_path",
    "publish",
    "publish_if_absent",
    "release_lock",
    "report",
    "write_failure",
    "write_text",
]

_BUILD_AGAIN = "run the build again"
_MAKE_ROOM = "Make room there and {retry}"
_MAKE_WRITABLE = "Make the folder writable and {retry}"
_MOVE_AWAY = "Move the file of that name away and {retry}"
_ADVICE = {
    errno.ENOSPC: _MAKE_ROOM,
    errno.EDQUOT: _MAKE_ROOM,
    errno.EFBIG: "Raise the limit on a file's size (ulimit -f, or the disk's own) and {retry}",
    errno.EACCES: _MAKE_WRITABLE,
    errno.EPERM: _MAKE_WRITABLE,
    errno.EROFS: _MAKE_WRITABLE,
    errno.EEXIST: _MOVE_AWAY,
    errno.ENOTDIR: _MOVE_AWAY,
    errno.EISDIR: _MOVE_AWAY,
    errno.EIO: "Check the disk and {retry}",
}
_NO_HARD_LINKS = (errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK)


def report(message: str) -> None:
    """Print ``message`` on stderr at once."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201


def display_path(path: Path) -> str:
    """``path`` for messages: relative to the working directory if it is below, and safe for any terminal."""
    text = path.as_posix()
    if path.is_absolute():  # by their letters: every file that a plan reads is named so, in case of a fault
        folder = Path.cwd().as_posix()
        text = "." if text == folder else text.removeprefix(f"{folder.rstrip('/')}/")
    return text if text.isprintable() else ascii(text)[1:-1]


def partial_path(path: Path) -> Path:
    """The name for ``path`` while it is written: in the same folder, so that the final rename is atomic."""
    return path.with_name(f".{path.stem}.part{path.suffix}")


def publish(part: Path, path: Path) -> None:
    """Rename the complete file ``part`` to ``path`` and replace what is there, in one step."""
    _sync(part)
    part.replace(path)
    _sync(path.parent)


def publish_if_absent(part: Path, path: Path) -> bool:
    """Rename ``part`` to ``path`` unless ``path`` exists, and return whether it was renamed; else delete ``part``."""
    _sync(part)
    try:
        os.link(part, path)
    except FileExistsError:
        part.unlink()
        return False
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        if path.exists():  # on exFAT and some network disks; the caller's lock keeps others away
            part.unlink()
            return False
        part.rename(path)
    else:
        part.unlink()
    _sync(path.parent)
    return True


def write_text(path: Path, text: str) -> None:
    """Write ``text`` (UTF-8) to ``path``, completely or not at all. Raises :class:`OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = partial_path(path)
    try:
        part.write_text(text, encoding="utf-8")
        publish(part, path)
    except OSError as error:
        error.filename = str(path)  # Python doesn't name the file if the disk is full
        raise
    finally:
        part.unlink(missing_ok=True)


def write_failure(error: OSError, folder: Path, retry: str = _BUILD_AGAIN) -> str:
    """The end of a sentence: where a file can't be written, why, and what to do before ``retry``.

    ``folder`` is named if the error has no file name.
    """
    place = Path(error.filename).parent if isinstance(error.filename, str) and error.filename else folder
    advice = _ADVICE.get(error.errno or 0, "Fix that and {retry}")
    kept = ": what is finished is kept" if advice is _MAKE_ROOM and retry is _BUILD_AGAIN else ""
    return f"can't be written to {place}: {error.strerror or error}. {advice.format(retry=retry)}{kept}"


def explain_write_error(error: OSError) -> str | None:
    """The file that can't be written, why, and what to do; None if ``error`` is of another kind."""
    if error.errno not in _ADVICE:
        return None
    file = error.filename if isinstance(error.filename, str) else "a file"
    return f"{file} can't be written: {error.strerror}. {_ADVICE[error.errno].format(retry='try again')}"


def acquire_lock(path: Path, *, wait: bool) -> int | None:
    """Lock the file ``path`` and return its handle, for :func:`release_lock`.

    If another process holds it, wait, or with ``wait=False`` return None. Creates the folder if needed.
    Raises :class:`OSError` if the file can't be created.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        # The file is deleted on release, so a lock counts only on the file that still has the name.
        try:
            if path.stat().st_ino == os.fstat(handle).st_ino:
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)


def release_lock(path: Path, handle: int) -> None:
    """Delete the lock file ``path`` and release its lock."""
    path.unlink(missing_ok=True)
    os.close(handle)


@contextlib.contextmanager
def file_lock(path: Path, waiting: str) -> Iterator[int]:
    """Hold the lock file ``path`` and yield its handle; report ``waiting`` if another process holds it.

    A process that inherits the handle holds the lock too, until it ends.
    """
    handle = acquire_lock(path, wait=False)
    if handle is None:
        report(waiting)
        while handle is None:
            handle = acquire_lock(path, wait=True)
    try:
        yield handle
    finally:
        release_lock(path, handle)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
