"""The record of a delivered version: it vouches for exactly one file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from vtx_app.cut.version_record import checksum_path, is_delivered, record_path, recorded, write_record

STAMP = "a" * 64


@pytest.fixture
def version(tmp_path: Path) -> Path:
    path = tmp_path / "film.web.mp4"
    path.write_bytes(b"picture and sound")
    write_record(path, STAMP, {"loudness": -16.0}, checksum=True)
    return path


def test_a_version_with_its_record_is_delivered(version: Path) -> None:
    assert recorded(version.parent)
    assert is_delivered(version, STAMP, checksum=True)
    data = json.loads(record_path(version).read_text())
    digest = hashlib.sha256(b"picture and sound").hexdigest()
    assert (data["bytes"], data["sha256"], data["loudness"]) == (17, digest, -16.0)
    assert checksum_path(version).read_text() == f"{digest}  film.web.mp4\n"


def test_a_version_of_another_stamp_is_not(version: Path) -> None:
    assert not is_delivered(version, "b" * 64)


@pytest.mark.parametrize("content", [b"", b"picture and soun", b"picture and sound."])
def test_nor_one_of_another_length(version: Path, content: bytes) -> None:
    version.write_bytes(content)
    assert not is_delivered(version, STAMP)


def test_nor_one_that_is_missing_or_lacks_what_lies_beside_it(version: Path) -> None:
    checksum_path(version).unlink()
    assert is_delivered(version, STAMP)
    assert not is_delivered(version, STAMP, checksum=True)
    record_path(version).unlink()
    assert not is_delivered(version, STAMP)
    assert not recorded(version.parent)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"stamp": 3}', "null", "\xff"])
def test_a_damaged_record_vouches_for_nothing(version: Path, text: str) -> None:
    record_path(version).write_text(text, encoding="latin-1")
    assert not is_delivered(version, STAMP)


def test_a_version_that_is_gone(version: Path) -> None:
    version.unlink()
    assert not is_delivered(version, STAMP)
