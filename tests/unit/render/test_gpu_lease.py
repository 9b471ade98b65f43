"""A GPU is leased to one process at a time, and a killed process holds none."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vtx_app.render.gpu_lease import gpu_lease, machine_gpus

HOLDER = """
import sys
from pathlib import Path
from vtx_app.render.gpu_lease import gpu_lease

with gpu_lease(Path(sys.argv[1]), sys.argv[2].split(",")) as gpu:
    print(gpu, flush=True)
    sys.stdin.readline()
"""
Holder = subprocess.Popen[str]


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Callable[[str], Holder]]:
    """Starts processes that lease one of some GPUs, say which, and hold it until they are told to go on."""
    started: list[Holder] = []

    def start(gpus: str) -> Holder:
        pipe = subprocess.PIPE
        words = [sys.executable, "-c", HOLDER, str(tmp_path / "leases"), gpus]
        started.append(subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def said(process: Holder) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def waits(process: Holder) -> bool:
    assert process.stderr is not None
    return "waiting" in process.stderr.readline()


def test_everyone_has_a_gpu_of_their_own(hold: Callable[[str], Holder]) -> None:
    assert {said(hold("0,1,2")) for _ in range(3)} == {"0", "1", "2"}


def test_who_finds_none_waits_for_the_first_that_is_free(hold: Callable[[str], Holder]) -> None:
    first, second = hold("0"), hold("1")
    assert (said(first), said(second)) == ("0", "1")
    third = hold("0,1")
    assert waits(third)
    second.communicate("\n")
    assert said(third) == "1"


def test_a_killed_holder_holds_nothing(hold: Callable[[str], Holder], tmp_path: Path) -> None:
    first = hold("GPU-5f0c/1")
    assert said(first) == "GPU-5f0c/1"
    second = hold("GPU-5f0c/1")
    assert waits(second)
    first.send_signal(signal.SIGKILL)
    assert said(second) == "GPU-5f0c/1"
    second.communicate("\n")
    assert list((tmp_path / "leases").iterdir()) == []


def test_a_render_that_fails_gives_its_gpu_back(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), gpu_lease(tmp_path, ["0"]):
        raise RuntimeError
    with gpu_lease(tmp_path, ["0"]) as gpu:
        assert gpu == "0"


@pytest.mark.parametrize(
    ("listed", "gpus"),
    [
        ("3", ("3",)),
        ("2, 0", ("2", "0")),
        ("GPU-8932f937,1", ("GPU-8932f937", "1")),
        ("1,1", ("1",)),
        ("0,-1,1", ("0",)),
        ("-1", ("",)),
        ("", ("",)),
    ],
)
def test_the_gpus_that_the_environment_lists(tmp_path: Path, listed: str, gpus: tuple[str, ...]) -> None:
    assert machine_gpus({"CUDA_VISIBLE_DEVICES": listed}, tmp_path) == gpus


def test_the_gpus_that_the_driver_shows(tmp_path: Path) -> None:
    assert machine_gpus({}, tmp_path) == ("0",)
    for name in ("nvidia0", "nvidia1", "nvidia10", "nvidiactl", "nvidia-uvm", "null"):
        (tmp_path / name).touch()
    assert machine_gpus({}, tmp_path) == ("0", "1", "2")
