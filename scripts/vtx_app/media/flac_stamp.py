"""The stamp of a sound file: the digest of its inputs in a FLAC file's Vorbis comment, read without a codec.

It is written into the finished file, together with the file's size: a file that was cut short has no stamp.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

__all__ = ["read_sound_stamp", "stamp_room", "write_sound_stamp"]

_KEY = b"VTX_STAMP="
_SIZE_DIGITS = 16
_VALUE = re.compile(rb"VTX_STAMP=([0-9a-f]{64}):(\d{16})")
_MOST = 65_536
"""How many bytes at the beginning of a file contain its comment."""


def stamp_room() -> dict[str, str]:
    """The metadata that make room for a stamp in a FLAC file that is about to be written."""
    return {_KEY[:-1].decode(): "0" * 64 + ":" + "0" * _SIZE_DIGITS}


def write_sound_stamp(path: Path, digest: str) -> None:
    """Write the stamp ``digest`` (64 hex digits) into the finished file at ``path``, which has room for it.

    Raises :class:`OSError`, and :class:`ValueError` if it has none.
    """
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        at = file.read(_MOST).find(_KEY)
        if at < 0:
            raise ValueError(f"{path}: there is no room for a stamp")
        file.seek(at + len(_KEY))
        file.write(f"{digest}:{size:0{_SIZE_DIGITS}d}".encode())


def read_sound_stamp(path: str | Path) -> str | None:
    """The digest in the stamp of the FLAC file at ``path``; None without one, without the file, or if it was cut."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - read while planning
            size = os.fstat(file.fileno()).st_size
            head = file.read(_MOST)
    except OSError:
        return None
    found = _VALUE.search(head) if head.startswith(b"fLaC") else None
    if found is None or int(found[2]) != size:
        return None
    return found[1].decode()
