"""The tracks that FFmpeg makes of a film's labels by itself: chapters and time code.

They have no stream of their own, so no language can be given to them, and FFmpeg writes none: their number is 0, which
players read as English.
"""

from __future__ import annotations

from pathlib import Path

from vtx_app.media.mp4 import child_box, inner_boxes, top_boxes

__all__ = ["share_language"]

_SIDE = (b"text", b"tmcd")
"""Handlers of chapters and time code (QuickTime File Format, Media handler)."""


def share_language(path: Path) -> None:
    """Give the chapters and the time code of the finished MP4 or MOV file at ``path`` its picture's language.

    Raises :class:`OSError`.
    """
    _, start, size = next(box for box in top_boxes(path) if box[0] == "moov")
    with path.open("r+b") as file:
        file.seek(start + 8)
        index = bytearray(file.read(size - 8))
        medias = [child_box(trak, "mdia") for kind, trak in inner_boxes(memoryview(index)) if kind == "trak"]
        handlers = [bytes(child_box(media, "hdlr")[8:12]) for media in medias]
        if b"vide" not in handlers or not set(_SIDE) & set(handlers):
            return
        language = bytes(_language(medias[handlers.index(b"vide")]))
        for media, handler in zip(medias, handlers, strict=True):
            if handler in _SIDE:
                _language(media)[:] = language
        file.seek(start + 8)
        file.write(index)


def _language(media: memoryview) -> memoryview:
    """The number of a track's language (ISO/IEC 14496-12, 8.4.2)."""
    header = child_box(media, "mdhd")
    at = 32 if header[0] else 20
    return header[at : at + 2]
