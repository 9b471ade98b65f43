"""The scene files of a screenplay that is there already, one a scene, nothing of it lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from vtx_app.errors import SpecError
from vtx_app.project.paths import shown
from vtx_app.story.ledger import Ledger, read_ledger
from vtx_app.story.names import slug_of
from vtx_app.story.screenplay.fountain_writer import fountain_scene
from vtx_app.story.stage import Part
from vtx_app.story.story_files import OUTLINE, SCENES, Sources
from vtx_app.story.writers.rule.outline import scene_title
from vtx_app.story.writers.rule.script import screenplay_of

__all__ = ["ScenesOfScreenplay"]


def _same(text: str, _: Any) -> str:
    return text


class ScenesOfScreenplay:
    """``story/03_screenplay/<scene>__<slug>.md`` of ``story/screenplay.fountain`` or ``.fdx``."""

    name = "screenplay"
    additive = False
    needs: tuple[str, ...] = ("outline",)

    def parts(self, sources: Sources, ledger: Ledger) -> Sequence[Part]:
        """A part for each scene. Raises :class:`SpecError` where an outline of the writer's own has other scenes."""
        scenes = screenplay_of(sources).scenes
        known = read_ledger(sources.folder, "outline").parts.get("outline")
        acts = known.made["acts"] if known else sources.outline.model_dump(mode="json")["acts"]
        ids = [scene["scene"] for act in acts for scene in act["scenes"]]
        if len(ids) != len(scenes):
            raise SpecError(
                [
                    f"{shown(sources.path(OUTLINE))}: it has {len(ids)} scenes and the screenplay has {len(scenes)}: "
                    "make them agree, or delete the outline to have it made from the screenplay"
                ]
            )
        found = []
        for name, scene in zip(ids, scenes, strict=True):
            text = fountain_scene(scene)
            path = sources.scene_paths.get(name) or f"{SCENES}/{name}__{slug_of(scene_title(scene))}.md"
            found.append(Part(key=name, path=path, inputs=text, check=partial(_same, text)))
        return found

    def text(self, sources: Sources, path: str, made: Mapping[str, Any]) -> str:
        """The scene in Fountain."""
        (text,) = made.values()
        return str(text)
