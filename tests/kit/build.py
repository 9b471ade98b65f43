"""A build of a film as a running process: seen from outside, stopped at a moment, and looked at afterwards."""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kit import warm
from kit.film import CLIPS, Film, write_film
from kit.warm import RECORDING

SHORT_IDS = ["A02_S01_SH001", "A02_S01_SH002"]


def write_short_film(root: Path, slug: str = "harbour", seconds: int = 8) -> Film:
    """A film of two clips in one act, long enough to be caught in the middle of a job."""
    film = write_film(root, slug)
    film.edit("metadata.yaml", "fps: 8", "fps: 24")
    for stem in CLIPS:
        if stem.partition("__")[0] in SHORT_IDS:
            film.edit_clip(stem, "seconds: 1.0", f"seconds: {seconds}.0")
        else:
            (film.folder / f"prompts/clips/{stem}.yaml").unlink()
    return film


@dataclass
class Build:
    """``snakemake`` at work on a film, in a process group of its own; ``said`` is what it has said so far."""

    film: Film
    process: subprocess.Popen[bytes] | warm.Started
    said: str = ""

    def read(self, seconds: float) -> bool:
        """Take in what is said within ``seconds``; False once nobody is left to say anything."""
        assert self.process.stdout is not None
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            return True
        data = os.read(self.process.stdout.fileno(), 65536)
        self.said += data.decode(errors="replace")
        return bool(data)

    def wait_until(self, seen: Callable[[], object]) -> bool:
        """Wait until ``seen()``; False if the build ended before. What was said before it is in ``said``."""
        while not seen():
            if not self.read(0.005):
                return bool(seen())
        self.read(0)  # all that a pipe holds
        return True

    def signal(self, number: int, *, group: bool = False, to: int | None = None) -> None:
        """Send a signal to Snakemake alone, to all of its group, or to the process ``to``."""
        assert to != 0, "0 is everybody in the group of the tests themselves"
        with contextlib.suppress(ProcessLookupError):
            if group:
                os.killpg(self.process.pid, number)
            else:
                os.kill(self.process.pid if to is None else to, number)

    def end(self) -> int:
        """Wait for Snakemake, and for all jobs that outlive it; its exit status."""
        while self.read(1):
            pass
        return self.process.wait()

    def jobs(self, words: str) -> list[int]:
        """The ids of this build's running job processes whose command line has ``words``."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (folder / "cmdline").read_bytes().split(b"\0")
                text = b" ".join(command).decode(errors="replace")
                if command[1:2] == [b"-m"] and words in text and os.getpgid(int(folder.name)) == self.process.pid:
                    found.append(int(folder.name))
        return found

    def kill_jobs(self, words: str) -> bool:
        """Wait for job processes that :meth:`jobs` finds and kill them; False if the build ended before.

        They are stopped first: what stands still can't come to its end before it is killed.
        """
        caught: list[int] = []

        def stopped() -> bool:
            for pid in self.jobs(words):
                self.signal(signal.SIGSTOP, to=pid)
                while (state := process_state(pid)) not in ("T", "Z", ""):
                    pass
                caught.extend([pid] if state == "T" else [])
            return bool(caught)

        found = self.wait_until(stopped)
        for pid in caught:
            self.signal(signal.SIGKILL, to=pid)
        return found


@dataclass
class Recorded:
    """The renders of one or more builds, as ``recording/`` notes them."""

    path: Path
    still: Path = field(init=False)

    def __post_init__(self) -> None:
        self.still = self.path.with_suffix(".still")

    def environment(self, *, still: bool = False, before: str = "", gpu: bool = False) -> dict[str, str]:
        """``still``: the first render stands still with its take written but not named; with ``before``, the first job
        that names a file which that pattern fits does, with that file written."""
        path = os.pathsep.join(filter(None, [str(RECORDING), os.environ.get("PYTHONPATH")]))
        words = {"PYTHONPATH": path, "RECORD": str(self.path), "RECORD_GPU": "1" if gpu else ""}
        words |= {"RECORD_STILL_BEFORE": before} if before else {}
        return words | ({"RECORD_STILL": str(self.still)} if still or before else {})

    def events(self) -> list[tuple[str, str, int, str]]:
        """(begin, still or end; clip id; process id; GPU) in the order they happened."""
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return [(event, clip_id, int(pid), gpu) for event, clip_id, pid, gpu in map(str.split, lines)]

    def ended(self) -> list[str]:
        """The clip ids of all renders that came to their end."""
        return sorted(clip_id for event, clip_id, _, _ in self.events() if event == "end")

    def standing(self) -> tuple[str, int] | None:
        """The folder (a clip id) and process of what stands still: it has said that it will, and does."""
        still = [(clip_id, pid) for event, clip_id, pid, _ in self.events() if event == "still"]
        return next((each for each in still if process_state(each[1]) == "T"), None)


def process_state(pid: int) -> str:
    """The state of a process as proc(5) has it, such as T for one that stands still; empty if there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


@contextlib.contextmanager
def building(
    film: Film,
    *words: str,
    env: dict[str, str] | None = None,
    program: Sequence[str] = ("-m", "snakemake"),
    file_size: int | None = None,
    before: Callable[[], None] | None = None,
    cold: bool = False,
) -> Iterator[Build]:
    """Start ``snakemake <words>``, in Python as ``program``; all that is left of it is killed at the end.

    No process of it writes files of more than ``file_size`` bytes, as a quota or a full disk would have it; the first
    one calls ``before`` before all else. ``cold``: started by Python itself, for jobs that run on other machines.
    """
    arguments = [*program, "--cores", "2", "--scheduler", "greedy", *words]
    environment = film.environment(env)

    def first() -> None:
        if file_size:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
        if before:
            before()

    forked = program[0] == "-m" and not before and not cold
    process = (warm.start(arguments[1:], film.root, environment, file_size) if forked else None) or subprocess.Popen(
        [sys.executable, *arguments],
        cwd=film.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=first if file_size or before else None,  # after a fork among threads, Python code may wait for ever
    )
    build = Build(film, process)
    try:
        yield build
    finally:
        build.signal(signal.SIGKILL, group=True)
        build.end()
        assert process.stdout is not None
        process.stdout.close()


def films(film: Film) -> dict[str, bytes]:
    """Every film file under its real name, by its path in the project, with its bytes."""
    return {
        path.relative_to(film.folder).as_posix(): path.read_bytes()
        for path in (film.folder / "renders").rglob("*.mp4")
        if not path.name.startswith(".")
    }


def identities(film: Film) -> dict[str, int]:
    """The inode of every take by its clip: another one if it is written again."""
    takes = (film.folder / "renders/takes").glob("*/*.mp4")
    return {path.parent.name: path.stat().st_ino for path in takes if not path.name.startswith(".")}


def left_over(film: Film) -> list[Path]:
    """What writers left under temporary names."""
    return [path for path in film.folder.rglob(".*") if ".part." in path.name]
