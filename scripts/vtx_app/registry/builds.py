"""Builds that are at work in a folder, and Snakemake's locks there: whose they are, and whether anybody's.

A lock (``.snakemake/locks/<n>.input.lock`` or ``.output.lock``) lists the files that a build reads or makes, and does
not say which build. So a lock is stale if it is older than every Snakemake process that is at work in the folder.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vtx_app.errors import ProjectError

__all__ = ["LivingBuild", "clear_stale_locks", "living_builds"]

_CLOCK_SECONDS = 2.0
"""How far the start of a process, which is counted from the machine's own, may be off the time of a file."""

_READS_ONLY = {"-n", "--dry-run", "--dryrun", "--lint", "--unlock"}


@dataclass(frozen=True, slots=True)
class LivingBuild:
    """A Snakemake process of this machine: its id, when it began (seconds since 1970), its words."""

    pid: int
    began: float
    words: tuple[str, ...]

    def __str__(self) -> str:
        at = time.strftime("%H:%M", time.localtime(self.began))
        return f"process {self.pid}, since {at}: snakemake {' '.join(self.words)}"


def living_builds(folder: Path) -> list[LivingBuild]:
    """The builds at work in ``folder``, the oldest first. One of another user, whose folder can't be seen, counts."""
    import psutil  # comes with Snakemake

    found = []
    for process in psutil.process_iter(["pid", "cmdline", "cwd", "create_time", "status"]):
        facts = process.info
        words = _snakemake_words(facts["cmdline"] or ())
        if words is None or facts["status"] == psutil.STATUS_ZOMBIE or _READS_ONLY & set(words):
            continue
        if facts["cwd"] is None or _same(Path(facts["cwd"]), folder):
            found.append(LivingBuild(facts["pid"], facts["create_time"], words))
    return sorted(found, key=lambda build: build.began)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _snakemake_words(command: Sequence[str]) -> tuple[str, ...] | None:
    """What follows ``snakemake`` or ``python -m snakemake`` on a command line; None for any other command."""
    for at, word in enumerate(command[:4]):
        if Path(word).name == "snakemake" and (at == 0 or re.match(r"python|pypy", Path(command[0]).name)):
            return tuple(command[at + 1 :])
    return None


def clear_stale_locks(folder: Path, films: Collection[str]) -> int:
    """Remove the locks in ``folder`` whose build is no more; returns how many there were.

    ``films`` are the folders of the films to be built, as Snakemake's paths begin. Raises :class:`ProjectError`, which
    names the build, where one that is at work holds any of their files.
    """
    locks = sorted((folder / ".snakemake" / "locks").glob("*.lock"))
    if not locks:
        return 0
    builds = living_builds(folder)
    stale = 0
    for lock in locks:
        try:
            made = lock.stat().st_mtime
            owners = [build for build in builds if build.began <= made + _CLOCK_SECONDS]
            if not owners:
                lock.unlink()
                stale += 1
            elif any(path.startswith(tuple(f"{film}/" for film in films)) for path in _paths(lock)):
                raise ProjectError(
                    f"another build is at work on these films ({owners[-1]}): wait until it has ended, or end it"
                )
        except FileNotFoundError:  # its build has just ended
            continue
    return stale


def _paths(lock: Path) -> Iterator[str]:
    with lock.open(encoding="utf-8", errors="surrogateescape") as lines:
        yield from (line.strip() for line in lines)
