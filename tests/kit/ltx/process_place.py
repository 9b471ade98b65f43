"""A place to render to in a process of its own, and a GPU for it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kit.gpus import gpu, write_nvidia_smi
from vtx_app.errors import RenderError
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.gpu_lease import gpu_lease
from vtx_app.render.ltx.call import PipelineCall, Weights
from vtx_app.render.ltx.progress import Step
from vtx_app.render.ltx.runners.process_runner import ProcessRunner

HERE = BuildProcess.of(os.getpid())
GIB = 2**30
LONG = 600.0
FULL = "OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has 23.6 GiB in all"


@dataclass
class Place:
    """A folder that the stand-in renders to, with what it noted."""

    folder: Path
    gpu: str = "GPU-5f0c"
    steps: list[Step] = field(default_factory=list)

    @property
    def out(self) -> Path:
        return self.folder / "take.mp4"

    @property
    def log(self) -> Path:
        return self.folder / "take.log"

    @property
    def leases(self) -> Path:
        return self.folder / "leases"

    def call(self, do: str, prompt: str = "A quay.", **fields: Any) -> PipelineCall:
        weights = (Weights("/t", "transformer", 30 * GIB), Weights("/e", "text encoder", 24 * GIB))
        options = (("--note", str(self.folder / "notes")), ("--do", do))
        return PipelineCall("distilled", self.out, prompt, options=options, weights=weights, log=self.log, **fields)

    def run(self, do: str, **fields: Any) -> dict[str, Any]:
        assert HERE is not None
        runner = ProcessRunner(self.leases, [self.gpu], HERE)
        return runner.run(self.call(do, **fields), self.steps.append)

    def fail(self, do: str, **fields: Any) -> str:
        """Return the message of a call that fails; nothing is left of it."""
        with pytest.raises(RenderError) as caught:
            self.run(do, **fields)
        self.require_nothing()
        return str(caught.value)

    def require_nothing(self) -> None:
        """There is no file at ``out``, and the GPU is free."""
        assert not self.out.exists()
        with gpu_lease(self.leases, [self.gpu]) as name:
            assert name == self.gpu
        assert list(self.leases.iterdir()) == []

    def notes(self) -> list[dict[str, Any]]:
        """What each of the stand-in's processes noted of itself."""
        path = self.folder / "notes"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def offloads(self) -> list[list[str]]:
        """Return the option ``--offload`` that each process was given."""
        commands = [note["argv"] for note in self.notes()]
        return [argv[argv.index("--offload") :] if "--offload" in argv else [] for argv in commands]


def install_gpu(folder: Path, monkeypatch: pytest.MonkeyPatch, mebibytes: str = "81559") -> None:
    """A stand-in for the driver's own tool: one GPU with so much memory, of which every process has 512 MiB."""
    processes = 'for p in /proc/[0-9]*; do echo "${p#/proc/}, 512"; done'
    tool = write_nvidia_smi(folder / "bin", gpu(0, mebibytes, uuid="GPU-5f0c", name="A card"), processes=processes)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
