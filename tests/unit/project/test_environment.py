"""The files that say what Python a film wants: which they are, and when they say something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.errors import SpecError
from vtx_app.project.environment import (
    environment_digest,
    environment_files,
    has_environment,
    python_version,
    requirement_lines,
)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    (tmp_path / "env").mkdir()
    write(tmp_path, "other reqs.txt", "six\n")
    write(tmp_path, "con.txt", "six<2\n")
    return tmp_path


def write(film: Path, name: str, text: str) -> None:
    (film / "env" / name).write_text(text, encoding="utf-8")


def names(film: Path) -> list[str]:
    return [path.relative_to(film / "env").as_posix() for path in environment_files(film)]


def test_lines_are_read_as_pip_reads_them() -> None:
    text = "# mine\n\nsix==1.16 \\\n  --hash=sha256:ab  # the wheel\ngit+https://x/y#egg=y\ntoolz\\"
    assert requirement_lines(text) == {3: "six==1.16   --hash=sha256:ab", 5: "git+https://x/y#egg=y", 6: "toolz"}


def test_requirements_of_comments_alone_need_no_environment(film: Path) -> None:
    assert not has_environment(film)
    write(film, "requirements.txt", "# nothing\n\n")
    assert not has_environment(film)
    write(film, "requirements.txt", "\ufeffsix\n")
    assert has_environment(film)


@pytest.mark.parametrize(
    "line",
    ['-r "other reqs.txt"', "-r 'other reqs.txt'", '-r"other reqs.txt" # mine', '--requirement="other reqs.txt"'],
)
def test_a_file_that_requirements_name_decides_too(film: Path, line: str) -> None:
    write(film, "requirements.txt", f"{line}\n-ccon.txt\n-c https://example.org/constraints.txt\n")
    assert names(film) == ["requirements.txt", "other reqs.txt", "con.txt"]
    before = environment_digest(film)
    write(film, "other reqs.txt", "six==1.16\n")
    assert environment_digest(film) != before


def test_two_that_name_each_other_are_read_once(film: Path) -> None:
    write(film, "requirements.txt", "-r con.txt\n")
    write(film, "con.txt", "-c ../env/requirements.txt\n")
    assert names(film) == ["requirements.txt", "con.txt"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("-r nowhere.txt", "env/requirements.txt:2: 'nowhere.txt': no such file"),
        ("-r ../../other.txt", "env/requirements.txt:2: '../../other.txt': leads out of the film's folder"),
        ("-c /etc/hosts", "env/requirements.txt:2: '/etc/hosts': leads out of the film's folder"),
    ],
)
def test_a_file_that_is_not_in_the_film_is_reported_with_its_line(film: Path, line: str, told: str) -> None:
    write(film, "requirements.txt", f"six\n{line}\n")
    with pytest.raises(SpecError) as error:
        environment_files(film)
    assert told in str(error.value)


def test_comments_and_blank_lines_change_nothing(film: Path) -> None:
    write(film, "requirements.txt", "six\ntoolz\n")
    before = environment_digest(film)
    write(film, "requirements.txt", "# two\n\nsix   # old\r\ntoolz\n")
    assert environment_digest(film) == before
    write(film, "requirements.txt", "six\n# toolz\n")
    assert environment_digest(film) != before


def test_another_package_of_the_same_name_is_a_change(film: Path) -> None:
    write(film, "requirements.txt", "./env/tiny-1.0-py3-none-any.whl\n")
    missing = environment_digest(film)
    write(film, "tiny-1.0-py3-none-any.whl", "one")
    one = environment_digest(film)
    write(film, "tiny-1.0-py3-none-any.whl", "two")
    assert len({missing, one, environment_digest(film)}) == 3


def test_a_python_that_vtx_does_not_run_on_is_reported(film: Path) -> None:
    write(film, "python_version.txt", "3.11.9\n")
    assert python_version(film) == "3.11.9"
    write(film, "python_version.txt", "3.9\n")
    with pytest.raises(SpecError, match=r"env/python_version.txt:1: 3.9: VTX runs on Python 3.11 and newer"):
        python_version(film)
