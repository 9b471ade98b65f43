"""Why a take is to be rendered: what its request says otherwise than the take that is there, and which words said so.

A request holds whole prompts; who said which stretch of one is known from the film's files
(:func:`vtx_app.compile.prompt.prompt_parts`), so that a changed stretch has a file and a key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vtx_app.compile.prompt import STYLE_FILE, PromptPart, prompt_parts
from vtx_app.compile.request import RenderRequest, canonical_json
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.project.film import Film
from vtx_app.takes.records import TakeRecord, newest_take, take_records

__all__ = ["NEW", "Cause", "causes_of", "compared_take", "differences"]

NEW = "never rendered"


@dataclass(frozen=True, slots=True)
class Cause:
    """What changed: a film's ``file`` and the ``key`` in it, with its words then and now (``""``: there were none)."""

    file: str
    key: str
    old: str
    new: str

    @property
    def label(self) -> str:
        """``prompts/characters.yaml: characters.ines.wardrobe.oilskin``."""
        return f"{self.file}: {self.key}" if self.file else self.key


def compared_take(film: Film, plan: ClipPlan) -> TakeRecord | None:
    """The take whose place a clip's new one would take: the one that a person chose, else the one rendered last."""
    if plan.choice.state != "open":
        chosen = [take for take in take_records(film.folder, plan.clip.clip_id) if take.digest == plan.digest]
        return chosen[0] if chosen else None
    return newest_take(film.folder, plan.clip.clip_id)


def causes_of(film: Film, plan: ClipPlan) -> list[Cause]:
    """Why the clip's take is not the one that is there; one cause without words for a clip that never had a take."""
    before = compared_take(film, plan)
    if before is None or not before.request:
        return [Cause("", NEW, "", "")]
    return differences(film, plan, before.request)


def differences(film: Film, plan: ClipPlan, old: Mapping[str, Any]) -> list[Cause]:
    """What the clip's request says otherwise than the ``old`` one (a record's), in the order in which people care."""
    new = json.loads(canonical_json(plan.choice.request))
    found = list(_fields(film, plan, old, new))
    if new.get("prompt") != old.get("prompt"):
        found = [*_prompt(film, plan, str(old.get("prompt", ""))), *found]
    if new.get("negative") != old.get("negative"):
        found += _negative(film, plan, str(old.get("negative", "")), str(new.get("negative", "")))
    if not found and new.get("staging") != old.get("staging"):
        found.append(Cause(plan.clip.name, "names of characters and places", _text(old.get("staging")), ""))
    return found


_SAID_BY = {
    "renderer": "renderer",
    "renderer_version": "the renderer's version",
    "pipeline": "render.pipeline",
    "input_type": "inputs.type",
    "width": "width of the canvas",
    "height": "height of the canvas",
    "frames": "length in frames",
    "rate": "fps",
    "seed": "render.seed",
    "guidance_scale": "render.guidance_scale",
    "steps": "render.steps",
    "images": "pictures of inputs",
    "video": "inputs.input_video",
    "video_strength": "inputs.strength",
    "mask": "inputs.mask",
    "mask_strength": "inputs.mask_strength",
    "audio": "inputs.audio",
    "audio_start": "inputs.audio_start",
    "retake_start": "inputs.retake.start",
    "retake_end": "inputs.retake.end",
    "continue_frame": "the frame it goes on from",
    "continue_frames": "inputs.continue_frames",
}
_FILM_WIDE = {"renderer", "renderer_version", "rate"}
_LOCKED = {"models": "models", "quantization": "LTX_QUANTIZATION"}


def _fields(film: Film, plan: ClipPlan, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Cause]:
    for name in RenderRequest.__dataclass_fields__:
        was, now = old.get(name), new.get(name)
        if was == now or (name == "seed" and plan.choice.state != "open"):  # a take of another seed was chosen
            continue
        if name in _LOCKED:
            yield Cause("film.lock.yaml", _LOCKED[name], _text(was), _text(now))
        elif name == "loras":
            yield Cause("prompts/loras.yaml", "bundles, or the clip's own loras", _text(was), _text(now))
        elif name == "continue_from":
            parent = plan.clip.spec.inputs.continue_from
            yield Cause("", f"goes on from {parent}" if parent else "no longer goes on from another", "", "")
        elif name == "seed" and plan.choice.request.seed != plan.request.seed:
            yield Cause(f"review/selects/{plan.clip.clip_id}.yaml", "rejected", _text(was), _text(now))
        elif name in _SAID_BY:
            source = "metadata.yaml or the environment" if name in _FILM_WIDE else plan.clip.name
            yield Cause(source, _SAID_BY[name], _text(was), _text(now))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _profile(film: Film, plan: ClipPlan) -> str | None:
    named = film.settings.of_clip("style_profile", plan.clip.spec.continuity.shared_prompt_profile)
    return None if named is None else str(named)


def _prompt(film: Film, plan: ClipPlan, old: str) -> Iterator[Cause]:
    """The stretches that the old prompt has not, each with what stood in its place."""
    parts = prompt_parts(plan.clip.spec, film.bibles, _profile(film, plan))
    at, waiting = 0, list[PromptPart]()
    for part in [*parts, None]:
        where = old.find(part.text, at) if part is not None else len(old)
        if where < 0 and part is not None:
            waiting.append(part)
            continue
        yield from _gap(plan, old[at:where].strip(), waiting)
        waiting = []
        at = where + (len(part.text) if part is not None else 0)


def _gap(plan: ClipPlan, old: str, parts: list[PromptPart]) -> Iterator[Cause]:
    """What stood between two stretches that stayed, and the stretches that stand there now."""
    if not parts:
        if old:
            yield Cause(plan.clip.name, "no longer in the prompt", old, "")
        return
    for part in parts:
        file = part.file or plan.clip.name
        changed = [(key, text) for key, text in part.within if text and text not in old] or [(part.key, part.text)]
        before = old if len(parts) == 1 else ""
        for key, text in part.within:
            if (key, text) not in changed:  # what stayed of it is no part of the change
                before = before.replace(text, "").strip(" ,.")
        for key, text in changed:
            yield Cause(file, key, before, text)


def _negative(film: Film, plan: ClipPlan, old: str, new: str) -> list[Cause]:
    gone = [thing for thing in old.split(", ") if thing and thing not in new.split(", ")]
    come = [thing for thing in new.split(", ") if thing and thing not in old.split(", ")]
    profile = _profile(film, plan)
    style = film.bibles.style
    for file, key, text in (
        (STYLE_FILE, "global_negative", style.global_negative),
        (STYLE_FILE, f"profiles.{profile}.negative", film.bibles.profile(profile).negative),
    ):
        if come and all(thing in text for thing in come):
            return [Cause(file, key, ", ".join(gone), ", ".join(come))]
    return [Cause(plan.clip.name, "negative words", ", ".join(gone), ", ".join(come))]
