"""Which failures leave a note that another try is of no use, and for whom it counts."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from vtx_app.errors import ModelError, PlanMovedError, RenderError, SpecError
from vtx_app.project.job_faults import VARIABLE, clear_fault, failed_for_good, note_fault, worth_another_try


def caused(error: Exception, by: BaseException) -> Exception:
    error.__cause__ = by
    return error


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.EIO, "Input/output error"),
        OSError(errno.ESTALE, "Stale file handle"),
        RenderError("the render worker ended in the middle of this take", again=True),
        caused(RenderError("the take can't be written"), OSError(errno.EIO, "Input/output error")),
        caused(RenderError("the take can't be made"), MemoryError()),
    ],
    ids=repr,
)
def test_more_memory_or_another_node_may_help(error: Exception) -> None:
    assert worth_another_try(error)


@pytest.mark.parametrize(
    "error",
    [
        SpecError(["prompts/clips/A01.yaml:3: seconds: -1: expected more than 0"]),
        ModelError("the checkpoint is missing"),
        PlanMovedError("edited after the build was planned"),
        RenderError("ran out of GPU memory"),
        OSError(errno.ENOSPC, "No space left on device"),
        caused(RenderError("the take can't be written"), OSError(errno.ENOTDIR, "Not a directory")),
        ValueError("a defect of VTX"),
    ],
    ids=repr,
)
def test_another_try_would_fail_in_the_same_way(error: Exception) -> None:
    assert not worth_another_try(error)


def test_a_note_counts_for_its_own_build_until_the_job_begins_again(tmp_path: Path) -> None:
    log, mine = tmp_path / "A01_S01_SH001.0123.log", {VARIABLE: "a"}
    assert not failed_for_good(log, mine)
    note_fault(log, mine)
    assert failed_for_good(log, mine)
    assert not failed_for_good(log, {VARIABLE: "b"})
    assert not failed_for_good(tmp_path / "A01_S01_SH001.4567.log", mine)
    clear_fault(log)
    assert not failed_for_good(log, mine)
    assert list(tmp_path.iterdir()) == []


def test_a_note_that_cannot_be_written_is_no_second_failure(tmp_path: Path) -> None:
    log = tmp_path / "missing/take.log"
    note_fault(log, os.environ)
    clear_fault(log)
    assert not failed_for_good(log, os.environ)
