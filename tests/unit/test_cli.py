"""The entry point: what answers at once answers as the whole application does."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from kit import typed
from kit.film import Film
from vtx_app import __version__
from vtx_app.commands.app import app

HEAVY = ("snakemake", "typer", "pydantic", "av", "numpy", "yaml", "rich", "openai", "torch", "psutil", "dotenv")


def vtx(*arguments: str, env: dict[str, str] | None = None) -> bytes:
    command = [sys.executable, "-m", "vtx_app.cli", *arguments]
    return subprocess.run(command, env=os.environ | (env or {}), capture_output=True, check=True).stdout


@pytest.mark.parametrize("arguments", [("--version",), ("projects", "list"), ("projects", "list", "--json")])
def test_what_answers_at_once_needs_nothing_heavy(film: Film, arguments: tuple[str, ...]) -> None:
    typed.vtx("registry", "sync")
    script = (
        "import sys\nfrom vtx_app.cli import main\nmain()\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", script, *arguments]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stderr == "[]\n"


def test_the_version_is_the_package_s(film: Film) -> None:
    assert vtx("--version").decode() == CliRunner().invoke(app, ["--version"]).stdout == f"vtx {__version__}\n"


@pytest.mark.parametrize("flags", [(), ("--json",), ("--no-sync",), ("--no-sync", "--json")])
def test_the_list_of_films_is_the_application_s(film: Film, flags: tuple[str, ...]) -> None:
    typed.vtx("registry", "sync")
    arguments = ("projects", "list", *flags)
    assert vtx(*arguments).decode() == CliRunner().invoke(app, arguments).stdout
    assert b"Usage" in vtx(*arguments, "--help")


def test_a_reader_that_leaves_is_no_error(film: Film) -> None:
    typed.vtx("registry", "sync")
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "vtx_app.cli", "projects", "list"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_terminal_of_another_encoding_shows_what_it_can(film: Film) -> None:
    film.edit("metadata.yaml", '"Harbour"', '"Hafen 🚌"')
    assert b"Hafen ?" in vtx("projects", "list", env={"PYTHONIOENCODING": "ascii"})
