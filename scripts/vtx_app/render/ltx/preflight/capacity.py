"""Whether a build's takes have room on this machine's disk, by what the film's earlier takes needed."""

from __future__ import annotations

import math
import os
import shutil
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

from vtx_app.render.ltx.past_takes import newest_records
from vtx_app.render.ltx.preflight.models import PlannedTake
from vtx_app.text import format_bytes, plural

__all__ = ["disk_problems"]

_BYTES_PER_PIXEL = 0.05
"""Of a take, before any was rendered: three times what H.264 at CRF 19 takes for moving film."""


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


def _bytes_per_pixel(film: Path) -> Iterator[float]:
    """Yield the bytes per pixel of existing takes."""
    for record in newest_records(film / "renders" / "takes"):
        request = record["request"]
        take = film / "renders" / "takes" / str(record.get("clip_id")) / f"{record.get('digest')}.mp4"
        size = [request.get(name) for name in ("width", "height", "frames")]
        whole = all(isinstance(each, int) and each > 0 for each in size)  # a record may be edited by hand
        if request.get("renderer") == "ltx" and whole and take.exists():
            yield take.stat().st_size / math.prod(size)
