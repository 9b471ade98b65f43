"""The index of MP4 files (ISO/IEC 14496-12) read without a codec, and the stamp that VTX appends to them.

Reading an index this way takes a tenth of the time of opening the file with a demuxer, so a join can check all its
parts before it writes the first byte.

A stamp is the digest of a clip's, act's or final's inputs in a ``uuid`` box at the end of the file (14496-12, 4.2:
players skip unknown boxes). File and stamp are renamed into place together, so they always agree, and a truncated file
has no stamp. Reading one costs a seek and 56 bytes.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vtx_app.errors import CutError

__all__ = ["Track", "child_box", "inner_boxes", "read_stamp", "read_tracks", "top_boxes", "write_stamp"]

_CONFIGS = ("avcC", "dfLa", "esds")
_STAMP_SIZE = 8 + 16 + 32
_STAMP_HEAD = struct.pack(">I4s", _STAMP_SIZE, b"uuid") + b"vtx-stamp-v1\x00\x00\x00\x01"  # and a serial number


@dataclass(frozen=True, slots=True)
class Track:
    """A track as its index describes it.

    ``codec`` is the four-letter code of the sample entry (``avc1``, ``mp4a``), ``config`` the decoder configuration
    (body of ``avcC``, ``dfLa`` or ``esds``). A tick is 1/``timescale`` s: ``ticks`` is the length of all ``packets``,
    ``packet_ticks`` that of each packet, None if they differ. The presentation starts at ``first_tick``: with
    B-frames, the delay of the first frame; with AAC, the samples that only start the decoder. ``reordered``: packets
    are shown in another order than they are stored. ``keyframes`` are packets from 0; None: all are.
    ``width`` and ``height`` are pixels, 0 for sound.
    """

    kind: str
    codec: str
    config: bytes
    timescale: int
    packets: int
    packet_ticks: int | None
    ticks: int
    first_tick: int
    reordered: bool
    keyframes: frozenset[int] | None
    width: int
    height: int

    def is_keyframe(self, packet: int) -> bool:
        """Whether decoding can start with ``packet``."""
        return self.keyframes is None or packet in self.keyframes

    @property
    def rate(self) -> Fraction | None:
        """Packets per second, the frame rate of a picture track; None if their lengths differ."""
        return Fraction(self.timescale, self.packet_ticks) if self.packet_ticks else None


def write_stamp(path: Path, digest: str) -> None:
    """Append the stamp ``digest`` (64 hex digits) to the finished MP4 file at ``path``."""
    with path.open("ab") as file:
        file.write(_STAMP_HEAD + bytes.fromhex(digest))


def read_stamp(path: str | Path) -> str | None:
    """The digest in the stamp of the file at ``path``; None if it has no stamp or there is no such file."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - called for every clip of a film while planning
            file.seek(-_STAMP_SIZE, os.SEEK_END)
            box = file.read(_STAMP_SIZE)
    except OSError:
        return None
    return box[24:].hex() if box.startswith(_STAMP_HEAD) else None


def top_boxes(path: Path) -> list[tuple[str, int, int]]:
    """The top-level boxes as (four-letter kind, offset, size in bytes), in file order.

    Raises :class:`CutError` if the file is truncated: its last box is longer than the file.
    """
    size = path.stat().st_size
    boxes: list[tuple[str, int, int]] = []
    with path.open("rb") as file:
        offset = 0
        while offset < size:
            file.seek(offset)
            head = file.read(16)
            length, kind = struct.unpack_from(">I4s", head) if len(head) >= 8 else (0, b"")
            if length == 1 and len(head) == 16:
                length = struct.unpack_from(">Q", head, 8)[0]
            if length < 8 or offset + length > size:
                raise CutError(f"{path}: the file was cut short at byte {size}; make it again")
            boxes.append((kind.decode("latin-1"), offset, length))
            offset += length
    return boxes


def read_tracks(path: Path) -> list[Track]:
    """The picture and sound tracks of the MP4 file at ``path``, in file order.

    Raises :class:`CutError` naming the file if it is unreadable, truncated or not an MP4 file.
    """
    try:
        movie = next((box for box in top_boxes(path) if box[0] == "moov"), None)
        if movie is None:
            raise CutError(f"{path}: not a complete MP4 file (it has no index); make it again")
        with path.open("rb") as file:
            file.seek(movie[1] + 8)
            body = memoryview(file.read(movie[2] - 8))
        tracks = [_track(trak) for kind, trak in inner_boxes(body) if kind == "trak"]
    except OSError as error:
        raise CutError(f"{path}: can't be read: {error.strerror}") from error
    except (struct.error, IndexError, KeyError, ValueError) as error:
        raise CutError(f"{path}: its index is damaged ({error}); make it again") from error
    return [track for track in tracks if track is not None]


def inner_boxes(body: memoryview) -> Iterator[tuple[str, memoryview]]:
    """The consecutive boxes in ``body``, as (kind, content). Raises :class:`ValueError` for none."""
    offset = 0
    while offset + 8 <= len(body):
        size, kind = struct.unpack_from(">I4s", body, offset)
        if size < 8:
            raise ValueError(f"a box of {size} bytes")
        yield kind.decode("latin-1"), body[offset + 8 : offset + size]
        offset += size


def child_box(body: memoryview, *path: str) -> memoryview:
    """The content of the box at ``path`` in ``body``, as ``mdia``, ``mdhd``. Raises :class:`KeyError` without it."""
    for name in path:
        body = dict(inner_boxes(body))[name]
    return body


def _track(trak: memoryview) -> Track | None:
    handler = bytes(child_box(trak, "mdia", "hdlr")[8:12])
    if handler not in (b"vide", b"soun"):
        return None
    picture = handler == b"vide"
    header = child_box(trak, "mdia", "mdhd")
    table = dict(inner_boxes(child_box(trak, "mdia", "minf", "stbl")))
    codec, entry = next(inner_boxes(table["stsd"][8:]))
    width, height = struct.unpack_from(">HH", entry, 24) if picture else (0, 0)
    # 14496-12, 12.1.3 and 12.2.3: 78 bytes of fields in a visual sample entry, 28 in an audio one
    config = next((bytes(box) for name, box in inner_boxes(entry[78 if picture else 28 :]) if name in _CONFIGS), b"")
    runs = list(struct.iter_unpack(">II", table["stts"][8:]))
    return Track(
        kind="picture" if picture else "sound",
        codec=codec,
        config=config,
        timescale=struct.unpack_from(">I", header, 20 if header[0] else 12)[0],
        packets=sum(count for count, _ in runs),
        packet_ticks=runs[0][1] if len({length for _, length in runs}) == 1 else None,
        ticks=sum(count * length for count, length in runs),
        first_tick=_first_tick(trak),
        reordered="ctts" in table,
        keyframes=_keyframes(table.get("stss")),
        width=width,
        height=height,
    )


def _keyframes(body: memoryview | None) -> frozenset[int] | None:
    return None if body is None else frozenset(number - 1 for (number,) in struct.iter_unpack(">I", body[8:]))


def _first_tick(trak: memoryview) -> int:
    """The media time of the first edit that shows anything; 0 without an edit list."""
    edits = dict(inner_boxes(dict(inner_boxes(trak)).get("edts", memoryview(b"")))).get("elst")
    if edits is None:
        return 0
    layout = ">QqI" if edits[0] else ">IiI"
    return next((time for _, time, _ in struct.iter_unpack(layout, edits[8:]) if time >= 0), 0)
