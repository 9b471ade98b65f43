"""``global.env``, ``models.env`` and ``project.env``: variables as people write them, read whole or refused."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from vtx_app.errors import SpecError
from vtx_app.formats.decode import decode

__all__ = ["read_env", "variable_line"]


def read_env(path: Path) -> dict[str, str]:
    """The variables in the file at ``path`` that have a value; none if there is no file.

    Nothing is expanded or run: ``$(…)`` is text. Raises :class:`SpecError` for anything but ``VARIABLE=value``;
    the message leaves out the line itself, which may hold a secret.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SpecError([f"{path}: can't be read: {error.strerror}"]) from None
    return dict(_parse(path, decode(data, path)))


@lru_cache(maxsize=64)
def _parse(path: Path, text: str) -> Mapping[str, str]:
    from dotenv.parser import parse_stream  # slow to import, and most machines have none of these files

    found: dict[str, str] = {}
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key is not None and binding.value is None):
            written = binding.original.string
            line = binding.original.line + written[: len(written) - len(written.lstrip())].count("\n")
            raise SpecError([f"{path}:{line}: expected VARIABLE=value, with quotes around a value that needs them"])
        if binding.key and binding.value:
            found[binding.key] = binding.value
    return found


def variable_line(path: Path, variable: str) -> int:
    """The line (from 1) of ``variable`` in the file; if it is set twice, the last, which wins."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    pattern = re.compile(rf"\s*(export\s+)?['\"]?{re.escape(variable)}['\"]?\s*=")
    return next((number for number in range(len(lines), 0, -1) if pattern.match(lines[number - 1])), 1)
