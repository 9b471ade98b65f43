"""The file systems of films and of machine state, and whether several machines can build on them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from vtx_app.commands.doctor.findings import Finding, State, Subject
from vtx_app.file_systems import NETWORK, Mount, file_system, mounts

__all__ = ["describe", "storage"]

_NFS = frozenset(("nfs", "nfs4"))
_NO_LOCKS = frozenset(("nolock", "local_lock=all", "local_lock=flock"))
_ONE_MACHINE = "build on one machine at a time"
_WAL = 2
"""The two bytes at 18 of an SQLite file in WAL mode (sqlite.org/fileformat.html)."""


def describe(mount: Mount) -> tuple[State, str, str]:
    """The state of a folder on ``mount``, what holds there, and what to do."""
    kind = mount.kind
    if kind in _NFS and mount.options & _NO_LOCKS:
        options = ",".join(sorted(mount.options & _NO_LOCKS))
        return (
            "note",
            f"{kind} with {options}: locks don't reach other machines",
            f"mount it without, or {_ONE_MACHINE}",
        )
    if kind in _NFS:
        return "ok", f"{kind}: locks, renames and links hold for all machines that mount it", ""
    if kind in NETWORK or kind.startswith("fuse."):
        return (
            "note",
            f"{kind}: its locks may not reach other machines",
            f"{_ONE_MACHINE}, unless you know that they do",
        )
    if kind == "overlay":
        return (
            "note",
            "overlay: a container's own layer, which is deleted with it",
            "mount a folder of the machine there",
        )
    if kind in ("tmpfs", "ramfs"):
        return "note", f"{kind}: in memory, which is lost with the machine's next start", "use a disk for takes"
    return "ok", f"{kind}: of this machine", ""


def storage(subject: Subject, mounted: Sequence[Mount] = ()) -> Iterator[Finding]:
    """The file system of each film, and of the machine's state; a line for films that are on the same one.

    ``mounted``: by default what is mounted here.
    """
    from vtx_app.files import display_path
    from vtx_app.project.paths import app_home, projects_root
    from vtx_app.registry.database import registry_path

    mounted = mounted or mounts()
    films = [subject.film.folder / "renders"] if subject.film else _films(projects_root())
    places: dict[Mount, list[str]] = {}
    for folder in films:
        if mount := file_system(folder, mounted):
            places.setdefault(mount, []).append(folder.parent.name if subject.film else folder.name)
    for mount, slugs in places.items():
        state, what, advice = describe(mount)
        yield Finding("storage", state, f"{_named(slugs)} on {what}", advice)
    home = file_system(app_home(), mounted)
    if home and home not in places:
        state, what, advice = describe(home)
        yield Finding("storage", state, f"locks, in {display_path(app_home())}, on {what}", advice)
    if home and home.kind in NETWORK and _in_wal_mode(registry_path()):
        what = f"{display_path(registry_path())} is in SQLite's WAL mode, which machines can't share on {home.kind}"
        yield Finding("storage", "note", what, "delete it: it is only an index, and is made again in another mode")


def _films(root: Path) -> list[Path]:
    try:
        with os.scandir(root) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except OSError:
        return [root]
    return [root / name for name in names if (root / name / "metadata.yaml").is_file()] or [root]


def _named(slugs: list[str]) -> str:
    shown = ", ".join(slugs[:3])
    return shown if len(slugs) <= 3 else f"{shown} and {len(slugs) - 3} more"


def _in_wal_mode(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return _WAL in opened.read(20)[18:]
    except OSError:
        return False
