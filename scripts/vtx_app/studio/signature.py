"""The signature of a film: names, sizes and times of its files, of which only ``project.env`` is opened.

A film whose signature has not changed need not be read again. It covers everything in the film's folder that can
change its plan, the names of its takes, its delivered files, and what all films share: ``config/``, environment
variables, the model files.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vtx_app import __version__
from vtx_app.errors import VtxError
from vtx_app.project.env_files import read_env

__all__ = ["film_signature", "shared_signature"]

_TICK_NS = 20_000_000
"""Two writes of a file within this many nanoseconds may leave the same time."""

_CONFIG = ("config/config.yaml", "config/global.env", "config/models.env")
_IRRELEVANT = ("VTX_APP_HOME", "VTX_BUILD", "VTX_MAX_PARALLEL_JOBS", "VTX_FAIL_FAST")
"""Variables that change no film's plan."""

Stat = tuple[str, int, int, int]
"""Name, size in bytes, and the times of the last change of content and of status, in nanoseconds."""


def shared_signature() -> str:
    """The signature of what every film's plan depends on besides its own files."""
    variables = sorted(
        (name, value)
        for name, value in os.environ.items()
        if name.startswith(("VTX_", "LTX_", "PROJECT_")) and name not in _IRRELEVANT
    )
    models = dict(variables)
    for file in _CONFIG[1:]:
        try:
            models = read_env(Path(file)) | models
        except VtxError:  # reading any film reports it
            continue
    files = [_stat(path, path) for path in (*_CONFIG, *_model_files(models))]
    return _digest((__version__, variables, files))


def film_signature(folder: Path, shared: str) -> str:
    """The signature (64 hex digits) of the film in ``folder``.

    ``""`` if a file was written just now: a second change could leave the same time, so the film must be read again.
    """
    stats = sorted([*_texts(str(folder)), *_takes(str(folder)), *_delivered(str(folder)), *_own_models(folder)])
    now = time.time_ns()
    earliest, latest = now - _TICK_NS, now + _TICK_NS
    if any(earliest < modified < latest or earliest < changed < latest for _, _, modified, changed in stats):
        return ""
    return _digest((os.path.abspath(folder), shared, stats))  # noqa: PTH100 - links stay as they are


def _digest(parts: tuple[Any, ...]) -> str:
    return hashlib.sha256(marshal.dumps(parts, 2)).hexdigest()  # version 2 depends on values alone


def _model_files(variables: Mapping[str, str]) -> list[str]:
    """The model files that variables name."""
    named = {value for name, value in variables.items() if name.startswith("LTX_") and "/" in value}
    return sorted(map(os.path.expanduser, named))


def _own_models(folder: Path) -> Iterator[Stat]:
    """The model files that the film's own ``project.env`` names; few films have one."""
    file = folder / "project.env"
    if not file.is_file():
        return
    try:
        variables = read_env(file)
    except VtxError:  # reading the film reports it
        return
    for path in _model_files(variables):
        yield _stat(path, path)


def _stat(name: str, path: str | os.DirEntry[str]) -> Stat:
    try:
        status = path.stat() if isinstance(path, os.DirEntry) else os.stat(path)  # noqa: PTH116 - many of them
    except OSError as error:
        return name, -1, 0, -(error.errno or 0)
    return name, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _entries(path: str) -> list[os.DirEntry[str]] | None:
    """The entries of a folder; None if it can't be read."""
    try:
        with os.scandir(path) as entries:
            return list(entries)
    except OSError:
        return None


def _texts(folder: str) -> Iterator[Stat]:
    """All files of the film except what the build makes, hidden files included."""
    pending = [""]
    while pending:
        place = pending.pop()
        entries = _entries(f"{folder}/{place}")
        if entries is None:
            yield place, -1, 0, 0
            continue
        for entry in entries:
            name = place + entry.name
            if entry.name.startswith(".") or name in ("renders", "logs"):
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append(f"{name}/")
            else:
                yield _stat(name, entry)


def _takes(folder: str) -> Iterator[Stat]:
    """The folders of takes: their times change with every file that is added or removed."""
    for entry in _entries(f"{folder}/renders/takes") or ():
        yield _stat(f"renders/takes/{entry.name}", entry)


def _delivered(folder: str) -> Iterator[Stat]:
    for kind in ("clips", "acts", "final"):
        for entry in _entries(f"{folder}/renders/{kind}") or ():
            if not entry.name.startswith("."):
                yield _stat(f"renders/{kind}/{entry.name}", entry)
