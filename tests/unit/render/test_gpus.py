"""What ``nvidia-smi`` lists, by a script in its place: the machine of the tests may have no GPU."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kit.gpus import gpu, write_nvidia_smi
from vtx_app.render.gpus import (
    find_gpu,
    gpu_number,
    gpus,
    has_gpu,
    newest_capability,
    process_gpu_bytes,
    visible_gpus,
)

MIB = 2**20
PROCESSES = 'echo "7, 100"; echo "12, 512"; echo "12, 1024"; echo "13, [N/A]"'
GPUS = (
    gpu(0, "24564", uuid="GPU-11112222-aaaa", name="A card, large"),
    gpu(1, "81559", uuid="GPU-11113333-bbbb", name="NVIDIA H100 80GB HBM3", free="[N/A]"),
)


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return write_nvidia_smi(tmp_path, *GPUS, capabilities=["8.6", "12.0", "[N/A]"], processes=PROCESSES)


def nothing_is_known() -> bool:
    return (gpus(), find_gpu("1"), newest_capability(), process_gpu_bytes(12)) == ([], None, None, 0)


@pytest.mark.usefixtures("tool")
def test_every_gpu_with_its_name_and_memory() -> None:
    first, second = gpus()
    assert (first.number, first.name, first.total_bytes, first.free_bytes) == (
        "0",
        "A card, large",
        24564 * MIB,
        512 * MIB,
    )
    assert (second.name, second.total_bytes, second.free_bytes) == ("NVIDIA H100 80GB HBM3", 81559 * MIB, None)
    assert newest_capability() == (12, 0)


@pytest.mark.usefixtures("tool")
def test_the_memory_that_a_process_uses() -> None:
    assert process_gpu_bytes(12) == 1536 * MIB
    assert process_gpu_bytes(13) == process_gpu_bytes(14) == 0


@pytest.mark.usefixtures("tool")
def test_a_gpu_is_found_by_its_number_or_its_uuid() -> None:
    first, second = gpus()
    assert find_gpu("1") == find_gpu("GPU-11113333-bbbb") == find_gpu("GPU-11113") == second
    assert find_gpu("0") == first
    for name in ("5", "", "GPU-1111", "GPU-4444", "MIG-11113333"):  # GPU-1111: of two
        assert find_gpu(name) is None
    assert gpu_number("GPU-11113333-bbbb") == "1"
    assert gpu_number("1") is None


def test_a_failing_tool_lists_nothing(tool: Path, tmp_path: Path) -> None:
    write_nvidia_smi(tmp_path, *GPUS, capabilities=["8.6"], processes=PROCESSES, failing=True)
    assert nothing_is_known()
    tool.write_text("not a program")
    assert nothing_is_known()


def test_a_tool_that_hangs_lists_nothing(tool: Path) -> None:
    tool.write_text("#!/bin/sh\nexec sleep 60\n")
    assert gpus(timeout=0.05) == []


def test_without_the_tool_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert nothing_is_known()


@pytest.mark.usefixtures("tool")
def test_a_gpu_exists_if_the_driver_or_its_tool_shows_it(tmp_path: Path) -> None:
    devices = tmp_path / "dev"
    devices.mkdir()
    assert has_gpu("1", devices)  # Windows' Linux has no device nodes
    assert not has_gpu("5", devices)
    (devices / "nvidiactl").touch()
    assert not has_gpu("5", devices)
    (devices / "nvidia0").touch()
    assert has_gpu("MIG-5f0c", devices)  # the tool does not know that name
    assert not has_gpu("", devices)  # hidden: the CPU was requested


@pytest.mark.parametrize(
    ("listed", "names"),
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
def test_the_gpus_that_the_environment_lists(tmp_path: Path, listed: str, names: tuple[str, ...]) -> None:
    assert visible_gpus({"CUDA_VISIBLE_DEVICES": listed}, tmp_path) == names


def test_the_gpus_that_the_driver_shows(tmp_path: Path) -> None:
    assert visible_gpus({}, tmp_path) == ("0",)
    for name in ("nvidia0", "nvidia1", "nvidia10", "nvidiactl", "nvidia-uvm", "null"):
        (tmp_path / name).touch()
    assert visible_gpus({}, tmp_path) == ("0", "1", "2")
