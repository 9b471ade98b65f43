"""What every film needs of this machine: Python, codecs, fonts, writable folders, variables."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from vtx_app.commands.doctor.findings import Finding, Subject
from vtx_app.commands.snakemake_command import keep_going, max_gpus
from vtx_app.text import format_bytes, plural

__all__ = ["disk", "git", "media", "python", "settings"]

_MIN_DISK = 5e9


def python() -> Iterator[Finding]:
    """Python and the installed packages, compared with VTX's requirements."""
    from importlib.metadata import PackageNotFoundError, requires, version

    from packaging.requirements import Requirement

    running = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    yield Finding("python", "ok" if good else "problem", f"Python {running}", "" if good else "3.11 or newer is needed")
    try:
        requirements = [Requirement(line) for line in requires("vtx-app") or ()]
    except PackageNotFoundError:
        yield Finding("packages", "note", "vtx-app is not installed in this Python", "pip install -e .")
        return
    satisfied = []
    for each in (each for each in requirements if each.marker is None or each.marker.evaluate({"extra": ""})):
        try:
            installed = version(each.name)
        except PackageNotFoundError:
            installed = ""
        if installed and each.specifier.contains(installed, prereleases=True):
            satisfied.append(f"{each.name} {installed}")
        else:
            missing = f"{each.name} {installed or 'is not installed'}"
            yield Finding("packages", "problem", missing, f"pip install '{each.name}{each.specifier}'")
    yield Finding("packages", "ok", ", ".join(satisfied))
    uv = shutil.which("uv") is not None
    yield Finding("uv", "ok", f"{'uv' if uv else 'pip'} builds films' environments{'' if uv else ' (no uv)'}")


def media() -> Iterator[Finding]:
    """The codecs that films are encoded with, and the font of their text."""
    import av
    from av.codec.codec import UnknownCodecError
    from PIL import features

    from vtx_app.fonts import font
    from vtx_app.media.codec import ENCODERS

    names = ("libavcodec", "libavformat", "libswscale")
    libraries = ", ".join(f"{name} {'.'.join(map(str, av.library_versions[name]))}" for name in names)
    missing = []
    for name in ENCODERS:
        try:
            av.Codec(name, "w")
        except UnknownCodecError:
            missing.append(name)
    what, advice = f"PyAV {av.__version__} ({libraries})", "pip install --force-reinstall av"
    if missing:
        yield Finding("ffmpeg", "problem", f"{what} can't write {' and '.join(missing)}", advice)
    else:
        yield Finding("ffmpeg", "ok", f"{what} writes {', '.join(ENCODERS)}")
    try:
        name = " ".join(map(str, font(20).getname()))
    except OSError as error:
        yield Finding("fonts", "problem", f"the font that VTX draws with can't be read: {error}", "install VTX again")
        return
    raqm = features.check_feature("raqm")
    lack = "no raqm, so joined scripts are drawn letter by letter: pip install --force-reinstall Pillow"
    yield Finding("fonts", "ok" if raqm else "note", f"fonts: {name}", "" if raqm else lack)


def disk(subject: Subject) -> Iterator[Finding]:
    """Whether the folders of renders, logs and machine state can be written to and have room."""
    from vtx_app.files import display_path
    from vtx_app.project.paths import app_home, projects_root

    film = subject.film
    places = [(f"{name} in", film.folder / name) for name in ("renders", "logs")] if film else []
    places = places or [("films in", projects_root())]
    places += [("state of this machine in", app_home()), ("Snakemake's state in", Path(".snakemake"))]
    for label, path in places:
        what = f"{label} {display_path(path)}"
        existing = next(each for each in (path, *path.absolute().parents) if os.path.lexists(each))
        if not existing.is_dir():
            yield Finding("disk", "problem", what, f"{display_path(existing)} is not a folder, or is a broken link")
        elif not os.access(existing, os.W_OK | os.X_OK):
            yield Finding("disk", "problem", what, f"make {display_path(existing)} writable")
        else:
            free = shutil.disk_usage(existing).free
            advice = "" if free > _MIN_DISK else "make room before a long render"
            yield Finding("disk", "note" if advice else "ok", f"{what}, {format_bytes(free)} free", advice)


def git(subject: Subject) -> Iterator[Finding]:
    """Whether git would commit the build's files. Nothing without git or a repository."""
    from vtx_app.files import display_path
    from vtx_app.project.paths import projects_root

    folder = subject.film.folder if subject.film else projects_root() / "film"
    existing = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.is_dir())
    command = ["git", "-C", str(existing), "check-ignore", "-q", "--", str(folder.absolute() / "renders" / "take.mp4")]
    try:
        code = subprocess.run(command, capture_output=True, check=False, timeout=5).returncode
    except (OSError, subprocess.TimeoutExpired):
        return
    if code == 0:
        yield Finding("git", "ok", f"{display_path(folder / 'renders')} is not committed")
    elif code == 1:
        yield Finding(
            "git", "note", f"{display_path(folder / 'renders')} would be committed", "add renders/ to .gitignore"
        )


def settings(_: Subject) -> Iterator[Finding]:
    """The variables that control builds."""
    after = "goes on with the rest after a failure" if keep_going() else "ends with the first failure"
    yield Finding("builds", "ok", f"a build uses {plural(max_gpus(), 'GPU')} and {after}")
