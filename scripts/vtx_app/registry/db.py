"""The registry's file: opened for a moment, brought to the present schema, shared by many processes.

Whoever writes takes the one write lock at once (``BEGIN IMMEDIATE``), so nobody finds halfway that another was faster.
A file that is damaged is moved aside and made anew: everything in it that matters is in the films.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from vtx_app.errors import RegistryError
from vtx_app.files import file_lock, report
from vtx_app.project.paths import app_home, shown
from vtx_app.registry.schema import STEPS, TABLES, VERSION

__all__ = ["Connection", "in_memory", "plain", "registry_path", "use", "writing"]

Connection = sqlite3.Connection
Answer = TypeVar("Answer")

_WAIT_SECONDS = 60.0
_PAUSE_SECONDS = 0.02
_FEW = 5

_ADVICE = "mend that, or let VTX_APP_HOME name a folder that can be written to"
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_NO_PLACE = {  # the file was moved away under us, or it can't be written here at all: a few looks tell
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
}


class _DamagedError(Exception):
    """The file is no registry."""


def registry_path() -> Path:
    """``VTX_APP_HOME/registry.sqlite``."""
    return app_home() / "registry.sqlite"


def use(do: Callable[[Connection], Answer], *, wait: float = _WAIT_SECONDS) -> Answer:
    """``do`` with the registry, made where there is none; ``wait`` seconds for others who write.

    ``do`` is called again where the file was damaged, moved away or busy: what it writes, it writes in
    :func:`writing`. Raises :class:`RegistryError`.
    """
    path = registry_path()
    until = time.monotonic() + wait
    tries = 0
    while True:
        tries += 1
        before = _inode(path)
        try:
            with contextlib.closing(_open(path, max(0.0, until - time.monotonic()))) as db:
                return do(db)
        except _DamagedError as error:
            if tries > _FEW:
                raise RegistryError(f"{shown(path)} can't be used: {error}") from error
            _mend(path, before)
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _DAMAGED and tries <= _FEW:
                _mend(path, before)
            elif (code in _IN_USE and time.monotonic() < until) or (code in _NO_PLACE and tries <= _FEW):
                time.sleep(_PAUSE_SECONDS)
            elif code in _IN_USE:
                raise RegistryError(f"{shown(path)} can't be used: another process keeps writing to it") from error
            elif code in _NO_PLACE | _DAMAGED:
                raise RegistryError(f"{shown(path)} can't be used: {error}; {_ADVICE}") from error
            else:
                raise
        except OSError as error:
            raise RegistryError(f"{shown(path)} can't be used: {error.strerror or error}; {_ADVICE}") from error


def in_memory(do: Callable[[Connection], Answer]) -> Answer:
    """``do`` with an empty registry that is kept nowhere: for a disk that can't be written."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        _migrate(db, Path(":memory:"))
        return do(db)


@contextlib.contextmanager
def writing(db: Connection) -> Iterator[None]:
    """One transaction: all of it or nothing, and nobody else writes meanwhile."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def plain(text: str) -> str:
    """``text`` as UTF-8 can hold it: names of files may be any bytes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None


def _open(path: Path, wait: float) -> Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=wait, isolation_level=None)
    try:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA synchronous = OFF")  # a power cut may cost the index, and no job waits for the disk
        if _version(db) != VERSION:
            _migrate(db, path)
        if not {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} >= TABLES:
            raise _DamagedError("its tables are missing")
    except BaseException:
        db.close()
        raise
    return db


def _version(db: Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _migrate(db: Connection, path: Path) -> None:
    """Bring the file to the present schema, step by step. Raises :class:`RegistryError` for a newer one."""
    at_once = "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version"
    version, tables = db.execute(at_once).fetchone()
    if not version and tables:
        raise _DamagedError("it is somebody else's")
    db.execute("PRAGMA journal_mode = WAL")
    with writing(db):
        version = _version(db)
        if version > VERSION:
            raise RegistryError(
                f"{shown(path)} was written by a newer VTX (schema {version}; this one knows {VERSION}): update VTX, "
                "or delete the file, which is made anew from the films"
            )
        try:
            for statement in (each for step in STEPS[version:] for each in step):
                db.execute(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # a table that should not be there, or should be
                raise _DamagedError(f"it has not the schema {version} that it says") from error
            raise
        db.execute(f"PRAGMA user_version = {VERSION}")


def _mend(path: Path, inode: int | None) -> None:
    """Make room for a new file. Raises :class:`RegistryError`."""
    try:
        _move_aside(path, inode)
    except OSError as error:
        raise RegistryError(f"{shown(path)} is damaged, and can't be moved away: {error.strerror}") from error


def _move_aside(path: Path, inode: int | None) -> None:
    """Give the damaged file another name, and say so. Nothing where another process has done it already."""
    with file_lock(app_home() / "locks" / "registry.lock", f"another process mends {shown(path)}; waiting for it"):
        if inode is None or _inode(path) != inode:
            return
        number = 1
        while os.path.lexists(aside := path.with_name(f"{path.name}.damaged-{number}")):
            number += 1
        for end in ("-wal", "-shm", ""):
            try:
                path.with_name(path.name + end).rename(aside.with_name(aside.name + end))
            except OSError as error:
                if error.errno != errno.ENOENT:
                    raise
    report(f"{shown(path)} is damaged: moved to {aside.name}, and made anew from the films")
