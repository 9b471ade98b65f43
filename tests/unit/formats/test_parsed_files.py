"""What was parsed before is used exactly where a parse would give the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vtx_app.errors import SpecError
from vtx_app.formats.parsed_files import ParsedFiles
from vtx_app.formats.yaml_reader import read_yaml

TEXT = """\
words: "two  words – e\\u0301 \\U0001F30A"
numbers: [0, -7, 0x1F, 1.0, -0.0, 1e300, .inf, 123456789012345678901234567890]
others: [true, no, ~, null, "", 16:9, 2026-01-05]
shared: &one {deep: [[[]]], empty: {}}
again: *one
"""


def film(tmp_path: Path, count: int = 3) -> list[Path]:
    files = [tmp_path / f"{number}.yaml" for number in range(count)]
    for number, file in enumerate(files):
        file.write_text(f"{TEXT}number: {number}\n", encoding="utf-8")
    return files


def read(kept: Path, files: list[Path]) -> list[object]:
    parsed = ParsedFiles(kept)
    found = [parsed.read_yaml(file) for file in files]
    parsed.save()
    return found


def test_what_was_kept_is_what_a_parse_gives(tmp_path: Path) -> None:
    files, kept = film(tmp_path), tmp_path / "home/parsed/film.json"
    first = read(kept, files)
    made = kept.stat().st_ino
    second = read(kept, files)
    assert kept.stat().st_ino == made  # nothing was parsed, so nothing is written
    assert repr(second) == repr(first) == repr([read_yaml(file) for file in files])


def test_an_edit_counts_though_name_size_and_time_stay(tmp_path: Path) -> None:
    files, kept = film(tmp_path), tmp_path / "film.json"
    read(kept, files)
    before = files[1].stat()
    files[1].write_text(files[1].read_text(encoding="utf-8").replace("number: 1", "number: 8"), encoding="utf-8")
    os.utime(files[1], ns=(before.st_atime_ns, before.st_mtime_ns))
    assert files[1].stat().st_size == before.st_size
    assert read(kept, files) == [read_yaml(file) for file in files]


def test_two_files_may_change_places(tmp_path: Path) -> None:
    files, kept = film(tmp_path), tmp_path / "film.json"
    read(kept, files)
    files[0].rename(tmp_path / "other")
    files[1].rename(files[0])
    (tmp_path / "other").rename(files[1])
    assert [each["number"] for each in read(kept, files)] == [1, 0, 2]  # type: ignore[index]


@pytest.mark.parametrize("damage", ["changed", "cut short", "emptied", "other code"])
def test_a_damaged_file_is_ignored_and_made_again(tmp_path: Path, damage: str) -> None:
    files, kept = film(tmp_path), tmp_path / "film.json"
    read(kept, files)
    good = kept.read_bytes()
    bad = {
        "changed": good.replace(b"two  words", b"six  words"),
        "cut short": good[: len(good) // 2],
        "emptied": b"",
        "other code": b"0" * 64 + good[64:],
    }[damage]
    kept.write_bytes(bad)
    assert repr(read(kept, files)) == repr([read_yaml(file) for file in files])
    assert kept.read_bytes() == good


def test_only_the_files_of_the_last_run_are_kept(tmp_path: Path) -> None:
    files, kept = film(tmp_path), tmp_path / "film.json"
    read(kept, files)
    size = kept.stat().st_size
    files[0].write_text("number: 10\n", encoding="utf-8")
    read(kept, files)
    assert kept.stat().st_size < size
    assert list(tmp_path.glob(".*")) == []


def test_where_nothing_can_be_written_files_are_parsed(tmp_path: Path) -> None:
    files = film(tmp_path)
    (tmp_path / "home").write_text("no folder", encoding="utf-8")
    assert repr(read(tmp_path / "home/film.json", files)) == repr([read_yaml(file) for file in files])


def test_a_fault_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("a: 1\na: 2\n", encoding="utf-8")
    with pytest.raises(SpecError, match=r"wrong\.yaml:2: a: this key appears twice"):
        read(tmp_path / "film.json", [file])
