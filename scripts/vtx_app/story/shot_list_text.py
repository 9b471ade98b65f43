"""The shot list, whoever writes it: ids that stay, and scenes one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vtx_app.formats.shot_list import Shot
from vtx_app.story.stable_ids import free_clip_id, settled_ids
from vtx_app.story.story_files import Sources, scene_of
from vtx_app.story.yaml_text import comment_line, yaml_text

__all__ = ["settled_shots", "shot_list_text"]

_HEAD = """\
The cut. Shots play in this order; a clip id is a name, not a place. A new shot takes any free id of its scene.
To move a shot, move its lines; to lose one, delete them. Edit anything: what is made anew later is merged with it."""


def _sign(shot: Mapping[str, Any]) -> str:
    """What a shot is known by: what is said and what happens in it."""
    lines = [said["line"] for said in shot.get("dialogue", [])]
    return "\n".join([*lines, shot.get("title", ""), *shot.get("beats", [])])


def settled_shots(
    sources: Sources, scene_id: str, drafts: Sequence[Mapping[str, Any]], made: Sequence[Mapping[str, Any]] | None
) -> list[dict[str, Any]]:
    """The drafts of a scene's shots with their ids: those of the shots that they tell again, or free ones."""
    written = [
        (shot.clip_id, _sign(shot.model_dump(mode="json")))
        for shot in sources.shots.shots
        if scene_of(shot.clip_id) == scene_id
    ]
    taken = [name for name in sources.clip_ids() if scene_of(name) == scene_id]
    ids = settled_ids(
        [_sign(draft) for draft in drafts],
        [(shot["clip_id"], _sign(shot)) for shot in made or []],
        written,
        taken,
        free_clip_id(scene_id),
    )
    return [{"clip_id": name, **_told(draft)} for name, draft in zip(ids, drafts, strict=True)]


def _told(draft: Mapping[str, Any]) -> dict[str, Any]:
    told = {key: value for key, value in draft.items() if value not in (None, "", [], "cut")}
    if "characters" in told:
        told["characters"] = [who if who.get("wardrobe") else who["id"] for who in told["characters"]]
    return told


def shot_list_text(sources: Sources, made: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """The shots of all scenes, in the order in which ``made`` has the scenes, each under its name."""
    blocks = [yaml_text({"version": 1}, _HEAD) + "\nshots:" + ("" if any(made.values()) else " []") + "\n"]
    for scene_id, shots in made.items():
        outlined = sources.outlined.get(scene_id)
        name = f"{scene_id} {outlined[1].title}" if outlined else scene_id
        for place, shot in enumerate(shots):
            Shot.model_validate(shot)
            head = f"  {comment_line(name)}\n" if place == 0 else ""
            blocks.append(head + yaml_text({"shots": [shot]}).removeprefix("shots:\n"))
    return blocks[0] + "\n".join(blocks[1:])
