"""The version of ltx-pipelines that renders a film's takes, from installed metadata: importing it takes seconds."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from vtx_app.project.environment import environment_files, film_python, has_environment, requirement_lines

__all__ = ["film_ltx_version", "installed_version", "parse_version"]

_DISTRIBUTIONS = "lib/python*/site-packages/ltx_pipelines-*.dist-info"


def parse_version(text: str) -> tuple[int, int] | None:
    """Return (1, 2) for ``1.2.0``; None if the text is not a version."""
    found = re.match(r"(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else None


def installed_version() -> str | None:
    """Return the version in this Python as text; None if it has none."""
    try:
        return version("ltx-pipelines") if find_spec("ltx_pipelines") is not None else None
    except PackageNotFoundError:
        return None


def film_ltx_version(folder: Path) -> tuple[int, int] | None:
    """Return the version that renders the film in ``folder``: from the film's own Python, else from VTX's.

    None if neither has one, or if the film's Python will install one but isn't built yet. Raises :class:`SpecError` for
    requirements that can't be read.
    """
    if has_environment(folder):
        own = [path.name for path in (folder / ".venv").glob(_DISTRIBUTIONS)]
        if own:
            return parse_version(own[0].partition("-")[2])
        if not film_python(folder).exists() and _requires_ltx(folder):
            return None
    return parse_version(installed_version() or "")


def _requires_ltx(folder: Path) -> bool:
    lines = [line for path in environment_files(folder) for line in requirement_lines(path.read_text()).values()]
    return any(re.search(r"ltx[-_]?(pipelines|2)", line, re.IGNORECASE) for line in lines)
