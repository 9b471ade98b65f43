"""What runs a pipeline: one Protocol, and what both runners are told and tell."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from vtx_app.errors import RenderError

__all__ = ["Call", "Runner", "Step", "StepLines", "Steps", "runner_settings"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a pipeline.

    ``words`` are its command line's; ``out`` the file that they make it write. ``log`` is where everything goes
    that the pipeline says. ``memory`` is what ``LTX_OFFLOAD`` says, or empty. ``weights``: bytes of the models, once
    they are loaded, by what they are for; ``files`` and ``loras``: by their paths. ``quantization`` says how the
    transformer is stored. ``encoder`` names by content what encodes the prompt.
    """

    pipeline: str
    words: tuple[str, ...]
    out: Path
    log: Path | None = None
    memory: str = ""
    weights: Mapping[str, int] = field(default_factory=dict)
    encoder: tuple[str, ...] = ()
    files: Mapping[str, int] = field(default_factory=dict)
    loras: Mapping[str, int] = field(default_factory=dict)
    quantization: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Where a call is: what it does, and of how many steps how many are done (0 of 0 where there are none)."""

    doing: str
    done: int = 0
    of: int = 0


RUNNERS = ("worker", "process")


def runner_settings(variables: Mapping[str, str]) -> tuple[str, float]:
    """Which runner ``VTX_RUNNER`` names (``worker`` where it says nothing), and for how many seconds a worker waits
    for more work, as ``VTX_WORKER_IDLE_SECONDS`` says. Raises :class:`RenderError` for words that are none."""
    name = variables.get("VTX_RUNNER") or "worker"
    if name not in RUNNERS:
        raise RenderError(f"VTX_RUNNER is {name!r}; expected {' or '.join(RUNNERS)}")
    idle = variables.get("VTX_WORKER_IDLE_SECONDS") or "120"
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", idle) is None:
        raise RenderError(f"VTX_WORKER_IDLE_SECONDS is {idle!r}; expected seconds, as in 120")
    return name, float(idle)


Steps = Callable[[Step], None]


class Runner(Protocol):
    """Runs a pipeline to its end, on one GPU that nobody else has meanwhile."""

    def run(self, call: Call, steps: Steps) -> dict[str, Any]:
        """Make ``call.out``, a whole file. Returns facts for the take's record: seconds by phase, memory, GPU.

        Raises :class:`vtx_app.errors.RenderError` with what to do; nothing is left at ``call.out`` then.
        """
        ...


@dataclass(slots=True)
class StepLines:
    """A line now and then, for a terminal or a file: never a wall of bars.

    Says a step when what is done changes, and else at most every ``every`` seconds.
    """

    name: str
    say: Callable[[str], None]
    every: float = 5.0
    clock: Callable[[], float] = time.monotonic
    began: float = field(init=False)
    said: float = field(init=False, default=-1e9)
    doing: str = field(init=False, default="")

    def __post_init__(self) -> None:
        self.began = self.clock()

    def __call__(self, step: Step) -> None:
        """Take note of a step, and say it if it is time."""
        now = self.clock()
        fresh = step.doing != self.doing
        if not fresh and now - self.said < self.every:
            return
        if fresh and now - self.said < 1.0 and step.done:
            return
        self.doing, self.said = step.doing, now
        count = f" {step.done}/{step.of}" if step.of else ""
        self.say(f"{self.name}: {step.doing}{count}, {now - self.began:.0f} s")
