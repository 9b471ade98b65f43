"""The environment of processes that render, and the end of their logs."""

from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.render.ltx.runners.render_process import log_tail, render_environment

ALLOCATOR = "PYTORCH_CUDA_ALLOC_CONF"


def test_no_secret_is_passed_on() -> None:
    secret = {"OPENAI_API_KEY": "sk-1", "OPENAI_BASE_URL": "https://x", "OPENAI_ORG_ID": "o"}
    kept = {"PATH": "/bin", "HOME": "/home/a", "LD_LIBRARY_PATH": "/usr/lib/x", "MY_OPENAI": "name", "EMPTY": ""}
    before = {**secret, **kept}
    given = render_environment(before, "3")
    assert not any(value in secret.values() for value in given.values())
    assert kept.items() <= given.items()
    assert set(given) == {*kept, "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "PYTHONUNBUFFERED", ALLOCATOR}
    assert before == {**secret, **kept}


def test_the_allocator_can_grow_unless_a_person_sets_it() -> None:
    assert render_environment({}, "0")[ALLOCATOR] == "expandable_segments:True"
    own = {ALLOCATOR: "max_split_size_mb:512"}
    assert render_environment(own, "0")[ALLOCATOR] == own[ALLOCATOR]
    assert ALLOCATOR not in render_environment({"PYTORCH_ALLOC_CONF": "expandable_segments:False"}, "0")


@pytest.mark.parametrize("gpu", ["3", "", "GPU-8932f937"])
def test_one_gpu_is_visible_and_its_number_keeps_its_meaning(gpu: str) -> None:
    listed = render_environment({"CUDA_VISIBLE_DEVICES": "0,1,2,3", "CUDA_DEVICE_ORDER": "FASTEST_FIRST"}, gpu)
    assert (listed["CUDA_VISIBLE_DEVICES"], listed["CUDA_DEVICE_ORDER"]) == (gpu, "FASTEST_FIRST")
    assert "CUDA_DEVICE_ORDER" not in render_environment({"CUDA_VISIBLE_DEVICES": "1,3"}, gpu)
    counted = render_environment({}, gpu)  # device nodes, which are numbered by the bus
    assert (counted["CUDA_VISIBLE_DEVICES"], counted["CUDA_DEVICE_ORDER"]) == (gpu, "PCI_BUS_ID")


def test_a_log_s_tail_is_one_line(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes("".join(f"  line {number}\r\n\n" for number in range(50)).encode() + b"caf\xe9\n")
    tail = log_tail(log)
    assert tail.split(" | ") == [*(f"line {number}" for number in range(39, 50)), "caf\ufffd"]


def test_an_empty_log_has_no_tail(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for log in (tmp_path / "empty", tmp_path / "none", tmp_path, None):
        assert log_tail(log) == ""
