"""A subtitle track in an MP4 file (3GPP TS 26.245, ``tx3g``), which QuickTime, Windows and Android show.

Its packets follow each other without a gap: between two subtitles stands one without text.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from av.container import OutputContainer
from av.packet import Packet

__all__ = ["TextTrack"]

_STYLE = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Sans-Serif,18,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
"""White letters low in the middle, from which FFmpeg makes the track's description."""

_LONGEST = 0xFFFF  # bytes of a text: their number is written in 16 bits (TS 26.245, 5.17)


class TextTrack:
    """The subtitle track of an MP4 file being written; times are frames. Add it before any packet."""

    def __init__(self, container: OutputContainer, rate: Fraction, *, language: str = "") -> None:
        self._container, self._rate = container, rate
        self._stream: Any = container.add_stream("mov_text")
        self._stream.codec_context.subtitle_header = _STYLE
        self._stream.codec_context.time_base = self._stream.time_base = 1 / rate
        if language:
            self._stream.metadata["language"] = language
        self._end = 0

    def write(self, start: int, end: int, text: str) -> None:
        """Show ``text`` from frame ``start`` up to, not including, ``end``; after the one before it."""
        if start < self._end or end <= start:
            raise ValueError(f"a subtitle from frame {start} to {end} after one that ends at {self._end}")
        words = text.encode()[:_LONGEST].decode(errors="ignore").encode()
        packet = Packet(len(words).to_bytes(2, "big") + words)
        packet.stream, packet.time_base = self._stream, 1 / self._rate
        packet.pts = packet.dts = start
        packet.duration = end - start
        packet.is_keyframe = True
        self._container.mux_one(packet)
        self._end = end
