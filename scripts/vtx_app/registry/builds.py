"""Builds that are at work in a folder, and Snakemake's locks there: whose they are, and whether anybody's.

A lock (``.snakemake/locks/<n>.input.lock`` or ``.output.lock``) lists the files that a build reads or makes, and does
not say which build. So every build signs its locks (``<n>.input.owner`` beside them). One that is not signed, of a
build that has hardly begun, is stale if it is older than every Snakemake process that is at work in the folder.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vtx_app.errors import ProjectError
from vtx_app.render.build_process import BuildProcess

__all__ = ["LivingBuild", "clear_stale_locks", "living_builds", "sign_locks"]

_CLOCK_SECONDS = 2.0
"""How far the start of a process, which is counted from the machine's own, may be off the time of a file."""

_READS_ONLY = {"-n", "--dry-run", "--dryrun", "--lint", "--unlock"}


@dataclass(frozen=True, slots=True)
class LivingBuild:
    """A Snakemake process of this machine: its id, when it began (seconds since 1970), its words, whose it is.

    ``user`` is None where it is known to be at work in the folder, else the user it belongs to, whose folders can't be
    seen.
    """

    pid: int
    began: float
    words: tuple[str, ...]
    user: int | None = None

    def __str__(self) -> str:
        at = time.strftime("%H:%M", time.localtime(self.began))
        return f"process {self.pid}, since {at}: snakemake {' '.join(self.words)}"


def living_builds(folder: Path) -> list[LivingBuild]:
    """The builds at work in ``folder``, the oldest first, and those of other users that may be."""
    import psutil

    found = []
    for process in psutil.process_iter(["pid", "cmdline", "cwd", "create_time", "status", "uids"]):
        facts = process.info
        words = _snakemake_words(facts["cmdline"] or ())
        if words is None or facts["status"] == psutil.STATUS_ZOMBIE or _READS_ONLY & set(words):
            continue
        if facts["cwd"] is None or _same(Path(facts["cwd"]), folder):
            user = facts["uids"].effective if facts["cwd"] is None else None
            found.append(LivingBuild(facts["pid"], facts["create_time"], words, user))
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


def sign_locks(locks: Iterable[str]) -> None:
    """Say beside the lock files of this process that they are its own. A disk that is full costs the word alone."""
    for lock in locks:
        with contextlib.suppress(OSError):
            _signature(Path(lock)).write_text(f"{os.uname().nodename} {BuildProcess.of(os.getpid())}\n")


def _signature(lock: Path) -> Path:
    return lock.with_suffix(".owner")


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
            owner = _owner(lock, builds)
            if owner is None:
                lock.unlink()
                _signature(lock).unlink(missing_ok=True)
                stale += 1
            elif any(path.startswith(tuple(f"{film}/" for film in films)) for path in _paths(lock)):
                raise ProjectError(f"another build is at work on these films: {owner}")
        except FileNotFoundError:  # its build has just ended
            continue
    return stale


def _owner(lock: Path, builds: Sequence[LivingBuild]) -> str | None:
    """The build that holds a lock, and what to do about it; None where it is no more."""
    made = lock.stat()
    signed = _signed(lock, made.st_mtime)
    if signed is not None:
        host, process = signed
        if host != os.uname().nodename:
            return f"process {process.pid} of {host}; look there, and if it is no more: snakemake --unlock"
        if not process.alive():
            return None
        named = next((str(build) for build in builds if build.pid == process.pid), f"process {process.pid}")
    else:
        holds = [
            build
            for build in builds
            if build.began <= made.st_mtime + _CLOCK_SECONDS and build.user in (None, made.st_uid)
        ]
        if not holds:
            return None
        named = str(holds[-1])
    return f"{named}; wait until it has ended, or end it"


def _signed(lock: Path, made: float) -> tuple[str, BuildProcess] | None:
    """Machine and process that signed a lock, if anybody did since it was made."""
    path = _signature(lock)
    with contextlib.suppress(OSError, UnicodeDecodeError):
        host, _, text = path.read_text().strip().partition(" ")
        process = BuildProcess.parse(text)
        if process is not None and path.stat().st_mtime >= made:
            return host, process
    return None


def _paths(lock: Path) -> Iterator[str]:
    with lock.open(encoding="utf-8", errors="surrogateescape") as lines:
        yield from (line.strip() for line in lines)
