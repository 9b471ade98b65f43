"""A film's own Python: what ``env/`` requires, and whether ``.venv`` is up to date.

``env/requirements.txt`` decides, with ``constraints.txt`` and ``python_version.txt`` if they exist; the digest of their
content, and of the Python that VTX runs in, names the environment. It is built under ``VTX_APP_HOME``. The film's
``.venv`` links to it, and is switched in one step once a new one is complete.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from vtx_app.errors import ProjectError, SpecError
from vtx_app.files import display_path
from vtx_app.formats.decode import read_text
from vtx_app.project.paths import app_home, resolve_inside

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
    "python_version",
    "requirement_lines",
]

REQUIREMENTS = "env/requirements.txt"
CONSTRAINTS = "env/constraints.txt"
PYTHON_VERSION = "env/python_version.txt"
_OLDEST = (3, 11)
_END_BYTES = 1 << 20


def has_environment(folder: Path) -> bool:
    """Whether the film has a Python of its own: its requirements list something."""
    path = resolve_inside(folder, REQUIREMENTS)
    return os.path.lexists(path) and bool(requirement_lines(read_text(path)))


def environment_files(folder: Path) -> list[Path]:
    """The files that decide the environment, with those that requirements name (``-r``, ``-c``).

    Raises :class:`SpecError` for one that is missing or outside the film.
    """
    optional = [resolve_inside(folder, name) for name in (CONSTRAINTS, PYTHON_VERSION)]
    pending = [*(path for path in optional if os.path.lexists(path)), resolve_inside(folder, REQUIREMENTS)]
    found: list[Path] = []
    for path in pending:
        if path not in found:
            found.append(path)
            pending += _named_files(folder, path)
    return found


def requirement_lines(text: str) -> dict[int, str]:
    """The requirements by their line's number, as pip reads them: lines that end in a backslash are joined, comments
    and empty lines left out."""
    found: dict[int, str] = {}
    begun = ""
    first = 0
    for number, line in enumerate(text.splitlines(), 1):
        first = first if begun else number
        begun += line
        if line.endswith("\\"):
            begun = begun[:-1]
            continue
        if requirement := re.sub(r"(^|\s+)#.*$", "", begun).strip():
            found[first] = requirement
        begun = ""
    return found | ({first: begun.strip()} if begun.strip() else {})


def _named_files(folder: Path, path: Path) -> Iterator[Path]:
    """The files that the requirements in ``path`` name. As for pip, they are relative to the folder of ``path``."""
    for number, line in requirement_lines(read_text(path)).items():
        for written in _named(line) if line.startswith("-") else ():
            at = f"{display_path(path)}:{number}: {written!r}"
            try:
                named = resolve_inside(folder, os.path.normpath(path.parent.relative_to(folder) / written))
            except ProjectError:
                raise SpecError([f"{at}: leads out of the film's folder; copy the file into it"]) from None
            if not named.is_file():
                raise SpecError([f"{at}: no such file; it is looked for in {display_path(path.parent)}"])
            yield named


def _named(line: str) -> Iterator[str]:
    """The files that the options of a line name; not URLs, which pip fetches."""
    try:
        options = shlex.split(line)
    except ValueError:  # which pip reports
        return
    for index, option in enumerate(options):
        name, equals, value = option.partition("=")
        if option in ("-r", "-c", "--requirement", "--constraint"):
            value = next(iter(options[index + 1 :]), "")
        elif option[:2] in ("-r", "-c"):
            value = option[2:]
        elif not equals or name not in ("--requirement", "--constraint"):
            continue
        if value and "://" not in value:
            yield value


def python_version(folder: Path) -> str:
    """The version in ``python_version.txt`` (``3.12``), else that of the Python VTX runs in.

    Raises :class:`SpecError` for text that is not a version, or a version that VTX does not run on.
    """
    path = resolve_inside(folder, PYTHON_VERSION)
    if not os.path.lexists(path):
        return f"{sys.version_info.major}.{sys.version_info.minor}"
    version = read_text(path).strip()
    if not re.fullmatch(r"3\.\d{1,2}(\.\d{1,2})?", version):
        raise SpecError([f"{display_path(path)}:1: {version[:40]!r}: expected a Python version, as in 3.12"])
    if tuple(map(int, version.split(".")))[:2] < _OLDEST:
        raise SpecError(
            [f"{display_path(path)}:1: {version}: VTX runs on Python {'.'.join(map(str, _OLDEST))} and newer"]
        )
    return version


def environment_digest(folder: Path) -> str:
    """SHA-256 of the film's environment files, of packages they name by path, and of the Python VTX runs in."""
    files: dict[str, list[str]] = {}
    for path in environment_files(folder):
        lines = [*requirement_lines(read_text(path)).values()]
        files[path.relative_to(folder).as_posix()] = lines + [_package_digest(folder / line) for line in lines]
    on = [sys.prefix, ".".join(map(str, sys.version_info[:3])), python_version(folder)]
    return hashlib.sha256(json.dumps([files, on], sort_keys=True).encode()).hexdigest()


def _package_digest(path: Path) -> str:
    """What distinguishes a wheel or archive from others of the same name; empty if ``path`` is not a file.

    Its size and its end, where a zip file has the checksums of all its members, and a gzip file its own.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _END_BYTES))
            return f"{size} {hashlib.sha256(file.read()).hexdigest()}"
    except (OSError, ValueError):
        return ""


def environment_record(slug: str) -> Path:
    """The file that records which environment a film has: the output that Snakemake knows."""
    return app_home() / "environments" / f"{slug}.json"


def film_python(folder: Path) -> Path:
    """The Python of the film's own environment."""
    return folder / ".venv" / "bin" / "python"


def is_built(folder: Path, slug: str) -> bool:
    """Whether the film's environment exists and is the one that its files require. Raises :class:`SpecError`."""
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
