"""What a person said of a clip's takes: in its select, else in the ``status`` of its spec."""

from __future__ import annotations

from collections.abc import Iterator

from vtx_app.compile.request import RenderRequest
from vtx_app.formats.select import Select
from vtx_app.plan.choice import Choice, choose
from vtx_app.project.film import Clip, Film
from vtx_app.project.paths import take_path
from vtx_app.takes.records import take_records

__all__ = ["select_of", "told_of"]


def select_of(film: Film, clip: Clip, own: RenderRequest) -> Select | None:
    """The person's word on the takes of a clip whose spec asks for ``own``.

    A spec that says ``approved``, where no select says a state, means the take that is there: the one that the clip
    asks for, else the newest of its seed, else the newest; never one that is rejected.
    """
    select = film.selects.get(clip.clip_id)
    if clip.spec.status.state != "approved" or (select is not None and select.says_state):
        return select
    choice = choose(own, select)
    digest: str | None = choice.wanted
    if not take_path(film.folder, clip.clip_id, choice.wanted).exists():
        refused = select.rejected if select else ()
        there = [take for take in take_records(film.folder, clip.clip_id) if take.digest not in refused]
        there.sort(key=lambda take: take.request.get("seed") == choice.request.seed)  # stays sorted by age within
        digest = there[-1].digest if there else None
    if digest is None:
        return select
    said = select or Select(clip_id=clip.clip_id)
    return said.model_copy(update={"state": "approved", "take": digest})


def told_of(film: Film, clip: Clip, choice: Choice) -> Iterator[str]:
    """What the film-maker should know of the choice of a clip's take, a line each."""
    clip_id, select = clip.clip_id, film.selects.get(clip.clip_id)
    if choice.out_of_date:
        since = f" since {select.since:%Y-%m-%d}" if select is not None and select.since else ""
        yield f"{clip_id}: approved{since}, and edited after it: its approved take stays; vtx why {film.slug} {clip_id}"
    if choice.lapsed:
        yield f"{clip_id}: the take that was picked is not shown any more: the shot was edited"
    word = clip.spec.status.state
    against = {"approved": ("open", "picked"), "rejected": ("approved",)}.get(word, ())
    if select is not None and select.says_state and select.state in against:
        yield f"{clip_id}: its spec says {word}, and review/selects/{clip_id}.yaml {select.state}, which counts"
