"""Content, not places."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from vtx_app.models.fingerprint import file_sha256, model_fingerprint

MEBIBYTE = 1 << 20


@pytest.fixture
def fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], str]:
    """As a new run would see it, with the cache of earlier runs."""
    monkeypatch.setenv("VTX_APP_HOME", str(tmp_path / ".vtx"))

    def fresh(path: Path) -> str:
        model_fingerprint.cache_clear()
        return model_fingerprint(path)

    return fresh


def sparse(path: Path, size: int, writes: dict[int, bytes] | None = None) -> Path:
    """A file of ``size`` bytes, zeros but for the ``writes`` at their offsets."""
    with path.open("wb") as file:
        file.truncate(size)
        for offset, data in (writes or {}).items():
            file.seek(offset)
            file.write(data)
    return path


def test_a_moved_model_is_the_same_model(tmp_path: Path, fingerprint: Callable[[Path], str]) -> None:
    one = sparse(tmp_path / "one.safetensors", 3 * MEBIBYTE, {5: b"x"})
    before = fingerprint(one)
    (tmp_path / "far").mkdir()
    assert fingerprint(one.rename(tmp_path / "far" / "two.safetensors")) == before
    os.utime(tmp_path / "far" / "two.safetensors", (1, 1))
    assert fingerprint(tmp_path / "far" / "two.safetensors") == before
    assert before.startswith("sha256-sampled:")


@pytest.mark.parametrize("offset", [0, 1, 7 * MEBIBYTE + 12345, 16 * MEBIBYTE - 1])
def test_any_byte_of_a_small_file_counts(tmp_path: Path, fingerprint: Callable[[Path], str], offset: int) -> None:
    zeros = sparse(tmp_path / "a", 16 * MEBIBYTE)
    changed = sparse(tmp_path / "b", 16 * MEBIBYTE, {offset: b"\x01"})
    assert fingerprint(zeros) != fingerprint(changed)


def test_a_big_file_is_sampled_from_head_to_tail(tmp_path: Path, fingerprint: Callable[[Path], str]) -> None:
    size = 40 << 30
    plain = fingerprint(sparse(tmp_path / "plain", size))
    places = [0, size // 15 * 7 + MEBIBYTE // 2 - MEBIBYTE * 7 // 15, size - 1]
    others = [fingerprint(sparse(tmp_path / f"b{place}", size, {place: b"\x01"})) for place in places]
    assert len({plain, *others, fingerprint(sparse(tmp_path / "longer", size + 1))}) == 5


def test_size_alone_tells_models_apart(tmp_path: Path, fingerprint: Callable[[Path], str]) -> None:
    assert fingerprint(sparse(tmp_path / "a", 0)) != fingerprint(sparse(tmp_path / "b", 1))


def test_a_model_folder_is_its_files(tmp_path: Path, fingerprint: Callable[[Path], str]) -> None:
    def folder(name: str, **files: bytes) -> Path:
        path = tmp_path / name
        (path / "sub").mkdir(parents=True)
        for file, data in files.items():
            (path / "sub" / file).write_bytes(data)
        return path

    before = fingerprint(folder("one", weights=b"w", config=b"c"))
    assert fingerprint(folder("two", config=b"c", weights=b"w")) == before
    assert fingerprint(folder("three", config=b"c", weights=b"v")) != before
    assert fingerprint(folder("four", weights=b"c", config=b"w")) != before
    assert fingerprint(folder("five", weights=b"w")) != before
    hidden = folder("six", weights=b"w", config=b"c")
    (hidden / ".cache").mkdir()
    (hidden / ".cache" / "download.metadata").write_text("downloaded at 1767600000")
    (hidden / "sub" / ".gitattributes").write_text("*.bin lfs")
    assert fingerprint(hidden) == before


def test_an_empty_folder_is_no_model(tmp_path: Path, fingerprint: Callable[[Path], str]) -> None:
    (tmp_path / "mount" / ".hidden").mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match="the folder holds no files"):
        fingerprint(tmp_path / "mount")


def test_what_was_read_once_is_not_read_again(tmp_path: Path, fingerprint: Callable[[Path], str]) -> None:
    model = sparse(tmp_path / "a", 100)
    before = fingerprint(model)
    cache = tmp_path / ".vtx" / "fingerprints.json"
    known = json.loads(cache.read_text())
    assert list(known.values()) == [before]
    cache.write_text(json.dumps(dict.fromkeys(known, "sha256-sampled:known")))
    assert fingerprint(model) == "sha256-sampled:known"
    os.utime(model, (1, 1))
    assert fingerprint(model) == before


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"x": 5}', "null"])
def test_a_damaged_cache_is_rewritten(tmp_path: Path, fingerprint: Callable[[Path], str], damage: str) -> None:
    model = sparse(tmp_path / "a", 100)
    before = fingerprint(model)
    cache = tmp_path / ".vtx" / "fingerprints.json"
    cache.write_text(damage)
    assert fingerprint(model) == before
    assert list(json.loads(cache.read_text()).values()) == [before]


def test_inputs_are_named_by_all_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert file_sha256(tmp_path / "empty") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    one, two = sparse(tmp_path / "one", 5 * MEBIBYTE), sparse(tmp_path / "two", 5 * MEBIBYTE)
    other = sparse(tmp_path / "other", 5 * MEBIBYTE, {4 * MEBIBYTE: b"\x01"})
    assert file_sha256(one) == file_sha256(two) != file_sha256(other)
    with pytest.raises(FileNotFoundError):
        file_sha256(tmp_path / "none")
