"""The real storyboard renderer, which notes in a file when it begins and ends, and can stand still on the way.

A line of the file RECORD is ``begin|still|end <clip id> <process id> <GPU>``, in Slurm with the GPU's node. Where
RECORD_STILL names a file, the first render that can make it stops itself (SIGSTOP) with its picture and sound
written, before it gives them back: a test finds it there for as long as it wants to.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from vtx_app.compile.request import RenderRequest
from vtx_app.render.animatic.renderer import AnimaticRenderer
from vtx_app.render.renderer import Progress, Sources


def note(event: str, out: Path) -> None:
    node, gpu = os.environ.get("SLURMD_NODENAME"), os.environ.get("CUDA_VISIBLE_DEVICES", "-")
    line = f"{event} {out.parent.name} {os.getpid()} {f'{node}:{gpu}' if node else gpu}\n"
    handle = os.open(os.environ["RECORD"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(handle, line.encode())
    os.close(handle)


def stand_still(out: Path) -> None:
    try:
        os.close(os.open(os.environ["RECORD_STILL"], os.O_CREAT | os.O_EXCL))
    except (KeyError, FileExistsError):
        return
    note("still", out)
    os.kill(os.getpid(), signal.SIGSTOP)


class RecordedRenderer(AnimaticRenderer):
    def render(self, request: RenderRequest, sources: Sources, out: Path, progress: Progress) -> dict[str, Any]:
        note("begin", out)
        facts = super().render(request, sources, out, progress)
        stand_still(out)
        note("end", out)
        return facts
