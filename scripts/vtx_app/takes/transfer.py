"""Copies the takes of a film to a store and back: ``vtx takes push`` and ``vtx takes pull``.

A store holds ``takes/<clip_id>/<digest>.mp4`` and ``.json`` as a film does, and ``<digest>.sha256``, in the format of
``sha256sum``, which is written last: a take that has it is complete.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from vtx_app.errors import CutError, ProjectError
from vtx_app.files import display_path, report
from vtx_app.formats.names import CLIP_ID_PATTERN
from vtx_app.project.paths import take_path
from vtx_app.takes.records import clips_with_takes, take_digests
from vtx_app.takes.remote import RemoteTakes, Sums, file_sums
from vtx_app.takes.store import add_take, require_whole

__all__ = ["Copied", "pull", "push"]

_NAME = re.compile(rf"takes/({CLIP_ID_PATTERN.strip('^$')})/([0-9a-f]{{64}})\.(mp4|json|sha256)")
_SUM = re.compile(r"([0-9a-f]{64})  ([0-9a-f]{64})\.(mp4|json)")
_PROGRESS = 10
"""Seconds between two lines of progress."""

State = Literal["copied", "present", "different", "damaged"]


@dataclass(slots=True)
class Copied:
    """What was done, by take (``<clip_id>/<digest>``).

    ``copied`` (``size`` in bytes), ``present`` on both sides before; ``different`` and ``damaged``: why, by take.
    """

    copied: list[str] = field(default_factory=list)
    size: int = 0
    present: list[str] = field(default_factory=list)
    different: dict[str, str] = field(default_factory=dict)
    damaged: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Take:
    """One take, on both sides. ``stored``: the sizes in bytes of its files in the store, by suffix."""

    path: Path
    stored: Mapping[str, int]
    remote: RemoteTakes

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    def named(self, suffix: str) -> str:
        """The name of one of its files in the store."""
        return f"takes/{self.name}.{suffix}"

    @cached_property
    def sums(self) -> Sums:
        """Of the film's own file, read through."""
        return file_sums(self.path)

    @cached_property
    def stored_sums(self) -> dict[str, str]:
        """The SHA-256 of its files in the store by suffix, as they were pushed; empty if that was not finished."""
        if "sha256" not in self.stored:
            return {}
        lines = self.remote.read(self.named("sha256")).decode(errors="replace").splitlines()
        found = {match[3]: match[1] for match in map(_SUM.fullmatch, lines) if match and match[2] == self.path.stem}
        if "mp4" not in found:
            raise _Damaged(f"{self.named('sha256')} is damaged")
        return found

    def same_film(self) -> bool:
        """Whether the film's own file and the store's are the same."""
        if known := self.stored_sums:
            return known["mp4"] == self.sums.sha256
        return self.stored["mp4"] == self.sums.size and self.remote.sha256(self.named("mp4")) == self.sums.sha256


class _Damaged(Exception):
    """A file of one take is damaged; the other takes can be copied."""


@dataclass(frozen=True, slots=True)
class _Result:
    state: State
    size: int = 0
    why: str = ""


def push(folder: Path, remote: RemoteTakes, at_once: int, *, dry_run: bool = False) -> Copied:
    """Copy the takes of the film in ``folder`` that the store lacks, ``at_once`` at a time.

    With ``dry_run`` none is. Raises :class:`ProjectError` where the store fails: what is copied is kept.
    """
    stored = _by_take(remote.files())
    paths = [
        take_path(folder, clip_id, digest)
        for clip_id in clips_with_takes(folder)
        if re.fullmatch(CLIP_ID_PATTERN, clip_id)
        for digest in sorted(take_digests(folder, clip_id))
    ]
    takes = [_Take(path, stored.get((path.parent.name, path.stem), {}), remote) for path in paths]
    return _each(takes, lambda take: _push(take, dry_run), at_once, "pushed")


def pull(folder: Path, remote: RemoteTakes, at_once: int, *, dry_run: bool = False) -> Copied:
    """Copy the store's takes that the film in ``folder`` lacks, ``at_once`` at a time.

    With ``dry_run`` none is. Raises :class:`ProjectError` where the store fails or holds no take.
    """
    stored = _by_take(remote.files())
    takes = [
        _Take(take_path(folder, *key), files, remote)
        for key, files in sorted(stored.items())
        if "mp4" in files or "sha256" in files  # else a push has just begun
    ]
    if not takes:
        raise ProjectError(
            f"{remote.shown}: there are no takes in it. Takes are in takes/<clip>/ below the address that they were "
            "pushed to"
        )
    return _each(takes, lambda take: _pull(take, dry_run), at_once, "pulled")


def _by_take(files: Mapping[str, int]) -> dict[tuple[str, str], dict[str, int]]:
    """The sizes of a store's files by clip id and digest, then suffix. Other files are none of ours."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for name, size in files.items():
        if match := _NAME.fullmatch(name):
            found.setdefault((match[1], match[2]), {})[match[3]] = size
    return found


def _push(take: _Take, dry_run: bool) -> _Result:
    film, known = take.stored.get("mp4"), take.stored_sums.get("mp4")
    if (known is not None and known != take.sums.sha256) or (
        known is None and film is not None and not take.same_film()
    ):
        return _Result("different", why="the store has another render of this take; both stay as they are")
    if known is not None and film is not None:
        if film == take.sums.size:
            return _Result("present")
        return _Result("damaged", why=f"the store's file is damaged: move {take.named('mp4')} away there")
    if dry_run:
        return _Result("copied", take.sums.size)
    if film is None:
        require_whole(take.path)
    names = {suffix: _put(take, suffix) for suffix in ("json", "mp4")}
    if known is None:
        lines = (f"{digest}  {take.path.stem}.{suffix}\n" for suffix, digest in names.items() if digest)
        _put_sums(take, "".join(lines))
    return _Result("copied", take.sums.size)


def _put(take: _Take, suffix: str) -> str:
    """Put one file into the store unless it is there; return the SHA-256 of what is there, ``""`` for nothing."""
    file = take.path.with_suffix(f".{suffix}")
    name = take.named(suffix)
    if suffix != "mp4" and not file.is_file():
        return take.remote.sha256(name) if suffix in take.stored else ""
    sums = take.sums if suffix == "mp4" else file_sums(file)
    if suffix not in take.stored and take.remote.put(file, name, sums):
        return sums.sha256
    found = take.remote.sha256(name)
    if suffix == "mp4" and found != sums.sha256:
        raise _Damaged(f"another machine has just pushed another render as {name}; both stay as they are")
    return found


def _put_sums(take: _Take, text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / take.path.stem
        file.write_text(text, encoding="ascii")
        take.remote.put(file, take.named("sha256"), file_sums(file))


def _pull(take: _Take, dry_run: bool) -> _Result:
    known = take.stored_sums
    missing = [suffix for suffix in ("mp4", *known) if suffix not in take.stored]
    if missing:
        raise _Damaged(f"{take.named(missing[0])} is missing in the store; push the take again from where it is whole")
    if take.path.exists():
        if take.same_film():
            return _Result("present")
        return _Result("different", why="the store has another render of this take; both stay as they are")
    size = take.stored["mp4"]
    if dry_run:
        return _Result("copied", size)
    record = take.remote.read(take.named("json")) if "json" in take.stored else None
    if record is not None:
        _check_record(take, record)
    added = add_take(take.path, record, lambda part: _get_film(take, part))
    return _Result("copied", size) if added else _Result("present")


def _check_record(take: _Take, record: bytes) -> None:
    import hashlib

    known = take.stored_sums.get("json")
    try:
        whole = isinstance(json.loads(record), dict)
    except (ValueError, RecursionError):
        whole = False
    if not whole or (known is not None and hashlib.sha256(record).hexdigest() != known):
        raise _Damaged(f"the store's file is damaged: {take.named('json')}")


def _get_film(take: _Take, part: Path) -> None:
    """Fetch the film to ``part`` and check it: by its sum, or where the push was never finished, by reading it."""
    take.remote.get(take.named("mp4"), part)
    sums = file_sums(part)
    known = take.stored_sums.get("mp4")
    if sums.size != take.stored["mp4"] or (known is not None and sums.sha256 != known):
        raise _Damaged(f"the store's file is damaged: {take.named('mp4')}")
    if known is None:
        try:
            require_whole(part)
        except CutError as error:
            raise _Damaged(f"the store's file is damaged or not complete: {take.named('mp4')}") from error


def _each(takes: Iterable[_Take], copy: Callable[[_Take], _Result], at_once: int, done: str) -> Copied:
    """Copy every take. A damaged take is skipped; a store that fails ends it."""
    takes = list(takes)
    copied = Copied()
    reported = time.monotonic()
    stop = threading.Event()

    def run(take: _Take) -> _Result | None:
        if stop.is_set():
            return None
        try:
            return copy(take)
        except (_Damaged, CutError) as error:
            return _Result("damaged", why=str(error))
        except FileNotFoundError:  # removed by gc in the meantime
            return _Result("damaged", why=f"{display_path(take.path)} is gone")

    with ThreadPoolExecutor(at_once) as pool:
        futures = {pool.submit(run, take): take for take in takes}
        try:
            for count, future in enumerate(as_completed(futures), 1):
                _note(copied, futures[future].name, future.result())
                if time.monotonic() - reported > _PROGRESS:
                    reported = time.monotonic()
                    report(f"{count} of {len(takes)} takes looked at, {len(copied.copied)} {done}")
        except BaseException:
            stop.set()  # those that have begun end, the others don't begin
            raise
    copied.copied.sort()
    copied.present.sort()
    return copied


def _note(copied: Copied, name: str, result: _Result | None) -> None:
    if result is None:
        return
    match result.state:
        case "copied":
            copied.copied.append(name)
            copied.size += result.size
        case "present":
            copied.present.append(name)
        case "different":
            copied.different[name] = result.why
        case "damaged":
            copied.damaged[name] = result.why
