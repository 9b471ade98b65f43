"""The tests of LTX-2 with tiny models (tests/ltx), on the card."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
from session import Row, Session

from kit.film import REPO

TITLE = "tests/ltx with tiny models"
HEAD: Row = ("result", "tests")
OTHER_MACHINES = "not two_gpus"
"""What needs two cards."""
RESULT = re.compile(r"^(FAILED|ERROR) (\S+)(?: - (.*))?$", re.MULTILINE)


def rows(session: Session) -> Iterator[Row]:
    """All tests at once, as many processes as the machine has cores for; cut after the step's time."""
    cores = os.cpu_count() or 1
    argv = [sys.executable, "-m", "pytest", "-n", str(max(1, cores - 2)), "--dist", "loadgroup", "-rfE", "--tb=line"]
    folder = session.root / "suite"
    argv += [
        "--basetemp",
        str(folder),
        "-p",
        "no:cacheprovider",
        "-k",
        OTHER_MACHINES if session.on_gpu else "tiny_models",
        "tests/ltx",
    ]
    env = os.environ | {"OMP_NUM_THREADS": "1", "COLD_RENDERS": "1"}  # a fork can't use a GPU that its parent has seen
    text, cut = ended(argv, env, session.left())
    if cut:
        end_all_in(folder)
    summary = [line.strip("= ") for line in text.splitlines() if re.search(r"\d+ (passed|failed|error)", line)]
    progress = "" if summary else f" ({text.count('.')} dots)"
    yield ("cut: no time left" if cut else "whole", summary[-1] if summary else f"no summary{progress}")
    for kind, test, reason in RESULT.findall(text):
        yield (kind.lower(), f"{test.partition('/ltx/')[2] or test}: {reason[:160]}")


def ended(argv: list[str], env: dict[str, str], seconds: float) -> tuple[str, bool]:
    """Return what pytest prints, and whether it had to be interrupted, on which it sums up what it knows."""
    process = subprocess.Popen(
        argv, cwd=REPO, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    cut = False
    try:
        text, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        cut = True
        process.send_signal(signal.SIGINT)
        try:
            text, _ = process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            text, _ = process.communicate()
    return text, cut


def end_all_in(folder: Path) -> None:
    """End the builds that interrupted tests left running in ``folder``: they would use the card in later steps."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if Path(process.cwd()).is_relative_to(folder):
                process.kill()
