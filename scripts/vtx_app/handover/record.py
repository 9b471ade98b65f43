"""The record of a hand-over, ``<slug>.handover.json``: what made it, and each of its files with its size.

It is written after every file, so that a killed job goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vtx_app.files import write_text

__all__ = ["Record", "is_handed_over", "read_record"]


@dataclass(slots=True)
class Record:
    """The record at ``path``. ``files``: stamp, size in bytes and, of lists, SHA-256, by their names in the folder."""

    path: Path
    stamp: str = ""
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def holds(self, name: str, stamp: str) -> bool:
        """Whether that file is there, as ``stamp`` says."""
        facts = self.files.get(name, {})
        return facts.get("stamp") == stamp and facts.get("bytes") == _size(self.path.parent / name)

    def is_edited(self, name: str) -> bool:
        """Whether a file of that name is there that is not as it was written."""
        path = self.path.parent / name
        return path.is_file() and self.files.get(name, {}).get("sha256") != _sha256(path)

    def add(self, name: str, stamp: str, *, text: bool = False) -> None:
        """Note a file that is complete, and write the record. Raises :class:`OSError`."""
        path = self.path.parent / name
        self.files[name] = {"stamp": stamp, "bytes": _size(path)} | ({"sha256": _sha256(path)} if text else {})
        self.write()

    def write(self) -> None:
        """Write the record. Raises :class:`OSError`."""
        data = {"version": 1, "stamp": self.stamp, "files": dict(sorted(self.files.items()))}
        write_text(self.path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def read_record(path: Path) -> Record:
    """The record at ``path``; an empty one if there is none, or a damaged one."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or not isinstance(data.get("files"), dict):
        return Record(path)
    files = {name: facts for name, facts in data["files"].items() if isinstance(facts, dict) and _is_plain(name)}
    return Record(path, str(data.get("stamp", "")), files)


def is_handed_over(path: Path, stamp: str) -> bool:
    """Whether the hand-over with the record at ``path`` was made as ``stamp`` says, and every file is there."""
    record = read_record(path)
    return record.stamp == stamp and all(
        record.holds(name, facts.get("stamp", "")) for name, facts in record.files.items()
    )


def _is_plain(name: str) -> bool:
    """Whether a name stays inside the folder."""
    parts = Path(name).parts
    return bool(parts) and not Path(name).is_absolute() and ".." not in parts and len(parts) <= 2


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
