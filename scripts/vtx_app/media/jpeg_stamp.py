"""The stamp of a JPEG file: the digest of its inputs in a comment, read without a codec.

The comment is written with the picture and the file renamed into place when it is complete, so a stamp vouches for the
whole file. A truncated copy must have none, so the file's end is checked too.
"""

from __future__ import annotations

import os
import re
import struct
from pathlib import Path

__all__ = ["read_jpeg_stamp", "stamp_comment"]

_COMMENT = re.compile(rb"vtx-stamp-v1 ([0-9a-f]{64})")
_START, _END = b"\xff\xd8", b"\xff\xd9"
_COMMENT_MARKER, _SCAN_MARKER = 0xFE, 0xDA  # ITU-T T.81, table B.1
_MOST_SEGMENTS = 64


def stamp_comment(digest: str) -> bytes:
    """The comment that holds the stamp ``digest`` (64 hex digits)."""
    return f"vtx-stamp-v1 {digest}".encode()


def read_jpeg_stamp(path: str | Path) -> str | None:
    """The digest in the stamp of the JPEG file at ``path``; None without one, without the file, or if it was cut."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - read while planning
            if file.read(2) != _START:
                return None
            found = None
            for _ in range(_MOST_SEGMENTS):
                head = file.read(4)
                if len(head) < 4 or head[0] != 0xFF or head[1] == _SCAN_MARKER:
                    break
                size = struct.unpack_from(">H", head, 2)[0] - 2
                if head[1] == _COMMENT_MARKER and (match := _COMMENT.fullmatch(file.read(size))):
                    found = match[1].decode()
                    break
                if head[1] != _COMMENT_MARKER:
                    file.seek(size, os.SEEK_CUR)
            file.seek(-2, os.SEEK_END)
            return found if file.read(2) == _END else None
    except OSError:
        return None
