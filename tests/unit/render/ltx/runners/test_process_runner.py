"""A process for each call: it renders, fails, runs out of memory, and never outlives its job or its build.

The processes are real; the package they run is a stand-in (``standin/``) that does what ``--do`` says.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kit.gpus import gpu, write_nvidia_smi
from kit.ltx.requests import everything, files_for
from kit.ltx.standin_package import python_path, write_standin
from vtx_app.errors import RenderError
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.gpu_lease import gpu_lease
from vtx_app.render.ltx.call import PipelineCall, Weights, compile_call
from vtx_app.render.ltx.package import LtxPackage
from vtx_app.render.ltx.progress import Step
from vtx_app.render.ltx.runners.process_runner import ProcessRunner
from vtx_app.render.ltx.worker.protocol import call_to_json

HERE = BuildProcess.of(os.getpid())
GIB = 2**30
LONG = 600.0
"""Seconds: what is waited for happens at once, and a test that fails should end."""
REASON = "ValueError: the canvas of – 96x128 – is not divisible by 64"
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


@pytest.fixture
def place(tmp_path: Path, install: Callable[..., None]) -> Place:
    install()
    return Place(tmp_path)


# -- what one call does ------------------------------------------------------------------------------------


def test_a_take_is_rendered_with_its_facts(place: Place) -> None:
    facts = place.run("render")
    assert place.out.read_bytes() == b"a whole film"
    assert set(facts) == {"exit", "seconds", "memory", "warm", "peak_ram_bytes"}
    assert (facts["exit"], facts["memory"], facts["warm"]) == (0, "process", False)
    assert 2**20 < facts["peak_ram_bytes"] < 2**33
    assert set(facts["seconds"]) == {"load", "denoise", "decode", "write", "call"}
    assert sum(facts["seconds"].values()) <= 2 * facts["seconds"]["call"] + 0.01
    assert place.steps == [
        Step("denoise, stage 1", 0, 2),
        Step("denoise, stage 1", 1, 2),
        Step("decode and write", 1, 1),
    ]
    place.out.unlink()
    place.require_nothing()


def install_gpu(folder: Path, monkeypatch: pytest.MonkeyPatch, mebibytes: str = "81559") -> None:
    """A stand-in for the driver's own tool: one GPU with so much memory, of which every process has 512 MiB."""
    processes = 'for p in /proc/[0-9]*; do echo "${p#/proc/}, 512"; done'
    tool = write_nvidia_smi(folder / "bin", gpu(0, mebibytes, uuid="GPU-5f0c", name="A card"), processes=processes)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")


def test_a_take_on_a_gpu_records_its_name_and_memory(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_gpu(tmp_path, monkeypatch)
    facts = place.run("render")
    assert (facts["gpu"], facts["peak_vram_bytes"]) == ("A card", 512 * 2**20)


def test_the_process_sees_its_gpu_and_no_secret(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    place.run("render")
    (note,) = place.notes()
    assert note["environment"]["CUDA_VISIBLE_DEVICES"] == place.gpu
    assert "OPENAI_API_KEY" not in note["environment"]
    assert note["environment"]["PATH"] == os.environ["PATH"]


def test_the_log_has_all_output_in_lines(place: Place) -> None:
    place.log.write_text("before\n")
    place.run("render")
    text = place.log.read_text()
    assert text.startswith("before\nINFO:")
    assert "\r" not in text
    assert "| 1/2 [" in text
    assert text.endswith(f"Video saved to {place.out}\n")


def test_a_log_that_can_t_be_written_fails_nothing(place: Place) -> None:
    place.log.mkdir()
    place.run("render")
    assert place.out.exists()


@pytest.mark.parametrize(
    "prompt",
    [
        "-x --seed 5",
        "--output-path=/etc/x",
        '$(touch here) `touch here` ; touch here && echo "it\'s" | cat > here # %PATH% *',
        "two\nlines\tand — 映画 «ü» \\n",
        "",
        " ",
    ],
)
def test_a_prompt_arrives_as_it_was_written(
    place: Place, prompt: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = {each.name for each in tmp_path.iterdir()}
    place.run("render", prompt=prompt)
    (note,) = place.notes()
    assert note["argv"] == place.call("render", prompt=prompt).argv()
    assert f"--prompt={prompt}" in note["argv"]
    assert {each.name for each in tmp_path.iterdir()} - before == {"take.mp4", "take.log", "notes", "leases"}


def test_every_path_of_a_request_arrives_absolute(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it was given relative to the folder that the build runs in."""
    monkeypatch.chdir(tmp_path)
    package = LtxPackage((1, 2))
    call = compile_call(everything("distilled", package), files_for(Path("files")), Path("take.mp4"), package)
    call = replace(call, options=(*call.options, ("--note", str(tmp_path / "notes"))))
    assert HERE is not None
    ProcessRunner(place.leases, ["0"], HERE).run(call, place.steps.append)
    (note,) = place.notes()
    paths = [word.removeprefix("--output-path=") for word in note["argv"] if word.endswith((".mp4", ".png", "_path"))]
    paths += [word for word in note["argv"] if word.endswith((".safetensors", "gemma_root"))]
    assert len(paths) == 8
    for path in paths:
        assert Path(path).is_absolute()
        assert Path(path).exists()


# -- failures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("do", "message"),
    [
        ("fail", f"distilled failed (exit 1): {REASON}"),
        ("refuse", "distilled failed (exit 2): distilled.py: error: unrecognized arguments: --renoise 3"),
    ],
)
def test_a_failure_reports_its_last_line_and_leaves_nothing(place: Place, do: str, message: str) -> None:
    assert place.fail(do) == message
    assert len(place.notes()) == 1
    assert message.partition("): ")[2] in place.log.read_text()


@pytest.mark.parametrize(("do", "code"), [("mute", 7), ("crash", -9)])
def test_a_failure_without_an_error_reports_the_log_s_tail(place: Place, do: str, code: int) -> None:
    message = place.fail(do)
    assert message.startswith(f"distilled failed (exit {code}): INFO:ltx_pipelines.utils.blocks:Running denoising loop")
    assert "| 1/2 [" in message
    assert "\n" not in message


def test_a_missing_pipeline_is_reported(place: Place) -> None:
    assert HERE is not None
    with pytest.raises(RenderError, match=r"retake failed \(exit 1\): .*No module named ltx_pipelines\.retake"):
        ProcessRunner(place.leases, ["0"], HERE).run(
            PipelineCall("retake", place.out, "A quay.", log=place.log), place.steps.append
        )


# -- memory ------------------------------------------------------------------------------------------------


def test_out_of_memory_is_retried_once_from_disk(place: Place) -> None:
    facts = place.run("memory once")
    assert place.out.read_bytes() == b"a whole film"
    assert facts["out_of_memory_at_first"] is True
    assert place.offloads() == [[], ["--offload", "disk"]]
    (retry,) = (step for step in place.steps if "memory" in step.doing)
    assert retry.doing.startswith("out of memory; once more") and "disk" in retry.doing
    assert place.steps.index(retry) == 2  # between the first's steps and the second's


@pytest.mark.parametrize(
    ("mebibytes", "more", "offload"),
    [
        ("81559", {}, []),
        ("24564", {}, ["--offload", "disk"]),  # 30 GiB at a time don't fit, and loading them to see takes minutes
        ("24564", {"offload": "none"}, []),
        ("24564", {"quantization": "fp8-scaled-mm"}, []),
        ("[N/A]", {}, []),
    ],
)
def test_a_gpu_that_is_too_small_for_the_weights_streams_them_at_once(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mebibytes: str, more: Any, offload: list[str]
) -> None:
    install_gpu(tmp_path, monkeypatch, mebibytes)
    place.run("render", **more)
    assert place.offloads() == [offload]


@pytest.mark.parametrize(("tokens", "offload"), [(1_000, []), (100_000, ["--offload", "disk"])])
def test_a_larger_take_streams_its_weights(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tokens: int, offload: list[str]
) -> None:
    install_gpu(tmp_path, monkeypatch, "49140")
    place.run("render", tokens=tokens)
    assert place.offloads() == [offload]


def test_a_take_that_no_mode_leaves_room_for_starts_no_process(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_gpu(tmp_path, monkeypatch, "24564")
    message = place.fail("render", tokens=400_000)
    assert message == (
        "distilled needs at least 30.5 GiB of GPU memory, and 23.5 GiB are free: make the clip shorter, or smaller"
    )
    assert place.notes() == []


def test_the_driver_s_out_of_memory_is_recognized(place: Place) -> None:
    assert place.run("driver once")["out_of_memory_at_first"] is True
    assert place.offloads() == [[], ["--offload", "disk"]]


def test_what_can_t_be_streamed_is_not_retried(place: Place) -> None:
    message = place.fail("memory", quantization="fp8-scaled-mm")
    assert message.startswith("distilled ran out of GPU memory (")
    assert place.offloads() == [[]]
    assert "can't stream" in place.fail("render", offload="cpu", quantization="nvfp4-cast")


def test_out_of_memory_twice_is_reported(place: Place) -> None:
    message = place.fail("memory")
    assert message.startswith("distilled ran out of GPU memory")
    for text in (FULL, "make the clip shorter or smaller", "LTX_QUANTIZATION=fp8-cast"):
        assert text in message
    assert place.offloads() == [[], ["--offload", "disk"]]


def test_with_weights_on_disk_there_is_no_retry(place: Place) -> None:
    assert FULL in place.fail("memory", offload="disk")
    assert place.offloads() == [["--offload", "disk"]]


@pytest.mark.parametrize(
    ("setting", "offload"),
    [("", []), ("none", []), ("resident", []), ("parked", []), ("cpu", ["--offload", "cpu"])],
)
def test_the_setting_becomes_an_option(place: Place, setting: str, offload: list[str]) -> None:
    facts = place.run("render", offload=setting)
    assert place.offloads() == [offload]
    assert "out_of_memory_at_first" not in facts


def test_an_unknown_setting_is_refused(place: Place) -> None:
    assert place.fail("render", offload="ram").startswith("LTX_OFFLOAD is 'ram'; expected one of")
    assert place.notes() == []


def test_a_package_without_offload_is_never_given_it(tmp_path: Path, install: Callable[..., None]) -> None:
    install("1.0.0")
    place = Place(tmp_path)
    place.run("render", offload="none")
    place.out.unlink()
    assert FULL in place.fail("memory")
    assert place.offloads() == [[], []]
    assert "has no --offload (it came with 1.2): unset it" in place.fail("render", offload="disk")
    assert len(place.notes()) == 2


# -- the end of job and build ------------------------------------------------------------------------------

JOB = """
import json, signal, sys
from pathlib import Path
from vtx_app.errors import RenderError
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.ltx.runners.process_runner import ProcessRunner
from vtx_app.render.ltx.worker.protocol import call_from_json

signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
call = call_from_json(json.loads(sys.argv[1]))
build = BuildProcess.parse(sys.argv[3])
runner = ProcessRunner(Path(sys.argv[2]), ["0"], build, stop_seconds=float(sys.argv[4]))
try:
    runner.run(call, lambda step: print(step.done, step.of, flush=True))
except RenderError as error:
    print(error, flush=True)
    sys.exit(1)
"""
Process = subprocess.Popen[str]


@dataclass
class Job:
    """A process that has a take rendered, in the middle of it."""

    process: Process
    place: Place
    render: BuildProcess

    def rest(self) -> str:
        """Return what it prints until it ends."""
        return self.process.communicate(timeout=LONG)[0]

    def require_no_render(self) -> None:
        """Its render ends, or has ended."""
        with self.render.watched() as handle:
            if handle is not None:
                assert select.select([handle], [], [], LONG)[0], "the render goes on"
        assert not self.render.alive()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Job]]:
    """Starts a job whose render hangs, for this process's build or another; returns when half a file is written."""
    environment = os.environ | {"PYTHONPATH": python_path(write_standin(tmp_path / "standin"))}
    started: list[Process] = []

    def start(do: str = "hang", build: BuildProcess | None = HERE, patience: float = LONG, deaf: bool = False) -> Job:
        place = Place(tmp_path, gpu="0")
        call = json.dumps(call_to_json(place.call(do)))
        argv = [sys.executable, "-c", JOB, call, str(place.leases), str(build), str(patience)]
        before = partial(signal.signal, signal.SIGINT, signal.SIG_IGN) if deaf else None
        started.append(subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment, preexec_fn=before))
        assert started[-1].stdout is not None
        assert [started[-1].stdout.readline() for _ in range(3)] == ["0 2\n", "1 2\n", "2 2\n"]
        (note,) = place.notes()
        render = BuildProcess.of(note["pid"])
        assert render is not None
        assert place.out.exists()
        return Job(started[-1], place, render)

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("deaf", [False, True], ids=["", "in a build that was started in the background"])
def test_a_terminated_job_ends_its_render_and_leaves_nothing(start: Callable[..., Job], deaf: bool) -> None:
    job = start(deaf=deaf)
    job.process.terminate()
    job.rest()
    assert job.process.returncode == 128 + signal.SIGTERM
    assert not job.render.alive()
    job.place.require_nothing()
    assert (job.place.folder / "notes.interrupted").exists()  # interrupted first, so that it can clean up


def test_a_render_that_ignores_the_signal_is_killed(start: Callable[..., Job]) -> None:
    job = start("deaf", patience=0.1)
    job.process.terminate()
    job.rest()
    assert not job.render.alive()
    job.place.require_nothing()
    assert not (job.place.folder / "notes.interrupted").exists()


def test_a_killed_job_takes_its_render_with_it(start: Callable[..., Job]) -> None:
    job = start("deaf")
    job.process.kill()
    job.rest()
    job.require_no_render()
    with gpu_lease(job.place.leases, ["0"]) as name:
        assert name == "0"


def test_the_end_of_the_build_is_the_end_of_its_renders(start: Callable[..., Job]) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as build:
        job = start(build=BuildProcess.of(build.pid))
        build.kill()
        assert job.rest() == "the build of this take has ended\n"
    assert job.process.returncode == 1
    assert not job.render.alive()
    job.place.require_nothing()


def test_a_build_is_known_by_more_than_its_number(place: Place) -> None:
    """A build that ended, and whose number another process has: nothing is rendered for it."""
    gone = BuildProcess(os.getpid(), "0")
    runner = ProcessRunner(place.leases, ["0"], gone)
    with pytest.raises(RenderError, match="the build of this take has ended"):
        runner.run(place.call("hang"), place.steps.append)
    place.require_nothing()
