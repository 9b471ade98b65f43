"""A card that has too little memory left: what VTX does, and what it says."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from session import GIB, Row, Session, last_lines, size

from kit.film import TESTS
from vtx_app.text import plural

TITLE = "out of memory: provoked and told"
HEAD: Row = ("memory left", "LTX_OFFLOAD", "outcome", "peak", "what VTX says")
FAULT = TESTS / "ltx" / "fault"
CONTEXT = GIB * 3 // 4
"""About what CUDA itself takes of a card for each process."""


def rows(session: Session) -> Iterator[Row]:
    """Another process takes the card's memory. On a CPU, denoising steps fail as if there were none left."""
    some, hardly_any = CONTEXT + round(session.model_bytes * 0.7), CONTEXT + GIB // 8
    cases = [("", some), ("none", some), ("none", hardly_any)] if session.has_modes else [("none", some)]
    for number, (mode, bytes_left) in enumerate(cases):
        film = session.film(f"shortage-{number}", "distilled", small=True)
        with shortage(session, bytes_left, film.root, times=99 if mode else 1) as variables:
            _, said = session.build(film, LTX_OFFLOAD=mode, **variables)
        told = [line.strip() for line in said.splitlines() if "out of" in line and "memory" in line]
        records = [records[-1] for records in film.records().values()]
        if records:
            outcome = f"rendered, memory: {records[0]['memory']}"
            outcome += ", at the second attempt" if records[0].get("out_of_memory_at_first") else ""
            words = told[-1] if told else "nothing"
        else:
            outcome = f"failed, {plural(len(film.takes()), 'take')} left"
            words = told[-1] if told else last_lines(said, 2)
        yield (size(bytes_left), mode or "(empty)", outcome, session.peak(*records), words)
        if not records:
            code, _ = session.build(film)
            yield ("all", "(empty)", f"the same film again: {plural(len(film.takes()), 'take')}, exit {code}", "", "")


@contextlib.contextmanager
def shortage(session: Session, bytes_left: int, root: Path, times: int) -> Iterator[dict[str, str]]:
    """Inside, only ``bytes_left`` of the card are free. Yields the variables that a build needs for it."""
    if not session.on_gpu:
        path = os.pathsep.join([str(FAULT), str(TESTS / "kit/ltx/shim"), os.environ.get("PYTHONPATH", "")])
        yield {"FAULT": str(root / "faults"), "FAULT_TIMES": str(times), "PYTHONPATH": path}
        return
    argv = [sys.executable, str(Path(__file__).parent / "hog.py"), str(bytes_left)]
    hog = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert hog.stdout is not None
    try:
        if hog.stdout.readline() != b"ready\n":
            raise RuntimeError("the card's memory could not be taken (tests/gpu/hog.py)")
        yield {}
    finally:
        hog.kill()
        hog.wait()
