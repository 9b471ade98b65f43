"""The speech in a take, in the time of its shot."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from vtx_app.media.codec import SAMPLE_RATE
from vtx_app.media.reader import picture_rate
from vtx_app.media.sound import read_sound
from vtx_app.subtitles.placing import Stretch
from vtx_app.subtitles.speech import find_speech

__all__ = ["speech_in_shot"]


def speech_in_shot(take: Path, rate: Fraction, head: int) -> list[Stretch]:
    """Where somebody speaks in the take, in seconds from its frame ``head``, the shot's first, at the film's ``rate``.

    Frames are counted, not timed: a take of 24 frames a second plays at 24000/1001 in a film of that rate. Empty for a
    take without sound, or without speech in it. Raises :class:`vtx_app.errors.CutError` if it can't be read.
    """
    sound = read_sound(take)
    if sound is None:
        return []
    slower = (picture_rate(take) or rate) / rate
    begin = head / rate
    return [
        (float(start * slower - begin), float(end * slower - begin)) for start, end in find_speech(sound, SAMPLE_RATE)
    ]
