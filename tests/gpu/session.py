"""What the steps share: the card, the models, the films and the remaining time."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil

from kit.film import TESTS
from kit.ltx.film import LTX, LtxFilm, shot, take_argv, write_ltx_film
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.gpus import gpus
from vtx_app.text import format_memory

__all__ = ["NoTimeError", "Row", "Session"]

Row = tuple[str, ...]
GIB = 2**30
WAY_OUT = 20.0
"""Seconds reserved for the end of a run."""


class NoTimeError(Exception):
    """The run ends before this can be measured."""


@dataclass
class Session:
    """One run of all steps on a ``device`` (cuda or cpu), which ends before the ``deadline`` (of time.monotonic).

    On a CPU all models are tiny: that checks the steps and measures nothing.
    """

    device: str
    deadline: float
    root: Path
    step_deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self.step_deadline = self.deadline

    @property
    def on_gpu(self) -> bool:
        return self.device == "cuda"

    @property
    def has_modes(self) -> bool:
        """Whether this ltx-pipelines can keep weights outside the GPU."""
        return LTX >= (1, 2)

    @cached_property
    def models(self) -> dict[str, Path]:
        """Random models by variable: a transformer of 2.4 GB and a text encoder of half a GB on a GPU."""
        sizes = ["--scale", "18", "--encoder-scale", "28"] if self.on_gpu else ["--scale", "2", "--encoder-scale", "2"]
        argv = [sys.executable, "-m", "kit.ltx.tiny_models", str(self.root / "models"), "--one-checkpoint", *sizes]
        text = self.output(argv, cwd=TESTS)
        return {name: Path(path) for name, _, path in (line.partition("=") for line in text.splitlines())}

    @property
    def model_bytes(self) -> int:
        """Bytes of the checkpoint."""
        return self.models["LTX_CHECKPOINT_PATH"].stat().st_size

    def begin_step(self, share: float) -> None:
        """Give the next step a share of the remaining time."""
        now = time.monotonic()
        self.step_deadline = now + share * (self.deadline - WAY_OUT - now)

    def left(self) -> float:
        """Return the seconds that the running step may take. Raises :class:`NoTimeError` when there are none."""
        seconds = self.step_deadline - time.monotonic()
        if seconds < 1:
            raise NoTimeError
        return seconds

    def output(self, argv: list[str], cwd: Path, env: Mapping[str, str] | None = None) -> str:
        """Run a command to its end and return what it prints. Raises :class:`RuntimeError` with its last lines."""
        try:
            done = subprocess.run(argv, cwd=cwd, env=env, capture_output=True, text=True, timeout=self.left())
        except subprocess.TimeoutExpired as error:
            raise NoTimeError from error
        if done.returncode != 0:
            raise RuntimeError(last_lines(done.stderr or done.stdout))
        return done.stdout

    # -- films -----------------------------------------------------------------------------------------

    def film(self, name: str, pipeline: str, clips: int = 1, *, small: bool = False) -> LtxFilm:
        """Return a new film of ``clips`` shots: on a GPU five seconds at 1280×704, or two at 768×448 if ``small``."""
        root = self.root / name
        root.mkdir()
        seconds, steps = (2.0 if small else 5.0, 4) if self.on_gpu else (1.0, 2)
        guided = {} if pipeline == "distilled" else {"steps": steps, "guidance_scale": 3.0}
        free = {"steps": None, "guidance_scale": None}
        options = {**free, **guided, "pipeline": pipeline, "duration": {"mode": "fixed", "seconds": seconds}}
        specs = {}
        for number in range(1, clips + 1):
            clip_id = f"A01_S01_SH{number:03d}"
            specs[f"{clip_id}__shot"] = shot(clip_id, f"Shot {number}: the ferry ties up.", render=options)
        film = write_ltx_film(root, self.models, specs)
        if self.on_gpu:
            size = "width: 768, height: 448" if small else "width: 1280, height: 704"
            film.edit("metadata.yaml", "width: 128, height: 96", size)
            film.edit("metadata.yaml", "fps: 8", "fps: 24")
        return film

    def variables(self, **more: str) -> dict[str, str]:
        """Return the variables of a render on the device."""
        own = {"OMP_NUM_THREADS": "8"} if self.on_gpu else {"CUDA_VISIBLE_DEVICES": ""}
        return own | more

    def render(self, film: LtxFilm, **variables: str) -> list[dict[str, Any]]:
        """Render the film's missing takes, one job after the other as a build runs them; return their records."""
        with a_build() as build:
            env = film.environment(self.variables(VTX_BUILD=build, VTX_WORKER_IDLE_SECONDS="30", **variables))
            for argv in take_argv(film).values():
                self.output(argv, film.root, env)
        return [records[-1] for _, records in sorted(film.records().items())]

    def build(self, film: LtxFilm, **variables: str) -> tuple[int, str]:
        """Build all clips of the film as a person would; return the exit code and what Snakemake prints."""
        argv = [sys.executable, "-m", "snakemake", "clips", "--cores", "2", "--scheduler", "greedy"]
        env = film.environment(self.variables(**variables))
        try:
            done = subprocess.run(
                [*argv, "--resources", "gpu=1"],
                cwd=film.root,
                env=env,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=self.left(),
            )
        except subprocess.TimeoutExpired as error:
            raise NoTimeError from error
        return done.returncode, done.stdout

    # -- the card --------------------------------------------------------------------------------------

    def card(self) -> str:
        """Return the card with its memory, driver and versions."""
        from importlib.metadata import version

        names = ("torch", "transformers", "ltx-pipelines")
        versions = [f"Python {sys.version.split()[0]}", *(f"{name} {version(name)}" for name in names)]
        if not self.on_gpu:
            return "no card: tiny models on a CPU, which measures nothing; " + ", ".join(versions)
        query = ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
        code = "import torch; print(torch.version.cuda)"
        cards, cuda = self.output(query, self.root), self.output([sys.executable, "-c", code], self.root)
        name, memory, driver = cards.splitlines()[0].split(", ")
        return ", ".join([name, memory, f"driver {driver}", f"CUDA {cuda.strip()}", *versions])

    def peak(self, *records: Mapping[str, Any]) -> str:
        """Return the highest peak of GPU memory; without a GPU, of main memory."""
        name = "peak_vram_bytes" if self.on_gpu else "peak_ram_bytes"
        return size(max((int(record.get(name) or 0) for record in records), default=0))

    def used(self, film: LtxFilm) -> int:
        """Return the bytes in use on the card; on a CPU, those of the film's workers in main memory."""
        if self.on_gpu:
            return sum((gpu.total_bytes or 0) - (gpu.free_bytes or 0) for gpu in gpus()[:1])
        return sum(process.memory_info().rss for process in workers(film))


def size(count: int) -> str:
    """Return bytes of memory for a table."""
    return format_memory(count) if count else "–"


def take_bytes(film: LtxFilm) -> list[bytes]:
    """Return the bytes of each take, in the order of the clips."""
    takes = (film.folder / "renders/takes").glob("*/*.mp4")
    return [path.read_bytes() for path in sorted(takes) if not path.name.startswith(".")]


def workers(film: LtxFilm) -> list[psutil.Process]:
    """Return the running render workers of the film's leases, without what they start themselves."""
    found: dict[int, psutil.Process] = {}
    parents = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            ours = process.environ().get("TMPDIR") == str(film.home)
            if ours and "render.ltx.worker.server" in " ".join(process.cmdline()):
                found[process.pid], parents[process.pid] = process, process.ppid()
    return [process for pid, process in found.items() if parents[pid] not in found]


@contextlib.contextmanager
def a_build() -> Iterator[str]:
    """Yield the name of a process that stands in for a build: the worker of its takes ends with it."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield str(BuildProcess.of(process.pid))
    finally:
        process.kill()
        process.wait()


def last_lines(text: str, count: int = 3) -> str:
    """Return the last lines of ``text`` as one."""
    return " / ".join([line.strip() for line in text.splitlines() if line.strip()][-count:])
