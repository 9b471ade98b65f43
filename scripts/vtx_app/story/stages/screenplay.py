"""The screenplay, one Fountain file for each scene: by a model, or from the writer's own screenplay without loss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field

from vtx_app.errors import SpecError
from vtx_app.files import display_path
from vtx_app.formats.base import Format, Name, Text
from vtx_app.formats.outline import OutlineScene
from vtx_app.project.paths import OUTLINE, SCENES
from vtx_app.story.ledger import read_ledger
from vtx_app.story.names import slug_of
from vtx_app.story.screenplay.fountain_writer import write_scene
from vtx_app.story.screenplay.script import Element, ScriptScene
from vtx_app.story.stage import Part, Stage
from vtx_app.story.stages.model_requests import (
    answer_check,
    film_context,
    make_request,
    scene_context,
    scene_summary,
    scene_treatment,
    unknown_name,
)
from vtx_app.story.stages.outline import scene_title
from vtx_app.story.stages.screenplay_names import own_screenplay
from vtx_app.story.story_files import StoryFiles

__all__ = ["ModelScreenplay", "RuleScreenplay", "SceneScript"]


class ScriptElement(Format):
    """What happens, or what is said."""

    kind: Annotated[Literal["action", "dialogue"], Field(description="action or dialogue")]
    character: Annotated[Name | None, Field(description="who speaks: an id of the scene's characters")] = None
    extension: Annotated[Literal["O.S.", "V.O."] | None, Field(description="off screen, or a voice over")] = None
    parenthetical: Annotated[Text | None, Field(description="how it is said, without brackets")] = None
    text: Annotated[Text, Field(description="the action, or the words spoken")]


class SceneScript(Format):
    """One scene as it will be played."""

    setting: Annotated[Literal["INT", "EXT", "INT/EXT"], Field(description="inside, outside or both")]
    elements: Annotated[list[ScriptElement], Field(description="in order")]


def _scene_path(files: StoryFiles, scene_id: str, title: str) -> str:
    """The scene's existing file, else one named by its title."""
    return files.scene_paths.get(scene_id) or f"{SCENES}/{scene_id}__{slug_of(title)}.md"


class ModelScreenplay(Stage):
    """``story/03_screenplay/<scene>__<slug>.md`` from the outline and the treatment."""

    name = "screenplay"
    needs = ("outline", "treatment")

    def parts(self, files: StoryFiles) -> Sequence[Part]:
        """One part for each scene of the outline."""
        scenes = [scene for _, scene in files.outline.scenes()]
        return [
            self._part(files, scene, before, after)
            for before, scene, after in zip([None, *scenes], scenes, [*scenes[1:], None], strict=False)
        ]

    def _part(
        self, files: StoryFiles, scene: OutlineScene, before: OutlineScene | None, after: OutlineScene | None
    ) -> Part:
        act, _ = files.outlined[scene.scene]
        inputs = {
            "film": film_context(files),
            "act": {"title": act.title, "turn": act.turn},
            "before": scene_summary(before),
            "scene": scene_context(files.outline, scene),
            "treatment": scene_treatment(files, scene.scene),
            "after": scene_summary(after),
        }
        return Part(
            key=scene.scene,
            path=_scene_path(files, scene.scene, scene.title or "scene"),
            inputs=inputs,
            check=answer_check(SceneScript, _faults(scene)),
            request=make_request(files, self.name, scene.scene, SceneScript, inputs),
            finish=partial(_with_names, files, scene),
        )

    def text(self, files: StoryFiles, path: str, made: Mapping[str, Any]) -> str:
        """The scene in Fountain."""
        (scene,) = made.values()
        heading = f"{scene['setting']}. {scene['place']}" + (f" - {scene['time']}" if scene["time"] else "")
        elements = tuple(_element(each, scene["names"]) for each in scene["elements"])
        return write_scene(ScriptScene(heading, scene["setting"], scene["place"], scene["time"], elements=elements))


def _element(draft: Mapping[str, str], names: Mapping[str, str]) -> Element:
    if draft["kind"] == "action":
        return Element("action", draft["text"])
    return Element(
        "dialogue",
        draft["text"],
        character=names.get(draft.get("character", ""), ""),
        extension=draft.get("extension", ""),
        parenthetical=draft.get("parenthetical", "").strip("()"),
    )


def _with_names(files: StoryFiles, scene: OutlineScene, draft: Any, _: Any) -> dict[str, Any]:
    """The draft with place, time and names in capitals, as a screenplay has them."""
    places = {place.id: place.name for place in files.outline.locations}
    cast = {who.id: who.name for who in files.outline.characters}
    place = places.get(scene.location or "", scene.location or "")
    return {
        **draft,
        "place": _capitals(place) or "SOMEWHERE",
        "time": _capitals(scene.time),
        "names": {name: _capitals(cast.get(name, name)) for name in scene.characters},
    }


def _capitals(text: str) -> str:
    return " ".join(text.upper().split())


def _faults(scene: OutlineScene) -> Callable[[SceneScript], Iterable[str]]:
    def faults(script: SceneScript) -> Iterable[str]:
        if not script.elements:
            yield "the scene is empty"
        for place, element in enumerate(script.elements, 1):
            at = f"element {place}"
            if not element.text.strip():
                yield f"{at} is empty"
            if element.kind == "dialogue" and element.character is None:
                yield f"{at} is dialogue, and nobody speaks it: say which character"
            yield from unknown_name("character", at, element.character, scene.characters)

    return faults


class RuleScreenplay(Stage):
    """``story/03_screenplay/<scene>__<slug>.md`` from ``story/screenplay.fountain`` or ``.fdx``."""

    name = "screenplay"
    needs = ("outline",)

    def parts(self, files: StoryFiles) -> Sequence[Part]:
        """One part for each scene. Raises :class:`SpecError` if an edited outline has another number of scenes."""
        scenes = own_screenplay(files).scenes
        known = read_ledger(files.folder, "outline").parts.get("outline")
        acts = known.made["acts"] if known else files.outline.model_dump(mode="json")["acts"]
        ids = [scene["scene"] for act in acts for scene in act["scenes"]]
        if len(ids) != len(scenes):
            raise SpecError(
                [
                    f"{display_path(files.path(OUTLINE))}: it has {len(ids)} scenes and the screenplay has "
                    f"{len(scenes)}: make them agree, or delete the outline to have it made from the screenplay"
                ]
            )
        return [self._part(files, *each) for each in zip(ids, scenes, strict=True)]

    def _part(self, files: StoryFiles, scene_id: str, scene: ScriptScene) -> Part:
        text, path = write_scene(scene), _scene_path(files, scene_id, scene_title(scene))
        return Part(key=scene_id, path=path, inputs=text, check=lambda _: text)

    def text(self, files: StoryFiles, path: str, made: Mapping[str, Any]) -> str:
        """The scene in Fountain."""
        (text,) = made.values()
        return str(text)
