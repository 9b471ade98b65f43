"""The screenplay, by a model: a call for each scene of the outline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field

from vtx_app.formats.base import Format, Name, Text
from vtx_app.formats.outline import OutlineScene
from vtx_app.story.ledger import Ledger
from vtx_app.story.names import slug_of
from vtx_app.story.screenplay.fountain_writer import fountain_scene
from vtx_app.story.screenplay.script import Element, ScriptScene
from vtx_app.story.stage import Part
from vtx_app.story.story_files import SCENES, Sources
from vtx_app.story.writers.openai.call import call, names_at, reader
from vtx_app.story.writers.openai.telling import film_told, scene_summary, scene_told, treatment_of

__all__ = ["SceneScript", "ScreenplayByModel"]


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


class ScreenplayByModel:
    """``story/03_screenplay/<scene>__<slug>.md``, a file for each scene."""

    name = "screenplay"
    additive = False
    needs: tuple[str, ...] = ("outline", "treatment")

    def parts(self, sources: Sources, ledger: Ledger) -> Sequence[Part]:
        """A part for each scene of the outline."""
        scenes = list(sources.outline.scenes())
        found = []
        for place, (act, scene) in enumerate(scenes):
            inputs = {
                "film": film_told(sources),
                "act": {"title": act.title, "turn": act.turn},
                "before": scene_summary(scenes[place - 1][1] if place else None),
                "scene": scene_told(sources.outline, scene),
                "treatment": treatment_of(sources, scene.scene),
                "after": scene_summary(scenes[place + 1][1] if place + 1 < len(scenes) else None),
            }
            found.append(
                Part(
                    key=scene.scene,
                    path=sources.scene_paths.get(scene.scene)
                    or f"{SCENES}/{scene.scene}__{slug_of(scene.title or 'scene')}.md",
                    inputs=inputs,
                    check=reader(SceneScript, _faults(scene)),
                    request=call(sources, self.name, scene.scene, SceneScript, inputs),
                    settle=partial(_headed, sources, scene),
                )
            )
        return found

    def text(self, sources: Sources, path: str, made: Mapping[str, Any]) -> str:
        """The scene in Fountain."""
        (scene,) = made.values()
        heading = f"{scene['setting']}. {scene['place']}" + (f" - {scene['time']}" if scene["time"] else "")
        elements = tuple(
            Element(
                kind=each["kind"],
                text=each["text"],
                character=scene["names"].get(each.get("character"), "") if each["kind"] == "dialogue" else "",
                extension=each.get("extension", "") if each["kind"] == "dialogue" else "",
                parenthetical=each.get("parenthetical", "").strip("()") if each["kind"] == "dialogue" else "",
            )
            for each in scene["elements"]
        )
        return fountain_scene(
            ScriptScene(
                heading=heading, setting=scene["setting"], place=scene["place"], time=scene["time"], elements=elements
            )
        )


def _headed(sources: Sources, scene: OutlineScene, draft: Any, _: Any) -> dict[str, Any]:
    """The draft with names as a screenplay has them, in capitals."""
    places = {place.id: place.name for place in sources.outline.locations}
    cast = {who.id: who.name for who in sources.outline.characters}
    place = places.get(scene.location or "", scene.location or "")
    return {
        **draft,
        "place": " ".join(place.upper().split()) or "SOMEWHERE",
        "time": " ".join(scene.time.upper().split()),
        "names": {name: " ".join(cast.get(name, name).upper().split()) for name in scene.characters},
    }


def _faults(scene: OutlineScene) -> Any:
    def faults(script: SceneScript) -> Iterable[str]:
        if not script.elements:
            yield "the scene is empty"
        for place, element in enumerate(script.elements, 1):
            at = f"element {place}"
            if not element.text.strip():
                yield f"{at} is empty"
            if element.kind == "dialogue" and element.character is None:
                yield f"{at} is dialogue, and nobody speaks it: say which character"
            yield from names_at("character", at, element.character, scene.characters)

    return faults
