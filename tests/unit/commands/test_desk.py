"""The desk as a whole: quick to start, complete, and careful with what it shows."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import subprocess
import sys
import termios

import pytest
import typer
from typer.testing import CliRunner

from kit.film import REPO, Film
from vtx_app import __version__
from vtx_app.cli import app
from vtx_app.commands.showing import as_json, safe, table, telling

HEAVY = ("snakemake", "pydantic", "av", "numpy", "yaml", "rich", "openai", "torch", "sqlite3", "psutil")


def test_the_version_needs_nothing_heavy() -> None:
    script = (
        "import sys\nfrom vtx_app.cli import app\n"
        "try:\n    app(['--version'], prog_name='vtx')\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"vtx {__version__}", "[]"]


def test_a_terminal_of_another_encoding_shows_what_it_can(film: Film) -> None:
    film.edit("metadata.yaml", '"Harbour"', '"Hafen 🚌"')
    env = os.environ | {"PYTHONIOENCODING": "ascii"}
    words = [sys.executable, "-m", "vtx_app.cli", "projects", "list"]
    done = subprocess.run(words, capture_output=True, check=True, env=env)
    assert (b"Hafen ?" in done.stdout, done.stderr) == (True, b"")


def test_every_command_of_the_brief_is_there_and_explains_itself() -> None:
    for words in (
        *(("projects", name) for name in ("list", "status", "new")),
        *(("story", name) for name in ("outline", "treatment", "screenplay", "shotlist", "clips", "all")),
        *(("render", name) for name in ("clip", "scene", "act", "all")),
        *(("assemble", name) for name in ("act", "final")),
        *(("project", "env-create"), ("models", "lock"), ("registry", "sync"), ("config", "show")),
        *(("resume",), ("schemas",), ("doctor",), ("plan",), ("why",), ("takes",), ("gc",)),
    ):
        done = CliRunner().invoke(app, [*words, "--help"])
        assert done.exit_code == 0, words
        assert "Usage" in done.output


def test_the_schemas_are_those_in_config(film: Film) -> None:
    done = CliRunner().invoke(app, ["schemas", "--folder", str(film.root / "made")])
    assert done.exit_code == 0
    made = {path.name: path.read_bytes() for path in (film.root / "made").iterdir()}
    assert made == {path.name: path.read_bytes() for path in (REPO / "config/schemas").iterdir()}
    assert len(done.stdout.splitlines()) == len(made)
    (film.root / "file").touch()
    done = CliRunner().invoke(app, ["schemas", "--folder", str(film.root / "file")])
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)


def test_locking_a_film_that_is_none_is_one_line(film: Film) -> None:
    done = CliRunner().invoke(app, ["models", "lock", "harbor"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no film 'harbor'" in done.stderr


ODD = ["plain", "café 🎬 מה", "\x1b[31m\x07", "a\nb\tc\0", "\x7f\x9b2J", "\u202e\u2066", "\udcff", "[bold]x[/bold]"]


@pytest.mark.parametrize("text", ODD)
def test_no_control_character_gets_to_a_terminal(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert safe(text).isprintable()
    assert len(safe(text)) == len(text)
    table(("head",), [(text,), (5,)])
    assert capsys.readouterr().out.replace("\n", "").isprintable()


@pytest.mark.parametrize("text", [*ODD, "\U000e0001 tag"])
def test_scripts_get_the_very_text_in_printable_json(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    as_json([{"text": text}])
    said = capsys.readouterr().out
    assert said.replace("\n", "").isprintable()
    assert json.loads(said) == [{"text": text}]


def test_what_a_disk_refuses_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, telling():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "projects/harbour/x\x1b")
    assert ended.value.exit_code == 1
    assert (
        capsys.readouterr().err
        == "projects/harbour/x  can't be written: No space left on device. Make room there and try again\n"
    )
    with pytest.raises(BrokenPipeError), telling():
        raise BrokenPipeError


HEADS, ROW = ("clip", "title", "take"), ("A01_S01_SH001", "A very long title of many words", "f683cc338f9d")


@pytest.mark.parametrize("columns", (20, 34, 35, 36, 60))
def test_a_table_folds_between_words_or_becomes_blocks(columns: int) -> None:
    """On a real terminal of so many columns: ids, numbers and words stay whole, and no line is wider than it."""
    script = f"from vtx_app.commands.showing import table\ntable({HEADS!r}, [{ROW!r}, {ROW!r}])\n"
    main, side = os.openpty()
    termios.tcsetwinsize(side, (50, columns))
    env = {name: value for name, value in os.environ.items() if name != "COLUMNS"} | {"TERM": "xterm"}
    with subprocess.Popen([sys.executable, "-c", script], stdin=side, stdout=side, env=env) as process:
        os.close(side)
        said = b""
        with contextlib.suppress(OSError):  # how the end of a terminal is told
            while data := os.read(main, 4096):
                said += data
    os.close(main)
    assert process.returncode == 0
    lines = re.sub(r"\x1b\[[0-9;]*m", "", said.decode()).splitlines()
    words = " ".join(lines).split()
    assert all(words.count(word) >= 2 for cell in ROW for word in cell.split())
    if lines[0].startswith("clip"):
        assert max(map(len, lines)) <= columns
