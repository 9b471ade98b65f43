"""The outline of a screenplay that is there already: its acts, scenes, who speaks and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vtx_app.errors import SpecError
from vtx_app.formats.outline import Outline
from vtx_app.project.paths import shown
from vtx_app.story.ledger import Ledger
from vtx_app.story.names import display_name
from vtx_app.story.screenplay.script import ScriptScene, speakers
from vtx_app.story.stable_ids import free_scene_id, settled_ids
from vtx_app.story.stage import Part
from vtx_app.story.story_files import OUTLINE, Sources
from vtx_app.story.writers.rule.script import acts_of, ids_by_name, screenplay_of
from vtx_app.story.yaml_text import yaml_text

__all__ = ["OutlineOfScreenplay", "scene_title"]

_HEAD = """\
Made from the screenplay. A scene id is a name, not a place: a scene put in later takes any free one.
Edit anything; what is made anew later is merged with your words."""


class OutlineOfScreenplay:
    """``story/01_outline.yaml`` of ``story/screenplay.fountain`` or ``.fdx``."""

    name = "outline"
    additive = False
    needs: tuple[str, ...] = ()

    def parts(self, sources: Sources, ledger: Ledger) -> Sequence[Part]:
        """One part. Raises :class:`SpecError` where there is no screenplay with a scene in it."""
        screenplay = screenplay_of(sources)
        if not screenplay.scenes:
            name = shown(sources.path(sources.screenplay_file or ""))
            raise SpecError([f"{name}: no scene in it: a scene begins with INT. or EXT."])
        people = {name: who.name for name, who in sources.characters.characters.items()}
        places = {name: place.name for name, place in sources.locations.locations.items()}
        cast = ids_by_name(speakers(screenplay), people)
        sets = ids_by_name(dict.fromkeys(scene.place for scene in screenplay.scenes if scene.place), places)
        known = ledger.parts.get("outline")
        before = known.made["acts"] if known else []
        acts: list[dict[str, Any]] = []
        for number, title, scenes in acts_of(screenplay):
            signs = [
                (scene["scene"], scene["sign"]) for act in before if act["act"] == number for scene in act["scenes"]
            ]
            new = [_sign(scene) for scene in scenes]
            ids = settled_ids(new, signs, [], set(sources.scene_paths), free_scene_id(number))
            acts.append(
                {
                    "act": number,
                    "title": title,
                    "scenes": [
                        {"scene": name, "sign": sign, **_told(scene, cast, sets)}
                        for name, sign, scene in zip(ids, new, scenes, strict=True)
                    ],
                }
            )
        made: dict[str, Any] = {
            "title": " ".join(screenplay.title_page.get("title", "").split()),
            "characters": [{"id": cast[cue], "name": people.get(cast[cue]) or display_name(cue)} for cue in cast],
            "locations": [{"id": sets[name], "name": places.get(sets[name]) or display_name(name)} for name in sets],
            "acts": acts,
        }
        for key in ("characters", "locations"):  # two cues may be one person
            made[key] = list({each["id"]: each for each in made[key]}.values())
        return [Part(key="outline", path=OUTLINE, inputs=made, check=lambda _: made)]

    def text(self, sources: Sources, path: str, made: Mapping[str, Any]) -> str:
        """The outline as YAML."""
        data = _clean(made["outline"])
        Outline.model_validate(data)
        return yaml_text({"version": 1, **data}, _HEAD)


def scene_title(scene: ScriptScene) -> str:
    """What a scene is called: its synopsis where that is short, else its place."""
    synopsis = " ".join(scene.synopsis.split())
    if synopsis and len(synopsis) <= 60:
        return synopsis.rstrip(".")
    return display_name(scene.place) or "Opening"


def _sign(scene: ScriptScene) -> str:
    return "\n".join([scene.heading, *(element.text for element in scene.elements)])[:600]


def _told(scene: ScriptScene, cast: Mapping[str, str], sets: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": scene_title(scene),
        "location": sets.get(scene.place),
        "time": scene.time.lower(),
        "characters": _speaking(scene, {cue.upper(): name for cue, name in cast.items()}),
        "purpose": " ".join(scene.synopsis.split()),
    }


def _speaking(scene: ScriptScene, cast: Mapping[str, str]) -> list[str]:
    cues = (element.character.upper() for element in scene.elements)
    return list(dict.fromkeys(cast[cue] for cue in cues if cue in cast))


def _clean(data: Any) -> Any:
    """Without what says nothing, and without what only the tool knows a scene by."""
    if isinstance(data, dict):
        return {key: _clean(value) for key, value in data.items() if value not in (None, "", []) and key != "sign"}
    return [_clean(each) for each in data] if isinstance(data, list) else data
