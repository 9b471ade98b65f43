"""What is known of the takes that are there: their records, ``<digest>.json`` beside ``<digest>.mp4``."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vtx_app.compile.sources import SourceTexts
from vtx_app.project.paths import take_path

__all__ = ["TakeRecord", "clips_with_takes", "take_digests", "take_records", "take_request"]

_DIGEST = re.compile(r"([0-9a-f]{64})\.mp4")


@dataclass(frozen=True, slots=True)
class TakeRecord:
    """One take: where it lies and what its record says (empty where the record is missing or damaged).

    ``rendered_at`` is ISO 8601, ``seconds`` of wall time, ``size`` in bytes.
    """

    digest: str
    path: Path
    record: Mapping[str, Any]
    size: int

    @property
    def rendered_at(self) -> str:
        """When it was rendered; ``""`` where that is not known."""
        return str(self.record.get("rendered_at", ""))

    @property
    def seconds(self) -> float | None:
        """Seconds of wall time that the render took; None where that is not known."""
        seconds = self.record.get("wall_seconds")
        return float(seconds) if isinstance(seconds, int | float) else None

    @property
    def request(self) -> Mapping[str, Any]:
        """The render request as plain data, as it stands in canonical JSON."""
        request = self.record.get("request")
        return request if isinstance(request, dict) else {}

    @property
    def sources(self) -> SourceTexts:
        """Where each part of the request was written; empty for takes that were made before that was recorded."""
        sources = self.record.get("sources")
        found = sources if isinstance(sources, dict) else {}
        return {part: texts for part, texts in found.items() if isinstance(texts, dict)}


def clips_with_takes(folder: Path) -> list[str]:
    """The ids of the clips with takes in the film's ``folder``, deleted clips included; none if it can't be read."""
    try:
        with os.scandir(folder / "renders" / "takes") as entries:
            return sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except OSError:
        return []


def take_digests(folder: Path, clip_id: str) -> Iterator[str]:
    """The digests of a clip's takes in the film's ``folder``, in no order."""
    try:
        entries = list(os.scandir(take_path(folder, clip_id, "").parent))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if match := _DIGEST.fullmatch(entry.name):
            yield match[1]


def take_request(folder: Path, clip_id: str, digest: str) -> Mapping[str, Any]:
    """The render request of one take as plain data; empty where its record is missing or damaged."""
    return _read(take_path(folder, clip_id, digest), 0).request


def take_records(folder: Path, clip_id: str) -> list[TakeRecord]:
    """A clip's takes, the oldest first."""
    found = []
    for digest in take_digests(folder, clip_id):
        path = take_path(folder, clip_id, digest)
        try:
            size = path.stat().st_size
        except OSError:  # it went between the two looks
            continue
        found.append(_read(path, size))
    return sorted(found, key=lambda take: (take.rendered_at, take.digest))


def _read(path: Path, size: int) -> TakeRecord:
    try:
        record = json.loads(path.with_suffix(".json").read_bytes())
    except (OSError, ValueError):
        record = {}
    return TakeRecord(path.stem, path, record if isinstance(record, dict) else {}, size)
