"""What every film needs of this machine: Python, codecs, fonts, folders to write to, variables."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from vtx_app.commands.build import gpus, keeps_going
from vtx_app.commands.doctor.findings import Case, Found
from vtx_app.text import format_bytes, plural

__all__ = ["disk", "file_system", "git", "media", "mounts", "python", "settings"]

_LEAST_DISK = 5e9

_NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "lustre", "gpfs", "beegfs", "ceph", "fuse.glusterfs")
)
"""File systems over which machines do not share the memory that SQLite's WAL needs (sqlite.org/wal.html)."""


def python() -> Iterator[Found]:
    """Python and the packages, held against what VTX says it needs."""
    from importlib.metadata import PackageNotFoundError, requires, version

    from packaging.requirements import Requirement

    now = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    yield Found("python", "ok" if good else "problem", f"Python {now}", "" if good else "3.11 or newer is needed")
    try:
        wanted = [Requirement(line) for line in requires("vtx-app") or ()]
    except PackageNotFoundError:
        yield Found("packages", "note", "vtx-app is not installed in this Python", "pip install -e .")
        return
    told = []
    for each in (each for each in wanted if each.marker is None or each.marker.evaluate({"extra": ""})):
        try:
            there = version(each.name)
        except PackageNotFoundError:
            there = ""
        if there and each.specifier.contains(there, prereleases=True):
            told.append(f"{each.name} {there}")
        else:
            missing = f"{each.name} {there or 'is not installed'}"
            yield Found("packages", "problem", missing, f"pip install '{each.name}{each.specifier}'")
    yield Found("packages", "ok", ", ".join(told))
    uv = shutil.which("uv") is not None
    yield Found("uv", "ok", f"{'uv' if uv else 'pip'} builds films' environments{'' if uv else ' (no uv)'}")


def media() -> Iterator[Found]:
    """What films are encoded and lettered with."""
    import av
    from av.codec.codec import UnknownCodecError
    from PIL import features

    from vtx_app.fonts import font
    from vtx_app.media.codec import AUDIO_CODEC, VIDEO_CODEC

    names = ("libavcodec", "libavformat", "libswscale")
    libraries = ", ".join(f"{name} {'.'.join(map(str, av.library_versions[name]))}" for name in names)
    lacks = []
    for name in (VIDEO_CODEC, AUDIO_CODEC):
        try:
            av.Codec(name, "w")
        except UnknownCodecError:
            lacks.append(name)
    what, advice = f"PyAV {av.__version__} ({libraries})", "pip install --force-reinstall av"
    if lacks:
        yield Found("ffmpeg", "problem", f"{what} can't write {' and '.join(lacks)}", advice)
    else:
        yield Found("ffmpeg", "ok", f"{what} writes {VIDEO_CODEC} and {AUDIO_CODEC}")
    try:
        name = " ".join(map(str, font(20).getname()))
    except OSError as error:
        yield Found("fonts", "problem", f"the font that VTX draws with can't be read: {error}", "install VTX again")
        return
    raqm = features.check_feature("raqm")
    advice = (
        "" if raqm else "no raqm, so joined scripts are drawn letter by letter: pip install --force-reinstall Pillow"
    )
    yield Found("fonts", "ok" if raqm else "note", f"fonts: {name}", advice)


def disk(case: Case) -> Iterator[Found]:
    """Where renders, logs and the machine's state go: written to, and with room."""
    from vtx_app.project.paths import app_home, projects_root, shown

    own = [(f"{name} in", case.film.folder / name) for name in ("renders", "logs")] if case.film else []
    places = [*(own or [("films in", projects_root())]), ("state of this machine in", app_home())]
    for what, path in (*places, ("Snakemake's state in", Path(".snakemake"))):
        there = next(each for each in (path, *path.absolute().parents) if os.path.lexists(each))
        if not there.is_dir():
            yield Found("disk", "problem", f"{what} {shown(path)}", f"{shown(there)} is no folder, or leads to none")
        elif not os.access(there, os.W_OK | os.X_OK):
            yield Found("disk", "problem", f"{what} {shown(path)}", f"make {shown(there)} writable")
        else:
            free = shutil.disk_usage(there).free
            advice = "" if free > _LEAST_DISK else "make room before a long render"
            yield Found("disk", "note" if advice else "ok", f"{what} {shown(path)}, {format_bytes(free)} free", advice)
            if path == app_home() and (kind := file_system(there, mounts())) in _NETWORK:
                advice = "let VTX_APP_HOME name a folder on a disk of this machine, where several machines build"
                yield Found("disk", "note", f"{what} {shown(path)}, on a network disk ({kind})", advice)


def mounts() -> list[tuple[str, str]]:
    """Every mount point of this machine, with the kind of its file system."""
    import psutil

    return [(each.mountpoint, each.fstype) for each in psutil.disk_partitions(all=True)]


def file_system(path: Path, mounted: Sequence[tuple[str, str]]) -> str:
    """The kind of file system that ``path`` lies on; ``""`` where no mount point is above it."""
    real = os.path.realpath(path)
    above = [(len(point), kind) for point, kind in mounted if Path(real).is_relative_to(point)]
    return max(above, default=(0, ""))[1]


def git(case: Case) -> Iterator[Found]:
    """Whether git would commit what the build makes. Nothing where there is no git, or no repository."""
    from vtx_app.project.paths import projects_root, shown

    folder = case.film.folder if case.film else projects_root() / "film"
    there = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.is_dir())
    words = ["git", "-C", str(there), "check-ignore", "-q", "--", str(folder.absolute() / "renders" / "take.mp4")]
    try:
        code = subprocess.run(words, capture_output=True, check=False, timeout=5).returncode
    except (OSError, subprocess.TimeoutExpired):
        return
    if code == 0:
        yield Found("git", "ok", f"{shown(folder / 'renders')} is not committed")
    elif code == 1:
        yield Found("git", "note", f"{shown(folder / 'renders')} would be committed", "add renders/ to .gitignore")


def settings(_: Case) -> Iterator[Found]:
    """The variables that say how builds run."""
    going = "goes on with the rest after a failure" if keeps_going() else "ends with the first failure"
    yield Found("builds", "ok", f"a build uses {plural(gpus(), 'GPU')} and {going}")
