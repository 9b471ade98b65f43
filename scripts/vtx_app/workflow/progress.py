"""Progress lines: which take is done, how many are left, how long they will take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from vtx_app.plan.film_plan import ClipPlan
from vtx_app.text import format_duration
from vtx_app.workflow.snakemake_api import JobListener

__all__ = ["ExpectedTake", "Pace", "Progress"]


@dataclass(slots=True)
class Pace:
    """How fast takes are rendered: frames done and left, and the seconds their jobs took."""

    left: int = 0
    done: int = 0
    seconds: float = 0.0

    def finish(self, frames: int, seconds: float) -> None:
        """Count a finished job of ``frames`` frames that took ``seconds``."""
        self.left = max(0, self.left - frames)
        self.done += frames
        self.seconds += seconds

    def seconds_left(self) -> float:
        """Seconds of work left at the pace so far; 0 before the first take is done."""
        return self.left * self.seconds / self.done if self.done else 0.0


@dataclass(frozen=True, slots=True)
class ExpectedTake:
    """A take that this build renders, with its length in the film in ``frames`` and ``seconds``."""

    clip_id: str
    frames: int
    seconds: float


@dataclass(slots=True)
class Progress:
    """Counts the takes of one build over all its targets, and logs a line for each that is done."""

    clock: Callable[[], float] = time.monotonic
    expected: dict[tuple[str, str], ExpectedTake] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    done: int = 0
    began: float | None = None
    running: dict[int, tuple[ExpectedTake, float]] = field(default_factory=dict)

    def follow(self, clips: Iterable[ClipPlan]) -> None:
        """Follow the jobs that render the takes of ``clips``, besides those it follows already."""
        for clip in clips:
            if not self.expected:
                JobListener(self._job_started, self.finished)
            frames = clip.material.frames
            self.expect(clip.take.digest, ExpectedTake(clip.clip_id, frames, float(frames / clip.delivery.rate)))

    def _job_started(self, job: int, wildcards: dict[str, str]) -> None:
        self.started(job, wildcards.get("clip_id", ""), wildcards.get("digest", ""))

    def expect(self, digest: str, take: ExpectedTake) -> None:
        """Expect the take with this digest. Two targets may need the same one; it counts once."""
        key = (take.clip_id, digest)
        if key not in self.expected:
            self.expected[key] = take
            self.pace.left += take.frames

    def started(self, job: int, clip_id: str, digest: str) -> None:
        """Job number ``job`` starts to render this take."""
        key = (clip_id, digest)
        if key in self.expected:
            now = self.clock()
            self.began = now if self.began is None else self.began
            self.running[job] = (self.expected[key], now)

    def finished(self, job: int) -> str | None:
        """The line for a finished job; None for jobs that are not takes."""
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
        return f"take {self.done} of {len(self.expected)}: {take.clip_id} ({film}), {left}"
