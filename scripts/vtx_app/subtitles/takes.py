"""The speech in takes, in the time of their shots. What was found in a take is kept: a trim reads no take again."""

from __future__ import annotations

import contextlib
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from vtx_app.files import write_text
from vtx_app.media.codec import SAMPLE_RATE
from vtx_app.media.reader import picture_rate
from vtx_app.media.sound import read_sound
from vtx_app.subtitles.placing import Stretch
from vtx_app.subtitles.speech import SPEECH_VERSION, find_speech

__all__ = ["TakesSpeech"]

_Found = tuple[str | None, list[Stretch]]
"""Of a take: its frames per second, and the stretches (seconds) in which somebody speaks."""


class TakesSpeech:
    """The speech in takes. A take whose speech is in the file ``path`` is not read.

    The file may be deleted: it only saves reading. A take is known by its name, size and time of change.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _read(path)
        self._asked: dict[str, _Found] = {}

    def in_shot(self, take: Path, rate: Fraction, head: int) -> list[Stretch]:
        """Where somebody speaks in ``take``, in seconds from its frame ``head``, the shot's first.

        ``rate`` is the film's. Frames are counted, not timed: a take of 24 frames a second plays at 24000/1001 in a
        film of that rate. Empty for a take without sound, or without speech in it. Raises :class:`OSError` if the take
        is not there, and :class:`vtx_app.errors.CutError` if it can't be read.
        """
        status = take.stat()
        key = f"{take.parent.name}/{take.name}|{status.st_size}|{status.st_mtime_ns}"
        found = self._known.get(key) or _found(take)
        self._asked[key] = found
        return _in_shot(found, rate, head)

    def keep(self) -> None:
        """Write what was asked for, and nothing else, into the file; if that fails, the next job reads the takes."""
        if self._asked.keys() != self._known.keys():
            with contextlib.suppress(OSError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                write_text(self._path, json.dumps({"version": SPEECH_VERSION, "takes": self._asked}))


def _found(take: Path) -> _Found:
    sound = read_sound(take)
    if sound is None:
        return None, []
    rate = picture_rate(take)
    return None if rate is None else str(rate), find_speech(sound, SAMPLE_RATE)


def _in_shot(found: _Found, rate: Fraction, head: int) -> list[Stretch]:
    own, speech = found
    slower = Fraction(own or rate) / rate
    begin = head / rate
    return [(float(start * slower - begin), float(end * slower - begin)) for start, end in speech]


def _read(path: Path) -> dict[str, _Found]:
    """What the file holds; nothing if it is missing, damaged or of another version."""
    try:
        data = json.loads(path.read_bytes())
        if data["version"] == SPEECH_VERSION:
            return {str(key): _checked(value) for key, value in data["takes"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, ZeroDivisionError, RecursionError):
        pass
    return {}


def _checked(value: Any) -> _Found:
    rate, speech = value
    return None if rate is None else str(Fraction(rate)), [(float(start), float(end)) for start, end in speech]
