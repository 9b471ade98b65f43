"""What a process may have of main memory, by the kernel's own files: those of this machine, and made ones."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from vtx_app.render.main_memory import free_main_memory

GIB = 2**30


class Machine:
    """A machine's files under /proc and /sys/fs/cgroup."""

    def __init__(self, folder: Path, available: int, cgroup: str) -> None:
        self.proc, self.groups = folder / "proc", folder / "cgroup"
        (self.proc / "self").mkdir(parents=True)
        (self.proc / "meminfo").write_text(f"MemTotal: 9 kB\nMemAvailable:   {available // 1024} kB\n")
        (self.proc / "self/cgroup").write_text(cgroup)

    def group(self, path: str, limit: object, used: int, inactive: int = 0, *, old: bool = False) -> None:
        """A control group with a limit, of version 2 or the ``old`` one."""
        folder = self.groups / path
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ("memory.limit_in_bytes" if old else "memory.max")).write_text(f"{limit}\n")
        (folder / ("memory.usage_in_bytes" if old else "memory.current")).write_text(f"{used}\n")
        name = "total_inactive_file" if old else "inactive_file"
        (folder / "memory.stat").write_text(f"anon 5\n{name} {inactive}\nactive_file 7\n")

    def free(self) -> int:
        return free_main_memory(self.proc, self.groups)


def test_memory_that_only_keeps_files_counts_as_free() -> None:
    """After a model was read, most pages keep its file: the kernel reclaims them when needed."""
    memory = psutil.virtual_memory()
    unlimited = free_main_memory(groups=Path("/nowhere"))
    assert abs(unlimited - memory.available) < memory.total // 10  # other processes come and go
    assert 0 <= free_main_memory() <= unlimited + memory.total // 10


def test_a_batch_job_has_what_it_requested(tmp_path: Path) -> None:
    """Its node may have a terabyte: who takes more than the job's part is killed."""
    node = Machine(tmp_path, 1000 * GIB, "0::/system.slice/slurmstepd.scope/job_7/step_0/user/task_0\n")
    job = "system.slice/slurmstepd.scope/job_7"
    node.group(f"{job}/step_0/user/task_0", "max", 1 * GIB)
    node.group(job, 64 * GIB, 10 * GIB, inactive=4 * GIB)
    assert node.free() == 58 * GIB  # files that it has read are given back


def test_a_container_sees_its_limit_at_the_top(tmp_path: Path) -> None:
    container = Machine(tmp_path, 500 * GIB, "0::/\n")
    container.group("", 32 * GIB, 2 * GIB)
    assert container.free() == 30 * GIB


def test_the_older_control_groups_count_too(tmp_path: Path) -> None:
    node = Machine(tmp_path, 500 * GIB, "11:cpuset:/a\n4:cpu,memory:/slurm/uid_1/job_7\n1:name=systemd:/x\n0::/x\n")
    node.group("memory/slurm/uid_1/job_7", 64 * GIB, 10 * GIB, old=True)
    node.group("memory", 2**63 - 4096, 400 * GIB, old=True)  # how that version writes no limit
    assert node.free() == 54 * GIB


@pytest.mark.parametrize("cgroup", ["", "0::/../../../etc\n", "nonsense\n", "0::/gone\n"])
def test_without_a_limit_that_can_be_read_the_machine_s_own_counts(tmp_path: Path, cgroup: str) -> None:
    assert Machine(tmp_path, 5 * GIB, cgroup).free() == 5 * GIB


def test_a_group_that_is_over_its_limit_has_nothing_left(tmp_path: Path) -> None:
    container = Machine(tmp_path, 500 * GIB, "0::/\n")
    container.group("", 1 * GIB, 2 * GIB)
    assert container.free() == 0
