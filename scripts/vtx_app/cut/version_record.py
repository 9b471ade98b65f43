"""The record of a delivered version: ``<file>.delivery.json`` beside it.

MOV, Matroska and WAV have no place in common for a stamp, and reading one must not read gigabytes. The record is
removed before a version is replaced and written after it, so it never describes another file: after a kill in between
there is none, and the version is made again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vtx_app.files import write_text

__all__ = ["checksum_path", "is_delivered", "read_record", "record_path", "recorded", "write_record"]


def record_path(path: Path) -> Path:
    """The record of the version at ``path``."""
    return path.with_name(f"{path.name}.delivery.json")


def checksum_path(path: Path) -> Path:
    """The file of the version's SHA-256, as ``sha256sum`` writes it."""
    return path.with_name(f"{path.name}.sha256")


def recorded(folder: Path) -> bool:
    """Whether a version was ever made in ``folder``."""
    return any(folder.glob("*.delivery.json"))


def read_record(path: Path) -> dict[str, Any]:
    """The record of the version at ``path``; empty if there is none, or a damaged one."""
    try:
        data = json.loads(record_path(path).read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def is_delivered(path: Path, stamp: str, *, checksum: bool = False) -> bool:
    """Whether the version at ``path`` was made as ``stamp`` says and is whole, by its record and its size in bytes.

    ``checksum``: whether the file of its SHA-256 must be there too.
    """
    record = read_record(path)
    try:
        whole = record.get("stamp") == stamp and record.get("bytes") == path.stat().st_size
    except OSError:
        return False
    return whole and (not checksum or checksum_path(path).is_file())


def write_record(path: Path, stamp: str, made: Mapping[str, Any], *, checksum: bool = False) -> None:
    """Record that the version at ``path`` was made as ``stamp`` says; ``made`` is what was measured.

    ``checksum``: write the file of its SHA-256 first. Raises :class:`OSError`.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if checksum:
        write_text(checksum_path(path), f"{digest}  {path.name}\n")
    record = {"version": 1, "stamp": stamp, "bytes": path.stat().st_size, "sha256": digest, **made}
    write_text(record_path(path), json.dumps(record, indent=1, ensure_ascii=False) + "\n")
