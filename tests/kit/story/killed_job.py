"""A process that makes stories and is killed by SIGKILL at a given change of a file.

Every line of its input is ``[root of the film, number]``. The story is made in a fork of it, in which everything is
imported already; that dies when it is about to make the change with this number among all its changes to files of the
film, 0 for never. A file that it opens to write is left torn. The answer is a line, too: exit status, number of
changes, and the messages of stages that failed.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.film import TESTS
from kit.story.film import StoryFilm

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


@dataclass
class Made:
    """How it ended: -9 for a kill. ``messages`` are of stages that failed, ``changes`` is the number of changes."""

    status: int
    changes: int = 0
    messages: list[str] = field(default_factory=list)


@dataclass
class StoryJob:
    """The process, from the test's side."""

    process: subprocess.Popen[str]

    def make(self, film: StoryFilm, last: int = 0) -> Made:
        """Make the story; with ``last`` it is killed at that change."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([str(film.root), last]) + "\n")
        self.process.stdin.flush()
        return Made(*json.loads(self.process.stdout.readline()))


@contextlib.contextmanager
def story_job(film: StoryFilm) -> Iterator[StoryJob]:
    """The process, for films of ``film``'s server."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kit.story.killed_job"],
        cwd=TESTS,
        env=film.environment(film.story_environment()),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        yield StoryJob(process)


@dataclass
class _Death:
    """Counts changes below ``folder``, and is the end of this process at the one with the number ``last``."""

    folder: str
    last: int
    changes: int = 0

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if not self._changes(event, args):
            return
        self.changes += 1
        if self.changes == self.last:
            if event == "open":
                os.write(os.open(args[0], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), b"to")
            os.kill(os.getpid(), signal.SIGKILL)

    def _changes(self, event: str, args: tuple[Any, ...]) -> bool:
        if event == "open":
            if isinstance(args[0], int) or not args[2] & WRITING:
                return False
        elif event not in ("os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"):
            return False
        path = Path(os.fsdecode(args[0])).absolute()
        nothing = (event == "os.remove" and not os.path.lexists(path)) or (event == "os.mkdir" and path.exists())
        return str(path).startswith(self.folder) and not nothing


def _serve() -> None:
    from kit.ready import make_ready
    from kit.story.make import make
    from vtx_app.story.stages.registry import stages_of

    stages_of("openai")
    make_ready()
    for line in sys.stdin:
        root, last = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.chdir(root)
            death = _Death(f"{root}/projects/", last)
            sys.addaudithook(death)
            messages = make(at_once=1)
            os.write(writing, json.dumps([0, death.changes, messages]).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as said:
            end = said.read()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(end.decode() if status == 0 else json.dumps([status]), flush=True)


if __name__ == "__main__":
    _serve()
