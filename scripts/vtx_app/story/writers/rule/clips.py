"""One spec a shot, in the shot list's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vtx_app.formats.shot_list import Shot
from vtx_app.story.ledger import Ledger
from vtx_app.story.spec_text import Following, known_names, spec_path, spec_text, with_shot_before
from vtx_app.story.stage import Part
from vtx_app.story.story_files import Sources

__all__ = ["ClipsByRule"]

_STILL = ("", "hold", "static", "still", "locked off")
_ENDINGS = (".", "!", "?", "…", "。", "！", "？", ":", '"', "”", "»")


class ClipsByRule:
    """``prompts/clips/<clip_id>__<slug>.yaml``, one a shot."""

    name = "clips"
    additive = False
    needs: tuple[str, ...] = ("bibles", "shotlist")

    def parts(self, sources: Sources, ledger: Ledger) -> Sequence[Part]:
        """A part for each shot of the shot list. Raises :class:`vtx_app.errors.SpecError` for names it can't know."""
        known_names(sources)
        return [self._shot(sources, following) for following in with_shot_before(sources.shots.shots)]

    def _shot(self, sources: Sources, following: Following) -> Part:
        return Part(
            key=following.shot.clip_id,
            path=spec_path(sources, following.shot),
            inputs=following.decides(),
            check=lambda _: following.spec(_positive(following.shot, sources), ""),
        )

    def text(self, sources: Sources, path: str, made: Mapping[str, Any]) -> str:
        """The spec as YAML."""
        (spec,) = made.values()
        return spec_text(spec)


def _positive(shot: Shot, sources: Sources) -> str:
    """The shot in sentences: framing, what happens, who speaks, how the camera moves."""
    framing = ", ".join(word for word in (shot.size and f"{shot.size} shot", shot.angle) if word)
    people = sources.characters.characters
    speakers = list(dict.fromkeys(people[said.character].name for said in shot.dialogue if said.character in people))
    told = [framing, *shot.beats]
    if not shot.beats and speakers:
        told.append(f"{' and '.join(speakers)} speaking")
    if shot.movement.strip().casefold() not in _STILL:
        told.append(f"Camera: {shot.movement}")
    return " ".join(_sentence(each) for each in told if each.strip()) or shot.title or shot.clip_id


def _sentence(text: str) -> str:
    words = " ".join(text.split())
    words = words[:1].upper() + words[1:]
    return words if words.endswith(_ENDINGS) else f"{words}."
