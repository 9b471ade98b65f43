"""What a pipeline prints while it runs: steps from its progress bars, phases from its log lines, its error."""

from __future__ import annotations

import codecs
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from vtx_app.render.ltx.memory import is_out_of_memory
from vtx_app.render.ltx.progress import Step, Steps

__all__ = ["PipelineOutput"]

_Utf8 = codecs.getincrementaldecoder("utf-8")
_BAR = re.compile(r"\|\s*(\d+)/(\d+) \[")
_ERROR = re.compile(r"\w*(\.\w+)*(Error|Exception)\b|.*: error: ")
_PHASES = {  # lines of ltx_pipelines 1.2; 1.0 prints only its bars
    "Building text encoder": "encode text",
    "Prompt encoding complete": "load",
    "Running denoising loop": "denoise",
    "Building video decoder": "decode",
    "Building audio decoder": "decode",
    "Video saved": "write",
}
_KEPT_LINES = 41


@dataclass(slots=True)
class PipelineOutput:
    """Reads the output of one pipeline as it arrives.

    Each of the ``stages`` of denoising has a progress bar; the next one is that of writing the file.
    """

    steps: Steps
    stages: int = 2
    clock: Callable[[], float] = time.monotonic
    lines: list[str] = field(default_factory=list)
    partial_line: str = ""
    _decoder: codecs.IncrementalDecoder = field(default_factory=lambda: _Utf8(errors="replace"))
    _bars: int = 0
    _bar: tuple[int, int] = (-1, -1)  # (done, of)
    _phases: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._begin("load")

    def feed(self, data: bytes) -> None:
        """Read more output, in pieces of any size."""
        *lines, self.partial_line = re.split(r"[\r\n]", self.partial_line + self._decoder.decode(data))
        for line in filter(None, lines):
            bar = _BAR.search(line)
            if bar is not None:
                self._advance(int(bar[1]), int(bar[2]))
                continue
            self.lines = [*self.lines, line][-_KEPT_LINES:]
            for text, phase in _PHASES.items():
                if text in line:
                    self._begin(phase)

    def _advance(self, done: int, of: int) -> None:
        if done < self._bar[0] or of != self._bar[1]:
            self._bars += 1
        self._bar = done, of
        if self._phase == "load":
            self._begin("denoise")
        if self._phase == "denoise" and self._bars > self.stages:
            self._begin("decode")
        doing = f"denoise, stage {self._bars}" if self._phase == "denoise" else "decode and write"
        self.steps(Step(doing, done, of))

    @property
    def _phase(self) -> str:
        return self._phases[-1][1]

    def _begin(self, phase: str) -> None:
        self._phases.append((self.clock(), phase))

    def seconds(self) -> dict[str, float]:
        """Return the seconds of each phase so far."""
        seconds: dict[str, float] = {}
        for (began, phase), (ended, _) in zip(self._phases, [*self._phases[1:], (self.clock(), "")], strict=True):
            seconds[phase] = round(seconds.get(phase, 0.0) + ended - began, 3)
        return seconds

    def out_of_memory(self) -> bool:
        """Return whether the GPU's memory ran out."""
        return any(map(is_out_of_memory, self.lines))

    def error(self) -> str:
        """Return the last line of a traceback or of argparse's error; empty if there is none."""
        return next((line for line in reversed(self.lines) if _ERROR.match(line)), "")
