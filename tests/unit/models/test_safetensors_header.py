"""Headers of safetensors files, and of everything that is none."""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.errors import ModelError
from vtx_app.models import safetensors_header
from vtx_app.models.safetensors_header import Header, TensorInfo, generation, read_header, read_tensor

BRACE = struct.pack("<Q", 2) + b"{}"


def framed(document: object, data: bytes = b"") -> bytes:
    text = json.dumps(document).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensor(dtype: object = "U8", shape: object = (2,), offsets: object = (0, 2)) -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def message(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(ModelError) as caught:
        read_header(path)
    text = str(caught.value)
    assert text.startswith(f"{path}") and "\n" not in text
    return text


@pytest.fixture(scope="module")
def scratch() -> Iterator[Path]:
    """One file for all the examples of a property; each overwrites it."""
    with TemporaryDirectory() as folder:
        yield Path(folder) / "model.safetensors"


def test_names_types_shapes_and_metadata(tmp_path: Path) -> None:
    document = {
        "__metadata__": {"model_version": "2.3.0", "format": "pt"},
        "a.weight": tensor("BF16", [2, 3], [0, 12]),
        "scale": tensor("F32", [], [12, 16]),
    }
    path = tmp_path / "model.safetensors"
    path.write_bytes(framed(document, b"\1" * 16))
    header = read_header(path)
    assert header.tensors == {"a.weight": TensorInfo("BF16", (2, 3), 12), "scale": TensorInfo("F32", (), 4, 12)}
    assert header.metadata == {"model_version": "2.3.0", "format": "pt"}
    assert header.size == path.stat().st_size


def test_the_bytes_of_one_tensor_are_read_alone(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    document = {"big": tensor("U8", [4], [2, 6]), "text": tensor("U8", [2], [0, 2]), "none": tensor("U8", [0], [6, 6])}
    path.write_bytes(framed(document, b"hiBIG!"))
    assert [read_tensor(path, name) for name in ("text", "big", "none", "gone")] == [b"hi", b"BIG!", b"", None]
    path.write_bytes(framed(document, b"hiBIG"))
    with pytest.raises(ModelError, match="cut short"):
        read_tensor(path, "text")


def test_a_model_without_tensors_or_metadata_is_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(BRACE)
    assert read_header(tmp_path / "a") == Header({}, {}, 10)


def test_read_once_for_each_state_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(framed({"x": tensor()}, b"12"))
    first = read_header(path)
    assert read_header(path) is first
    path.write_bytes(framed({"y": tensor()}, b"12"))
    os.utime(path, ns=(1, 1))
    assert list(read_header(path).tensors) == ["y"]


def test_a_cut_download_says_how_much_is_there(tmp_path: Path) -> None:
    start = framed({"x": tensor("BF16", [20_500_000_000], [0, 41_000_000_000])})
    path = tmp_path / "model.safetensors"
    with path.open("wb") as file:
        file.write(start)
        file.truncate(12_300_000_000)
    sizes = f"12,300,000,000 of {len(start) + 41_000_000_000:,} bytes"
    with pytest.raises(ModelError, match=f"the file has {sizes}: the download was cut short; fetch it again"):
        read_header(path)


def test_a_few_missing_bytes_are_not_rounded_away(tmp_path: Path) -> None:
    whole = framed({"x": tensor(shape=[5000], offsets=[0, 5000])}, b"\1" * 5000)
    text = message(tmp_path / "a", whole[:-1])
    assert f"has {len(whole) - 1:,} of {len(whole):,} bytes" in text


@pytest.mark.parametrize("kept", [8, 9, 40])
def test_cut_inside_the_header(tmp_path: Path, kept: int) -> None:
    assert "ends inside its header" in message(tmp_path / "a", framed({"x": tensor()}, b"12")[:kept])


def test_longer_than_its_header_says(tmp_path: Path) -> None:
    assert "is damaged, 3 bytes longer" in message(tmp_path / "a", framed({"x": tensor()}, b"12345"))


@pytest.mark.parametrize(
    ("data", "message_part"),
    [
        (b"", "is empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 41000000000\n", "git-lfs pointer"),
        (b"<!DOCTYPE html><html>", "is a web page"),
        (b"\n\n<html><head></head></html>", "is a web page"),
        (b"GGUF\x03\0\0\0" + b"\1" * 100, "is a GGUF file"),
        (b"PK\x03\x04\0\0\x08\x08" + b"\1" * 100, "PyTorch file"),
        (b"\0" * 4096, "its download is not finished"),
        (b"hello", "is not a safetensors file"),
        (b"hello, this is no model at all", "is not a safetensors file"),
        (struct.pack("<Q", 100_000_001) + b"{", "is not a safetensors file"),
        (struct.pack("<Q", 20) + b"[" + b" " * 100, "is not a safetensors file"),
    ],
)
def test_what_people_have_instead_of_a_model(tmp_path: Path, data: bytes, message_part: str) -> None:
    assert message_part in message(tmp_path / "a", data)


@pytest.mark.parametrize(
    "document",
    [
        {"x": 5},
        {"x": {}},
        {"x": tensor(dtype=5)},
        {"x": tensor(shape=2)},
        {"x": tensor(shape=[True])},
        {"x": tensor(shape=[-1])},
        {"x": tensor(shape=[1 << 63])},
        {"x": tensor(offsets=[0])},
        {"x": tensor(offsets=[0, 1, 2])},
        {"x": tensor(offsets=[2, 0])},
        {"x": tensor(offsets=[0.0, 2.0])},
        {"x": tensor(offsets=[0, math.inf])},
        {"x": tensor(offsets=[0, 1 << 4000])},
        {"__metadata__": {"version": 5}},
        {"__metadata__": "2.3.0"},
    ],
)
def test_a_header_that_makes_no_sense(tmp_path: Path, document: object) -> None:
    assert "header can't be read; fetch it again" in message(tmp_path / "a", framed(document, b"12"))


def test_a_header_made_to_exhaust_the_reader(tmp_path: Path) -> None:
    for text in (b'{"a":' + b"[" * 200_000, b'{"a":' + b"9" * 100_000 + b"}", b'{"\xff": 1}'):
        assert "header can't be read" in message(tmp_path / "a", struct.pack("<Q", len(text)) + text)


def test_places_without_a_model(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path, expected in (
        (tmp_path / "none", "there is no file"),
        (tmp_path / "file" / "below", "there is no file"),
        (tmp_path, "is a folder; give the path"),
        (Path(f"{tmp_path}/a\0b"), "can't be read"),
        (tmp_path / ("x" * 300), "can't be read"),
        (Path("/dev/null"), "is not a file"),
    ):
        with pytest.raises(ModelError, match=expected):
            read_header(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_model_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(BRACE)
    (tmp_path / "a").chmod(0)
    with pytest.raises(ModelError, match="can't be read: Permission denied"):
        read_header(tmp_path / "a")


@pytest.mark.parametrize(
    ("version", "numbers"),
    [
        ("2.3.0", (2, 3, 0)),
        ("2.3.rc1", (2, 3)),
        ("2.4-rc2", (2, 4)),
        ("2", (2,)),
        (" 2.3 ", (2, 3)),
        ("", None),
        ("dev", None),
        ("v2.3", None),
        ("²", None),
        ("9" * 5000, None),
    ],
)
def test_generation(version: str, numbers: tuple[int, ...] | None) -> None:
    assert generation(Header({}, {"model_version": version}, 0)) == numbers
    assert generation(Header({}, {}, 0)) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NEARLY = st.fixed_dictionaries(
    {
        "dtype": st.just("U8") | JSON,
        "shape": st.lists(st.integers()) | JSON,
        "data_offsets": st.lists(st.integers()) | JSON,
    }
)
DOCUMENTS = st.dictionaries(st.text(max_size=8) | st.just("__metadata__"), NEARLY | JSON, max_size=4)


@given(
    st.binary(max_size=200)
    | st.builds(framed, DOCUMENTS | JSON, st.binary(max_size=8))
    | st.builds(lambda data: struct.pack("<Q", len(data) + 1) + b"{" + data, st.binary(max_size=100))
)
def test_any_bytes_are_a_header_or_a_model_error(scratch: Path, data: bytes) -> None:
    scratch.write_bytes(data)
    safetensors_header._read.cache_clear()  # two examples may have the same size and time
    try:
        header = read_header(scratch)
    except ModelError as error:
        assert str(scratch) in str(error)
    else:
        assert header.size == len(data)


@given(
    st.dictionaries(
        st.text(max_size=20).filter(lambda name: name != "__metadata__"),
        st.tuples(st.sampled_from(["U8", "I8", "F8_E4M3"]), st.lists(st.integers(0, 4), max_size=3)),
        max_size=6,
    ),
    st.dictionaries(st.text(max_size=10), st.text(max_size=20), max_size=3),
    st.integers(0, 9),
)
def test_what_is_written_is_read(
    scratch: Path, shapes: dict[str, tuple[str, list[int]]], metadata: dict[str, str], padding: int
) -> None:
    document: dict[str, object] = {"__metadata__": metadata}
    expected: dict[str, TensorInfo] = {}
    end = 0
    for name, (dtype, shape) in shapes.items():
        document[name] = tensor(dtype, shape, [end, end + math.prod(shape)])
        expected[name] = TensorInfo(dtype, tuple(shape), math.prod(shape), end)
        end += math.prod(shape)
    text = json.dumps(document).encode() + b" " * padding  # writers align the data with spaces
    scratch.write_bytes(struct.pack("<Q", len(text)) + text + b"\1" * end)
    safetensors_header._read.cache_clear()
    header = read_header(scratch)
    assert header.metadata == metadata
    assert header.tensors == expected
