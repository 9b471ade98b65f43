"""A film's own Python: what ``env/`` asks for, and whether ``.venv`` is what it asks for now.

``env/requirements.txt`` (with ``constraints.txt`` and ``python_version.txt``, where they are there) decides; the
digest of their content, and of the Python that VTX runs in, names the environment. It lies under ``VTX_APP_HOME``,
the film's ``.venv`` leads to it, and changes in one step once a new one is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from vtx_app.errors import SpecError
from vtx_app.project.paths import app_home, inside, shown

__all__ = [
    "CONSTRAINTS",
    "PYTHON_VERSION",
    "REQUIREMENTS",
    "environment_digest",
    "environment_files",
    "environment_record",
    "film_python",
    "has_environment",
    "is_built",
    "wanted_python",
]

REQUIREMENTS = "env/requirements.txt"
CONSTRAINTS = "env/constraints.txt"
PYTHON_VERSION = "env/python_version.txt"


def has_environment(folder: Path) -> bool:
    """Whether the film asks for a Python of its own: its requirements list something."""
    path = inside(folder, REQUIREMENTS)
    return os.path.lexists(path) and any(line.partition("#")[0].strip() for line in _text(path).splitlines())


def environment_files(folder: Path) -> list[Path]:
    """The files that decide the environment, those that requirements name (``-r``, ``-c``) included.

    Raises :class:`vtx_app.errors.ProjectError` for one outside the film, :class:`SpecError` for one that is missing.
    """
    found = [path for name in (CONSTRAINTS, PYTHON_VERSION) if os.path.lexists(path := inside(folder, name))]
    waiting = [inside(folder, REQUIREMENTS)]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.append(path)
            waiting += [inside(folder, f"{path.parent.relative_to(folder)}/{name}") for name in _named_in(path)]
    return found


def _named_in(path: Path) -> Iterator[str]:
    for line in _text(path).splitlines():
        if match := re.fullmatch(r"\s*(?:-r|--requirement|-c|--constraint)[ =]\s*(\S+)\s*(?:#.*)?", line):
            yield match[1]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SpecError([f"{shown(path)}: no such file, and the film's requirements name it"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError([f"{shown(path)}: can't be read: {error}"]) from None


def wanted_python(folder: Path) -> str:
    """The version in ``python_version.txt`` (``3.12``), else that of the Python VTX runs in.

    Raises :class:`SpecError` for a text that is no version.
    """
    path = inside(folder, PYTHON_VERSION)
    if not os.path.lexists(path):
        return f"{sys.version_info.major}.{sys.version_info.minor}"
    version = _text(path).strip()
    if not re.fullmatch(r"3\.\d{1,2}(\.\d{1,2})?", version):
        raise SpecError([f"{shown(path)}:1: {version[:40]!r}: expected a Python version, as in 3.12"])
    return version


def environment_digest(folder: Path) -> str:
    """SHA-256 of the content of the film's environment files and of what they are put on."""
    files = {path.relative_to(folder).as_posix(): _text(path) for path in environment_files(folder)}
    on = [sys.prefix, ".".join(map(str, sys.version_info[:3])), wanted_python(folder)]
    return hashlib.sha256(json.dumps([files, on], sort_keys=True).encode()).hexdigest()


def environment_record(slug: str) -> Path:
    """The file that says which environment a film has: what Snakemake knows it by."""
    return app_home() / "environments" / f"{slug}.json"


def film_python(folder: Path) -> Path:
    """The Python of the film's own environment."""
    return folder / ".venv" / "bin" / "python"


def is_built(folder: Path, slug: str) -> bool:
    """Whether the film's environment is there, and is the one that its files ask for. Raises :class:`SpecError`."""
    digest = environment_digest(folder)
    try:
        record = json.loads(environment_record(slug).read_bytes())
    except (OSError, ValueError):
        return False
    return (
        isinstance(record, dict)
        and record.get("digest") == digest
        and film_python(folder).exists()
        and os.path.realpath(folder / ".venv") == os.path.realpath(str(record.get("place", "")))
    )
