"""Whether takes have room on the disk, by what earlier takes needed."""

from __future__ import annotations

import os
import re
import shutil

import pytest

from kit.ltx.machine import Machine


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


@pytest.mark.parametrize("damage", [{"width": None}, {"frames": 0}, {"height": "1024"}, {"width": -5}])
def test_a_record_without_a_size_is_passed_over(machine: Machine, damage: dict[str, object]) -> None:
    request = {"renderer": "ltx", "width": 1024, "height": 1024, "frames": 10} | damage
    machine.record("damaged", bytes(5_000), request=request)
    assert machine.problems() == []
