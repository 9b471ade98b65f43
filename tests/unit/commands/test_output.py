"""Lines, tables, JSON and errors: nothing that a terminal would obey, and no word broken."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import subprocess
import sys
import termios

import pytest

from vtx_app.commands.output import exit_on_error, print_json, print_table, printable

ODD = ["plain", "café 🎬 מה", "\x1b[31m\x07", "a\nb\tc\0", "\x7f\x9b2J", "\u202e\u2066", "\udcff", "[bold]x[/bold]"]


@pytest.mark.parametrize("text", ODD)
def test_no_control_character_gets_to_a_terminal(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)
    print_table(("head",), [(text,), (5,)])
    assert capsys.readouterr().out.replace("\n", "").isprintable()


@pytest.mark.parametrize("text", [*ODD, "\U000e0001 tag"])
def test_scripts_get_the_very_text_in_printable_json(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_json([{"text": text}])
    said = capsys.readouterr().out
    assert said.replace("\n", "").isprintable()
    assert json.loads(said) == [{"text": text}]


def test_what_a_disk_refuses_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, exit_on_error():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "projects/harbour/x\x1b")
    assert ended.value.code == 1
    assert (
        capsys.readouterr().err
        == "projects/harbour/x  can't be written: No space left on device. Make room there and try again\n"
    )
    with pytest.raises(BrokenPipeError), exit_on_error():
        raise BrokenPipeError


HEADS, ROW = ("clip", "title", "take"), ("A01_S01_SH001", "A very long title of many words", "f683cc338f9d")


@pytest.mark.parametrize("columns", (20, 34, 35, 36, 60))
def test_a_table_folds_between_words_or_becomes_blocks(columns: int) -> None:
    """On a real terminal of so many columns: ids, numbers and words stay whole, and no line is wider than it."""
    script = f"from vtx_app.commands.output import print_table\nprint_table({HEADS!r}, [{ROW!r}, {ROW!r}])\n"
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
    lines = said.decode().splitlines()
    words = " ".join(lines).split()
    assert all(words.count(word) >= 2 for cell in ROW for word in cell.split())
    assert lines[0].startswith("clip") == (columns >= 34)  # ids and the longest word of the title, and the gaps
    if columns >= 34:
        assert max(map(len, lines)) <= columns


def test_a_table_that_no_terminal_shows_has_a_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("title", "seconds"), [("漢字", 5), ("e\u0301", 60.5), ("words " * 60, "")])
    heads, wide, accent, long = capsys.readouterr().out.splitlines()
    column = heads.index("seconds")
    assert wide.index("5") == column - 2  # two characters that take two columns each
    assert accent.index("60.5") == column + 1  # one that takes none
    assert long == ("words " * 60).rstrip()
