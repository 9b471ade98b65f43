"""Why a take is to be rendered: what earlier shots of its scene say about weather, hour and light."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from vtx_app.compile.earlier import EARLIER, ORDER
from vtx_app.compile.request import canonical_json
from vtx_app.compile.sources import spec_file
from vtx_app.plan.cause import Cause
from vtx_app.plan.clip_plan import ClipPlan
from vtx_app.project.film import Film
from vtx_app.project.paths import LOCATIONS, SHOT_LIST
from vtx_app.takes.records import TakeRecord

__all__ = ["earlier_causes"]


def earlier_causes(film: Film, plan: ClipPlan, take: TakeRecord, known: Sequence[Cause]) -> Iterator[Cause]:
    """The words of earlier shots, or their order, that decide something else than in the ``take``.

    Words that come or go because the clip itself has other words, another place or another heading are not causes:
    those are ``known``.
    """
    were, are = ((request.get("staging") or {}).get("earlier", {}) if "staging" in request else None
                 for request in (take.request, json.loads(canonical_json(plan.choice.request))))  # fmt: skip
    if were is None or are is None or not take.sources:
        return
    old, new = take.sources, plan.take.sources.texts()
    own = spec_file(plan.clip.stem)
    explained = any(each.file in (own, LOCATIONS) or each.key.startswith("heading of") for each in known)
    order = (_order(old), _order(new)) if film.shots else ([], [])
    for part in EARLIER:
        name = part.rpartition(".")[2]
        if were.get(name) != are.get(name):
            for label, before, after in _changes(old.get(part, {}), new.get(part, {})):
                if before and after:
                    yield Cause.of_label(label, before, after)
                elif not explained:
                    yield _moved(label, order) or Cause.of_label(label, before, after)


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for label in dict.fromkeys((*new, *old)):
        if old.get(label) != new.get(label):
            yield label, old.get(label, ""), new.get(label, "")


def _order(sources: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The shots before it in its scene."""
    return next(iter(sources.get(ORDER, {}).values()), "").split()


def _moved(label: str, order: tuple[list[str], list[str]]) -> Cause | None:
    """The shot list, if it moved the shot whose words come or go with ``label``."""
    before, after = order
    if before == after:
        return None
    shot = Path(label.partition(": ")[0]).stem.partition("__")[0]
    if shot in before and shot in after and _both(before, after) == _both(after, before):
        return None
    return Cause(SHOT_LIST, "shots", " ".join(before), " ".join(after))


def _both(order: Sequence[str], other: Collection[str]) -> list[str]:
    return [each for each in order if each in other]
