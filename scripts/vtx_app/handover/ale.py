"""An Avid Log Exchange file: every take of the hand-over with its reel and time code, for a bin of Avid Media Composer.

Written here, because OpenTimelineIO's adapter can't choose its columns. The form: a heading, the names of the columns,
a line a take, fields between tabs (Avid, ALE file format).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from vtx_app.formats.clip_spec import clip_numbers
from vtx_app.formats.rate import rate_text
from vtx_app.formats.time_code import film_time_code
from vtx_app.handover.model import Media

__all__ = ["ale_text"]

_HD_HEIGHTS = (1080, 720)
_COLUMNS = (
    "Name",
    "Tracks",
    "Start",
    "End",
    "Tape",
    "FPS",
    "Source File",
    "Scene",
    "Take",
    "Circled",
    "Description",
    "Comments",
)


def ale_text(media: Sequence[Media], rate: Fraction, height: int) -> str:
    """The log of ``media`` at ``rate`` frames per second, pictures ``height`` pixels high."""
    lines = [
        "Heading",
        "FIELD_DELIM\tTABS",
        f"VIDEO_FORMAT\t{height if height in _HD_HEIGHTS else 'CUSTOM'}",
        "AUDIO_FORMAT\t48khz",
        f"FPS\t{rate_text(rate)}",
        "",
        "Column",
        "\t".join(_COLUMNS),
        "",
        "Data",
    ]
    for each in media:
        act, scene, shot, letter = clip_numbers(each.clip_id)
        fields = (
            each.name,
            "VA1A2",
            film_time_code(0, rate),
            film_time_code(each.frames, rate),
            each.reel,
            rate_text(rate),
            f"{each.name}.mov",
            f"{act}.{scene}.{shot}{letter}",
            str(each.number),
            "Yes" if each.shown else "",
            each.title,
            each.note,
        )
        lines.append("\t".join(" ".join(field.split()) for field in fields))
    return "\n".join(lines) + "\n"
