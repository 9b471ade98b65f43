"""What the files of a film look like from outside: names, sizes and times, without opening one but ``project.env``.

A film whose signature is the one it was read under need not be read again. What counts is everything in its folder
that can change its plan, the names of its takes, what is delivered of it, and what all films share: ``config/``,
variables of the environment, where the models lie.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from vtx_app import __version__
from vtx_app.errors import VtxError
from vtx_app.project.env_files import read_env

__all__ = ["film_signature", "shared_signature"]

_ROWS_VERSION = 2
"""Raised when the same files are read into other rows."""

_TICK_NS = 20_000_000
"""A file that was written twice within this many nanoseconds may bear one time."""

_CONFIG = ("config/config.yaml", "config/global.env", "config/models.env")
_NOT_FILMS = ("VTX_APP_HOME", "VTX_BUILD", "VTX_MAX_PARALLEL_JOBS", "VTX_FAIL_FAST")

Seen = tuple[str, int, int, int]


def shared_signature(environment: Mapping[str, str] | None = None) -> str:
    """What every film's plan depends on besides its own files. ``environment``: else this process's."""
    own = dict(os.environ if environment is None else environment)
    said = sorted(
        (name, value)
        for name, value in own.items()
        if name.startswith(("VTX_", "LTX_", "PROJECT_")) and name not in _NOT_FILMS
    )
    models = dict(said)
    for file in _CONFIG[1:]:
        try:
            models = read_env(Path(file)) | models
        except VtxError:  # every film tells that itself
            continue
    parts = (__version__, _ROWS_VERSION, said, [_seen(path, path) for path in (*_CONFIG, *_places(models))])
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()


def film_signature(folder: Path, shared: str) -> str:
    """The signature (64 hex digits) of the film in ``folder``; ``""`` where a file was written just now, so that a
    second change could not be told from the first: such a film is read again."""
    seen = sorted([*_texts(str(folder)), *_takes(str(folder)), *_delivered(str(folder)), *_own_models(folder)])
    now = time.time_ns()
    if any(abs(now - changed) < _TICK_NS or abs(now - noted) < _TICK_NS for _, _, changed, noted in seen):
        return ""
    parts = (os.path.abspath(folder), shared, seen)  # noqa: PTH100 - links stay as they are
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _places(variables: Mapping[str, str]) -> list[str]:
    """Where models lie, by the variables that name them."""
    named = {value for name, value in variables.items() if name.startswith("LTX_") and "/" in value}
    return sorted(map(os.path.expanduser, named))


def _own_models(folder: Path) -> Iterator[Seen]:
    """Models that the film's own ``project.env`` names, which few films have."""
    file = folder / "project.env"
    if not file.is_file():
        return
    try:
        variables = read_env(file)
    except VtxError:  # reading the film tells that
        return
    for path in _places(variables):
        yield _seen(path, path)


def _seen(name: str, path: str | os.DirEntry[str]) -> Seen:
    """A file by its size in bytes, and when its content and what is known of it last changed, in nanoseconds."""
    try:
        status = path.stat() if isinstance(path, os.DirEntry) else os.stat(path)  # noqa: PTH116 - many of them
    except OSError as error:
        return name, -1, 0, -(error.errno or 0)
    return name, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _entries(path: str) -> list[os.DirEntry[str]] | None:
    """What is in a folder; None where there is no such folder, or it can't be read."""
    try:
        with os.scandir(path) as entries:
            return list(entries)
    except OSError:
        return None


def _texts(folder: str) -> Iterator[Seen]:
    """All files of the film but what the build makes; hidden ones are the build's too."""
    waiting = [""]
    while waiting:
        place = waiting.pop()
        entries = _entries(f"{folder}/{place}")
        if entries is None:
            yield place, -1, 0, 0
            continue
        for entry in entries:
            name = place + entry.name
            if entry.name.startswith(".") or name in ("renders", "logs"):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(f"{name}/")
            else:
                yield _seen(name, entry)


def _takes(folder: str) -> Iterator[Seen]:
    """The folders of takes: their own time changes with every file that comes or goes."""
    for entry in _entries(f"{folder}/renders/takes") or ():
        yield _seen(f"renders/takes/{entry.name}", entry)


def _delivered(folder: str) -> Iterator[Seen]:
    for kind in ("clips", "acts", "final"):
        for entry in _entries(f"{folder}/renders/{kind}") or ():
            if not entry.name.startswith("."):
                yield _seen(f"renders/{kind}/{entry.name}", entry)
