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
from collections.abc import Callable, Mapping
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

_MADE = tuple(f"renders/{name}/" for name in ("takes", "clips", "inserts", "sound", "acts", "final"))
"""What the build has made. The entries of takes are folders, whose time changes with every take that comes or goes; a
take itself never changes."""

Seen = list[Any]
"""For each file in turn: its name, inode, size in bytes, and the times of the last change of content and of status, in
nanoseconds."""


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
    seen = Seen()
    for path in (*_CONFIG, *_model_files(models)):
        _see(path, Path(path).stat, seen)
    return _digest((__version__, variables, seen))


def film_signature(folder: Path, shared: str) -> str:
    """The signature (64 hex digits) of the film in ``folder``.

    ``""`` if a file was written just now: a second change could leave the same time, so the film must be read again.
    """
    root, seen = os.fspath(folder), Seen()
    _see_texts(root, seen)
    for made in _MADE:
        _see_entries(root, made, seen)
    for path in _own_models(root):
        _see(path, Path(path).stat, seen)
    return "" if _just_changed(seen) else _digest((os.path.abspath(folder), shared, seen))  # noqa: PTH100 - links stay


def _just_changed(seen: Seen) -> bool:
    """Whether a file was changed so short a time ago that another change could leave the same time."""
    now = time.time_ns()
    earliest, latest = now - _TICK_NS, now + _TICK_NS
    times = [*seen[3::5], *seen[4::5]]
    return max(times, default=0) > earliest and any(earliest < at < latest for at in times)


def _digest(parts: tuple[Any, ...]) -> str:
    return hashlib.sha256(marshal.dumps(parts, 2)).hexdigest()  # version 2 depends on values alone


def _model_files(variables: Mapping[str, str]) -> list[str]:
    """The model files that variables name."""
    named = {value for name, value in variables.items() if name.startswith("LTX_") and "/" in value}
    return sorted(map(os.path.expanduser, named))


def _own_models(folder: str) -> list[str]:
    """The model files that the film's own ``project.env`` names; few films have one."""
    file = f"{folder}/project.env"
    if not os.path.isfile(file):  # noqa: PTH113 - of every film
        return []
    try:
        return _model_files(read_env(Path(file)))
    except VtxError:  # reading the film reports it
        return []


def _see(name: str, look: Callable[[], os.stat_result], seen: Seen) -> None:
    try:
        status = look()
    except OSError as error:
        seen += (name, -(error.errno or 0), -1, 0, 0)
        return
    seen += (name, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _see_texts(folder: str, seen: Seen) -> None:
    """All files of the film except what the build makes and hidden ones: a person may change each in its place."""
    places = [""]
    for place in places:
        if not _see_entries(folder, place, seen, places):
            seen += (place, 0, -1, 0, 0)


def _see_entries(folder: str, place: str, seen: Seen, inner: list[str] | None = None) -> bool:
    """See what is in a place of ``folder`` and not hidden; return whether it can be read.

    With ``inner``, folders are added to that instead. Entries are looked up from the open folder, which is quicker than
    by their whole path.
    """
    try:
        handle = os.open(f"{folder}/{place}", os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        with os.scandir(handle) as entries:
            for entry in entries:
                name = place + entry.name
                if entry.name.startswith(".") or name in ("renders", "logs"):
                    continue
                if inner is not None and entry.is_dir(follow_symlinks=False):
                    inner.append(f"{name}/")
                else:
                    _see(name, entry.stat, seen)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
