"""The boxes of an MP4 file (ISO/IEC 14496-12), read without a codec: what an index says of its tracks.

Reading the index of a clip this way takes a tenth of opening it with a demuxer, so a join can look at
all of its parts before it writes the first byte.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vtx_app.errors import CutError

__all__ = ["Track", "read_tracks", "top_boxes"]


@dataclass(frozen=True, slots=True)
class Track:
    """One track, as its index describes it.

    ``codec`` is the four-letter code of the sample entry (``avc1``, ``fLaC``) and ``config`` the decoder
    configuration (``avcC`` or ``dfLa`` body). ``packets`` counts packets; ``packet_ticks`` is the length
    of each in ticks of 1/``timescale`` s where all have the same, else None; ``ticks`` their sum.
    ``first_tick`` is the time in the track at which the presentation starts: with B-frames the delay of
    the first frame. ``width`` and ``height`` are pixels, 0 for sound.
    """

    kind: str
    codec: str
    config: bytes
    timescale: int
    packets: int
    packet_ticks: int | None
    ticks: int
    first_tick: int
    width: int
    height: int

    @property
    def rate(self) -> Fraction | None:
        """Packets per second where all have the same length: the frame rate of a picture track."""
        return Fraction(self.timescale, self.packet_ticks) if self.packet_ticks else None


def top_boxes(path: Path) -> list[tuple[str, int, int]]:
    """The outermost boxes as (four-letter kind, offset, size in bytes), in the order of the file.

    Raises :class:`CutError` where the last box is longer than the file: it was cut short.
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
    """The picture and sound tracks of the MP4 file at ``path``, in their order.

    Raises :class:`CutError` with the path where it is unreadable, cut short or not an MP4 file.
    """
    try:
        boxes = top_boxes(path)
        movie = next((box for box in boxes if box[0] == "moov"), None)
        if movie is None:
            raise CutError(f"{path}: not a whole MP4 file (it has no index); make it again")
        with path.open("rb") as file:
            file.seek(movie[1] + 8)
            body = memoryview(file.read(movie[2] - 8))
        tracks = [_track(trak) for kind, trak in _boxes(body) if kind == "trak"]
    except OSError as error:
        raise CutError(f"{path}: can't be read: {error.strerror}") from error
    except (struct.error, IndexError, KeyError, ValueError) as error:
        raise CutError(f"{path}: its index is damaged ({error}); make it again") from error
    return [track for track in tracks if track is not None]


def _boxes(body: memoryview) -> Iterator[tuple[str, memoryview]]:
    """The boxes that lie one after another in ``body``, as (kind, what is in it)."""
    offset = 0
    while offset + 8 <= len(body):
        size, kind = struct.unpack_from(">I4s", body, offset)
        if size < 8:
            raise ValueError(f"a box of {size} bytes")
        yield kind.decode("latin-1"), body[offset + 8 : offset + size]
        offset += size


def _child(body: memoryview, *path: str) -> memoryview:
    for name in path:
        body = dict(_boxes(body))[name]
    return body


def _track(trak: memoryview) -> Track | None:
    kind = bytes(_child(trak, "mdia", "hdlr")[8:12])
    if kind not in (b"vide", b"soun"):
        return None
    header = _child(trak, "mdia", "mdhd")
    table = dict(_boxes(_child(trak, "mdia", "minf", "stbl")))
    codec, entry = next(_boxes(table["stsd"][8:]))
    picture = kind == b"vide"
    width, height = struct.unpack_from(">HH", entry, 24) if picture else (0, 0)
    # 14496-12, 12.1.3 and 12.2.3: 78 bytes of fields in a visual sample entry, 28 in an audio one
    config = next((bytes(box) for name, box in _boxes(entry[78 if picture else 28 :]) if name in ("avcC", "dfLa")), b"")
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
        width=width,
        height=height,
    )


def _first_tick(trak: memoryview) -> int:
    """The media time of the first edit that shows anything; 0 where there is no edit list."""
    edits = dict(_boxes(dict(_boxes(trak)).get("edts", memoryview(b""))))
    if "elst" not in edits:
        return 0
    body = edits["elst"]
    layout = ">QqI" if body[0] else ">IiI"
    times = [time for _, time, _ in struct.iter_unpack(layout, body[8:])]
    return next((time for time in times if time >= 0), 0)
