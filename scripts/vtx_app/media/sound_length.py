"""How long a sound file is, by its header where that says so: planning a film with music loads no codec."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

from vtx_app.errors import CutError

__all__ = ["sound_length"]


def sound_length(path: Path) -> Fraction:
    """Seconds that the sound in the file at ``path`` lasts.

    FLAC (RFC 9639, 8.2) and PCM WAV (RIFF) are read by their headers; other formats load the codecs. Raises
    :class:`CutError` naming the file if it can't be read or has no sound.
    """
    try:
        with path.open("rb") as file:
            head = file.read(42)
            length = _flac(head) if head.startswith(b"fLaC") else None
            if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
                file.seek(12)
                length = _wav(file.read(4096), path.stat().st_size)
    except OSError as error:
        raise CutError(f"{path}: can't be read: {error.strerror}") from error
    if length is not None:
        return length
    from vtx_app.media.reader import sound_facts

    return Fraction(sound_facts(path).seconds)


def _flac(head: bytes) -> Fraction | None:
    """From STREAMINFO, which is always the first block; None if it leaves the number of samples open."""
    if len(head) < 42 or head[4] & 0x7F:
        return None
    form = int.from_bytes(head[18:26], "big")
    rate, samples = form >> 44, form & (1 << 36) - 1
    return Fraction(samples, rate) if rate and samples else None


def _wav(chunks: bytes, size: int) -> Fraction | None:
    """From the chunks ``fmt `` and ``data``; None if ``chunks`` doesn't have both, or it is not plain PCM."""
    at, second = 0, 0
    while at + 8 <= len(chunks):
        kind, length = struct.unpack_from("<4sI", chunks, at)
        if kind == b"fmt " and at + 24 <= len(chunks):
            form, _, _, second = struct.unpack_from("<HHII", chunks, at + 8)
            if form not in (1, 3, 0xFFFE):
                return None
        if kind == b"data":
            there = min(length, max(0, size - 12 - at - 8))
            return Fraction(there, second) if second else None
        at += 8 + length + length % 2
    return None
