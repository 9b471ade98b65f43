"""How long a clip is, by its spec or by its beats and dialogue, and the legal length of a take.

Auto counts what an editor would: people speak about 150 words a minute (2.5 a second; National Center
for Voice and Speech), an action takes a moment to see and longer the more it describes, and words
shown on screen must stand long enough to be read (about 17 characters a second in subtitling
guidelines). Speech and action happen together, so the longer of the two decides.

Frames of LTX-2 come as 8k+1 (measured on ltx-pipelines 1.0.0 and 1.2.0: anything else is floored silently).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from vtx_app.compile.sources import RequestSources, spec_file
from vtx_app.formats.clip_spec import Duration
from vtx_app.formats.metadata import MAX_SECONDS
from vtx_app.formats.rate import exact_rate, frame_count
from vtx_app.project.film import Clip, Film
from vtx_app.project.handles import clip_handles, longest_shot

__all__ = [
    "auto_seconds",
    "clip_frames",
    "clip_seconds",
    "legal_frames",
    "legal_rate",
    "record_length",
    "spoken_seconds",
]

WORDS_PER_SECOND = 2.5
BREATH_SECONDS = 0.6
BEAT_SECONDS = 1.0
BEAT_WORD_SECONDS = 0.12
HOLD_SECONDS = 1.5

_READING = r"(?i)\b(read|reads|reading|inscription|caption|letters|lettering|headline)\b"
_WORD = r"\w+(?:['’]\w+)*"
_SYLLABIC = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"


def _words(text: str) -> float:
    """Words of ``text``; scripts written without spaces count two characters a word."""
    syllables = len(re.findall(_SYLLABIC, text))
    return len(re.findall(_WORD, re.sub(_SYLLABIC, " ", text))) + syllables / 2


def spoken_seconds(text: str) -> float:
    """Seconds to say ``text`` at a natural pace, with a breath before it."""
    return BREATH_SECONDS + _words(text) / WORDS_PER_SECOND


def auto_seconds(beats: Sequence[str], lines: Sequence[str], words: str = "") -> float:
    """Seconds that the ``beats`` and the spoken ``lines`` need; without either, the clip's own ``words``."""
    if not beats and not lines:
        beats = [sentence for sentence in re.split(r"(?<=[.!?…。])\s+", words) if sentence.strip()]
    action = sum(BEAT_SECONDS + BEAT_WORD_SECONDS * _words(beat) for beat in beats)
    speech = sum(spoken_seconds(line) for line in lines)
    hold = HOLD_SECONDS if any(re.search(_READING, beat) for beat in beats) else 0.0
    return max(action, speech) + hold


def clip_seconds(duration: Duration, beats: Sequence[str], lines: Sequence[str], words: str, limit: float) -> float:
    """The length in seconds, clamped to the spec's [min, max] and never over 15 s.

    ``limit`` seconds is the film's longest shot, for specs that give neither ``seconds`` nor ``max_seconds``.
    """
    if duration.mode == "fixed" and duration.seconds is not None:
        return min(duration.seconds, MAX_SECONDS)
    longest = min(duration.max_seconds or limit, MAX_SECONDS)
    return min(max(auto_seconds(beats, lines, words), duration.min_seconds), longest)


def legal_frames(frames: int, doublings: int = 0) -> int:
    """The smallest 8k+1 that is at least ``frames``, k ≥ 1 (a single frame is not a clip).

    Each of the ``doublings`` of the frame rate turns n frames into (n-1)·2+1.
    """
    step = 8 << doublings
    return max(1, -(-(frames - 1) // step)) * step + 1


def legal_rate(rate: Fraction) -> int:
    """The whole frames per second that a take of a film at ``rate`` is rendered at (24000/1001 → 24).

    LTX always writes ``int(fps)`` into its files; conforming gives the frames their true times.
    """
    return max(1, round(rate))


def clip_frames(clip: Clip, film: Film) -> int:
    """The length of a clip in frames: ``round(fps × seconds)``, and never more than its handles leave it."""
    spec = clip.spec
    lines = [each.line for each in spec.prompt.dialogue]
    limit = film.settings["max_seconds"]
    seconds = clip_seconds(spec.render.duration, spec.story_beats, lines, spec.prompt.positive, limit)
    frames = frame_count(seconds, exact_rate(film.settings["fps"]))
    return min(frames, longest_shot(clip, film)) if clip_handles(clip, film) else frames


def record_length(clip: Clip, part: str, sources: RequestSources, suffix: str = "") -> None:
    """Record what decides the length of ``clip``: the seconds in its spec, or the texts it is estimated from."""
    spec, file = clip.spec, spec_file(clip.stem)
    duration = spec.render.duration
    if duration.mode == "fixed":
        sources.read(part, file, f"render.duration{suffix}", duration.seconds)
        return
    limits = f"auto, {duration.min_seconds:g} to {duration.max_seconds or MAX_SECONDS:g}"
    sources.read(part, file, f"render.duration{suffix}", limits)
    if duration.max_seconds is None:
        sources.setting("max_seconds", "max_seconds")
    sources.read(part, file, f"story_beats{suffix}", " / ".join(spec.story_beats) or None)
    for number, line in enumerate(spec.prompt.dialogue):
        sources.read(part, file, f"prompt.dialogue.{number}{suffix}", f"{line.character}: {line.line}")
    if not spec.story_beats and not spec.prompt.dialogue:
        sources.read(part, file, f"prompt.positive{suffix}", spec.prompt.positive)
