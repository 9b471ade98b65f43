"""The outline, by a model: one call on the brief."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vtx_app.errors import SpecError
from vtx_app.formats.outline import Outline, OutlineDraft, unknown_names
from vtx_app.project.paths import shown
from vtx_app.story.ledger import Ledger
from vtx_app.story.stable_ids import align, free_scene_id, settled_ids
from vtx_app.story.stage import Part
from vtx_app.story.story_files import BRIEF, OUTLINE, Sources
from vtx_app.story.writers.openai.call import call, listed_twice, reader
from vtx_app.story.yaml_text import yaml_text

__all__ = ["OutlineByModel"]

_HEAD = """\
Acts and scenes in the order they are told. A scene id is a name, not a place: a new scene takes any free one.
Edit anything; what is made anew later is merged with your words."""


class OutlineByModel:
    """``story/01_outline.yaml`` of ``story/00_brief.md``."""

    name = "outline"
    additive = False
    needs: tuple[str, ...] = ()

    def parts(self, sources: Sources, ledger: Ledger) -> Sequence[Part]:
        """One part. Raises :class:`SpecError` where there is no brief to write from."""
        if not sources.brief.strip():
            raise SpecError(
                [f"{shown(sources.path(BRIEF))}: the brief is missing or empty: write a page on what the film is"]
            )
        inputs = {
            "brief": sources.brief,
            "style": sources.style.global_prefix,
            "minutes": sources.metadata.story.minutes,
        }
        return [
            Part(
                key="outline",
                path=OUTLINE,
                inputs=inputs,
                check=reader(OutlineDraft, _faults),
                request=call(sources, self.name, "the film", OutlineDraft, inputs),
                settle=lambda draft, made: _numbered(draft, made, sources),
            )
        ]

    def text(self, sources: Sources, path: str, made: Mapping[str, Any]) -> str:
        """The outline as YAML."""
        return yaml_text({"version": 1, **made["outline"]}, _HEAD)


def _faults(draft: OutlineDraft) -> Iterable[str]:
    if not any(act.scenes for act in draft.acts):
        yield "there is no act with a scene in it"
    for kind, ids in (
        ("character", [who.id for who in draft.characters]),
        ("location", [place.id for place in draft.locations]),
    ):
        yield from (f"{kind} {name!r} is listed twice" for name in listed_twice(ids))
    for number, act in enumerate(draft.acts, 1):
        for place, scene in enumerate(act.scenes, 1):
            if not scene.title.strip():
                yield f"act {number}, scene {place} has no title"
            if scene.location is None:
                yield f"act {number}, scene {place} has no location"
    yield from unknown_names(draft)
    if draft.acts and not draft.characters and any(scene.characters for act in draft.acts for scene in act.scenes):
        yield "scenes name characters, and the list of characters is empty"


def _sign(scene: Mapping[str, Any]) -> str:
    return "\n".join([scene.get("title", ""), scene.get("purpose", ""), *scene.get("beats", [])])


def _numbered(draft: Any, made: Any, sources: Sources) -> dict[str, Any]:
    """The draft with act numbers and scene ids: those of the acts and scenes that it tells again."""
    before = made["acts"] if made else []
    written = sources.outline.model_dump(mode="json", exclude_none=True)["acts"] if sources.exists(OUTLINE) else []
    taken = set(sources.scene_paths)
    acts = []
    for (number, stays), act in zip(_act_numbers(draft["acts"], before), draft["acts"], strict=True):
        ids = settled_ids(
            [_sign(scene) for scene in act["scenes"]],
            _signed(before, number),
            _signed(written, number),
            taken,
            free_scene_id(number),
            by_place=stays,
        )
        scenes = [{"scene": name, **_told(scene)} for name, scene in zip(ids, act["scenes"], strict=True)]
        acts.append({"act": number, **_told(act), "scenes": scenes})
    numbered = {**_told(draft), "acts": sorted(acts, key=lambda act: act["act"])}
    Outline.model_validate(numbered)
    return numbered


def _signed(acts: Any, number: int) -> list[tuple[str, str]]:
    return [(scene["scene"], _sign(scene)) for act in acts if act["act"] == number for scene in act["scenes"]]


def _act_numbers(acts: Any, before: Any) -> list[tuple[int, bool]]:
    """The number of each act, and whether it had it before, or nothing had.

    Acts follow one another by number, so an act keeps its number only where that keeps the order.
    """
    found = align([_sign(act) + act["turn"] for act in acts], [_sign(act) + act["turn"] for act in before])
    had = [before[at]["act"] if at is not None else None for at in found]
    numbers = [number for number in had if number is not None]
    if len(numbers) < len(acts) or numbers != sorted(numbers):
        numbers = list(range(1, len(acts) + 1))
    return [(number, number == old) for number, old in zip(numbers, had, strict=True)]


def _told(data: Mapping[str, Any]) -> dict[str, Any]:
    """Without what was left empty."""
    return {key: value for key, value in data.items() if value not in ("", [], None)}
