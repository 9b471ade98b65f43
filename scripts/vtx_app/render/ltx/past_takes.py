"""The GPU memory that a film's earlier takes needed, from their records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from vtx_app.compile.request import RenderRequest, canonical_json
from vtx_app.errors import RenderError
from vtx_app.formats.pipelines import MAIN_MODELS
from vtx_app.render.ltx.footprint import request_tokens
from vtx_app.render.ltx.memory import MODES
from vtx_app.render.ltx.package import LtxPackage

__all__ = ["newest_records", "peaks_like"]

_RECORDS = 200


def newest_records(takes: Path) -> Iterator[dict[str, Any]]:
    """Yield the newest records in a film's folder ``takes``, newest first; skips damaged ones."""
    paths = sorted(takes.glob("*/*.json"), key=lambda path: -path.stat().st_mtime_ns)
    for path in paths[:_RECORDS]:
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(record, dict) and isinstance(record.get("request"), dict):
            yield record


def peaks_like(
    request: RenderRequest, records: Iterable[Mapping[str, Any]], package: LtxPackage, *, fills: bool = False
) -> tuple[tuple[str, int, int], ...]:
    """Return (memory mode, tokens, peak in bytes) of the takes that differ from ``request`` only in size and words.

    They share the version of the package, the pipeline, the transformer and its quantization, the options, and whether
    they have LoRAs. Only a worker's takes count: for a process, the driver also counts what its allocator keeps. If the
    decoder ``fills`` the free memory, the peak before it counts.
    """
    name = "peak_vram_before_decode_bytes" if fills else "peak_vram_bytes"
    transformer = _transformer({each.slot: each.fingerprint for each in request.models})
    options = json.loads(canonical_json(request.options))
    wanted = (transformer, request.pipeline, request.quantization, bool(request.loras), options, package)
    found = []
    for record in records:
        mode, peak, old = record.get("memory"), record.get(name), record["request"]
        if mode not in MODES or not isinstance(peak, int) or peak <= 0:
            continue
        try:
            models = {each["slot"]: each["fingerprint"] for each in old.get("models", ())}
            version = LtxPackage.parse(str(record["ltx"]["ltx-pipelines"]))
            tokens = request_tokens(request, **{side: int(old[side]) for side in ("width", "height", "frames")})
            stored, loras, old_options = old.get("quantization"), bool(old.get("loras")), old.get("options")
            kind = (_transformer(models), old["pipeline"], stored, loras, old_options, version)
        except (KeyError, TypeError, ValueError, RenderError):  # a record of another format
            continue
        if kind == wanted:
            found.append((str(mode), tokens, peak))
    return tuple(found)


def _transformer(models: Mapping[str, str]) -> str | None:
    return next((models[slot] for slot in sorted(models) if slot in MAIN_MODELS), None)
