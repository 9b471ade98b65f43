"""What many YAML files hold, kept from one run to the next: a long film is planned without parsing its specs again.

A file's data is kept by the SHA-256 of its bytes, and depends on nothing else but the code that parses. So no time
stamp and no name decides: a file that was edited has another hash, and is parsed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from vtx_app.files import display_path
from vtx_app.formats import decode, yaml_reader

__all__ = ["ParsedFiles"]

_WORTH_SAVING = 20
"""What is kept is written again once one file in so many was not in it."""


class ParsedFiles:
    """The data of files by the hash of their bytes, kept in the JSON file at ``path``.

    A kept file that is missing, damaged, or made by other code is ignored, and made again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = _read(path)
        self._used: dict[str, Any] = {}
        self._parsed = 0

    def read_yaml(self, path: Path) -> Any:
        """As :func:`vtx_app.formats.yaml_reader.read_yaml`; the data must not be changed."""
        source = path.read_bytes()
        key = hashlib.sha256(source).hexdigest()
        if key in self._kept:
            data = self._kept[key]
        else:
            data = yaml_reader.read_yaml_bytes(source, display_path(path))
            self._parsed += 1
        self._used[key] = data
        return data

    def save(self) -> None:
        """Keep the data of the files that were read, and of no others, if enough of it is new.

        A folder that can't be written to keeps nothing, which costs time and changes no plan.
        """
        if self._parsed * _WORTH_SAVING <= len(self._used):
            return
        with contextlib.suppress(OSError, UnicodeEncodeError):  # PyYAML without libyaml lets half characters through
            body = json.dumps(self._used, ensure_ascii=False, separators=(",", ":")).encode()
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # A name of its own for each process: two plans of a film may be made at once.
            with tempfile.NamedTemporaryFile(dir=self._path.parent, prefix=".", delete=False) as part:
                try:
                    part.write(_seal(body) + b"\n" + body)
                    part.flush()
                    os.replace(part.name, self._path)  # noqa: PTH105 - a name, no path
                except OSError:
                    Path(part.name).unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any]:
    try:
        seal, _, body = path.read_bytes().partition(b"\n")
        return dict(json.loads(body)) if seal == _seal(body) else {}
    except (OSError, ValueError):
        return {}


def _seal(body: bytes) -> bytes:
    """The hash of what is kept and of the code that made it: neither damage nor older code goes unnoticed."""
    return hashlib.sha256(_parser() + body).hexdigest().encode()


@cache
def _parser() -> bytes:
    """The hash of the code that parses, with the version of PyYAML."""
    sources = [Path(module.__file__ or "").read_bytes() for module in (yaml_reader, decode)]
    return hashlib.sha256(b"\0".join([yaml.__version__.encode(), *sources])).digest()
