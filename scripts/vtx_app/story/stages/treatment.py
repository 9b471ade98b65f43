"""The treatment, by a model: one call for each act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from vtx_app.formats.base import Format, Text
from vtx_app.formats.outline import OutlineAct
from vtx_app.project.paths import TREATMENT
from vtx_app.story.stage import Part, Stage
from vtx_app.story.stages.model_requests import answer_check, film_context, make_request, scene_context
from vtx_app.story.story_files import StoryFiles

__all__ = ["ActProse", "ModelTreatment"]


class ActProse(Format):
    """The prose of one act."""

    scenes: Annotated[list[Text], Field(description="a text for each scene of the act, in order")]


class ModelTreatment(Stage):
    """``story/02_treatment.md`` from the outline."""

    name = "treatment"
    needs = ("outline",)

    def parts(self, files: StoryFiles) -> Sequence[Part]:
        """One part for each act."""
        acts = files.outline.acts
        return [self._part(files, act, acts[:place]) for place, act in enumerate(acts) if act.scenes]

    def _part(self, files: StoryFiles, act: OutlineAct, before: Sequence[OutlineAct]) -> Part:
        context = {
            "film": film_context(files),
            "before": [other.turn for other in before],
            "act": {
                "title": act.title,
                "turn": act.turn,
                "scenes": [scene_context(files.outline, scene) for scene in act.scenes],
            },
        }
        key = f"A{act.act:02d}"
        ids = [scene.scene for scene in act.scenes]
        return Part(
            key=key,
            path=TREATMENT,
            inputs={**context, "ids": ids},
            check=answer_check(ActProse, _faults(len(ids))),
            request=make_request(files, self.name, key, ActProse, context),
            finish=lambda draft, before: dict(zip(ids, draft["scenes"], strict=True)),
        )

    def text(self, files: StoryFiles, path: str, made: Mapping[str, Any]) -> str:
        """Markdown: a heading for each act, and one with its id for each scene."""
        blocks = [f"# {_line(files.outline.title or files.metadata.title)}: treatment"]
        for act in files.outline.acts:
            prose = made.get(f"A{act.act:02d}")
            if prose is not None:
                blocks.append(f"## Act {act.act}" + (f": {_line(act.title)}" if act.title else ""))
                blocks += [
                    f"### {scene.scene} {_line(scene.title)}\n\n{_paragraphs(prose[scene.scene])}"
                    for scene in act.scenes
                    if scene.scene in prose
                ]
        return "\n\n".join(blocks) + "\n"


def _faults(size: int) -> Callable[[ActProse], Iterable[str]]:
    def faults(prose: ActProse) -> Iterable[str]:
        if len(prose.scenes) != size:
            yield f"the act has {size} scenes, and there are {len(prose.scenes)} texts"
        yield from (
            f"the text of scene {place} is empty" for place, text in enumerate(prose.scenes, 1) if not text.strip()
        )

    return faults


def _line(text: str) -> str:
    return " ".join(text.split())


def _paragraphs(text: str) -> str:
    """Paragraphs without Markdown headings, which would look like another scene."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return "\n".join(f"\\{line}" if line.startswith("#") else line for line in lines)
