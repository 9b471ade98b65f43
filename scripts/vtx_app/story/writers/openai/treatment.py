"""The treatment, by a model: a call for each act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from pydantic import Field

from vtx_app.formats.base import Format, Text
from vtx_app.formats.outline import OutlineAct
from vtx_app.story.ledger import Ledger
from vtx_app.story.stage import Part
from vtx_app.story.story_files import TREATMENT, Sources
from vtx_app.story.writers.openai.call import call, reader
from vtx_app.story.writers.openai.telling import film_told, scene_told

__all__ = ["ActProse", "TreatmentByModel"]


class ActProse(Format):
    """The prose of one act."""

    scenes: Annotated[list[Text], Field(description="a text for each scene of the act, in order")]


class TreatmentByModel:
    """``story/02_treatment.md`` of the outline."""

    name = "treatment"
    additive = False
    needs: tuple[str, ...] = ("outline",)

    def parts(self, sources: Sources, ledger: Ledger) -> Sequence[Part]:
        """A part for each act."""
        found = []
        acts = sources.outline.acts
        for place, act in enumerate(acts):
            if not act.scenes:
                continue
            asked = {
                "film": film_told(sources),
                "before": [other.turn for other in acts[:place]],
                "act": {
                    "title": act.title,
                    "turn": act.turn,
                    "scenes": [scene_told(sources.outline, scene) for scene in act.scenes],
                },
            }
            key = f"A{act.act:02d}"
            ids = [scene.scene for scene in act.scenes]
            found.append(
                Part(
                    key=key,
                    path=TREATMENT,
                    inputs={**asked, "ids": ids},
                    check=reader(ActProse, _faults(len(act.scenes))),
                    request=call(sources, self.name, key, ActProse, asked),
                    settle=partial(_by_scene, ids),
                )
            )
        return found

    def text(self, sources: Sources, path: str, made: Mapping[str, Any]) -> str:
        """Markdown: a heading for the act, and one with its id for each scene."""
        blocks = [f"# {_line(sources.outline.title or sources.metadata.title)}: treatment"]
        for act in sources.outline.acts:
            prose = made.get(f"A{act.act:02d}")
            if prose is not None:
                blocks += [f"## {_act_heading(act)}"]
                blocks += [
                    f"### {scene.scene} {_line(scene.title)}\n\n{_paragraphs(prose[scene.scene])}"
                    for scene in act.scenes
                    if scene.scene in prose
                ]
        return "\n\n".join(blocks) + "\n"


def _by_scene(ids: Sequence[str], draft: Any, _: Any) -> dict[str, str]:
    return dict(zip(ids, draft["scenes"], strict=True))


def _faults(size: int) -> Any:
    def faults(prose: ActProse) -> Iterable[str]:
        if len(prose.scenes) != size:
            yield f"the act has {size} scenes, and there are {len(prose.scenes)} texts"
        yield from (
            f"the text of scene {place} is empty" for place, text in enumerate(prose.scenes, 1) if not text.strip()
        )

    return faults


def _act_heading(act: OutlineAct) -> str:
    return f"Act {act.act}" + (f": {_line(act.title)}" if act.title else "")


def _line(text: str) -> str:
    return " ".join(text.split())


def _paragraphs(text: str) -> str:
    """Paragraphs, none of which Markdown takes for a heading, and so for another scene."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return "\n".join(f"\\{line}" if line.startswith("#") else line for line in lines)
