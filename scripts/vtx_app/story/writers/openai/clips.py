"""The words of each shot, by a model: a call for each shot, so that one that changes is one call and one take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from vtx_app.formats.base import Format, Text
from vtx_app.story.ledger import Ledger
from vtx_app.story.spec_text import Following, known_names, spec_path, spec_text, with_shot_before
from vtx_app.story.stage import Part
from vtx_app.story.story_files import Sources, scene_of
from vtx_app.story.writers.openai.call import call, reader

__all__ = ["ClipWords", "ClipsByModel"]

_MOST_WORDS = 170


class ClipWords(Format):
    """What a shot shows, in words for the video model."""

    positive: Annotated[Text, Field(description="picture, movement and sound, in flowing sentences")]
    negative: Annotated[Text | None, Field(description="what this shot must not show")] = None


class ClipsByModel:
    """``prompts/clips/<clip_id>__<slug>.yaml``, one a shot."""

    name = "clips"
    additive = False
    needs: tuple[str, ...] = ("outline", "bibles", "shotlist")

    def parts(self, sources: Sources, ledger: Ledger) -> Sequence[Part]:
        """A part for each shot of the shot list. Raises :class:`vtx_app.errors.SpecError` for names it can't know."""
        known_names(sources)
        return [self._shot(sources, following) for following in with_shot_before(sources.shots.shots)]

    def _shot(self, sources: Sources, following: Following) -> Part:
        shot = following.shot
        people, places = sources.characters.characters, sources.locations.locations
        outlined = sources.outlined.get(scene_of(shot.clip_id))
        told = shot.model_dump(mode="json", exclude={"clip_id", "characters", "location", "profile", "continues"})
        asked = {
            "shot": {
                **told,
                "characters": [people[who.id].name for who in shot.characters],
                "dialogue": [{"character": people[said.character].name, "line": said.line} for said in shot.dialogue],
                "location": places[shot.location].name if shot.location else None,
                "time": outlined[1].time if outlined else "",
            },
            "goes_on_from": following.parent.beats if following.parent else None,
        }
        return Part(
            key=shot.clip_id,
            path=spec_path(sources, shot),
            inputs={**asked, **following.decides()},
            check=reader(ClipWords, _faults),
            request=call(sources, self.name, shot.clip_id, ClipWords, asked),
            settle=lambda draft, _: following.spec(draft["positive"], draft.get("negative", "")),
        )

    def text(self, sources: Sources, path: str, made: Mapping[str, Any]) -> str:
        """The spec as YAML."""
        (spec,) = made.values()
        return spec_text(spec)


def _faults(words: ClipWords) -> Iterable[str]:
    size = len(words.positive.split())
    if not size:
        yield "positive is empty"
    if size > _MOST_WORDS:
        yield f"positive has {size} words; at most {_MOST_WORDS} leave room for who and where"
