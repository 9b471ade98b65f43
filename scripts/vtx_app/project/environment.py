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
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from vtx_app.errors import ProjectError, SpecError
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
    "requirement_lines",
    "wanted_python",
]

REQUIREMENTS = "env/requirements.txt"
CONSTRAINTS = "env/constraints.txt"
PYTHON_VERSION = "env/python_version.txt"
_OLDEST = (3, 11)
_END_BYTES = 1 << 20


def has_environment(folder: Path) -> bool:
    """Whether the film asks for a Python of its own: its requirements list something."""
    path = inside(folder, REQUIREMENTS)
    return os.path.lexists(path) and bool(requirement_lines(_text(path)))


def environment_files(folder: Path) -> list[Path]:
    """The files that decide the environment, those that requirements name (``-r``, ``-c``) included.

    Raises :class:`SpecError` for one that is missing or outside the film.
    """
    given = [inside(folder, name) for name in (CONSTRAINTS, PYTHON_VERSION)]
    waiting = [*(path for path in given if os.path.lexists(path)), inside(folder, REQUIREMENTS)]
    found: list[Path] = []
    for path in waiting:
        if path not in found:
            found.append(path)
            waiting += _named_in(folder, path)
    return found


def requirement_lines(text: str) -> dict[int, str]:
    """Lines of requirements that say something, by their number, as pip reads them: joined where one ends in a
    backslash, without comments."""
    found: dict[int, str] = {}
    begun = ""
    first = 0
    for number, line in enumerate(text.splitlines(), 1):
        first = first if begun else number
        begun += line
        if line.endswith("\\"):
            begun = begun[:-1]
            continue
        if said := re.sub(r"(^|\s+)#.*$", "", begun).strip():
            found[first] = said
        begun = ""
    return found | ({first: begun.strip()} if begun.strip() else {})


def _named_in(folder: Path, path: Path) -> Iterator[Path]:
    for number, line in requirement_lines(_text(path)).items():
        for written in _named(line) if line.startswith("-") else ():
            at = f"{shown(path)}:{number}: {written!r}"
            try:
                named = inside(folder, os.path.normpath(path.parent.relative_to(folder) / written))
            except ProjectError:
                raise SpecError([f"{at}: leads out of the film's folder; copy the file into it"]) from None
            if not named.is_file():
                raise SpecError([f"{at}: no such file; what is named here is looked for in {shown(path.parent)}"])
            yield named


def _named(line: str) -> Iterator[str]:
    """The files that the options of a line name; not those on other machines, which pip fetches."""
    try:
        words = shlex.split(line)
    except ValueError:  # which pip tells
        return
    for place, word in enumerate(words):
        option, equals, value = word.partition("=")
        if word in ("-r", "-c", "--requirement", "--constraint"):
            value = next(iter(words[place + 1 :]), "")
        elif word[:2] in ("-r", "-c"):
            value = word[2:]
        elif not equals or option not in ("--requirement", "--constraint"):
            continue
        if value and "://" not in value:
            yield value


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError([f"{shown(path)}: can't be read: {error}"]) from None


def wanted_python(folder: Path) -> str:
    """The version in ``python_version.txt`` (``3.12``), else that of the Python VTX runs in.

    Raises :class:`SpecError` for a text that is no version, or one that VTX does not run on.
    """
    path = inside(folder, PYTHON_VERSION)
    if not os.path.lexists(path):
        return f"{sys.version_info.major}.{sys.version_info.minor}"
    version = _text(path).strip()
    if not re.fullmatch(r"3\.\d{1,2}(\.\d{1,2})?", version):
        raise SpecError([f"{shown(path)}:1: {version[:40]!r}: expected a Python version, as in 3.12"])
    if tuple(map(int, version.split(".")))[:2] < _OLDEST:
        raise SpecError([f"{shown(path)}:1: {version}: VTX runs on Python {'.'.join(map(str, _OLDEST))} and newer"])
    return version


def environment_digest(folder: Path) -> str:
    """SHA-256 of what the film's environment files say, of the packages they name by path, and of what is below."""
    files: dict[str, list[str]] = {}
    for path in environment_files(folder):
        lines = [*requirement_lines(_text(path)).values()]
        files[path.relative_to(folder).as_posix()] = lines + [_package(folder / line) for line in lines]
    on = [sys.prefix, ".".join(map(str, sys.version_info[:3])), wanted_python(folder)]
    return hashlib.sha256(json.dumps([files, on], sort_keys=True).encode()).hexdigest()


def _package(path: Path) -> str:
    """What tells one wheel or archive from another of its name; empty where a line is no such path.

    Its size and its end, where a zip file has the checksums of all that is in it, and a gzip file its own.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _END_BYTES))
            return f"{size} {hashlib.sha256(file.read()).hexdigest()}"
    except (OSError, ValueError):
        return ""


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
