"""How long a shot is: as its spec says, or as long as its beats and its dialogue need.

Auto counts what an editor would: people speak about 150 words a minute (2.5 a second; National Center
for Voice and Speech), an action takes a moment to see and longer the more it describes, and words
shown on screen must stand long enough to be read (about 17 characters a second in subtitling
guidelines). Speech and action happen together, so the longer of the two decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from vtx_app.formats.clip_spec import Duration
from vtx_app.formats.metadata import MAX_SECONDS

__all__ = ["auto_seconds", "clip_seconds", "spoken_seconds", "wanted_frames"]

WORDS_PER_SECOND = 2.5
BREATH_SECONDS = 0.6
BEAT_SECONDS = 1.0
BEAT_WORD_SECONDS = 0.12
HOLD_SECONDS = 1.5

_READING = re.compile(r"\b(read|reads|reading|inscription|caption|letters|lettering|headline)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_SYLLABIC = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def _words(text: str) -> float:
    """Words of ``text``; scripts written without spaces count two characters a word."""
    syllables = len(_SYLLABIC.findall(text))
    return len(_WORD.findall(_SYLLABIC.sub(" ", text))) + syllables / 2


def spoken_seconds(text: str) -> float:
    """Seconds to say ``text`` at a natural pace, with a breath before it."""
    return BREATH_SECONDS + _words(text) / WORDS_PER_SECOND


def auto_seconds(beats: Sequence[str], lines: Sequence[str], words: str = "") -> float:
    """Seconds that the ``beats`` and the spoken ``lines`` need; the clip's own ``words`` where it has neither."""
    if not beats and not lines:
        beats = [sentence for sentence in re.split(r"(?<=[.!?…。])\s+", words) if sentence.strip()]
    action = sum(BEAT_SECONDS + BEAT_WORD_SECONDS * _words(beat) for beat in beats)
    speech = sum(spoken_seconds(line) for line in lines)
    hold = HOLD_SECONDS if any(_READING.search(beat) for beat in beats) else 0.0
    return max(action, speech) + hold


def clip_seconds(duration: Duration, beats: Sequence[str], lines: Sequence[str], words: str, limit: float) -> float:
    """The wanted length in seconds, clamped to the spec's [min, max] and never over 15 s.

    ``limit`` seconds is the film's longest shot, for specs that give neither ``seconds`` nor ``max_seconds``.
    """
    if duration.mode == "fixed" and duration.seconds is not None:
        return min(duration.seconds, MAX_SECONDS)
    longest = min(duration.max_seconds or limit, MAX_SECONDS)
    return min(max(auto_seconds(beats, lines, words), duration.min_seconds), longest)


def wanted_frames(seconds: float, rate: Fraction) -> int:
    """``round(fps × seconds)`` frames, at least 1."""
    return max(1, round(Fraction(str(seconds)) * rate))
