"""The registry's SQLite file: opened for a moment, shared by many processes, replaced if it can't be used.

A transaction takes the one write lock at its start (``BEGIN IMMEDIATE``), so no writer finds out halfway that another
was faster. A damaged file is renamed and a file of another version is emptied: the films' files hold all that matters.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from vtx_app.errors import RegistryError
from vtx_app.file_systems import NETWORK, Mount, file_system, mounts
from vtx_app.files import display_path, file_lock, report
from vtx_app.project.paths import app_home
from vtx_app.registry.tables import CREATE, TABLES, VERSION

__all__ = ["Connection", "as_utf8", "in_memory", "journal_mode", "registry_path", "transaction", "use"]

Connection = sqlite3.Connection
Result = TypeVar("Result")

_WAIT_SECONDS = 60.0
_RETRY_SECONDS = 0.02
_RETRIES = 5

_ADVICE = "correct that, or set VTX_APP_HOME to a folder that can be written to"
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_NO_ACCESS = {  # the file was moved while it was open, or can't be written at all: a few tries show which
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
}


def registry_path() -> Path:
    """``VTX_APP_HOME/registry.sqlite``."""
    return app_home() / "registry.sqlite"


def use(action: Callable[[Connection], Result], *, wait: float = _WAIT_SECONDS) -> Result:
    """Call ``action`` with the registry, which is created if missing; wait up to ``wait`` seconds for other writers.

    ``action`` is called again if the file was damaged, moved or busy, so it must write in a :func:`transaction`.
    Raises :class:`RegistryError`.
    """
    path = registry_path()
    deadline = time.monotonic() + wait
    tries = 0
    while True:
        tries += 1
        inode = _inode(path)
        try:
            try:
                with contextlib.closing(_open(path, max(0.0, deadline - time.monotonic()))) as db:
                    return action(db)
            except sqlite3.Error as error:
                code = getattr(error, "sqlite_errorcode", 0) & 0xFF
                if code in _IN_USE and time.monotonic() >= deadline:
                    raise RegistryError(
                        f"{display_path(path)} can't be used: another process keeps writing to it"
                    ) from error
                if code in _NO_ACCESS | _DAMAGED and tries > _RETRIES:
                    raise RegistryError(f"{display_path(path)} can't be used: {error}; {_ADVICE}") from error
                if code in _DAMAGED:
                    _move_aside(path, inode)
                elif code in _IN_USE | _NO_ACCESS:
                    time.sleep(_RETRY_SECONDS)
                else:
                    raise
        except OSError as error:
            raise RegistryError(f"{display_path(path)} can't be used: {error.strerror or error}; {_ADVICE}") from error


def in_memory(action: Callable[[Connection], Result]) -> Result:
    """Call ``action`` with an empty registry in memory, for a disk that can't be written to."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        _prepare(db)
        return action(db)


@contextlib.contextmanager
def transaction(db: Connection) -> Iterator[None]:
    """Write all of it or nothing, while no other process writes."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def as_utf8(text: str) -> str:
    """``text`` in characters that UTF-8 can hold: file names may be any bytes."""
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
        version, tables = _schema(db)
        if version != VERSION or not tables >= TABLES:
            _prepare(db)
    except BaseException:
        db.close()
        raise
    return db


def journal_mode(file: Path, mounted: Sequence[Mount]) -> str:
    """How SQLite keeps its journal of ``file``: WAL shares memory between its processes, and machines share none."""
    mount = file_system(file, mounted)
    return "DELETE" if mount and mount.kind in NETWORK else "WAL"


def _schema(db: Connection) -> tuple[int, set[str]]:
    """Version and tables, read in one statement."""
    rows = db.execute(
        "SELECT user_version, name FROM pragma_user_version LEFT JOIN sqlite_master "
        "ON type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return int(rows[0][0]), {name for _, name in rows if name}


def _prepare(db: Connection) -> None:
    """Create the tables in a new file; empty a file of another version first.

    Raises :class:`sqlite3.DatabaseError` for a file that is not a registry.
    """
    version, tables = _schema(db)
    if (version or tables) and not tables >= TABLES:
        error = sqlite3.DatabaseError("its tables are missing")
        error.sqlite_errorcode = sqlite3.SQLITE_NOTADB
        raise error
    db.execute(f"PRAGMA journal_mode = {journal_mode(registry_path(), mounts())}")
    with transaction(db):
        version, tables = _schema(db)
        if version == VERSION:
            return  # another process was faster
        for table in sorted(tables):  # clips, which refer to projects, before those
            db.execute(f'DROP TABLE "{table}"')
        for statement in CREATE:
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")


def _move_aside(path: Path, inode: int | None) -> None:
    """Rename the damaged file, unless another process has already done so, and report it. Raises :class:`OSError`."""
    with file_lock(
        app_home() / "locks" / "registry.lock", f"another process replaces {display_path(path)}; waiting for it"
    ):
        if inode is None or _inode(path) != inode:
            return
        number = 1
        while os.path.lexists(aside := path.with_name(f"{path.name}.damaged-{number}")):
            number += 1
        for end in ("-wal", "-shm", ""):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + end).rename(aside.with_name(aside.name + end))
    report(f"{display_path(path)} is damaged: renamed to {aside.name}, and rebuilt from the films")
