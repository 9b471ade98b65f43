"""What rendering would cost: GPU minutes and disk, from what takes of the same kind took before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from vtx_app.compile.request import RenderRequest
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.takes.records import TakeRecord

__all__ = ["Estimate", "History"]

Kind = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class Estimate:
    """``seconds`` of rendering and ``size`` in bytes of ``known`` takes; ``unknown`` are of a kind never rendered."""

    seconds: float
    size: int
    known: int
    unknown: int

    def words(self) -> str:
        """``about 12 min of rendering, 240 MB; 3 takes of a kind with no history yet``."""
        if not self.known:
            return "no history yet of takes like these: how long they take is not known"
        minutes = f"about {self.seconds / 60:.0f} min" if self.seconds >= 90 else f"about {self.seconds:.0f} s"
        more = f"; {self.unknown} take{'s' if self.unknown != 1 else ''} of a kind with no history yet"
        return f"{minutes} of rendering, {self.size / 1e6:.0f} MB{more if self.unknown else ''}"


class History:
    """Past takes by renderer, pipeline and size: seconds and bytes for each frame, the median of each."""

    def __init__(self, takes: Iterable[TakeRecord]) -> None:
        seconds: dict[Kind, list[float]] = {}
        sizes: dict[Kind, list[float]] = {}
        for take in takes:
            request = take.request
            frames = request.get("frames")
            if not isinstance(frames, int) or frames < 1 or take.seconds is None:
                continue
            kind = (
                str(request.get("renderer")),
                str(request.get("pipeline")),
                int(request.get("width", 0)),
                int(request.get("height", 0)),
            )
            seconds.setdefault(kind, []).append(take.seconds / frames)
            sizes.setdefault(kind, []).append(take.size / frames)
        self._seconds = {kind: median(each) for kind, each in seconds.items()}
        self._sizes = {kind: median(each) for kind, each in sizes.items()}

    def estimate(self, plans: Iterable[ClipPlan]) -> Estimate:
        """What rendering these takes would cost."""
        seconds, size, known, unknown = 0.0, 0.0, 0, 0
        for plan in plans:
            kind = _kind(plan.request)
            if kind in self._seconds:
                known += 1
                seconds += self._seconds[kind] * plan.request.frames
                size += self._sizes[kind] * plan.request.frames
            else:
                unknown += 1
        return Estimate(seconds, round(size), known, unknown)


def _kind(request: RenderRequest) -> Kind:
    return (request.renderer, request.pipeline, request.width, request.height)
