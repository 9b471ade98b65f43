"""Decode the bytes of a text file."""

from vtx_app.errors import SpecError

__all__ = ["decode"]


def decode(data: bytes, name: object, encoding: str = "utf-8-sig") -> str:
    """The text in ``data``, the content of the file ``name``. Raises :class:`SpecError` with the line and the byte."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SpecError([f"{name}:{line}: not UTF-8 text (byte 0x{error.object[error.start]:02x})"]) from None
