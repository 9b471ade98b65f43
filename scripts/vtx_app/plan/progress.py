"""Progress a person can follow: which take is done, how many are left, how long that will be."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from snakemake.logging import logger
from snakemake_interface_logger_plugins.common import LogEvent

from vtx_app.plan.film_plan import ClipPlan
from vtx_app.text import format_duration

__all__ = ["Due", "Pace", "Progress"]


@dataclass(slots=True)
class Pace:
    """How fast takes are rendered: frames done and left, and seconds that their jobs took."""

    left: int = 0
    done: int = 0
    seconds: float = 0.0

    def finish(self, frames: int, seconds: float) -> None:
        """Count a finished job of ``frames`` frames that took ``seconds``."""
        self.left = max(0, self.left - frames)
        self.done += frames
        self.seconds += seconds

    def seconds_left(self) -> float:
        """Seconds of work left at the pace so far; 0 while nothing is known."""
        return self.left * self.seconds / self.done if self.done else 0.0


@dataclass(frozen=True, slots=True)
class Due:
    """A take that this build renders: whose it is, and what it is in the film in frames and seconds."""

    clip_id: str
    frames: int
    seconds: float


@dataclass(slots=True)
class Progress:
    """Counts the takes of one build, over all its targets, and says a line whenever one is done."""

    clock: Callable[[], float] = time.monotonic
    due: dict[tuple[str, str], Due] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    done: int = 0
    began: float | None = None
    running: dict[int, tuple[Due, float]] = field(default_factory=dict)

    def follow(self, takes: Iterable[ClipPlan]) -> None:
        """Listen to this build's events for ``takes``, beside those it follows already."""
        for plan in takes:
            if not self.due:
                logger.addHandler(_Listener(self))
            frames = plan.delivery.frames
            self.expect(plan.take.digest, Due(plan.clip_id, frames, float(frames / plan.delivery.rate)))

    def expect(self, digest: str, take: Due) -> None:
        """Count on the take of this digest; two targets may want the same one."""
        key = (take.clip_id, digest)
        if key not in self.due:
            self.due[key] = take
            self.pace.left += take.frames

    def started(self, job: int, clip_id: str, digest: str) -> None:
        """Job number ``job`` begins to render this take of that clip."""
        key = (clip_id, digest)
        if key in self.due:
            now = self.clock()
            self.began = now if self.began is None else self.began
            self.running[job] = (self.due[key], now)

    def finished(self, job: int) -> str | None:
        """The line to say when a job is done; None for jobs that are not takes."""
        if job not in self.running or self.began is None:
            return None
        take, began = self.running.pop(job)
        now = self.clock()
        self.pace.finish(take.frames, now - began)
        self.done += 1
        at_once = max(1.0, self.pace.seconds / max(now - self.began, 1e-9))
        left = "all takes are rendered"
        if self.pace.left:
            left = f"about {format_duration(self.pace.seconds_left() / at_once)} left"
        film = f"{take.seconds:.2f} s of film in {now - began:.1f} s"
        return f"take {self.done} of {len(self.due)}: {take.clip_id} ({film}), {left}"


class _Listener(logging.Handler):
    """Hears Snakemake's own events (snakemake-interface-logger-plugins) and speaks through its logger."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(logging.INFO)
        self.progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "event", None)
        if event == LogEvent.JOB_INFO:
            wildcards = dict(getattr(record, "wildcards", None) or {})
            take = str(wildcards.get("clip_id", "")), str(wildcards.get("digest", ""))
            self.progress.started(record.__dict__["jobid"], *take)
        elif event == LogEvent.JOB_FINISHED:
            line = self.progress.finished(record.__dict__["job_id"])
            if line is not None:
                logger.info(line)
