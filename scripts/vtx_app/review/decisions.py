"""A person's decisions on takes: pick, approve, reject, another seed. They are stored in ``review/selects/`` only.

Each function takes the clip as it is planned now, in the tier that the decision is for, and returns the whole select as
plain data; :func:`save` merges that into the person's file, whose comments and other text stay. The takes of the final
are chosen at the top of the file, those of other tiers under ``tiers``. A rejected take is rejected in all of them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vtx_app.compile.request import request_digest
from vtx_app.errors import ProjectError
from vtx_app.files import display_path, write_text
from vtx_app.formats.check import did_you_mean, is_unicode, load_format
from vtx_app.formats.select import OTHER_TIERS, Select
from vtx_app.merge import rewrite_yaml
from vtx_app.plan.choice import choice_tier, choose, next_seed
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.project.film import Film
from vtx_app.project.notes import Note, join_notes, notes_path
from vtx_app.project.paths import take_path
from vtx_app.project.selects import SELECTS, select_path
from vtx_app.review.person_file import hold_file, put
from vtx_app.takes.records import take_digests

__all__ = [
    "accept",
    "add_note",
    "approve",
    "find_clip",
    "find_take",
    "lock_selects",
    "pick",
    "refuse",
    "reject",
    "reroll",
    "save",
    "unfreeze",
]

Data = dict[str, Any]

_HEADER = "# Which take of this shot the film shows. Written by `vtx take …`; yours to edit.\n"
_MAX_NOTE_LENGTH = 100_000
"""Characters, as in :data:`vtx_app.formats.base.Text`."""

_NAMED_DIGITS = 12
"""Of the take that a note is about."""

_CHOICE = ("state", "take", "instead_of", "since", "good_for")
_OLDER = ("frames", "width", "height")
"""What an approval once froze beside the pixels."""


@contextlib.contextmanager
def lock_selects(folder: Path) -> Iterator[None]:
    """Hold the film's selects from reading to writing them, so that no decision of two people at once is lost.

    Raises :class:`ProjectError` if the film's ``folder`` can't be written to.
    """
    with hold_file(folder, SELECTS, "selects"):
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


def _select(film: Film, plan: ClipPlan) -> tuple[Data, Data]:
    """The select as it is, and in it the choice of the clip's tier.

    An approval that only the spec states is written down with its take.
    """
    data = _data(film.selects.get(plan.clip_id) or Select(clip_id=plan.clip_id))
    choice = _choice(data, choice_tier(film, plan.clip_id, plan.take.tier))
    if plan.choice.state == "approved" and "state" not in choice:
        choice |= {"state": "approved", "take": plan.choice.shown}
    return data, choice


def _data(select: Select) -> Data:
    """The keys that a select's file holds, without empty values."""
    written = select.model_dump(mode="json", exclude_unset=True)
    older = _OLDER if select.state != "approved" else ()
    kept = {key: value for key, value in written.items() if value not in (None, [], {}, "") and key not in older}
    return {"version": 1, "clip_id": select.clip_id} | kept


def _choice(data: Data, tier: str) -> Data:
    """The part of a select that holds the choice of a tier; it is added where it is missing."""
    if tier not in OTHER_TIERS:
        return data
    tiers: Data = data.setdefault("tiers", {})
    found: Data = tiers.setdefault(tier, {})
    return found


def _complete(data: Data) -> Data:
    """The select without empty parts."""
    tiers = {tier: choice for tier, choice in data.pop("tiers", {}).items() if choice}
    return data | ({"tiers": tiers} if tiers else {})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _open(choice: Data, film: Film, clip_id: str, tier: str) -> None:
    """Withdraw the choice of a take, even if the spec or the final still states one."""
    for key in (*_CHOICE, *_OLDER):
        choice.pop(key, None)
    select = film.selects.get(clip_id)
    by_final = select is not None and "final" in select.chosen and tier != "final"
    approved = by_final or film.clips[clip_id].spec.status.state == "approved"
    if approved and (tier == "final" or (tier == "animatic" and film.settings["renderer"] == "animatic")):
        choice["state"] = "open"


def _without(digests: list[str], digest: str) -> list[str]:
    return [each for each in digests if each != digest]


def _choose(film: Film, plan: ClipPlan, digest: str, state: str) -> Data:
    data, choice = _select(film, plan)
    for key in (*_CHOICE, *_OLDER):
        choice.pop(key, None)
    put(data, "rejected", _without(data.get("rejected", []), digest))
    choice |= {"state": state, "take": digest, "instead_of": plan.choice.wanted, "since": _now()}
    return _complete(data)


def pick(film: Film, plan: ClipPlan, digest: str) -> Data:
    """Show this take as long as the shot requests what it requests now."""
    return _choose(film, plan, digest, "picked")


def approve(film: Film, plan: ClipPlan, digest: str) -> Data:
    """Show this take, whatever is edited later. The spec and the edit decide how much of it is shown."""
    return _choose(film, plan, digest, "approved")


def reject(film: Film, plan: ClipPlan, digest: str) -> Data:
    """Never show this take again, in any tier: the clip gets the next seed, or the other take that was picked."""
    data, choice = _select(film, plan)
    tier = choice_tier(film, plan.clip_id, plan.take.tier)
    data["rejected"] = [*_without(data.get("rejected", []), digest), digest]
    seed = next((request.seed for name, request in plan.choice.candidates if name == digest), None)
    put(choice, "seeds", [each for each in choice.get("seeds", []) if each != seed])
    for name in ("final", *OTHER_TIERS):
        other = _choice(data, name)
        if other.get("take") == digest:
            _open(other, film, plan.clip_id, name)
        elif name == tier and other.get("state") == "picked":  # the spec now requests another seed; the pick holds
            by_spec = plan.clip.spec.status.state == "rejected"
            select = Select.model_validate(_complete(dict(data))).of_tier(tier)
            other["instead_of"] = choose(plan.choice.own, select, rejected=by_spec).wanted
    return _complete(data)


def reroll(film: Film, plan: ClipPlan, count: int) -> tuple[Data, list[int]]:
    """Request ``count`` more takes with seeds that are neither known nor refused; return the seeds as well."""
    data, choice = _select(film, plan)
    request, known = plan.choice.request, set(choice.get("seeds", []))
    refused = {*data.get("rejected", []), *data.get("failed", [])}
    known.add(request.seed)
    new: list[int] = []
    attempt = 0
    while len(new) < count:
        attempt += 1
        seed = next_seed(request.seed, attempt)
        if seed not in known and request_digest(replace(request, seed=seed)) not in refused:
            new.append(seed)
            known.add(seed)
    choice["seeds"] = [*choice.get("seeds", []), *new]
    return _complete(data), new


def refuse(film: Film, clip_id: str, failed: Sequence[str]) -> Data:
    """Note the takes that ``failed`` a check. The build does this; it changes no choice of a person."""
    data = _data(film.selects.get(clip_id) or Select(clip_id=clip_id))
    put(data, "failed", list(failed))
    return data


def unfreeze(film: Film, clip_id: str, tier: str = "final") -> Data:
    """Withdraw the choice of a take: the clip shows what its spec requests. Needs no plan, so it works if the take is
    missing."""
    data, tier = _data(film.selects.get(clip_id) or Select(clip_id=clip_id)), choice_tier(film, clip_id, tier)
    _open(_choice(data, tier), film, clip_id, tier)
    return _complete(data)


def accept(film: Film, plan: ClipPlan) -> Data:
    """Let the approved take stand for the edited shot as well. Raises :class:`ProjectError` if none is approved."""
    data, choice = _select(film, plan)
    if choice.get("state") != "approved":
        raise ProjectError(f"{plan.clip_id}: no take of it is approved; vtx take approve chooses one")
    choice["good_for"] = [*_without(choice.get("good_for", []), plan.choice.wanted), plan.choice.wanted]
    return _complete(data)


def add_note(film: Film, plan: ClipPlan, text: str, take: str = "") -> str:
    """Append a note to ``review/notes/<clip_id>.md`` with the time, and return that path as messages show it.

    ``take``: the first digits of the take that it is about. Notes are for people; nothing is decided by them. Raises
    :class:`ProjectError` if it is no Unicode text, empty, or too long.
    """
    if not is_unicode(text):
        raise ProjectError("the note is not UTF-8 text")
    if not text.strip():
        raise ProjectError("the note is empty")
    if len(text) > _MAX_NOTE_LENGTH:
        raise ProjectError(f"a note has at most {_MAX_NOTE_LENGTH:,} characters; this one has {len(text):,}")
    path = notes_path(film.folder, plan.clip_id)
    name = display_path(path)
    try:
        before = path.read_bytes().decode("utf-8") if path.exists() else ""
    except UnicodeDecodeError as error:
        raise ProjectError(f"{name} is not UTF-8 text: save it as UTF-8, and give the command again") from error
    write_text(path, join_notes(before, [Note.now(text, datetime.now(UTC), take[:_NAMED_DIGITS])]))
    return name


def save(film: Film, data: Data) -> str:
    """Write the select and return its path as messages show it.

    Raises :class:`ProjectError` if its take does not exist, or if the file is no longer what ``film`` was loaded with.
    """
    select = Select.model_validate(data)
    for take in select.chosen.values():
        if not take_path(film.folder, select.clip_id, take).exists():
            raise ProjectError(f"{select.clip_id}: the take {take[:12]}… is not rendered")
    path = select_path(film.folder, select.clip_id)
    name = display_path(path)
    if path.exists() and load_format(path, Select) != film.selects.get(select.clip_id):
        raise ProjectError(f"{name} was edited meanwhile: read it, and give the command again")
    text = path.read_text(encoding="utf-8") if path.exists() else _HEADER
    write_text(path, rewrite_yaml(text, data, name))
    return name
