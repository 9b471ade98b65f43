"""Build a film's own Python: ``python -m vtx_app.jobs.environment --project lighthouse``.

Written beside the old one, tried, and only then given its place: a requirement that can't be had leaves the last good
environment as it is.
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
from vtx_app.files import file_lock, write_text
from vtx_app.jobs.run import run
from vtx_app.project.environment import (
    CONSTRAINTS,
    REQUIREMENTS,
    environment_digest,
    environment_files,
    environment_record,
    film_python,
    is_built,
    requirement_lines,
    wanted_python,
)
from vtx_app.project.paths import app_home, project_folder, shown

_SHOWN_LINES = 6
_LONGEST_LINE = 240
_MARK = "vtx-environment.txt"


def build_environment(options: argparse.Namespace) -> None:
    """Make the environment that the film's ``env/`` asks for, unless it is there. Raises :class:`ProjectError`."""
    slug = options.project
    folder = project_folder(slug)
    with file_lock(
        app_home() / "locks" / f"environment-{slug}.lock", f"another build makes {slug}'s environment; waiting"
    ) as lock:
        if is_built(folder, slug):
            return
        digest = environment_digest(folder)
        home = (app_home() / "environments" / slug).absolute()
        place = home / digest[:16]
        before = os.path.realpath(folder / ".venv")
        shutil.rmtree(place, ignore_errors=True)
        try:
            _make(folder, place, lock)
            _try(folder, place, lock)
            (place / _MARK).write_text(f"{slug}: made by VTX, {digest}\n", encoding="utf-8")
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        _lead(folder / ".venv", place)
        write_text(environment_record(slug), json.dumps({"digest": digest, "place": str(place)}, indent=1) + "\n")
        for old in home.iterdir():
            if old != place and str(old) != before:  # the one before may still be in use
                shutil.rmtree(old, ignore_errors=True)


def _make(folder: Path, place: Path, lock: int) -> None:
    version = wanted_python(folder)
    asked = tuple(map(int, version.split(".")))
    same = sys.version_info[: len(asked)] == asked
    uv = shutil.which("uv")
    if same:
        venv.create(place, with_pip=False, symlinks=True)
        _lay_over(place)
    elif uv:
        _run(folder, [uv, "venv", "--quiet", "--python", version, str(place)], lock)
    else:
        python = shutil.which(f"python{version}")
        if python is None:
            raise ProjectError(
                f"{shown(folder / 'env/python_version.txt')}:1: python{version} is not on this machine: install it, or "
                "uv, which brings it, or ask for another version"
            )
        _run(folder, [python, "-m", "venv", "--without-pip", str(place)], lock)
    python = str(place / "bin" / "python")
    # Over the environment of VTX pip sees what is there already and installs what is asked for otherwise; uv doesn't.
    installer = [uv, "pip", "install", "--quiet", "--python", python] if uv and not same else None
    installer = installer or [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-input"]
    wanted = ["-r", str((folder / REQUIREMENTS).absolute())]
    if (folder / CONSTRAINTS).exists():
        wanted += ["-c", str((folder / CONSTRAINTS).absolute())]
    if same:
        _run(folder, [*installer, *wanted], lock)
        return
    with file_lock(app_home() / "locks" / "vtx-itself.lock", "another film's environment takes VTX in; waiting"):
        _run(folder, [*installer, *wanted, *_vtx_itself()], lock)  # which notes something in VTX's own folder


def _lay_over(place: Path) -> None:
    """Let the environment see that of VTX below its own: what the film does not ask for it need not install."""
    own = next((place / "lib").glob("python*/site-packages"))
    below = "".join(f"import site; site.addsitedir({path!r})\n" for path in site.getsitepackages())
    (own / "_vtx_below.pth").write_text(below, encoding="utf-8")


def _vtx_itself() -> list[str]:
    """What installs this VTX into an environment of another Python: its checkout, or what it was installed from."""
    root = Path(vtx_app.__file__).parents[2]
    if (root / "pyproject.toml").exists():
        return ["-e", str(root)]
    from_url = distribution("vtx-app").read_text("direct_url.json")  # PEP 610; None where it was an index
    return [f"vtx-app @ {json.loads(from_url)['url']}" if from_url else f"vtx-app=={vtx_app.__version__}"]


def _try(folder: Path, place: Path, lock: int) -> None:
    """What takes and clips need must be there."""
    done = _done(folder, [str(place / "bin" / "python"), "-c", "import vtx_app.jobs.take, vtx_app.jobs.clip"], lock)
    if done.returncode != 0:
        last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "it was killed")
        raise _cannot(folder, ["VTX does not run with what the film's requirements put in:", last])


def _run(folder: Path, command: Sequence[str], lock: int) -> None:
    done = _done(folder, command, lock)
    if done.returncode != 0:
        raise _cannot(folder, reasons(done.stderr or done.stdout))


def _done(folder: Path, command: Sequence[str], lock: int) -> subprocess.CompletedProcess[str]:
    """Run ``command`` to its end. It holds the ``lock`` as well, so that nobody makes the same environment beside an
    installer that outlived a killed job."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=env, cwd=folder, pass_fds=[lock], errors="replace"
    )


def reasons(said: str) -> list[str]:
    """Why pip or uv failed, of all that it said: its first error and what follows, and an index out of reach."""
    lines = [line for line in said.splitlines() if line.strip()]
    first = next((at for at, line in enumerate(lines) if re.match(r"\s*(ERROR|error|×)", line)), None)
    unreached = [line for line in lines if "connection broken" in line][:1] if first is not None else []
    return unreached + (lines[-_SHOWN_LINES:] if first is None else lines[first : first + _SHOWN_LINES])


def blamed(files: Sequence[Path], why: Sequence[str]) -> str:
    """``file:line`` of the first requirement that ``why`` names; the first file where it names none."""
    text = "\n".join(why)
    for path in files:
        for number, line in requirement_lines(path.read_text(encoding="utf-8-sig")).items():
            named = re.match(r"(?:\./)?(?:\S*/)?([A-Za-z0-9][\w.-]*)", line)
            names = [named[1], *named[1].split("-")[: named[1].endswith(".whl")]] if named else []
            if any(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE) for name in names):
                return f"{shown(path)}:{number}"
    return shown(files[0])


def _cannot(folder: Path, why: Sequence[str]) -> ProjectError:
    files = sorted(environment_files(folder), key=lambda path: path != folder / REQUIREMENTS)
    lines = [line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…" for line in why]
    return ProjectError(
        f"{blamed(files, why)}: the film's environment can't be made:\n"
        + "\n".join(f"  {line}" for line in lines)
        + ("\nThe last good one stays. " if film_python(folder).exists() else "\n")
        + "Mend the requirements and build again"
    )


def _lead(link: Path, place: Path) -> None:
    """``link`` leads to ``place``, in one step. A folder that is there by that name is a person's and is told, unless
    it is a copy of one that VTX made: a film's folder was copied with its links followed."""
    if (link / _MARK).exists() and not link.is_symlink():
        shutil.rmtree(link)
    if link.is_dir() and not link.is_symlink():
        raise ProjectError(f"{shown(link)}: is a folder that VTX did not make; move it away and build again")
    beside = link.with_name(f".{link.name}.part")
    beside.unlink(missing_ok=True)
    beside.symlink_to(place)
    beside.replace(link)


if __name__ == "__main__":
    sys.exit(run(build_environment, "Build a film's own Python.", []))
