"""The record of a hand-over, ``<slug>.handover.json``: what made it, and each of its files with its size.

While files are written, each complete one is a line in ``<slug>.handover.journal``, so that a killed job goes on where
it was and a thousand files need no thousand records. A file that is about to be replaced is in neither: what is half
done is never taken for another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
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
        """Whether a file of that name is there that is neither as it was written nor as it was about to be."""
        path, facts = self.path.parent / name, self.files.get(name, {})
        return path.is_file() and _sha256(path) not in (facts.get("sha256"), facts.get("coming"))

    def begin(self, stamps: Mapping[str, str]) -> None:
        """Begin to write files with those stamps: forget what is going to be replaced. Raises :class:`OSError`."""
        self.stamp = ""
        for name, stamp in stamps.items():
            if not self.holds(name, stamp):
                self.files.pop(name, None)
        self._write()

    def add(self, name: str, stamp: str, *, text: bool = False) -> None:
        """Note a file that is complete. Raises :class:`OSError`."""
        path = self.path.parent / name
        self._note(name, {"stamp": stamp, "bytes": _size(path)} | ({"sha256": _sha256(path)} if text else {}))

    def expect(self, name: str, text: bytes) -> None:
        """Note a list that is going to be replaced by ``text``. Raises :class:`OSError`."""
        self._note(name, self.files.get(name, {}) | {"coming": hashlib.sha256(text).hexdigest()})

    def finish(self, stamp: str) -> None:
        """Everything is there, as ``stamp`` says. Raises :class:`OSError`."""
        self.stamp = stamp
        self._write()

    def _note(self, name: str, facts: dict[str, Any]) -> None:
        self.files[name] = facts
        with _journal(self.path).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"name": name, "facts": facts}) + "\n")

    def _write(self) -> None:
        data = {"version": 1, "stamp": self.stamp, "files": dict(sorted(self.files.items()))}
        write_text(self.path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")
        _journal(self.path).unlink(missing_ok=True)  # a record that is written has all of it


def read_record(path: Path) -> Record:
    """The record at ``path``, with what was written since; an empty one if there is none, or a damaged one."""
    record = Record(path)
    data = _object(_text(path))
    if isinstance(data.get("files"), dict):
        record.stamp = str(data.get("stamp", ""))
        record.files = {name: facts for name, facts in data["files"].items() if _is_fact(name, facts)}
    for line in _text(_journal(path)).splitlines():
        noted = _object(line)  # the last line may be torn
        name, facts = noted.get("name"), noted.get("facts")
        if isinstance(facts, dict) and _is_fact(name, facts):
            record.stamp = ""
            record.files[str(name)] = facts
    return record


def is_handed_over(path: Path, stamp: str) -> bool:
    """Whether the hand-over with the record at ``path`` was made as ``stamp`` says, and every file is there."""
    record = read_record(path)
    return record.stamp == stamp and all(
        record.holds(name, facts.get("stamp", "")) for name, facts in record.files.items()
    )


def _journal(path: Path) -> Path:
    return path.with_suffix(".journal")


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def _object(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _is_fact(name: object, facts: object) -> bool:
    """Whether that can be an entry, of a file that stays inside the folder."""
    if not isinstance(name, str) or not isinstance(facts, dict):
        return False
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
