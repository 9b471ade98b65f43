"""What is told where a film's environment can't be made."""

from __future__ import annotations

from pathlib import Path

from vtx_app.jobs.environment import error_lines, likely_requirement

HASHES = """\
WARNING: a cache is not writable
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.
    six==1.16.0 from https://example.org/six.whl:
        Expected sha256 00
             Got        8a
"""
UV = "Using Python 3.11\n  × No solution found when resolving:\n  ╰─▶ Because there is no version of nosuch\n"
OFFLINE = """\
WARNING: Retrying after connection broken by 'NewConnectionError': Connection refused
WARNING: Retrying after connection broken by 'NewConnectionError': Connection refused
ERROR: No matching distribution found for six
"""


def test_the_first_error_is_told_with_what_follows() -> None:
    assert error_lines(HASHES) == HASHES.splitlines()[1:]
    assert error_lines(UV) == UV.splitlines()[1:]
    assert error_lines("one\n\ntwo\n") == ["one", "two"]


def test_an_index_that_can_not_be_reached_is_told_once() -> None:
    assert error_lines(OFFLINE) == OFFLINE.splitlines()[1:]


def test_the_line_that_the_reason_names_is_told(tmp_path: Path) -> None:
    first, other = tmp_path / "requirements.txt", tmp_path / "other.txt"
    first.write_text("# mine\nsix\n-r other.txt\n./env/tiny-3.0-py3-none-any.whl\n", encoding="utf-8")
    other.write_text("sixteen==9\n", encoding="utf-8")
    files = [first, other]
    assert likely_requirement(files, ["ERROR: No matching distribution found for sixteen==9"]) == f"{other}:1"
    assert likely_requirement(files, ["ERROR: No such file: '/film/env/tiny-3.0-py3-none-any.whl'"]) == f"{first}:4"
    assert likely_requirement(files, ["ERROR: the disk is full"]) == str(first)
