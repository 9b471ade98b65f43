"""Which take a clip shows: the one its spec asks for, unless a person chose another, rejected it, or froze one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from vtx_app.compile.request import RenderRequest, request_digest
from vtx_app.formats.select import Select

__all__ = ["Choice", "choose", "covered", "next_seed"]

_SIZE = ("width", "height")


@dataclass(frozen=True, slots=True)
class Choice:
    """The request a clip asks for, after rejections (``request``, its digest ``wanted``), and the take it shows.

    ``own`` is what its spec asks for, before any rejection. ``shown`` is ``wanted`` but where a person picked or
    approved another. ``state``: open, picked, approved. ``lapsed``: a pick that the edited shot no longer asks for.
    ``out_of_date``: approved, while the shot asks for something else by now. ``candidates``: requests of further seeds
    by digest, rendered to choose from.
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
    """The seed after ``attempt`` (from 1) rejections of a request whose own is ``seed``: 0 ≤ it < 2³¹."""
    return int.from_bytes(hashlib.sha256(f"seed:{seed}:{attempt}".encode()).digest()[:4], "big") >> 1


def _requests(request: RenderRequest) -> Iterator[RenderRequest]:
    yield request
    attempt = 0
    while True:
        attempt += 1
        yield replace(request, seed=next_seed(request.seed, attempt))


def choose(request: RenderRequest, select: Select | None, *, rejected: bool = False) -> Choice:
    """The choice for a clip whose spec asks for ``request``. ``rejected``: the spec says that of what this makes."""
    refused = set(select.rejected if select else ())
    if rejected:
        refused.add(request_digest(request))
    wanted, digest = next(
        (each, digest) for each in _requests(request) if (digest := request_digest(each)) not in refused
    )
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


def covered(take: Mapping[str, Any], picture: tuple[int, int], frames: int) -> tuple[tuple[int, int], int]:
    """How much of a wanted picture (width, height in pixels) and length the request of a chosen ``take`` has.

    A person may choose a take that was rendered when the shot was shorter or smaller. What the request does not say
    is taken for enough.
    """
    width, height = (min(pixels, take.get(key) or pixels) for key, pixels in zip(_SIZE, picture, strict=True))
    return (width, height), min(frames, take.get("frames") or frames)
