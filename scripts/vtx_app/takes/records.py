"""Existing takes by their records, ``<digest>.json`` beside ``<digest>.mp4``."""

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

__all__ = ["Kind", "RenderCost", "TakeRecord", "clips_with_takes", "take_digests", "take_record", "take_records"]

_DIGEST = re.compile(r"([0-9a-f]{64})\.mp4")


Kind = tuple[str, str, int, int]
"""Renderer, pipeline, width and height: takes of one kind differ in their length alone."""


@dataclass(frozen=True, slots=True)
class RenderCost:
    """What rendering a take cost: its ``frames``, ``seconds`` of wall time and ``size`` in bytes (None if unknown); the
    name of its ``gpu`` and when it was ``rendered_at`` (ISO 8601), each ``""`` if unknown."""

    kind: Kind
    frames: int
    seconds: float
    size: int | None
    gpu: str = ""
    rendered_at: str = ""


@dataclass(frozen=True, slots=True)
class TakeRecord:
    """One take: its path and its record (empty if the record is missing or damaged).

    ``rendered_at`` is ISO 8601, ``seconds`` of wall time, ``size`` in bytes.
    """

    digest: str
    path: Path
    record: Mapping[str, Any]
    size: int

    @property
    def rendered_at(self) -> str:
        """When it was rendered; ``""`` if unknown."""
        return str(self.record.get("rendered_at", ""))

    @property
    def seconds(self) -> float | None:
        """Seconds of wall time that the render took; None if unknown."""
        seconds = self.record.get("wall_seconds")
        return float(seconds) if isinstance(seconds, int | float) else None

    @property
    def request(self) -> Mapping[str, Any]:
        """The render request as plain data, as in canonical JSON."""
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


def take_digests(folder: Path, clip_id: str, *, recorded: bool = False) -> Iterator[str]:
    """The digests of a clip's takes in the film's ``folder``, in no order; if ``recorded``, of those with a record."""
    try:
        names = {entry.name for entry in os.scandir(f"{folder}/renders/takes/{clip_id}")}
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in names:
        if (match := _DIGEST.fullmatch(name)) and (not recorded or f"{match[1]}.json" in names):
            yield match[1]


def take_record(folder: Path, clip_id: str, digest: str) -> TakeRecord:
    """One take by its record alone, without its size."""
    return _read(take_path(folder, clip_id, digest), 0)


def take_records(folder: Path, clip_id: str, *, recorded: bool = False) -> list[TakeRecord]:
    """A clip's takes, the oldest first; if ``recorded``, those with a record."""
    found = []
    for digest in take_digests(folder, clip_id, recorded=recorded):
        path = take_path(folder, clip_id, digest)
        try:
            size = path.stat().st_size
        except OSError:  # removed in the meantime
            continue
        found.append(_read(path, size))
    return sorted(found, key=lambda take: (take.rendered_at, take.digest))


def _read(path: Path, size: int) -> TakeRecord:
    try:
        record = json.loads(path.with_suffix(".json").read_bytes())
    except (OSError, ValueError, RecursionError):
        record = {}
    return TakeRecord(path.stem, path, record if isinstance(record, dict) else {}, size)
