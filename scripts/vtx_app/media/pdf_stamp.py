"""The stamp of a PDF file: the digest of its inputs as the file's identifier, read without a library.

The identifier is in the trailer, at the end of the file (ISO 32000-1, 7.5.5 and 14.4): a truncated copy has none.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

__all__ = ["file_identifier", "read_pdf_stamp"]

_IDENTIFIER = re.compile(rb"/ID\s*\[\s*<([0-9a-fA-F]{64})>")
_TAIL = 2048
"""Bytes at the end of the file that hold the trailer."""


def file_identifier(digest: str) -> str:
    """The two byte strings of the identifier that is the stamp ``digest`` (64 hex digits)."""
    return f"<{digest}><{digest}>"


def read_pdf_stamp(path: str | Path) -> str | None:
    """The digest in the stamp of the PDF file at ``path``; None without one, without the file, or if it was cut."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - read while planning
            if file.read(5) != b"%PDF-":
                return None
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _TAIL))
            tail = file.read().rstrip()
    except OSError:
        return None
    found = _IDENTIFIER.findall(tail)
    return found[-1].decode().lower() if found and tail.endswith(b"%%EOF") else None
