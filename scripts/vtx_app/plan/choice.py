"""Which take a clip shows: the one its spec requests, unless a person picked, approved or rejected one."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from vtx_app.compile.request import RenderRequest, request_digest
from vtx_app.formats.select import Select
from vtx_app.project.film import Clip, Film
from vtx_app.project.paths import take_path
from vtx_app.takes.records import take_records

__all__ = [
    "Choice",
    "choice_tier",
    "choice_warnings",
    "choose",
    "covered",
    "effective_select",
    "next_seed",
    "requests_left",
    "status_rejects",
]

_SIZE = ("width", "height")


@dataclass(frozen=True, slots=True)
class Choice:
    """The take a clip requests and the take it shows.

    ``own`` is the request of the spec. ``request`` is the same after rejections and failed checks, which move it to the
    next seed; ``wanted`` is its digest. ``shown`` is the digest of the take in the film: ``wanted``, or the one a
    person chose. ``state`` is open, picked or approved. ``lapsed``: the shot was edited, so a pick no longer counts.
    ``out_of_date``: the approved take is not what the edited shot requests. ``candidates`` are requests of other seeds
    by digest, rendered for a person to choose from.
    """

    own: RenderRequest
    request: RenderRequest
    wanted: str
    shown: str
    state: str = "open"
    lapsed: bool = False
    out_of_date: bool = False
    candidates: tuple[tuple[str, RenderRequest], ...] = ()


def next_seed(seed: int, attempt: int) -> int:
    """The seed after ``attempt`` (from 1) rejections of a request with ``seed``: 0 ≤ result < 2³¹."""
    return int.from_bytes(hashlib.sha256(f"seed:{seed}:{attempt}".encode()).digest()[:4], "big") >> 1


def _requests(request: RenderRequest) -> Iterator[RenderRequest]:
    yield request
    attempt = 0
    while True:
        attempt += 1
        yield replace(request, seed=next_seed(request.seed, attempt))


def requests_left(request: RenderRequest, refused: Container[str]) -> Iterator[tuple[str, RenderRequest]]:
    """Each digest and request that is not ``refused``: ``request``, then the same with the next seeds, without end."""
    for each in _requests(request):
        if (digest := request_digest(each)) not in refused:
            yield digest, each


def choose(request: RenderRequest, select: Select | None, *, rejected: bool = False) -> Choice:
    """The choice for a clip whose spec makes ``request``. ``rejected``: the spec's status rejects that take."""
    refused = set(select.rejected if select else ())
    if rejected:
        refused.add(request_digest(request))
    digest, wanted = next(requests_left(request, {*refused, *(select.failed if select else ())}))
    if select is None:
        return Choice(request, wanted, digest, digest)
    candidates = {}
    for seed in select.seeds:
        other = replace(request, seed=seed)
        name = request_digest(other)
        if name not in refused and name != digest:
            candidates[name] = other
    shown, state, lapsed, out_of_date = digest, select.state, False, False
    if select.state == "approved" and select.take is not None:
        shown = select.take
        out_of_date = digest not in (select.take, select.instead_of, *select.good_for)
    elif select.state == "picked" and select.take is not None:
        lapsed = digest not in (select.take, select.instead_of)
        shown, state = (digest, "open") if lapsed else (select.take, "picked")
    return Choice(request, wanted, digest, shown, state, lapsed, out_of_date, tuple(candidates.items()))


def effective_select(film: Film, clip: Clip, request: RenderRequest, tier: str) -> Select | None:
    """The decisions on a clip that count in ``tier``, where its spec makes ``request``.

    The spec's ``status: approved`` counts in the final when the select states nothing. It approves the requested take,
    else the newest existing one by its renderer with its seed, else the newest; never a rejected one.
    """
    place, select = choice_tier(film, clip.clip_id, tier), film.selects.get(clip.clip_id)
    if select is not None:
        select = select.of_tier(place)
    if place != "final" or clip.spec.status.state != "approved" or (select is not None and select.has_state):
        return select
    choice = choose(request, select)
    digest: str | None = choice.wanted
    if not take_path(film.folder, clip.clip_id, choice.wanted).exists():
        refused = select.rejected if select else ()
        usable = [
            take
            for take in take_records(film.folder, clip.clip_id)
            if take.digest not in refused and take.request.get("renderer") in (None, request.renderer)
        ]
        usable.sort(key=lambda take: take.request.get("seed") == choice.request.seed)  # stable: newest stays last
        digest = usable[-1].digest if usable else None
    if digest is None:
        return select
    return (select or Select(clip_id=clip.clip_id)).model_copy(update={"state": "approved", "take": digest})


def status_rejects(film: Film, clip: Clip, tier: str) -> bool:
    """Whether the spec's status rejects the take that the spec requests in ``tier``."""
    return choice_tier(film, clip.clip_id, tier) == "final" and clip.spec.status.state == "rejected"


def choice_tier(film: Film, clip_id: str, tier: str) -> str:
    """The tier whose choice of the clip's take counts in ``tier``.

    That is ``tier`` itself. But if the film's final is a storyboard too, both show the takes of the final, until the
    storyboard has a choice of its own.
    """
    if tier != "animatic" or film.settings["renderer"] != "animatic":
        return tier
    select = film.selects.get(clip_id)
    return tier if select is not None and select.of_tier(tier).has_state else "final"


def choice_warnings(film: Film, clip: Clip, choice: Choice, tier: str) -> Iterator[str]:
    """What the film-maker should know about the choice of a clip's take in ``tier``, a line each."""
    clip_id, place, select = clip.clip_id, choice_tier(film, clip.clip_id, tier), film.selects.get(clip.clip_id)
    select = select.of_tier(place) if select is not None else None
    of_tier = "" if tier == "final" else f" --tier {tier}"
    if choice.out_of_date:
        since = f" {select.since:%Y-%m-%d}" if select is not None and select.since else ""
        see = f"vtx why {film.slug} {clip_id}{of_tier}"
        yield f"{clip_id}: approved{since}, edited since; the approved take stays. See: {see}"
    if choice.lapsed:
        yield f"{clip_id}: the shot was edited, so its picked take is no longer shown"
    status = clip.spec.status.state
    conflicting = {"approved": ("open", "picked"), "rejected": ("approved",)}.get(status, ())
    if tier == "final" and select is not None and select.has_state and select.state in conflicting:
        yield f"{clip_id}: its spec says {status} but review/selects/{clip_id}.yaml says {select.state}, which counts"


def covered(take: Mapping[str, Any], picture: tuple[int, int], frames: int) -> tuple[tuple[int, int], int]:
    """How much of a picture (width, height in pixels) and a length in frames a chosen take covers.

    ``take`` is the take's request, with the head after which its shot begins. A person may choose a take that was
    rendered when the shot was shorter or smaller, or had other handles. Missing fields count as large enough.
    """
    width, height = (min(pixels, take.get(key) or pixels) for key, pixels in zip(_SIZE, picture, strict=True))
    rendered = take.get("frames")
    return (width, height), min(frames, rendered - (take.get("head") or 0)) if rendered else frames
