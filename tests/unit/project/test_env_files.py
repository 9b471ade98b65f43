"""Variables as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.errors import SpecError
from vtx_app.project.env_files import read_env, variable_line


def test_the_forms_that_people_write(tmp_path: Path) -> None:
    path = tmp_path / "x.env"
    path.write_text(
        "# a comment\n\nPLAIN=one two # said\nexport OUT=1\nQUOTED=\"a # b\"\nSINGLE='$HOME'\nEMPTY=\nSPACED = 7\r\n"
        'LINES="two\nlines"\nCOMMAND=$(touch pwned)\nREF=${HOME}\nTWICE=1\nTWICE=2\n'
    )
    assert read_env(path) == {
        "PLAIN": "one two",
        "OUT": "1",
        "QUOTED": "a # b",
        "SINGLE": "$HOME",
        "SPACED": "7",
        "LINES": "two\nlines",
        "COMMAND": "$(touch pwned)",
        "REF": "${HOME}",
        "TWICE": "2",
    }
    assert variable_line(path, "OUT") == 4
    assert variable_line(path, "TWICE") == 14
    assert not (tmp_path / "pwned").exists()


def test_the_examples_that_people_copy_are_read() -> None:
    config = Path(__file__).resolve().parents[3] / "config"
    assert read_env(config / "models.env.example")["LTX_DEFAULT_ASPECT"] == "16:9"
    assert "VTX_PRODUCE_IN_ACTS" in read_env(config / "global.env.example")


def test_no_file_holds_no_variables(tmp_path: Path) -> None:
    assert read_env(tmp_path / "none.env") == {}


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    (tmp_path / "x.env").write_bytes("﻿A=é\n".encode())
    assert read_env(tmp_path / "x.env") == {"A": "é"}


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (b"A=1\nOPENAI_API_KEY secret\n", 2),
        (b"A=1\n\n\nOPENAI_API_KEY\n", 4),
        (b"A=1\n'secret\nB=2\n", 2),
        (b'A="secret\n\n', 1),
        (b"A=1\nB=caf\xe9 secret\n", 2),
    ],
)
def test_what_is_no_variable_is_reported_without_its_words(tmp_path: Path, source: bytes, line: int) -> None:
    path = tmp_path / "x.env"
    path.write_bytes(source)
    with pytest.raises(SpecError) as caught:
        read_env(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert "secret" not in str(caught.value)


def test_a_folder_is_no_env_file(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="can't be read: Is a directory"):
        read_env(tmp_path)
