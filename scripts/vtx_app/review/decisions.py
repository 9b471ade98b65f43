"""A person's decisions on takes: pick, approve, reject, another seed. They are stored in ``review/selects/`` only.

Each function takes the clip as it is planned now and returns the select as plain data; :func:`save` merges that into
the person's file, whose comments and other text stay.
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
from vtx_app.files import display_path, file_lock, write_failure, write_text
from vtx_app.formats.check import did_you_mean, is_unicode, load_format
from vtx_app.formats.select import Select
from vtx_app.merge import rewrite_yaml
from vtx_app.plan.choice import choose, next_seed
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.project.film import Film
from vtx_app.project.paths import take_path
from vtx_app.project.selects import SELECTS, select_path
from vtx_app.takes.records import take_digests

__all__ = [
    "accept",
    "add_note",
    "approve",
    "find_clip",
    "find_take",
    "lock_selects",
    "pick",
    "reject",
    "reroll",
    "save",
    "unfreeze",
]

Data = dict[str, Any]

_HEADER = "# Which take of this shot the film shows. Written by `vtx take …`; yours to edit.\n"
_MAX_NOTE_LENGTH = 100_000
"""Characters, as in :data:`vtx_app.formats.base.Text`."""

_WAITING = "another command is editing this film's selects; waiting for it"
_CHOICE = ("state", "take", "instead_of", "frames", "width", "height", "since", "good_for")


@contextlib.contextmanager
def lock_selects(folder: Path) -> Iterator[None]:
    """Hold the film's selects from reading to writing them, so that no decision of two people at once is lost.

    Raises :class:`ProjectError` if the film's ``folder`` can't be written to.
    """
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(file_lock(folder / ".selects.part.lock", _WAITING))
        except OSError as error:
            raise ProjectError(
                f"{display_path(folder / SELECTS)} {write_failure(error, folder, 'try again')}"
            ) from error
        yield


def find_clip(plans: Mapping[str, ClipPlan], clip_id: str) -> ClipPlan:
    """The plan of a clip. Raises :class:`ProjectError`, which suggests the nearest id, if there is no such clip."""
    by_id = {plan.clip_id: plan for plan in plans.values()}
    if clip_id not in by_id:
        raise ProjectError(f"no clip {clip_id!r} in this film{did_you_mean(clip_id, by_id)}")
    return by_id[clip_id]


def find_take(film: Film, plan: ClipPlan, prefix: str | None) -> str:
    """The digest that starts with ``prefix``; for None, that of the take the film shows.

    Raises :class:`ProjectError` unless exactly one existing take matches.
    """
    if prefix is None:
        if plan.take.exists():
            return plan.take.digest
        existing = sorted(take_digests(film.folder, plan.clip_id))
        older = f", or name an existing one: {', '.join(digest[:12] for digest in existing[:6])}" if existing else ""
        raise ProjectError(f"{plan.clip_id}: the take it shows is not rendered yet: build the film first{older}")
    # An empty prefix comes from an empty shell variable, and matches no take.
    digests = take_digests(film.folder, plan.clip_id)
    found = [digest for digest in digests if prefix and digest.startswith(prefix.lower())]
    if len(found) != 1:
        reason = f"{len(found)} takes begin with it" if found else "there is no such take"
        raise ProjectError(f"{plan.clip_id}: {prefix!r}: {reason}; vtx takes {film.slug} {plan.clip_id} lists them")
    return found[0]


def _select(film: Film, plan: ClipPlan) -> Data:
    """The select as it is; an approval that only the spec states is written down with its take."""
    select = film.selects.get(plan.clip_id) or Select(clip_id=plan.clip_id)
    if plan.choice.state == "approved" and not select.has_state:
        select = select.model_copy(update={"state": "approved", "take": plan.choice.shown})
    return _data(select)


def _data(select: Select) -> Data:
    state = {"state": select.state} if select.has_state else {}
    changed = select.model_dump(mode="json", exclude_defaults=True)
    return {"version": 1, "clip_id": select.clip_id, **state, **changed}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _without_choice(data: Data) -> Data:
    return {key: value for key, value in data.items() if key not in _CHOICE}


def _open(data: Data, film: Film) -> Data:
    """Choose no take any more, even if the spec still says approved."""
    by_spec = film.clips[data["clip_id"]].spec.status.state
    return _without_choice(data) | ({"state": "open"} if by_spec == "approved" else {})


def _without(digests: list[str], digest: str) -> list[str]:
    return [each for each in digests if each != digest]


def pick(film: Film, plan: ClipPlan, digest: str) -> Data:
    """Show this take as long as the shot requests what it requests now."""
    data = _without_choice(_select(film, plan))
    rejected = _without(data.pop("rejected", []), digest)
    choice = {"state": "picked", "take": digest, "instead_of": plan.choice.wanted, "since": _now()}
    return data | choice | ({"rejected": rejected} if rejected else {})


def approve(film: Film, plan: ClipPlan, digest: str) -> Data:
    """Show this take, with the length and size it has now, whatever is edited later."""
    delivery = plan.delivery
    size = {"frames": delivery.frames, "width": delivery.picture_width, "height": delivery.picture_height}
    return {**pick(film, plan, digest), "state": "approved", **size}


def reject(film: Film, plan: ClipPlan, digest: str) -> Data:
    """Never show this take again: the clip gets the next seed, or the other take that was picked."""
    data = _select(film, plan)
    data["rejected"] = [*_without(data.get("rejected", []), digest), digest]
    seed = next((request.seed for name, request in plan.choice.candidates if name == digest), None)
    data["seeds"] = [each for each in data.get("seeds", []) if each != seed]
    if not data["seeds"]:
        del data["seeds"]
    if data.get("take") == digest:
        return _open(data, film)
    if data.get("state") == "picked":  # the spec now requests another seed, and the pick still holds
        by_spec = plan.clip.spec.status.state == "rejected"
        data["instead_of"] = choose(plan.choice.own, Select.model_validate(data), rejected=by_spec).wanted
    return data


def reroll(film: Film, plan: ClipPlan, count: int) -> tuple[Data, list[int]]:
    """Request ``count`` more takes with seeds that are neither known nor rejected; return the seeds as well."""
    data = _select(film, plan)
    request, known, rejected = plan.choice.request, set(data.get("seeds", [])), data.get("rejected", [])
    known.add(request.seed)
    new: list[int] = []
    attempt = 0
    while len(new) < count:
        attempt += 1
        seed = next_seed(request.seed, attempt)
        if seed not in known and request_digest(replace(request, seed=seed)) not in rejected:
            new.append(seed)
            known.add(seed)
    return {**data, "seeds": [*data.get("seeds", []), *new]}, new


def unfreeze(film: Film, clip_id: str) -> Data:
    """Choose no take any more: the clip shows what its spec requests. Works without a plan, for a missing take."""
    return _open(_data(film.selects.get(clip_id) or Select(clip_id=clip_id)), film)


def accept(film: Film, plan: ClipPlan) -> Data:
    """Let the approved take stand for the edited shot as well. Raises :class:`ProjectError` if none is approved."""
    data = _select(film, plan)
    if data.get("state") != "approved":
        raise ProjectError(f"{plan.clip_id}: no take of it is approved; vtx take approve chooses one")
    return {**data, "good_for": [*_without(data.get("good_for", []), plan.choice.wanted), plan.choice.wanted]}


def add_note(film: Film, plan: ClipPlan, text: str) -> Data:
    """Set the note, which is for people. Raises :class:`ProjectError` if it is no Unicode text, or too long."""
    if not is_unicode(text):
        raise ProjectError("the note is not UTF-8 text")
    if len(text) > _MAX_NOTE_LENGTH:
        raise ProjectError(f"a note has at most {_MAX_NOTE_LENGTH:,} characters; this one has {len(text):,}")
    return {**_select(film, plan), "note": text}


def save(film: Film, data: Data) -> str:
    """Write the select and return its path as messages show it.

    Raises :class:`ProjectError` if its take does not exist, or if the file is no longer what ``film`` was loaded with.
    """
    select = Select.model_validate(data)
    if select.take is not None and not take_path(film.folder, select.clip_id, select.take).exists():
        raise ProjectError(f"{select.clip_id}: the take {select.take[:12]}… is not rendered")
    path = select_path(film.folder, select.clip_id)
    name = display_path(path)
    if path.exists() and load_format(path, Select) != film.selects.get(select.clip_id):
        raise ProjectError(f"{name} was edited meanwhile: read it, and give the command again")
    text = path.read_text(encoding="utf-8") if path.exists() else _HEADER
    write_text(path, rewrite_yaml(text, data, name))
    return name
