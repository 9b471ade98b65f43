"""A film's own Python: built from its files, by content, in one step; its takes and clips are made in it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import uv

from kit.build import write_short_film
from kit.film import Film, write_film

RECORD = ".vtx/environments/harbour.json"


def wheel(film: Film, version: str, package: str = "tiny") -> str:
    """A real ``package`` in the film's folder, which notes every Python that starts with it; its requirement."""
    name = f"{package}-{version}-py3-none-any.whl"
    path = film.folder / "env" / name
    path.parent.mkdir(exist_ok=True)
    note = "import os, sys; p = os.environ.get('STARTED'); p and open(p, 'a').write(sys.executable + '\\n')\n"
    info = f"{package}-{version}.dist-info"
    files = {
        f"{package}.py": f"VERSION = {version!r}\n",
        "tiny_note.pth": note,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{each},,\n" for each in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for each, text in files.items():
            archive.writestr(zipfile.ZipInfo(each), text)  # the same bytes every time
    return f"./env/{name}\n"


def version_in(film: Film) -> str:
    """The version of ``tiny`` in the film's environment."""
    python = film.folder / ".venv/bin/python"
    return subprocess.run(
        [python, "-c", "import tiny; print(tiny.VERSION)"], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def film(tmp_path: Path) -> Film:
    made = write_short_film(tmp_path, seconds=1)
    made.write("env/requirements.txt", wheel(made, "1.0"))
    return made


def test_takes_and_clips_are_made_in_the_films_own_python(film: Film, tmp_path: Path) -> None:
    started = tmp_path / "started"
    film.build(env={"STARTED": str(started)})
    python = str(film.folder / ".venv/bin/python")
    ran = started.read_text(encoding="utf-8").split()
    clips = len(list((film.folder / "renders/clips").glob("*.mp4")))
    assert (
        sum(os.path.realpath(Path(each).parent) == os.path.realpath(Path(python).parent) for each in ran) >= 2 * clips
    )
    assert version_in(film) == "1.0"
    assert "Nothing to be done" in film.build()


def test_it_is_built_anew_only_when_its_files_say_something_else(film: Film) -> None:
    film.build(RECORD)
    place = (film.folder / ".venv").readlink()
    for path in (film.folder / "env").iterdir():
        path.touch()
    assert "Nothing to be done" in film.build(RECORD)
    film.write("env/requirements.txt", wheel(film, "2.0"))
    film.build(RECORD)
    assert version_in(film) == "2.0"
    film.write("env/requirements.txt", wheel(film, "1.0"))
    film.build(RECORD)
    assert version_in(film) == "1.0"
    assert (film.folder / ".venv").readlink() == place  # named by content


def test_a_new_environment_renders_and_conforms_nothing(film: Film) -> None:
    film.build()
    film.write("env/requirements.txt", wheel(film, "2.0"))
    assert "Nothing to be done" in film.dry_run().text


def test_a_broken_requirement_is_told_and_the_last_good_environment_stays(film: Film) -> None:
    film.build(RECORD)
    film.write("env/requirements.txt", "./env/tiny-3.0-py3-none-any.whl\n")
    failed = film.snakemake(RECORD)
    assert failed.returncode == 1
    assert "projects/harbour/env/requirements.txt:1: the film's environment can't be made" in failed.stdout
    assert "tiny-3.0-py3-none-any.whl" in failed.stdout
    assert "Traceback" not in failed.stdout
    assert version_in(film) == "1.0"
    film.write("env/requirements.txt", "./env/tiny-1.0-py3-none-any.whl\n")
    assert "Nothing to be done" in film.build(RECORD)


def test_two_films_with_different_pins_are_built_side_by_side(film: Film) -> None:
    other = write_film(film.root, "ferry")
    for path in list((other.folder / "prompts/clips").glob("*.yaml"))[1:]:
        path.unlink()
    (film.root / "config/config.yaml").write_text("project: harbour\n", encoding="utf-8")
    other.write("env/requirements.txt", wheel(other, "2.0"))
    film.build("final", "projects/ferry/renders/final/ferry.mp4")
    assert (version_in(film), version_in(other)) == ("1.0", "2.0")


def other_python() -> tuple[str, str] | None:
    """Version and folder of a Python on this machine that VTX runs on, and does not run in now."""
    for minor in (11, 12, 13, 14):
        found = shutil.which(f"python3.{minor}")
        if found and minor != sys.version_info.minor:
            tell = "import sys, venv; print(sys.base_prefix)"
            done = subprocess.run([found, "-c", tell], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return f"3.{minor}", f"{done.stdout.strip()}/bin"
    return None


@pytest.mark.parametrize("by", ["pip", "uv"])
def test_a_film_is_made_in_the_version_of_python_it_asks_for(film: Film, by: str) -> None:
    found = other_python()
    if found is None:
        pytest.skip("this machine has one version of Python")
    version, folder = found
    path = [folder, *(each for each in os.environ["PATH"].split(os.pathsep) if not (Path(each) / "uv").exists())]
    if by == "uv":
        path.insert(0, str(Path(uv.find_uv_bin()).parent))
    film.write("env/python_version.txt", f"{version}\n")
    film.write("env/requirements.txt", "./env/tiny-1.0-py3-none-any.whl\nsix\n")
    film.write("env/constraints.txt", "six==1.16.0\n")
    film.build(env={"PATH": os.pathsep.join(path)})
    tell = "import sys, six; print(sys.version_info[:2], six.__version__)"
    done = subprocess.run([film.folder / ".venv/bin/python", "-c", tell], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{tuple(map(int, version.split('.')))} 1.16.0"
    assert version_in(film) == "1.0"
    assert "Nothing to be done" in film.build()


def test_a_version_that_is_not_on_this_machine_is_told(film: Film) -> None:
    film.write("env/python_version.txt", "3.99\n")
    path = [each for each in os.environ["PATH"].split(os.pathsep) if not (Path(each) / "uv").exists()]
    done = film.snakemake(RECORD, env={"PATH": os.pathsep.join(path)})
    assert done.returncode == 1
    assert "projects/harbour/env/python_version.txt:1: python3.99 is not on this machine" in done.stdout


def test_a_version_of_python_that_is_none_is_told(film: Film) -> None:
    film.write("env/python_version.txt", "three\n")
    done = film.snakemake("final", "--dry-run")
    assert done.returncode == 1
    assert "env/python_version.txt:1: 'three': expected a Python version, as in 3.12" in done.stdout


def test_a_folder_of_a_persons_own_is_not_replaced(film: Film) -> None:
    film.write(".venv/mine.txt", "mine")
    done = film.snakemake(RECORD)
    assert done.returncode == 1
    assert "move it away" in done.stdout
    assert film.read(".venv/mine.txt") == "mine"


def test_a_copy_of_a_film_with_its_links_followed_gets_an_environment_of_its_own(film: Film) -> None:
    film.build(RECORD)
    place = (film.folder / ".venv").readlink()
    (film.folder / ".venv").unlink()
    shutil.copytree(place, film.folder / ".venv", symlinks=False)
    film.build(RECORD)
    assert (film.folder / ".venv").readlink() == place
    assert version_in(film) == "1.0"


def test_the_record_tells_where_it_is(film: Film) -> None:
    film.build(RECORD)
    record = json.loads((film.root / RECORD).read_text(encoding="utf-8"))
    assert Path(record["place"]).is_dir()
    assert len(record["digest"]) == 64


BACKEND = """\
import os, zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    if os.path.exists(os.environ["GATE"]):
        open(os.environ["GATE"]).read()  # until somebody lets it through
    name, info = "slow-1.0-py3-none-any.whl", "slow-1.0.dist-info"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as archive:
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: slow\\nVersion: 1.0\\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr(f"{info}/RECORD", "")
    return name
"""


def opened_for_writing(fifo: Path, process: subprocess.Popen[bytes]) -> int:
    """Open ``fifo`` as soon as somebody reads it; fails if ``process`` ends before."""
    while True:
        with contextlib.suppress(OSError):  # ENXIO: nobody reads it yet
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        with contextlib.suppress(subprocess.TimeoutExpired):
            pytest.fail(f"it ended with {process.wait(0.01)}")


def test_an_installer_that_outlives_its_killed_job_is_waited_for(film: Film, tmp_path: Path) -> None:
    film.write("env/slow/backend.py", BACKEND)
    film.write(
        "env/slow/pyproject.toml", '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    film.write("env/requirements.txt", "./env/slow\n")
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    words = [sys.executable, "-m", "vtx_app.jobs.environment", "--project", "harbour"]
    env = film.environment({"GATE": str(gate)})
    with subprocess.Popen(words, cwd=film.root, env=env) as killed:
        through = opened_for_writing(gate, killed)  # as soon as pip is at work
        killed.kill()
    with subprocess.Popen(words, cwd=film.root, env=env, stderr=subprocess.PIPE, text=True) as again:
        assert again.stderr is not None
        assert again.stderr.readline() == "another build makes harbour's environment; waiting\n"
        gate.unlink()
        os.close(through)
        assert again.stderr.read() == ""
    assert again.returncode == 0
    assert len(list((film.root / ".vtx/environments/harbour").iterdir())) == 1


def test_a_pin_that_vtx_does_not_run_with_is_told(film: Film) -> None:
    film.write("env/requirements.txt", "six\n" + wheel(film, "0.1", "pydantic"))
    words = [sys.executable, "-m", "vtx_app.jobs.environment", "--project", "harbour"]
    done = subprocess.run(words, cwd=film.root, env=film.environment(), stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "requirements.txt:2: the film's environment can't be made:\n  VTX does not run with what" in done.stderr
    assert "Traceback" not in done.stderr
