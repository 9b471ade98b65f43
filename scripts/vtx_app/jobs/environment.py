"""Build a film's own Python: ``python -m vtx_app.jobs.environment --project lighthouse``.

The new environment is built beside the old one, tested, and only then replaces it: if a requirement can't be installed,
the last good environment stays.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import site
import subprocess
import sys
import venv
from collections.abc import Sequence
from importlib.metadata import distribution
from pathlib import Path

import vtx_app
from vtx_app.errors import ProjectError
from vtx_app.files import display_path, file_lock, write_text
from vtx_app.jobs.run import run
from vtx_app.project.environment import (
    CONSTRAINTS,
    REQUIREMENTS,
    environment_digest,
    environment_files,
    environment_record,
    film_python,
    is_built,
    python_version,
    requirement_lines,
)
from vtx_app.project.paths import app_home, project_folder

_MOST_LINES = 6
_LONGEST_LINE = 240
_MARK = "vtx-environment.txt"


def build_environment(options: argparse.Namespace) -> None:
    """Build the environment that the film's ``env/`` describes, unless it exists. Raises :class:`ProjectError`."""
    slug = options.project
    folder = project_folder(slug)
    waiting = f"another build makes {slug}'s environment; waiting"
    with file_lock(app_home() / "locks" / f"environment-{slug}.lock", waiting) as lock:
        if is_built(folder, slug):
            return
        digest = environment_digest(folder)
        home = (app_home() / "environments" / slug).absolute()
        place = home / digest[:16]
        previous = os.path.realpath(folder / ".venv")
        shutil.rmtree(place, ignore_errors=True)
        try:
            _install(folder, place, lock)
            _test(folder, place, lock)
            (place / _MARK).write_text(f"{slug}: made by VTX, {digest}\n", encoding="utf-8")
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        _link(folder / ".venv", place)
        write_text(environment_record(slug), json.dumps({"digest": digest, "place": str(place)}, indent=1) + "\n")
        for old in home.iterdir():
            if old != place and str(old) != previous:  # the previous one may still be in use
                shutil.rmtree(old, ignore_errors=True)


def _install(folder: Path, place: Path, lock: int) -> None:
    version = python_version(folder)
    parts = tuple(map(int, version.split(".")))
    same = sys.version_info[: len(parts)] == parts
    uv = shutil.which("uv")
    if same:
        venv.create(place, with_pip=False, symlinks=True)
        _inherit_packages(place)
    elif uv:
        _run(folder, [uv, "venv", "--quiet", "--python", version, str(place)], lock)
    else:
        python = shutil.which(f"python{version}")
        if python is None:
            raise ProjectError(
                f"{display_path(folder / 'env/python_version.txt')}:1: python{version} is not on this machine: install "
                "it, or uv, which brings it, or ask for another version"
            )
        _run(folder, [python, "-m", "venv", "--without-pip", str(place)], lock)
    python = str(place / "bin" / "python")
    # If VTX's packages are inherited, pip sees them and installs only what differs; uv doesn't see them.
    if uv and not same:
        installer = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        # An environment that inherits pip runs it itself: one process less. ``-P``: nothing of the film's folder.
        # Most of what is installed is never imported; Python compiles the rest when it is.
        pip = [python, "-P", "-m", "pip"] if same else [sys.executable, "-P", "-m", "pip", "--python", python]
        installer = [*pip, "install", "--quiet", "--no-input", "--no-compile", "--disable-pip-version-check"]
    requirements = ["-r", str((folder / REQUIREMENTS).absolute())]
    if (folder / CONSTRAINTS).exists():
        requirements += ["-c", str((folder / CONSTRAINTS).absolute())]
    if same:
        _run(folder, [*installer, *requirements], lock)
        return
    # Installing VTX writes to its own folder.
    with file_lock(app_home() / "locks" / "vtx-itself.lock", "another film's environment takes VTX in; waiting"):
        _run(folder, [*installer, *requirements, *_vtx_requirement()], lock)


def _inherit_packages(place: Path) -> None:
    """Let the environment fall back on VTX's own packages, so that the film installs only what it asks for."""
    own = next((place / "lib").glob("python*/site-packages"))
    below = "".join(f"import site; site.addsitedir({path!r})\n" for path in site.getsitepackages())
    (own / "_vtx_below.pth").write_text(below, encoding="utf-8")


def _vtx_requirement() -> list[str]:
    """pip's arguments to install this VTX: its checkout, or what it was installed from."""
    root = Path(vtx_app.__file__).parents[2]
    if (root / "pyproject.toml").exists():
        return ["-e", str(root)]
    from_url = distribution("vtx-app").read_text("direct_url.json")  # PEP 610; None if it came from an index
    return [f"vtx-app @ {json.loads(from_url)['url']}" if from_url else f"vtx-app=={vtx_app.__version__}"]


def _test(folder: Path, place: Path, lock: int) -> None:
    """Import what takes and clips need."""
    done = _complete(folder, [str(place / "bin" / "python"), "-c", "import vtx_app.jobs.take, vtx_app.jobs.clip"], lock)
    if done.returncode != 0:
        last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "it was killed")
        raise _failure(folder, ["VTX does not run with what the film's requirements put in:", last])


def _run(folder: Path, command: Sequence[str], lock: int) -> None:
    done = _complete(folder, command, lock)
    if done.returncode != 0:
        raise _failure(folder, error_lines(done.stderr or done.stdout))


def _complete(folder: Path, command: Sequence[str], lock: int) -> subprocess.CompletedProcess[str]:
    """Run ``command`` to its end. It inherits the ``lock``: an installer may outlive a killed job."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=env, cwd=folder, pass_fds=[lock], errors="replace"
    )


def error_lines(output: str) -> list[str]:
    """Why pip or uv failed: the first error in its output and what follows, and an unreachable index."""
    lines = [line for line in output.splitlines() if line.strip()]
    first = next((at for at, line in enumerate(lines) if re.match(r"\s*(ERROR|error|×)", line)), None)
    if first is None:
        return lines[-_MOST_LINES:]
    unreachable = [line for line in lines if "connection broken" in line][:1]
    return unreachable + lines[first : first + _MOST_LINES]


def likely_requirement(files: Sequence[Path], errors: Sequence[str]) -> str:
    """``file:line`` of the first requirement that ``errors`` name, or the first file."""
    text = "\n".join(errors)
    for path in files:
        for number, line in requirement_lines(path.read_text(encoding="utf-8-sig")).items():
            named = re.match(r"(?:\./)?(?:\S*/)?([A-Za-z0-9][\w.-]*)", line)
            names = [named[1], *named[1].split("-")[: named[1].endswith(".whl")]] if named else []
            if any(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE) for name in names):
                return f"{display_path(path)}:{number}"
    return display_path(files[0])


def _failure(folder: Path, errors: Sequence[str]) -> ProjectError:
    files = sorted(environment_files(folder), key=lambda path: path != folder / REQUIREMENTS)
    lines = [line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…" for line in errors]
    return ProjectError(
        f"{likely_requirement(files, errors)}: the film's environment can't be made:\n"
        + "\n".join(f"  {line}" for line in lines)
        + ("\nThe last good one stays. " if film_python(folder).exists() else "\n")
        + "Fix the requirements and build again"
    )


def _link(link: Path, place: Path) -> None:
    """Point ``link`` to ``place`` in one step. Raises :class:`ProjectError` if it is a folder that VTX didn't make.

    A copied environment (the film's folder was copied with its links followed) is removed.
    """
    if (link / _MARK).exists() and not link.is_symlink():
        shutil.rmtree(link)
    if link.is_dir() and not link.is_symlink():
        raise ProjectError(f"{display_path(link)}: is a folder that VTX did not make; move it away and build again")
    part = link.with_name(f".{link.name}.part")
    part.unlink(missing_ok=True)
    part.symlink_to(place)
    part.replace(link)


if __name__ == "__main__":
    sys.exit(run(build_environment, "Build a film's own Python.", []))
