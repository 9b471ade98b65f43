"""A GPU is leased to one process at a time, and a killed process holds none."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kit.gpus import gpu, write_nvidia_smi
from kit.processes import Process, next_line, starting
from vtx_app.errors import RenderError
from vtx_app.render.gpu_lease import gpu_lease, lease_home, lease_path

HOLDER = """
import sys
from pathlib import Path
from vtx_app.render.gpu_lease import gpu_lease

with gpu_lease(Path(sys.argv[1]), sys.argv[2].split(",")) as gpu:
    print(gpu, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Callable[[str], Process]]:
    """Starts processes that lease one of some GPUs, print which, and hold it until they read a line."""
    with starting() as start:
        yield lambda gpus: start(HOLDER, tmp_path / "leases", gpus)


def waits(process: Process) -> bool:
    assert process.stderr is not None
    return "waiting" in process.stderr.readline()


def test_every_process_has_its_own_gpu(hold: Callable[[str], Process]) -> None:
    assert {next_line(hold("0,1,2")) for _ in range(3)} == {"0", "1", "2"}


def test_a_process_waits_for_the_first_free_gpu(hold: Callable[[str], Process]) -> None:
    first, second = hold("0"), hold("1")
    assert (next_line(first), next_line(second)) == ("0", "1")
    third = hold("0,1")
    assert waits(third)
    second.communicate("\n")
    assert next_line(third) == "1"


def test_a_killed_holder_holds_nothing(hold: Callable[[str], Process], tmp_path: Path) -> None:
    first = hold("GPU-5f0c/1")
    assert next_line(first) == "GPU-5f0c/1"
    second = hold("GPU-5f0c/1")
    assert waits(second)
    first.send_signal(signal.SIGKILL)
    assert next_line(second) == "GPU-5f0c/1"
    second.communicate("\n")
    assert list((tmp_path / "leases").iterdir()) == []


def test_a_failed_render_releases_its_gpu(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), gpu_lease(tmp_path, ["0"]):
        raise RuntimeError
    with gpu_lease(tmp_path, ["0"]) as gpu:
        assert gpu == "0"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files of this test alone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_folder_of_leases_is_its_user_s_alone(temporary: Path) -> None:
    home = lease_home({})
    assert home.parent == temporary
    assert str(os.getuid()) in home.name
    assert home.stat().st_mode & 0o777 == 0o700
    home.chmod(0o755)
    assert lease_home({}) == home
    assert home.stat().st_mode & 0o777 == 0o700


def test_another_kind_of_thing_is_no_folder_of_leases(temporary: Path) -> None:
    home = lease_home({})
    home.rmdir()
    home.write_bytes(b"mine")
    with pytest.raises(RenderError, match="remove it, or set TMPDIR") as caught:
        lease_home({})
    assert str(home) in str(caught.value)
    assert home.read_bytes() == b"mine"
    home.unlink()
    other = temporary / "elsewhere"
    for target in (other, temporary):
        home.symlink_to(target)
        with pytest.raises(RenderError, match="remove it, or set TMPDIR"):
            lease_home({})
        assert not other.exists()
        home.unlink()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a folder another user's")
def test_another_user_s_folder_is_no_folder_of_leases(temporary: Path) -> None:
    home = lease_home({})
    home.chmod(0o755)
    os.chown(home, 12345, 12345)
    with pytest.raises(RenderError, match="remove it, or set TMPDIR"):
        lease_home({})
    assert home.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("name", ["SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID"])
def test_a_batch_job_has_its_own_leases(temporary: Path, name: str) -> None:
    job = {name: "4711[3].head/../../x"}
    home = lease_home(job)
    assert home.parent == temporary
    assert lease_home(job) == home
    assert home.stat().st_mode & 0o777 == 0o700
    assert len({home, lease_home({}), lease_home({name: "4712"})}) == 3
    assert lease_home({name: ""}) == lease_home({})


@pytest.mark.parametrize(
    "gpu", ["0", "", "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6", "MIG-GPU-5f0c/1/0", "../../etc/x", "a\0b", ".", "ü*"]
)
def test_a_lease_of_an_odd_name_is_a_plain_file_among_the_others(tmp_path: Path, gpu: str) -> None:
    path = lease_path(tmp_path, gpu)
    assert path.parent == tmp_path
    assert path.resolve().parent == tmp_path.resolve()
    with gpu_lease(tmp_path, [gpu]) as name:
        assert name == gpu
        assert list(tmp_path.iterdir()) == [path]
    assert list(tmp_path.iterdir()) == []


def test_each_gpu_has_its_own_lease(tmp_path: Path) -> None:
    names = ["0", "1", "10", "", "GPU-8932f937", "GPU-8932f938", "MIG-GPU-5f0c/1/0", "MIG-GPU-5f0c/1/1"]
    assert len({lease_path(tmp_path, name) for name in names}) == len(names)


def test_a_gpu_has_one_lease_whatever_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two builds may name it in two ways: by its number, or in CUDA_VISIBLE_DEVICES by its UUID or a part of that."""
    tool = write_nvidia_smi(tmp_path / "bin", gpu(0, uuid="GPU-11112222-aaaa"), gpu(1, uuid="GPU-11113333-bbbb"))
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
    assert lease_path(tmp_path, "GPU-11113333-bbbb") == lease_path(tmp_path, "GPU-11113") == lease_path(tmp_path, "1")
    others = ["0", "1", "GPU-1111", "GPU-4444", "MIG-11113333"]  # of two GPUs, of none here, and a part of a GPU
    assert len({lease_path(tmp_path, name) for name in others}) == len(others)
