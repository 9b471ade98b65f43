"""The words heard in the takes that the film shows, compared with its dialogue. Pure."""

from __future__ import annotations

import textwrap

from vtx_app.formats.renderers import RENDERERS
from vtx_app.plan.clip_plan import ClipPlan
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.qc.finding import Finding
from vtx_app.qc.limits import limit
from vtx_app.qc.words import Heard, compare_words, words_of
from vtx_app.subtitles.words import spoken_text
from vtx_app.text import plural

__all__ = ["is_listened_to", "word_findings"]


def is_listened_to(plan: FilmPlan, clip: ClipPlan) -> bool:
    """Whether the words of the clip's take are to be checked. A storyboard's voice speaks no words."""
    asked = plan.film.metadata.qc.words and "words" not in plan.film.metadata.qc.off
    return asked and bool(clip.clip.spec.prompt.dialogue) and RENDERERS[clip.take.request.renderer].uses_models


def word_findings(clip: ClipPlan, heard: Heard | None) -> list[Finding]:
    """The finding for a take whose words are not those of its dialogue."""
    if heard is None:
        return []
    lines = [spoken_text(line.line) for line in clip.clip.spec.prompt.dialogue]
    errors = compare_words(words_of(" ".join(lines)), words_of(heard.text))
    if errors.rate <= limit("words"):
        return []
    found = f"“{textwrap.shorten(heard.text, 80, placeholder='…')}” is heard" if heard.text else "none is heard"
    message = (
        f"{min(errors.wrong, errors.written)} of its {plural(errors.written, 'word')} are not said as written; {found}"
    )
    return [Finding("words", clip.clip_id, heard.digest, message)]
