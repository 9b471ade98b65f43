"""What a film file carries besides picture and sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vtx_app.media.chapters import Chapter

__all__ = ["Labels"]


@dataclass(frozen=True, slots=True)
class Labels:
    """``metadata`` has FFmpeg's keys (``title``, ``comment``, ``creation_time`` as ISO 8601).

    ``language`` is that of sound and subtitles, three letters of ISO 639-2/T. ``subtitles`` are (first frame, end
    frame, text), in order, not overlapping. ``poster`` is a JPEG file, for films that are joined by stream copy;
    ``time_code`` is that of the first frame (``01:00:00:00``; empty: none), for films that are encoded for a delivery.
    """

    metadata: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    chapters: Sequence[Chapter] = ()
    subtitles: Sequence[tuple[int, int, str]] = ()
    poster: bytes | None = None
    time_code: str = ""
