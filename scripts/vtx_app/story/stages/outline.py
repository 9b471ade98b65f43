"""The outline: by one model call on the brief, or from the writer's own screenplay (its acts, scenes, cast, places)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vtx_app.errors import SpecError
from vtx_app.files import display_path
from vtx_app.formats.outline import Outline, OutlineDraft, unknown_names
from vtx_app.project.paths import BRIEF, OUTLINE
from vtx_app.story.ledger import read_ledger
from vtx_app.story.names import display_name, name_key
from vtx_app.story.screenplay.script import Screenplay, ScriptScene, speakers
from vtx_app.story.stable_ids import align, assign_ids, new_scene_id
from vtx_app.story.stage import Part, Stage
from vtx_app.story.stages.model_requests import answer_check, make_request, repeated
from vtx_app.story.stages.screenplay_names import ids_by_name, own_screenplay
from vtx_app.story.story_files import StoryFiles
from vtx_app.story.yaml_text import without_empty, yaml_text

__all__ = ["ModelOutline", "RuleOutline", "scene_title"]

_MODEL_HEAD = """\
Acts and scenes in the order they are told. A scene id is a name, not a position: a new scene takes any free one.
Edit anything; later versions are merged with your edits."""
_RULE_HEAD = """\
Made from the screenplay. A scene id is a name, not a position: a scene inserted later takes any free one.
Edit anything; later versions are merged with your edits."""


class ModelOutline(Stage):
    """``story/01_outline.yaml`` from ``story/00_brief.md``."""

    name = "outline"

    def parts(self, files: StoryFiles) -> Sequence[Part]:
        """One part. Raises :class:`SpecError` if there is no brief."""
        if not files.brief.strip():
            raise SpecError(
                [f"{display_path(files.path(BRIEF))}: the brief is missing or empty: write a page on what the film is"]
            )
        inputs = {
            "brief": files.brief,
            "style": files.style.global_prefix,
            "minutes": files.metadata.story.minutes,
        }
        return [
            Part(
                key="outline",
                path=OUTLINE,
                inputs=inputs,
                check=answer_check(OutlineDraft, _faults),
                request=make_request(files, self.name, "the film", OutlineDraft, inputs),
                finish=lambda draft, before: _with_ids(draft, before, files),
            )
        ]

    def text(self, files: StoryFiles, path: str, made: Mapping[str, Any]) -> str:
        """The outline as YAML."""
        return yaml_text({"version": 1, **made["outline"]}, _MODEL_HEAD)


def _faults(draft: OutlineDraft) -> Iterable[str]:
    if not any(act.scenes for act in draft.acts):
        yield "there is no act with a scene in it"
    for kind, ids in (
        ("character", [who.id for who in draft.characters]),
        ("location", [place.id for place in draft.locations]),
    ):
        yield from (f"{kind} {name!r} is listed twice" for name in repeated(ids))
    for number, act in enumerate(draft.acts, 1):
        for place, scene in enumerate(act.scenes, 1):
            if not scene.title.strip():
                yield f"act {number}, scene {place} has no title"
            if scene.location is None:
                yield f"act {number}, scene {place} has no location"
    yield from unknown_names(draft)
    if draft.acts and not draft.characters and any(scene.characters for act in draft.acts for scene in act.scenes):
        yield "scenes name characters, and the list of characters is empty"


def _with_ids(draft: Any, before: Any, files: StoryFiles) -> dict[str, Any]:
    """The draft with act numbers and scene ids: those of the acts and scenes that it is a new version of."""
    made = before["acts"] if before else []
    written = files.outline.model_dump(mode="json", exclude_none=True)["acts"] if files.exists(OUTLINE) else []
    taken = set(files.scene_paths)
    acts = []
    for (number, stays), act in zip(_act_numbers(draft["acts"], made), draft["acts"], strict=True):
        ids = assign_ids(
            [_scene_text(scene) for scene in act["scenes"]],
            [(scene["scene"], _scene_text(scene)) for scene in _scenes(made, number)],
            [(scene["scene"], _scene_text(scene)) for scene in _scenes(written, number)],
            taken,
            new_scene_id(number),
            by_place=stays,
        )
        scenes = [{"scene": name, **without_empty(scene)} for name, scene in zip(ids, act["scenes"], strict=True)]
        acts.append({"act": number, **without_empty(act), "scenes": scenes})
    outline = {**without_empty(draft), "acts": sorted(acts, key=lambda act: act["act"])}
    Outline.model_validate(outline)
    return outline


def _scenes(acts: Any, number: int) -> list[Any]:
    return [scene for act in acts if act["act"] == number for scene in act["scenes"]]


def _scene_text(scene: Mapping[str, Any]) -> str:
    """The text by which a scene is recognised."""
    return "\n".join([scene.get("title", ""), scene.get("purpose", ""), *scene.get("beats", [])])


def _act_numbers(acts: Any, made: Any) -> list[tuple[int, bool]]:
    """The number of each act, and whether the act keeps it (or is new).

    Acts are sorted by number, so the old numbers are kept only if that keeps the acts in order.
    """
    found = align([_scene_text(act) + act["turn"] for act in acts], [_scene_text(act) + act["turn"] for act in made])
    old = [made[at]["act"] if at is not None else None for at in found]
    numbers = [number for number in old if number is not None]
    if len(numbers) < len(acts) or numbers != sorted(numbers):
        numbers = list(range(1, len(acts) + 1))
    return [(number, number == before) for number, before in zip(numbers, old, strict=True)]


class RuleOutline(Stage):
    """``story/01_outline.yaml`` from ``story/screenplay.fountain`` or ``.fdx``."""

    name = "outline"

    def parts(self, files: StoryFiles) -> Sequence[Part]:
        """One part. Raises :class:`SpecError` if there is no screenplay with a scene in it."""
        screenplay = own_screenplay(files)
        if not screenplay.scenes:
            name = display_path(files.path(files.screenplay_file or ""))
            raise SpecError([f"{name}: no scene in it: a scene begins with INT. or EXT."])
        people, places = files.character_names, files.location_names
        cast = ids_by_name(speakers(screenplay), people)
        sets = ids_by_name(dict.fromkeys(scene.place for scene in screenplay.scenes if scene.place), places)
        known = read_ledger(files.folder, "outline").parts.get("outline")
        made = known.made["acts"] if known else []
        acts: list[dict[str, Any]] = []
        for number, title, scenes in _acts(screenplay):
            signs = [_sign(scene) for scene in scenes]
            before = [(scene["scene"], scene["sign"]) for scene in _scenes(made, number)]
            ids = assign_ids(signs, before, [], set(files.scene_paths), new_scene_id(number))
            acts.append(
                {
                    "act": number,
                    "title": title,
                    "scenes": [
                        {"scene": name, "sign": sign, **_entry(scene, cast, sets)}
                        for name, sign, scene in zip(ids, signs, scenes, strict=True)
                    ],
                }
            )
        outline: dict[str, Any] = {
            "title": " ".join(screenplay.title_page.get("title", "").split()),
            "characters": _named(cast, people),
            "locations": _named(sets, places),
            "acts": acts,
        }
        return [Part(key="outline", path=OUTLINE, inputs=outline, check=lambda _: outline)]

    def text(self, files: StoryFiles, path: str, made: Mapping[str, Any]) -> str:
        """The outline as YAML."""
        data = _without_signs(made["outline"])
        Outline.model_validate(data)
        return yaml_text({"version": 1, **data}, _RULE_HEAD)


def scene_title(scene: ScriptScene) -> str:
    """The title of a scene: its synopsis if that is short, else its place."""
    synopsis = " ".join(scene.synopsis.split())
    if synopsis and len(synopsis) <= 60:
        return synopsis.rstrip(".")
    return display_name(scene.place) or "Opening"


def _acts(screenplay: Screenplay) -> list[tuple[int, str, list[ScriptScene]]]:
    """Number, title and scenes of each act: the outermost sections (``# Act one``), or one act if there are none."""
    acts: list[tuple[int, str, list[ScriptScene]]] = []
    for scene in screenplay.scenes:
        title = scene.section[0] if scene.section else ""
        if not acts or (title and title != acts[-1][1] and (acts[-1][1] or acts[-1][2])):
            acts.append((len(acts) + 1, title, []))
        acts[-1][2].append(scene)
    return acts


def _sign(scene: ScriptScene) -> str:
    """The text by which a scene is recognised."""
    return "\n".join([scene.heading, *(element.text for element in scene.elements)])[:600]


def _entry(scene: ScriptScene, cast: Mapping[str, str], sets: Mapping[str, str]) -> dict[str, Any]:
    ids = {name_key(cue): name for cue, name in cast.items()}
    cues = (name_key(element.character) for element in scene.elements)
    return {
        "title": scene_title(scene),
        "location": sets.get(scene.place),
        "time": scene.time.lower(),
        "characters": list(dict.fromkeys(ids[cue] for cue in cues if cue in ids)),
        "purpose": " ".join(scene.synopsis.split()),
    }


def _named(ids: Mapping[str, str], known: Mapping[str, str]) -> list[dict[str, str]]:
    """Id and name of each, once and in its first spelling: two cues may be one person."""
    found: dict[str, dict[str, str]] = {}
    for name, each in ids.items():
        found.setdefault(each, {"id": each, "name": known.get(each) or display_name(name)})
    return list(found.values())


def _without_signs(data: Any) -> Any:
    """``data`` without empty values and the signs, which only the ledger needs."""
    if isinstance(data, dict):
        return {key: _without_signs(value) for key, value in without_empty(data).items() if key != "sign"}
    return [_without_signs(each) for each in data] if isinstance(data, list) else data
