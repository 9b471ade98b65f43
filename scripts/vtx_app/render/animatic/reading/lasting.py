"""Whether a shot's words may mention what lasts longer than the shot: the hour, the sky, the weather, lights.

Every shot is asked while a film is planned, so little is imported here, and only the letters of words are looked for.
"""

from __future__ import annotations

from functools import lru_cache

from vtx_app.render.animatic.reading.text import lowered
from vtx_app.render.animatic.reading.vocabulary import Words, pattern_of, patterns_of, words_of

__all__ = ["may_last"]

_SKIES = ("times", "sunny", "in the sky", "gone from the sky", "stays dark",
          "weathers", "snowbound", "wet", "wind", "no wind", "lightning")  # fmt: skip


_LIGHTS = words_of("things", "lights")
_LASTING = Words.any_of(
    (
        *(pattern_of("skies", section) for section in _SKIES),
        *(words for kind, words in patterns_of("things", "things") if kind in _LIGHTS),
    )
)


@lru_cache(maxsize=16_384)
def may_last(text: str) -> bool:
    """False if a shot with these words leaves the hour, the sky, the weather and the lights as they are."""
    return _LASTING.may_be_in(lowered(text))
