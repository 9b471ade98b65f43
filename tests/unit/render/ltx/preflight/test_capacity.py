"""Whether takes have room on the disk and the GPU, by what earlier takes needed."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from kit.gpus import write_nvidia_smi
from kit.ltx.machine import Machine, install_gpus


def test_a_folder_that_can_t_be_written_to(machine: Machine) -> None:
    (machine.film / "renders").write_text("a file in the folder's place")
    problem = machine.problem()
    assert problem.startswith(f"{machine.film / 'renders'} can't be written to: ")


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_of_somebody_else(machine: Machine) -> None:
    (machine.film / "renders").mkdir()
    (machine.film / "renders").chmod(0o555)
    assert machine.problem().startswith(f"{machine.film / 'renders'} can't be written to: make the folder writable")


def test_no_room_for_the_takes(machine: Machine) -> None:
    free = shutil.disk_usage(machine.film).free
    frames = 8 * (round(2 * free / 0.05 / 1024**2) // 8) + 1
    problem = machine.problem(width=1024, height=1024, frames=frames)
    found = re.fullmatch(
        r"1 take of about ([\d.]+) GB in all, and (\S+) has ([\d.]+) [GM]B left: make room .*", problem
    )
    assert found is not None, problem
    assert found[2] == str(machine.film)
    assert float(found[1]) == pytest.approx(2 * free / 1e9, rel=0.05)


def test_room_is_reckoned_by_the_takes_that_are_there(machine: Machine) -> None:
    """What would be too much by the rule of thumb is not, where takes have been a hundred times smaller."""
    free = shutil.disk_usage(machine.film).free
    frames = 8 * (round(2 * free / 0.05 / 1024**2) // 8) + 1
    old = {"renderer": "ltx", "width": 1024, "height": 1024, "frames": 10}
    machine.record("small", bytes(5_000), request=old)
    assert machine.problems(width=1024, height=1024, frames=frames) == []
    machine.record("gone", request=old)  # a take that was removed, and one that no model made
    machine.record("drawn", bytes(50_000_000), request=old | {"renderer": "animatic"})
    assert machine.problems(width=1024, height=1024, frames=frames) == []


# -- the GPU -----------------------------------------------------------------------------------------------


def needed(machine: Machine, name: str, gigabytes: int, **facts: Any) -> None:
    old = {"renderer": "ltx", "pipeline": "ti2vid_one_stage", "width": 192, "height": 128, "frames": 9}
    machine.record(name, request=old, **({"memory": "disk", "peak_vram_bytes": gigabytes * 2**30} | facts))


def test_takes_that_needed_more_than_the_gpu_has(machine: Machine, tmp_path: Path) -> None:
    needed(machine, "one", 30)
    assert machine.problems() == []  # without a GPU, nothing is known of it
    install_gpus(tmp_path, "8192", "24576", "[N/A]")
    problem = machine.problem("ti2vid_one_stage", "ti2vid_two_stages")
    assert problem == (
        "clip0.yaml: takes of ti2vid_one_stage at 192×128, 9 frames needed 30.0 GiB of GPU memory and the largest GPU "
        "here has 24.0 GiB: make the clip shorter or smaller"
    )
    assert machine.problems(frames=17) == []  # nothing is known of takes of another size
    needed(machine, "two", 20)  # once it was enough
    assert machine.problems() == []


def test_takes_that_needed_much_where_there_was_much(machine: Machine, tmp_path: Path) -> None:
    install_gpus(tmp_path, "24576")
    needed(machine, "one", 70, memory="resident")
    needed(machine, "two", 0)
    (machine.film / "renders/takes/A01_S01_SH001/three.json").write_text("{")
    assert machine.problems() == []


@pytest.mark.parametrize("output", ["No devices were found", ""])
def test_a_driver_without_a_gpu_reveals_nothing(machine: Machine, tmp_path: Path, output: str) -> None:
    needed(machine, "one", 30)
    tool = write_nvidia_smi(tmp_path / "bin")
    tool.write_text(f"#!/bin/sh\necho '{output}'\n")
    assert machine.problems() == []
