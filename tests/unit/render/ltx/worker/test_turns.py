"""Whose turn it is at a GPU, and to whom it is promised."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from vtx_app.render.build_process import BuildProcess
from vtx_app.render.ltx.worker.turns import Turn, clear_promise, is_promised, promise

HERE = str(BuildProcess.of(os.getpid()))


def test_a_turn_lasts_while_nobody_waits() -> None:
    assert Turn(0).next_build() is None


def test_a_turn_that_is_not_over_makes_way_for_nobody() -> None:
    turn = Turn(1000)
    turn.ask("1-1")
    assert turn.next_build() is None


def test_the_build_that_has_waited_longest_is_next() -> None:
    turn = Turn(0)
    for build in ("2-1", "1-1", "2-1", "1-1"):
        turn.ask(build)
    assert turn.next_build() == "2-1"


def test_a_promise_keeps_other_builds_away_until_it_is_kept(tmp_path: Path) -> None:
    lease = tmp_path / "gpu-0.lock"
    assert not is_promised(lease, "1-1")
    promise(lease, HERE)
    assert is_promised(lease, "1-1")
    assert not is_promised(lease, HERE)
    clear_promise(lease)
    assert not is_promised(lease, "1-1")
    clear_promise(lease)


def test_a_promise_to_a_build_that_has_ended_or_never_comes_keeps_nobody_away(tmp_path: Path) -> None:
    lease = tmp_path / "gpu-0.lock"
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        ended = str(BuildProcess.of(process.pid))
    for other in (ended, "", "nonsense"):
        promise(lease, other)
        assert not is_promised(lease, "1-1")
    promise(lease, HERE)
    before = time.time() - 60
    os.utime(tmp_path / "gpu-0.next", (before, before))
    assert not is_promised(lease, "1-1")
    (tmp_path / "gpu-0.next").write_bytes(b"\xff")
    assert not is_promised(lease, "1-1")
