"""Whether a build's takes have room on this machine's disk and GPUs, by what the film's earlier takes needed."""

from __future__ import annotations

import json
import os
import shutil
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from vtx_app.render.gpus import gpus
from vtx_app.render.ltx.preflight.models import PlannedTake
from vtx_app.text import format_bytes, format_memory, plural

__all__ = ["disk_problems", "gpu_memory_problems"]

_BYTES_PER_PIXEL = 0.05
"""Of a take, before any was rendered: three times what H.264 at CRF 19 takes for moving film."""
_RECORDS = 200


def disk_problems(takes: Sequence[PlannedTake], film: Path) -> Iterator[str]:
    """Yield why the takes can't be written to their folder."""
    folder = film / "renders" / "takes"
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(existing, os.W_OK | os.X_OK):
        yield f"{existing} can't be written to: make the folder writable, the takes of {film.name} go there"
        return
    rate = statistics.median(list(_bytes_per_pixel(film)) or [_BYTES_PER_PIXEL])
    pixels = sum(take.request.width * take.request.height * take.request.frames for take in takes)
    needed = round(rate * pixels)
    free = shutil.disk_usage(existing).free
    if needed > free:
        yield (
            f"{plural(len(takes), 'take')} of about {format_bytes(needed)} in all, and {existing} has "
            f"{format_bytes(free)} left: make room there, or render a part of the film (an act, a clip) first"
        )


def gpu_memory_problems(takes: Sequence[PlannedTake], film: Path) -> Iterator[str]:
    """Yield the takes whose like needed more memory than the largest GPU has, in the mode that needs the least."""
    needed: dict[tuple[object, ...], int] = {}
    for record in _newest_records(film):
        if record.get("memory") == "disk" and (peak := record.get("peak_vram_bytes")):
            key = tuple(record["request"].get(name) for name in ("pipeline", "width", "height", "frames"))
            needed[key] = min(needed.get(key, peak), peak)
    largest = max((gpu.total_bytes or 0 for gpu in gpus()), default=0) if needed else 0
    if not largest:
        return
    for take in takes:
        request = take.request
        peak = needed.get((request.pipeline, request.width, request.height, request.frames), 0)
        if peak > largest:
            yield (
                f"{take.name}: takes of {request.pipeline} at {request.width}×{request.height}, {request.frames} "
                f"frames needed {format_memory(peak)} of GPU memory and the largest GPU here has "
                f"{format_memory(largest)}: make the clip shorter or smaller"
            )


def _bytes_per_pixel(film: Path) -> Iterator[float]:
    """Yield the bytes per pixel of existing takes."""
    for record in _newest_records(film):
        request = record["request"]
        take = film / "renders" / "takes" / str(record.get("clip_id")) / f"{record.get('digest')}.mp4"
        if request.get("renderer") == "ltx" and take.exists():
            yield take.stat().st_size / (request["width"] * request["height"] * request["frames"])


def _newest_records(film: Path) -> Iterator[dict[str, Any]]:
    paths = sorted((film / "renders" / "takes").glob("*/*.json"), key=lambda path: -path.stat().st_mtime_ns)
    for path in paths[:_RECORDS]:
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(record, dict) and isinstance(record.get("request"), dict):
            yield record
