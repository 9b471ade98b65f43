"""Headers of safetensors files: names, types and shapes of the tensors, without reading the weights.

The format is a little-endian 64-bit length, that many bytes of JSON, then the tensors' bytes
(https://github.com/huggingface/safetensors, "Format"). Whatever the bytes are, reading them ends in a
:class:`Header` or in a :class:`~vtx_app.errors.ModelError`. Only the standard library: this runs while
Snakemake plans.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

from vtx_app.errors import ModelError

__all__ = ["Header", "TensorInfo", "generation", "read_header", "read_tensor"]

_LENGTH = 8  # bytes that hold the length of the JSON
_LONGEST_JSON = 100_000_000  # bytes; the safetensors library refuses more
_COUNT_LIMIT = 1 << 63  # offsets and dimensions above are no real file's, and too long to print
_GLANCE = 64  # bytes that tell the usual other files apart

# What people get instead of a model: how its first bytes look, what it is, and the way out.
_LOOKALIKES = (
    (b"version https://git-lfs", "a git-lfs pointer, not the model itself; run `git lfs pull` in its folder"),
    (b"<", "a web page, not a model; the download needs a login or another address"),
    (b"GGUF", "a GGUF file, which LTX can't read; fetch the model as .safetensors"),
    (b"PK\x03\x04", "a zip or a PyTorch file, which LTX can't read; fetch the model as .safetensors"),
    (b"\0" * _LENGTH, "a file that begins with zeros: its download is not finished; fetch it again"),
)


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor: type as safetensors names it ("BF16", "F8_E4M3"), dimensions, size in bytes, and where it begins
    after the header."""

    dtype: str
    shape: tuple[int, ...]
    bytes: int
    begin: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """What a safetensors file says it holds; ``size`` is the whole file, in bytes."""

    tensors: Mapping[str, TensorInfo]
    metadata: Mapping[str, str]
    size: int


def read_header(path: Path) -> Header:
    """The header of a whole safetensors file. Raises :class:`ModelError` for anything else.

    Read once a run and state of the file (size, mtime).
    """
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ModelError(f"there is no file {path}; correct the path, or fetch the model") from error
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise ModelError(f"{path} can't be read: {getattr(error, 'strerror', None) or error}") from error
    if stat.S_ISDIR(status.st_mode):
        raise ModelError(f"{path} is a folder; give the path of the .safetensors file itself")
    if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
        raise ModelError(f"{path} is not a file; give the path of a .safetensors file")
    return _read(path, status.st_size, status.st_mtime_ns)


def read_tensor(path: Path, name: str) -> bytes | None:
    """The bytes of one tensor of the file; None where it has none of that name. Raises :class:`ModelError`."""
    header = read_header(path)
    tensor = header.tensors.get(name)
    if tensor is None:
        return None
    start = header.size - max(each.begin + each.bytes for each in header.tensors.values())  # such a file is whole
    try:
        with path.open("rb") as file:
            file.seek(start + tensor.begin)
            return file.read(tensor.bytes)
    except OSError as error:
        raise ModelError(f"{path} can't be read: {error.strerror}") from error


def generation(header: Header) -> tuple[int, ...] | None:
    """The model's generation from its metadata: "2.3.0" → (2, 3, 0), "2.4-rc2" → (2, 4); None where it says none.

    As ``detect_model_version`` of ltx-pipelines 1.2.0 reads it.
    """
    numbers: list[int] = []
    for part in header.metadata.get("model_version", "").strip().replace("-", ".").split("."):
        if not (part.isascii() and part.isdigit() and len(part) < 10):
            break
        numbers.append(int(part))
    return tuple(numbers) or None


@lru_cache(maxsize=64)
def _read(path: Path, size: int, mtime_ns: int) -> Header:
    """``mtime_ns`` is there to be part of the cache's key."""
    try:
        with path.open("rb") as file:
            start = file.read(_GLANCE)
            length = int.from_bytes(start[:_LENGTH], "little")
            # A file of eight bytes has no brace yet; "in" allows that.
            if len(start) < _LENGTH or not 2 <= length <= _LONGEST_JSON or start[_LENGTH : _LENGTH + 1] not in b"{":
                _refuse(path, start)
            if size < _LENGTH + length:
                raise ModelError(
                    f"{path} ends inside its own header, after {_sizes(size)[0]}: the download was cut short; "
                    "fetch it again"
                )
            file.seek(_LENGTH)
            text = file.read(length)
    except OSError as error:
        raise ModelError(f"{path} can't be read: {error.strerror}") from error
    try:
        tensors, metadata, end = _parsed(json.loads(text.decode("utf-8")))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} is damaged, its safetensors header can't be read; fetch it again") from error
    whole = _LENGTH + length + end
    if size < whole:
        has, needs = _sizes(size, whole)
        raise ModelError(f"{path}: the file has {has} of {needs}: the download was cut short; fetch it again")
    if size > whole:  # the safetensors library refuses such a file too
        more = _sizes(size - whole)[0]
        raise ModelError(f"{path} is damaged, {more} longer than its header says; fetch it again")
    return Header(MappingProxyType(tensors), MappingProxyType(metadata), size)


def _refuse(path: Path, start: bytes) -> NoReturn:
    if not start:
        raise ModelError(f"{path} is empty: its download never began; fetch it again")
    for beginning, what in _LOOKALIKES:
        if start.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(beginning):
            raise ModelError(f"{path} is {what}")
    raise ModelError(f"{path} is not a safetensors file; give the path of a .safetensors model")


def _parsed(document: object) -> tuple[dict[str, TensorInfo], dict[str, str], int]:
    """Tensors, metadata, and the size of all tensors' bytes. Raises :class:`ValueError`."""
    if not isinstance(document, dict):
        raise ValueError("not an object")
    metadata = document.pop("__metadata__", None) or {}
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError("metadata is text by name")
    tensors: dict[str, TensorInfo] = {}
    last = 0
    for name, entry in document.items():
        if not isinstance(entry, dict):
            raise ValueError("a tensor is an object")
        dtype, shape, offsets = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
        if not isinstance(dtype, str):
            raise ValueError("a type is text")
        begin, end = _counts(offsets)  # ValueError where they are not two
        if begin > end:
            raise ValueError("a tensor ends before it begins")
        tensors[name] = TensorInfo(dtype, _counts(shape), end - begin, begin)
        last = max(last, end)
    return tensors, metadata, last


def _counts(values: object) -> tuple[int, ...]:
    if not isinstance(values, list):
        raise ValueError("not a list")
    for value in values:
        if type(value) is not int or not 0 <= value < _COUNT_LIMIT:  # True is an int to isinstance
            raise ValueError("not a count")
    return tuple(values)


def _sizes(*counts: int) -> tuple[str, ...]:
    """Sizes in bytes for people, decimal as download pages have them; exact where rounding would hide a difference."""
    unit, name = next(
        ((unit, name) for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")) if counts[-1] >= unit),
        (1, "bytes"),
    )
    texts = tuple(f"{count / unit:.1f} {name}" if unit > 1 else f"{count} {name}" for count in counts)
    if len(set(texts)) < len(set(counts)):
        return tuple(f"{count} bytes" for count in counts)
    return texts
