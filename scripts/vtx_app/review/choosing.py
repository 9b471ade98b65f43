"""A person's word on a take: pick, approve, reject, another seed. Written into ``review/selects/`` and nowhere else.

Each function takes the shot as it is planned now and returns the select as plain data; :func:`save` brings it into the
person's file, whose comments and other words stay.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vtx_app.compile.request import request_digest
from vtx_app.errors import ProjectError
from vtx_app.files import file_lock, write_failure, write_text
from vtx_app.formats.check import is_unicode, load_format, near
from vtx_app.formats.select import Select
from vtx_app.merge import rewrite_yaml
from vtx_app.plan.choice import choose, next_seed
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.project.film import Film
from vtx_app.project.paths import shown, take_path
from vtx_app.project.selects import SELECTS, select_path
from vtx_app.takes.records import take_digests

__all__ = [
    "accepted",
    "approved",
    "deciding",
    "noted",
    "picked",
    "plan_of",
    "rejected",
    "rerolled",
    "save",
    "take_named",
    "unfrozen",
]

Data = dict[str, Any]

_HEAD = "# Which take of this shot the film shows. Written by `vtx take …`; yours to edit.\n"
_LONGEST_NOTE = 100_000
"""Characters, as :data:`vtx_app.formats.base.Text` has them."""

_WAITING = "somebody else is saying something of this film's takes; waiting for it"
_CHOICE = ("take", "instead_of", "frames", "width", "height", "since", "good_for")


@contextlib.contextmanager
def deciding(folder: Path) -> Iterator[None]:
    """Hold the film's selects from the moment they are read to the moment they are written: of two people who speak at
    once, neither's word is lost. Raises :class:`ProjectError` where the film can't be written to."""
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(file_lock(folder / ".selects.part.lock", _WAITING))
        except OSError as error:
            raise ProjectError(f"{shown(folder / SELECTS)} {write_failure(error, folder, 'try again')}") from error
        yield


def plan_of(plans: Mapping[str, ClipPlan], clip_id: str) -> ClipPlan:
    """The clip's plan. Raises :class:`ProjectError` with the nearest id for one that is none."""
    by_id = {plan.clip_id: plan for plan in plans.values()}
    if clip_id not in by_id:
        raise ProjectError(f"no clip {clip_id!r} in this film{near(clip_id, by_id)}")
    return by_id[clip_id]


def take_named(film: Film, plan: ClipPlan, name: str | None) -> str:
    """The digest that ``name``, its first letters, means; the shown take's for None.

    Raises :class:`ProjectError` where there is no such take, or more than one.
    """
    clip_id = plan.clip_id
    if name is None:
        if not plan.take.exists():
            there = sorted(take_digests(film.folder, clip_id))
            older = f", or name one that is there: {', '.join(digest[:12] for digest in there[:6])}" if there else ""
            raise ProjectError(f"{clip_id}: the take that is shown is not rendered yet: build the film first{older}")
        return plan.take.digest
    # An empty name is an empty variable of a shell, and names no take.
    found = sorted(each for each in take_digests(film.folder, clip_id) if name and each.startswith(name.lower()))
    if len(found) != 1:
        many = f"{len(found)} takes begin with it" if found else "there is no such take"
        raise ProjectError(f"{clip_id}: {name!r}: {many}; vtx takes {film.slug} {clip_id} lists them")
    return found[0]


def _select(film: Film, plan: ClipPlan) -> Data:
    """The select as it is, and the take that is approved by the spec alone: from now on it is that one for certain."""
    clip_id = plan.clip_id
    select = film.selects.get(clip_id) or Select(clip_id=clip_id)
    if plan.choice.state == "approved" and not select.says_state:
        select = select.model_copy(update={"state": "approved", "take": plan.choice.shown})
    return _data(select)


def _data(select: Select) -> Data:
    said = select.model_dump(mode="json", exclude_defaults=True)
    state = {"state": select.state} if select.says_state else {}
    return {"version": 1, "clip_id": select.clip_id, **state, **said}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _without_choice(data: Data) -> Data:
    return {key: value for key, value in data.items() if key not in (*_CHOICE, "state")}


def _opened(data: Data, film: Film) -> Data:
    """No take is chosen any more, also where the spec still says approved."""
    by_spec = film.clips[data["clip_id"]].spec.status.state
    return {**_without_choice(data), **({"state": "open"} if by_spec == "approved" else {})}


def _without(digests: list[str], digest: str) -> list[str]:
    return [each for each in digests if each != digest]


def picked(film: Film, plan: ClipPlan, digest: str) -> Data:
    """Show this take as long as the shot asks for what it asks for now."""
    data = _without_choice(_select(film, plan))
    rejected_still = _without(data.pop("rejected", []), digest)
    wanted = plan.choice.wanted
    return {
        **data,
        "state": "picked",
        "take": digest,
        "instead_of": wanted,
        "since": _now(),
        **({"rejected": rejected_still} if rejected_still else {}),
    }


def approved(film: Film, plan: ClipPlan, digest: str) -> Data:
    """Show this take, with the length and size it has now, whatever is edited later."""
    delivery = plan.delivery
    size = {"frames": delivery.frames, "width": delivery.picture_width, "height": delivery.picture_height}
    return {**picked(film, plan, digest), "state": "approved", **size}


def rejected(film: Film, plan: ClipPlan, digest: str) -> Data:
    """Never show this take again: the clip gets the next seed, or the other take that was picked."""
    data = _select(film, plan)
    data["rejected"] = [*_without(data.get("rejected", []), digest), digest]
    data["seeds"] = [seed for seed in data.get("seeds", []) if _digest_of_seed(plan, seed) != digest]
    if not data["seeds"]:
        del data["seeds"]
    if data.get("take") == digest:
        data = _opened(data, film)
    elif data.get("state") == "picked":  # what the spec asks for has another seed by now: the pick still holds
        refused = plan.clip.spec.status.state == "rejected"
        data["instead_of"] = choose(plan.choice.own, Select.model_validate(data), rejected=refused).wanted
    return data


def _digest_of_seed(plan: ClipPlan, seed: int) -> str | None:
    return next((digest for digest, request in plan.choice.candidates if request.seed == seed), None)


def rerolled(film: Film, plan: ClipPlan, seeds: int) -> tuple[Data, list[int]]:
    """Ask for so many takes more with other seeds, to choose from, none of them rejected; also the new seeds."""
    data = _select(film, plan)
    known = {plan.choice.request.seed, *data.get("seeds", [])}
    new: list[int] = []
    attempt = 0
    while len(new) < seeds:
        attempt += 1
        seed = next_seed(plan.choice.request.seed, attempt)
        request = replace(plan.choice.request, seed=seed)
        if seed not in known and request_digest(request) not in data.get("rejected", []):
            new.append(seed)
            known.add(seed)
    return {**data, "seeds": [*data.get("seeds", []), *new]}, new


def unfrozen(film: Film, clip_id: str) -> Data:
    """No take is chosen any more: the clip shows what its spec asks for. Needs no plan: the take may be lost."""
    return _opened(_data(film.selects.get(clip_id) or Select(clip_id=clip_id)), film)


def accepted(film: Film, plan: ClipPlan) -> Data:
    """The approved take does for the edited shot as well. Raises :class:`ProjectError` where none is approved."""
    data = _select(film, plan)
    if data.get("state") != "approved":
        raise ProjectError(f"{plan.clip_id}: no take of it is approved; vtx take approve chooses one")
    return {**data, "good_for": [*_without(data.get("good_for", []), plan.choice.wanted), plan.choice.wanted]}


def noted(film: Film, plan: ClipPlan, text: str) -> Data:
    """The select with a note for people. Raises :class:`ProjectError` for what is no text, or too much of it."""
    if not is_unicode(text):
        raise ProjectError("the note is not UTF-8 text")
    if len(text) > _LONGEST_NOTE:
        raise ProjectError(f"a note has at most {_LONGEST_NOTE:,} characters; this one has {len(text):,}")
    return {**_select(film, plan), "note": text}


def save(film: Film, data: Data) -> str:
    """Write the select; returns its name.

    Raises :class:`ProjectError` where a take it names is not there, or the select is not as ``film`` has it.
    """
    select = Select.model_validate(data)
    digest = select.take
    if digest is not None and not take_path(film.folder, select.clip_id, digest).exists():
        raise ProjectError(f"{select.clip_id}: the take {digest[:12]}… is not rendered")
    path = select_path(film.folder, select.clip_id)
    name = shown(path)
    if path.exists() and load_format(path, Select, name) != film.selects.get(select.clip_id):
        raise ProjectError(f"{name} was edited while this was decided: look at it, and try again")
    text = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    write_text(path, rewrite_yaml(text, data, name))
    return name
