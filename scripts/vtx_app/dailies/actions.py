"""What a person decides on the page of a served film: the functions behind ``vtx take …``, under the same locks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vtx_app.errors import ProjectError
from vtx_app.formats.select import Select
from vtx_app.media.reader import picture_facts, sound_facts
from vtx_app.models.fingerprint import file_sha256, model_fingerprint
from vtx_app.plan.choice import choice_tier, choose
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.planner import plan_film
from vtx_app.project.load import load_film
from vtx_app.project.paths import project_folder, take_path
from vtx_app.review import decisions
from vtx_app.review.cut_changes import lock_edit, save_edit, trim_clip

__all__ = ["ACTIONS", "Done", "fresh_plan"]

Body = Mapping[str, Any]

_MOST_SEEDS = 8
_BIGGEST = 1_000_000
"""Frames."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in a ``message`` for the person; ``render``: takes to be rendered now."""

    message: str
    render: tuple[Path, ...] = field(default=())


def fresh_plan(slug: str, tier: str) -> FilmPlan:
    """The plan of a film by its files as they are now, though this process has planned it before."""
    for looked_up in (file_sha256, model_fingerprint, picture_facts, sound_facts):
        looked_up.cache_clear()
    return plan_film(slug, tier)


def _text(body: Body, key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise ProjectError(f"{key}: expected a text")
    return value


def _number(body: Body, key: str, low: int, high: int) -> int:
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ProjectError(f"{key}: expected a whole number from {low:,} to {high:,}")
    return value


def _choose(name: str, done: str) -> Callable[[str, str, Body], Done]:
    def action(slug: str, tier: str, body: Body) -> Done:
        with decisions.lock_selects(project_folder(slug)):
            plan = fresh_plan(slug, tier)
            clip = decisions.find_clip(plan.every_clip, _text(body, "clip"))
            digest = decisions.find_take(plan.film, clip, _text(body, "take"))
            data = getattr(decisions, name)(plan.film, clip, digest)
            file = decisions.save(plan.film, data)
        return Done(f"{clip.clip_id}: take {digest[:12]} {done} ({file})")

    return action


def _unfreeze(slug: str, tier: str, body: Body) -> Done:
    with decisions.lock_selects(project_folder(slug)):
        clip_id = _text(body, "clip")
        film = load_film(slug, only=[clip_id])
        file = decisions.save(film, decisions.unfreeze(film, clip_id, tier))
    return Done(f"{clip_id}: no take is chosen any more ({file})")


def _note(slug: str, tier: str, body: Body) -> Done:
    with decisions.lock_selects(project_folder(slug)):
        plan = fresh_plan(slug, tier)
        clip = decisions.find_clip(plan.every_clip, _text(body, "clip"))
        take = decisions.find_take(plan.film, clip, _text(body, "take")) if "take" in body else ""
        file = decisions.add_note(plan.film, clip, _text(body, "text"), take)
    return Done(f"{clip.clip_id}: noted ({file})")


def _reroll(slug: str, tier: str, body: Body) -> Done:
    count = _number(body, "seeds", 1, _MOST_SEEDS)
    with decisions.lock_selects(project_folder(slug)):
        plan = fresh_plan(slug, tier)
        clip = decisions.find_clip(plan.every_clip, _text(body, "clip"))
        data, seeds = decisions.reroll(plan.film, clip, count)
        file = decisions.save(plan.film, data)
    select = Select.model_validate(data).of_tier(choice_tier(plan.film, clip.clip_id, tier))
    takes = [
        take_path(plan.film.folder, clip.clip_id, digest)
        for digest, request in choose(clip.choice.request, select).candidates
        if request.seed in seeds
    ]
    return Done(f"{clip.clip_id}: rendering seeds {', '.join(map(str, seeds))} ({file})", tuple(takes))


def _trim(slug: str, tier: str, body: Body) -> Done:
    with lock_edit(project_folder(slug)):
        plan = fresh_plan(slug, tier)
        clip = decisions.find_clip(plan.every_clip, _text(body, "clip"))
        if body.get("clear") is True:
            change = trim_clip(plan, clip, forget=("in", "out"))
        else:
            first = _number(body, "in", -_BIGGEST, _BIGGEST)
            end = _number(body, "out", 1, _BIGGEST)
            whole = end == clip.material.frames
            change = trim_clip(plan, clip, first=first, end=None if whole else end, forget=("out",) if whole else ())
        file = save_edit(plan.film, change.data)
    shown = change.clip.delivery
    frames = f"frames {shown.start} to {shown.start + shown.frames} of {clip.material.frames}"
    return Done("\n".join([f"{clip.clip_id}: {frames} ({file})", *change.lines()]))


ACTIONS: dict[str, Callable[[str, str, Body], Done]] = {
    "approve": _choose("approve", "approved"),
    "pick": _choose("pick", "picked"),
    "reject": _choose("reject", "rejected: no tier shows it again"),
    "unfreeze": _unfreeze,
    "note": _note,
    "reroll": _reroll,
    "trim": _trim,
}
"""By name: of a film's slug, its tier and what the page sent. Each raises :class:`vtx_app.errors.VtxError` with what is
wrong and changes nothing then."""
