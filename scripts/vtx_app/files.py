"""Writing so that nothing is lost: beside, then verified, then renamed.

A file under its real name is always whole. What is being written has a name that starts with a dot
and ends in ``.part.<suffix>``; a killed writer leaves only that, and the next writer of the same file
clears it away. Two that would write the same file wait for each other on a lock, which the kernel lets
go of when its holder dies, however it dies.
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
    "drop_lock",
    "locked",
    "part_name",
    "publish_new",
    "publish_over",
    "refused",
    "say_waiting",
    "take_lock",
    "unwritten",
    "write_text_over",
]

_BUILD_AGAIN = "run the build again"
_ROOM = "Make room there and {again}"
_RIGHTS = "Make the folder writable and {again}"
_OTHER = "Move what has that name away and {again}"
_ADVICE = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: "Raise the limit on a file's size (ulimit -f, or the disk's own) and {again}",
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: _RIGHTS,
    errno.EEXIST: _OTHER,
    errno.ENOTDIR: _OTHER,
    errno.EISDIR: _OTHER,
    errno.EIO: "Look after the disk and {again}",
}


def part_name(path: Path) -> Path:
    """The name to write ``path`` under until it is whole, in the same folder (so that a rename is atomic)."""
    return path.with_name(f".{path.stem}.part{path.suffix}")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_NO_HARD_LINKS = (errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK)


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
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        if path.exists():  # exFAT and some network disks: the caller's lock keeps others away meanwhile
            part.unlink()
            return False
        part.rename(path)
    else:
        part.unlink()
    _sync(path.parent)
    return True


def write_text_over(path: Path, text: str) -> None:
    """Write ``text`` (UTF-8) to ``path``, whole or not at all. Raises :class:`OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = part_name(path)
    try:
        part.write_text(text, encoding="utf-8")
        publish_over(part, path)
    except OSError as error:
        error.filename = str(path)  # of a full disk Python does not know which file it was
        raise
    finally:
        part.unlink(missing_ok=True)


def unwritten(error: OSError, folder: Path, again: str = _BUILD_AGAIN) -> str:
    """The end of a sentence for a person: where a file could not be written, why, what to do, and then ``again``.

    ``folder`` is told where the error does not say itself which file it was.
    """
    named = error.filename if isinstance(error.filename, str) else None
    place = Path(named).parent if named else folder
    advice = _ADVICE.get(error.errno or 0, "Mend that and {again}")
    kept = ": what is finished is kept" if advice is _ROOM and again is _BUILD_AGAIN else ""
    return f"can't be written to {place}: {error.strerror or error}. {advice.format(again=again)}{kept}"


def refused(error: OSError) -> str | None:
    """What a person must do where the machine would not write (a full disk, no rights); None for any other error."""
    if error.errno not in _ADVICE:
        return None
    named = error.filename if isinstance(error.filename, str) else "a file"
    return f"{named} can't be written: {error.strerror}. {_ADVICE[error.errno].format(again='say it again')}"


def take_lock(path: Path, *, wait: bool) -> int | None:
    """Lock the file ``path`` and return its handle, for :func:`drop_lock`.

    Somebody else's lock is waited for, or with ``wait=False`` answered by None. Raises :class:`OSError`
    where the file can't be made. Its folder is made where it is missing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        # The file goes with its lock, so a lock counts only on the file that still has the name.
        try:
            held = path.stat().st_ino == os.fstat(handle).st_ino
        except FileNotFoundError:
            held = False
        if held:
            return handle
        os.close(handle)


def drop_lock(path: Path, handle: int) -> None:
    """Let go of the lock on ``path`` and remove its file."""
    path.unlink(missing_ok=True)
    os.close(handle)


def say_waiting(words: str) -> None:
    """Tell the person at the build what it waits for."""
    print(words, file=sys.stderr, flush=True)  # noqa: T201


@contextlib.contextmanager
def locked(path: Path, waiting: str) -> Iterator[int]:
    """Hold the lock file ``path``; says ``waiting`` on stderr if somebody holds it, and waits.

    Gives its handle: a process that is started with it holds the lock too, until it ends.
    """
    handle = take_lock(path, wait=False)
    if handle is None:
        say_waiting(waiting)
        while handle is None:
            handle = take_lock(path, wait=True)
    try:
        yield handle
    finally:
        drop_lock(path, handle)
