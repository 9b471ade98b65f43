"""Processes that note what they do in the file RECORD, and one that stands still for as long as a test wants it to.

A line of the file is ``begin|still|end <name of the folder> <process id> <GPU>``, in Slurm with the GPU's node. The
folder of a take has the id of its clip.
"""

from __future__ import annotations

import os
import signal
from fnmatch import fnmatch
from pathlib import Path
from typing import Any


def note(event: str, out: Path) -> None:
    node, gpu = os.environ.get("SLURMD_NODENAME"), os.environ.get("CUDA_VISIBLE_DEVICES", "-")
    line = f"{event} {out.parent.name} {os.getpid()} {f'{node}:{gpu}' if node else gpu}\n"
    handle = os.open(os.environ["RECORD"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(handle, line.encode())
    os.close(handle)


def stand_still(out: Path) -> None:
    """Stop this process (SIGSTOP) if RECORD_STILL names a file, and no other process has made it. Where
    RECORD_STILL_AFTER is a number, so many have noted their end before."""
    after = int(os.environ.get("RECORD_STILL_AFTER", "0"))
    if after and Path(os.environ["RECORD"]).read_text().count("\nend ") < after:
        return
    try:
        os.close(os.open(os.environ["RECORD_STILL"], os.O_CREAT | os.O_EXCL))
    except (KeyError, FileExistsError):
        return
    note("still", out)
    os.kill(os.getpid(), signal.SIGSTOP)


def before_names(event: str, args: tuple[Any, ...]) -> None:
    """An audit hook: stand still before a file gets a name that the pattern RECORD_STILL_BEFORE fits."""
    if event == "os.rename" and fnmatch(os.fsdecode(args[1]), os.environ.get("RECORD_STILL_BEFORE", "")):
        stand_still(Path(os.fsdecode(args[1])))
