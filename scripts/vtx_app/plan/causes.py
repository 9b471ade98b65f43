"""Why a take is to be rendered: the keys of the film's files whose text has changed since the existing take was made.

A take's record holds the text of every key that its request was compiled from (:mod:`vtx_app.compile.sources`). Keys of
other files come and go with the key of the spec that names them, and then that key alone is the cause. Takes whose
record has no sources are compared field by field.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from vtx_app.compile.request import canonical_json
from vtx_app.compile.sources import CONTENT, spec_file
from vtx_app.plan.cause import Cause
from vtx_app.plan.earlier_causes import earlier_causes
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.plan.older_records import recorded_texts
from vtx_app.project.film import Film
from vtx_app.project.paths import LOCK
from vtx_app.takes.records import TakeRecord, take_records

__all__ = ["NEW", "Cause", "causes_of", "compared_take", "differences"]

NEW = "never rendered"

_KIND = ("renderer", "pipeline", "width", "height")
_KIND_OF_TIER = {"final": 0, "animatic": 1, "draft": 2}
"""How many of these a take must have in common with a clip of the tier. Tiers share takes, but a draft is not an
earlier version of a final."""

_FIELDS = {
    "prompt": {"prompt", "staging"},
    "profile": {"prompt", "negative"},
    "rate": {"rate", "frames", "continue_frame"},
    "max_seconds": {"frames", "continue_frame"},
    "video": {"video", "width", "height", "frames"},
    "prompts": {"prompt"},
    "triggers": {"prompt"},
    "heading": {"prompt"},
    "default_negative": {"negative"},
    "negative_mode": {"negative"},
    "tail": {"frames"},
    "options": {"options", "width", "height", "frames", "models"},
    "generation": {"generation", "models"},
}
"""Part of a request's sources → the fields that it decides, for parts that decide more than the field of their name."""

_UNHANDLED = {"head": {"built-in: handles.head": "0"}, "tail": {"built-in: handles.tail": "0"}}
"""The texts of takes from before records had handles."""

_LAYERS = (
    *("built-in", "VTX", "config/global", "config/models", "metadata", "project.env", "story/", "prompts/clips"),
    "environ",
)
"""Where a setting can be written. Later places win, and the command line wins over all of them."""


def compared_take(film: Film, plan: ClipPlan, tier: str) -> TakeRecord | None:
    """The existing take that the requested one is compared with, or None.

    It is the take that the film shows, if that exists; else the most similar one by kind, seed and source texts, and
    the newest of several.
    """
    takes = take_records(film.folder, plan.clip_id)
    shown = next((take for take in takes if take.digest == plan.take.digest), None)
    if shown is not None or plan.choice.state != "open":
        return shown

    def alike(take: TakeRecord) -> list[bool]:
        return [take.request.get(name) == getattr(plan.take.request, name) for name in _KIND]

    found = [take for take in takes if take.request and all(alike(take)[: _KIND_OF_TIER[tier]])]
    if not found:
        return None
    seed = plan.choice.request.seed
    texts = set(_texts(plan.take.sources.texts()))
    rank = {
        take.digest: (
            sum(alike(take)),
            take.request.get("seed") == seed,
            len(texts.intersection(_texts(take.sources))),
            take.rendered_at,
        )
        for take in found
    }
    return max(found, key=lambda take: rank[take.digest])


def _texts(sources: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Every text with its part and label."""
    return ((part, label, text) for part, labels in sources.items() for label, text in labels.items())


def causes_of(film: Film, plan: ClipPlan, tier: str) -> list[Cause]:
    """Why the requested take is not the existing one: ``[NEW]`` if never rendered, ``[]`` if up to date."""
    take = compared_take(film, plan, tier)
    if take is None and plan.choice.state != "open":
        return [Cause(f"review/selects/{plan.clip_id}.yaml", f"its {plan.choice.state} take is gone", "", "")]
    if take is None:
        return [Cause("", NEW, "", "")]
    if take.digest == plan.choice.wanted:
        return []
    known = differences(film, plan, take)
    if not known and take.request.get("seed", plan.choice.request.seed) != plan.choice.request.seed:
        known = [_seed(film, plan, take.request["seed"])]
    return known or [Cause("", "the existing take has no record of how it was made", "", "")]


def differences(film: Film, plan: ClipPlan, take: TakeRecord) -> list[Cause]:
    """How the sources of the clip's request differ from those of the ``take``; empty if the take has no record."""
    if not take.request:
        return []
    old, new = take.request, json.loads(canonical_json(plan.choice.request))
    changed = {field for field in old.keys() | new.keys() if old.get(field) != new.get(field)}
    if plan.choice.state != "open":  # a take of another seed was chosen
        changed.discard("seed")
    causes = list(_changed_sources(plan, take, changed - {"seed"}))
    causes += earlier_causes(film, plan, take, causes)
    if "seed" in changed:
        causes.append(_seed(film, plan, old["seed"]))
    named = any(cause.key == "inputs.continue_from" for cause in causes)
    if "continue_from" in changed and not named:
        causes.append(_parent(film, plan, old.get("continue_from", ""), new.get("continue_from", "")))
    if not causes or not take.sources:
        fields = [field for field in (new | dict(old)) if field in changed - {"seed", "continue_from"}]
        causes += [_field(plan, take, field, _text(old.get(field)), _text(new.get(field))) for field in fields]
    return list({cause.label: cause for cause in reversed(causes)}.values())[::-1]


def _field(plan: ClipPlan, take: TakeRecord, field: str, old: str, new: str) -> Cause:
    """A field that differs although no text does. A chosen take may end the shot at another frame than its spec."""
    if field == "continue_frame" and plan.parent and take.sources:
        name = plan.parent.clip_id
        return Cause(f"review/selects/{name}.yaml", f"state, so the last frame of {name}", old, new)
    return Cause("", f"{field} changed", old, new)


def _text(value: Any) -> str:
    """A value of a request as a person reads it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _changed_sources(plan: ClipPlan, take: TakeRecord, changed: set[str]) -> Iterator[Cause]:
    """The keys whose text has changed, of every part that decides one of the ``changed`` fields."""
    if not take.sources:
        return
    old, new = take.sources, plan.take.sources.texts()
    if "tail" not in old and "renderer" not in changed:
        old = {**_UNHANDLED, **old}
    for part in dict.fromkeys([*new, *old]):
        if part == "prompts" and not any(new.get("heading", {}).values()):
            continue  # nothing that the version decides is in this prompt
        if changed & _FIELDS.get(part, {part}):
            now = new.get(part, {})
            for cause in _compare(recorded_texts(part, old, now), now, spec_file(plan.clip.stem)):
                follows = part == "continue_frame" and plan.parent and not plan.parent.take.exists()
                yield replace(cause, parent=plan.parent.clip_id) if follows and plan.parent else cause


def _compare(old: Mapping[str, str], new: Mapping[str, str], own: str) -> Iterator[Cause]:
    """The causes in the texts of one part, by label. ``own`` is the clip's spec."""
    for label in new:
        if old.get(label, new[label]) != new[label]:
            yield Cause.of_label(label, old[label], new[label])
    gone, come = (
        [label for label in these if label not in others and (label.startswith(own) or not _is_named(label))]
        for these, others in ((old, new), (new, old))
    )
    if len(gone) == len(come) == 1 and _place(gone[0]) != _place(come[0]):  # the higher one of the two was edited
        if old[gone[0]] != new[come[0]]:
            yield Cause.of_label(max(come[0], gone[0], key=_place), old[gone[0]], new[come[0]])
        return
    if _estimates_length(old) != _estimates_length(new):
        return  # with the mode of the duration, the texts come or go that the length is estimated from
    for label in (*come, *gone):
        if label.startswith(own):
            yield Cause.of_label(label, old.get(label, ""), new.get(label, ""))


def _estimates_length(texts: Mapping[str, str]) -> bool:
    """Whether these texts of one part have a duration whose mode is ``auto``."""
    return any(": render.duration" in label and text.startswith("auto, ") for label, text in texts.items())


def _is_named(label: str) -> bool:
    """Whether what is written under ``label`` enters a request only because a spec names it."""
    return label.startswith(("prompts/", f"{LOCK}: models.")) or label.endswith(f": {CONTENT}")


def _layer(label: str) -> int:
    return next((rank for rank, file in enumerate(_LAYERS) if label.startswith(file)), len(_LAYERS))


def _place(label: str) -> tuple[int, str]:
    return _layer(label), label.partition(": ")[0]


def _parent(film: Film, plan: ClipPlan, old: str, new: str) -> Cause:
    """Another take of the clip it continues from, or another clip."""
    parent = plan.parent
    if parent is None or not old:
        return Cause(spec_file(plan.clip.stem), "inputs.continue_from", old, new)
    name = parent.clip_id
    if not parent.take.exists():
        return Cause("", f"continues from {name}", old, new, name)
    select = film.selects.get(name)
    if parent.choice.state != "open" or (select is not None and old in (*select.rejected, *select.failed)):
        return Cause(f"review/selects/{name}.yaml", f"another take of {name} is shown", old, new)
    return Cause("", f"continues from another take of {name}", old, new)


def _seed(film: Film, plan: ClipPlan, old: int) -> Cause:
    """Why the seed is another: by the spec, unless takes with the spec's own seed were rejected or failed a check."""
    seeds = str(old), str(plan.choice.request.seed)
    if plan.choice.request.seed == plan.choice.own.seed:
        return Cause(spec_file(plan.clip.stem), "render.seed", *seeds)
    select = film.selects.get(plan.clip_id)
    for key in ("failed", "rejected"):
        if select is not None and getattr(select, key):
            return Cause(f"review/selects/{plan.clip_id}.yaml", key, *seeds)
    return Cause(spec_file(plan.clip.stem), "status.state", *seeds)
