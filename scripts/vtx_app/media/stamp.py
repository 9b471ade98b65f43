"""The stamp: which content a conformed clip, an act or a final was made from, carried in the file itself.

A stamp is a ``uuid`` box at the end of an MP4 file (ISO/IEC 14496-12, 4.2: players skip boxes they do
not know). File and stamp are renamed into place as one, so they can never disagree, and a file that
was cut short has lost its stamp. Reading one costs a seek and 56 bytes.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

__all__ = ["read_stamp", "write_stamp"]

_UUID = bytes.fromhex("7674782d7374616d702d763100000001")  # "vtx-stamp-v1" and a serial
_SIZE = 8 + 16 + 32


def write_stamp(path: Path, digest: str) -> None:
    """Append the stamp ``digest`` (64 hex digits) to the finished MP4 file at ``path``."""
    with path.open("ab") as file:
        file.write(struct.pack(">I4s", _SIZE, b"uuid") + _UUID + bytes.fromhex(digest))


def read_stamp(path: str | Path) -> str | None:
    """The digest that the file at ``path`` was stamped with; None where there is no file or no stamp."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - called for every clip of a film while planning
            file.seek(-_SIZE, os.SEEK_END)
            box = file.read(_SIZE)
    except (FileNotFoundError, NotADirectoryError, OSError):
        return None
    if box[:24] != struct.pack(">I4s", _SIZE, b"uuid") + _UUID:
        return None
    return box[24:].hex()
