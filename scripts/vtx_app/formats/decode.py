"""Read text files that people write."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from vtx_app.errors import SpecError
from vtx_app.files import display_path

__all__ = ["decode", "is_utf16", "read_text"]


def decode(data: bytes, name: object, encoding: str = "utf-8-sig") -> str:
    """The text in ``data``, the content of the file ``name``. Raises :class:`SpecError` with the line and the byte."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SpecError([f"{name}:{line}: not UTF-8 text (byte 0x{error.object[error.start]:02x})"]) from None


def is_utf16(data: bytes) -> bool:
    """Whether ``data`` begins with the byte order mark of UTF-16."""
    return data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))


def read_text(path: Path) -> str:
    """The text of the file at ``path``. Raises :class:`SpecError` if it can't be read, or is not UTF-8."""
    try:
        return decode(path.read_bytes(), display_path(path))
    except OSError as error:
        raise SpecError([f"{display_path(path)}: can't be read: {error.strerror}"]) from None
