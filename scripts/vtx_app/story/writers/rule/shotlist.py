"""The shots of a scene, by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vtx_app.story.ledger import Ledger
from vtx_app.story.screenplay.fountain import read_fountain
from vtx_app.story.screenplay.script import ScriptScene
from vtx_app.story.screenplay.shots import RuleShot, rule_shots
from vtx_app.story.shot_list_text import settled_shots, shot_list_text
from vtx_app.story.stage import Part
from vtx_app.story.story_files import SHOTLIST, SceneFile, Sources
from vtx_app.story.writers.rule.script import known_id

__all__ = ["ShotListByRule"]


class ShotListByRule:
    """``story/04_shotlist.yaml`` of the scene files."""

    name = "shotlist"
    additive = False
    needs: tuple[str, ...] = ("outline", "bibles", "screenplay")

    def parts(self, sources: Sources, ledger: Ledger) -> Sequence[Part]:
        """A part for each scene of the screenplay."""
        return [self._scene(sources, scene) for scene in sources.scenes]

    def _scene(self, sources: Sources, file: SceneFile) -> Part:
        shots = [_told(shot, scene, sources) for scene in read_fountain(file.text).scenes for shot in rule_shots(scene)]
        return Part(
            key=file.scene,
            path=SHOTLIST,
            inputs=shots,
            check=lambda _: shots,
            settle=lambda draft, made: settled_shots(sources, file.scene, draft, made),
        )

    def text(self, sources: Sources, path: str, made: Mapping[str, Any]) -> str:
        """All shots, scene by scene."""
        return shot_list_text(sources, made)


def _told(shot: RuleShot, scene: ScriptScene, sources: Sources) -> dict[str, Any]:
    people = {name: who.name for name, who in sources.characters.characters.items()}
    places = {name: place.name for name, place in sources.locations.locations.items()}
    words = " ".join(shot.beats).casefold()
    spoken = [(known_id(cue, people), cue, line) for cue, line in shot.dialogue]
    seen = [name for name, cue, _ in spoken if name and cue not in shot.unseen]
    seen += [name for name, its_name in people.items() if its_name.casefold() in words]
    return {
        "title": shot.title,
        "size": shot.size,
        "angle": shot.angle,
        "movement": shot.movement,
        "beats": list(shot.beats),
        "dialogue": [{"character": name or cue, "line": line} for name, cue, line in spoken],
        "characters": [{"id": name} for name in dict.fromkeys(seen)],
        "location": known_id(scene.place, places) if scene.place else None,
        "seconds": shot.seconds,
        "continues": shot.continues,
    }
