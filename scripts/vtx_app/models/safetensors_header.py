"""Headers of safetensors files: names, types and shapes of the tensors, without reading the weights.

The format is a little-endian 64-bit length, that many bytes of JSON, then the tensors' bytes
(https://github.com/huggingface/safetensors, "Format"). Any bytes give a :class:`Header` or a
:class:`~vtx_app.errors.ModelError`. Only the standard library is used: this runs while Snakemake plans.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from vtx_app.errors import ModelError

__all__ = ["Header", "TensorInfo", "generation", "model_config", "read_header", "read_tensor"]

_LENGTH = 8  # bytes that hold the length of the JSON
_LONGEST_JSON = 100_000_000  # bytes; the safetensors library refuses more
_COUNT_LIMIT = 1 << 63  # no real file has larger offsets or dimensions, and they are too long to print
_FIRST_BYTES = 64  # enough to recognize the files below

# What people have instead of a model: its first bytes, what it is, and the way out.
_LOOKALIKES = (
    (b"version https://git-lfs", "a git-lfs pointer, not the model itself; run `git lfs pull` in its folder"),
    (b"<", "a web page, not a model; the download needs a login or another address"),
    (b"GGUF", "a GGUF file, which LTX can't read; fetch the model as .safetensors"),
    (b"PK\x03\x04", "a zip or a PyTorch file, which LTX can't read; fetch the model as .safetensors"),
    (b"\0" * _LENGTH, "a file that begins with zeros: its download is not finished; fetch it again"),
)


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor: type as safetensors names it ("BF16", "F8_E4M3"), dimensions, bytes, offset after the header."""

    dtype: str
    shape: tuple[int, ...]
    bytes: int
    begin: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """What a safetensors file holds; ``size`` is that of the whole file, in bytes."""

    tensors: Mapping[str, TensorInfo]
    metadata: Mapping[str, str]
    size: int


def read_header(path: Path) -> Header:
    """Return the header of a complete safetensors file. Raises :class:`ModelError` for anything else.

    Cached by size and mtime.
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
    """Return the bytes of one tensor; None if the file has none of that name. Raises :class:`ModelError`."""
    header = read_header(path)
    tensor = header.tensors.get(name)
    if tensor is None:
        return None
    start = header.size - max(each.begin + each.bytes for each in header.tensors.values())
    try:
        with path.open("rb") as file:
            file.seek(start + tensor.begin)
            return file.read(tensor.bytes)
    except OSError as error:
        raise ModelError(f"{path} can't be read: {error.strerror}") from error


def generation(header: Header) -> tuple[int, ...] | None:
    """Return the generation in a model's metadata: "2.3.0" → (2, 3, 0), "2.4-rc2" → (2, 4); None if there is none.

    Parsed like ``detect_model_version`` of ltx-pipelines 1.2.0.
    """
    numbers: list[int] = []
    for part in header.metadata.get("model_version", "").strip().replace("-", ".").split("."):
        if not (part.isascii() and part.isdigit() and len(part) < 10):
            break
        numbers.append(int(part))
    return tuple(numbers) or None


def model_config(header: Header) -> dict[str, Any]:
    """Return the configuration in a model's metadata (``config``, as JSON); empty if it has none, or a damaged one."""
    try:
        config = json.loads(header.metadata.get("config", "{}"))
    except (ValueError, RecursionError):
        return {}
    return config if isinstance(config, dict) else {}


@lru_cache(maxsize=64)
def _read(path: Path, size: int, mtime_ns: int) -> Header:
    """``mtime_ns`` is part of the cache's key."""
    try:
        with path.open("rb") as file:
            start = file.read(_FIRST_BYTES)
            length = int.from_bytes(start[:_LENGTH], "little")
            # A file of eight bytes has no brace yet; "in" allows that.
            if len(start) < _LENGTH or not 2 <= length <= _LONGEST_JSON or start[_LENGTH : _LENGTH + 1] not in b"{":
                _raise_not_safetensors(path, start)
            if size < _LENGTH + length:
                raise ModelError(
                    f"{path} ends inside its header, after {size:,} bytes: the download was cut short; fetch it again"
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
        raise ModelError(
            f"{path}: the file has {size:,} of {whole:,} bytes: the download was cut short; fetch it again"
        )
    if size > whole:  # the safetensors library refuses such a file too
        raise ModelError(f"{path} is damaged, {size - whole:,} bytes longer than its header says; fetch it again")
    return Header(MappingProxyType(tensors), MappingProxyType(metadata), size)


def _raise_not_safetensors(path: Path, start: bytes) -> NoReturn:
    if not start:
        raise ModelError(f"{path} is empty: its download never began; fetch it again")
    for beginning, what in _LOOKALIKES:
        if start.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(beginning):
            raise ModelError(f"{path} is {what}")
    raise ModelError(f"{path} is not a safetensors file; give the path of a .safetensors model")


def _parsed(document: Any) -> tuple[dict[str, TensorInfo], dict[str, str], int]:
    """Return tensors, metadata, and the size of all tensors' bytes. Raises :class:`ValueError`."""
    metadata = document.pop("__metadata__", None) or {} if isinstance(document, dict) else None
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError("not an object, or its metadata is not text by name")
    tensors: dict[str, TensorInfo] = {}
    last = 0
    for name, entry in document.items():
        if not isinstance(entry, dict) or not isinstance(entry.get("dtype"), str):
            raise ValueError(f"{name} is not a tensor")
        begin, end = _counts(entry.get("data_offsets"))  # ValueError unless there are two
        if begin > end:
            raise ValueError(f"{name} ends before it begins")
        tensors[name] = TensorInfo(entry["dtype"], _counts(entry.get("shape")), end - begin, begin)
        last = max(last, end)
    return tensors, metadata, last


def _counts(values: object) -> tuple[int, ...]:
    # The type is compared because True is an int to isinstance.
    if not isinstance(values, list) or not all(type(each) is int and 0 <= each < _COUNT_LIMIT for each in values):
        raise ValueError("not a list of counts")
    return tuple(values)
