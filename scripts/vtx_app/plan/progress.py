"""Progress a person can follow: which take is done, how many are left, how long that will be."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from snakemake.logging import logger
from snakemake_interface_logger_plugins.common import LogEvent

from vtx_app.plan.film_plan import ClipPlan, FilmPlan
from vtx_app.plan.summary import clock

__all__ = ["Pace", "Progress"]


@dataclass(slots=True)
class Pace:
    """How fast one kind of work goes: frames done and left, and seconds that jobs took for them."""

    left: int
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


@dataclass(slots=True)
class Running:
    """A job that runs: its rule, the clip it is for, and when it began (monotonic seconds)."""

    rule: str
    clip_id: str
    began: float | None = None


@dataclass(slots=True)
class Progress:
    """Follows Snakemake's events for one film and says a line whenever a take or clip is done."""

    frames: Mapping[str, int]
    rate: float
    to_do: dict[str, int]
    clock: Callable[[], float] = time.monotonic
    began: float = 0.0
    paces: dict[str, Pace] = field(default_factory=dict)
    running: dict[int, Running] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)

    @classmethod
    def follow(cls, plan: FilmPlan, takes: Sequence[ClipPlan]) -> None:
        """Listen to this build's events for the film of ``plan``, in which ``takes`` are to be rendered."""
        frames = {clip.clip.clip_id: clip.delivery.frames for clip in plan.clips.values()}
        progress = cls(frames, float(plan.rate), {"take": len(takes)})
        progress.paces["take"] = Pace(sum(take.delivery.frames for take in takes))
        handler = _Listener(progress)
        logger.addHandler(handler)

    def started(self, job: int, rule: str, clip_id: str) -> None:
        """A job of ``rule`` for ``clip_id`` begins."""
        now = self.clock()
        self.began = self.began or now
        self.running[job] = Running(rule, clip_id, now)

    def finished(self, job: int) -> str | None:
        """The line to say when a job is done; None for jobs that are not takes."""
        run = self.running.pop(job, None)
        if run is None or run.rule != "take" or run.began is None:
            return None
        frames = self.frames.get(run.clip_id, 0)
        took = self.clock() - run.began
        pace = self.paces["take"]
        pace.finish(frames, took)
        self.count["take"] = self.count.get("take", 0) + 1
        done, total = self.count["take"], max(self.to_do["take"], self.count["take"])
        at_once = max(1.0, pace.seconds / max(self.clock() - self.began, 1e-9))
        left = f"about {clock(pace.seconds_left() / at_once)} left" if pace.left else "all takes are rendered"
        return f"take {done} of {total}: {run.clip_id} ({frames / self.rate:.2f} s of film in {took:.1f} s), {left}"


class _Listener(logging.Handler):
    """Hears Snakemake's own events (snakemake-interface-logger-plugins) and speaks through its logger."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(logging.INFO)
        self.progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "event", None)
        if event == LogEvent.JOB_INFO:
            wildcards = dict(getattr(record, "wildcards", None) or {})
            clip_id = str(wildcards.get("clip_id", ""))
            self.progress.started(record.__dict__["jobid"], record.__dict__["rule_name"], clip_id)
        elif event == LogEvent.JOB_FINISHED:
            line = self.progress.finished(record.__dict__["job_id"])
            if line is not None:
                logger.info(line)
