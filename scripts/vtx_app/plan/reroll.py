"""``qc: {policy: reroll}``: which takes get another seed because they fail a check. Pure.

Failed takes are listed in the shot's select (``failed``), so a verdict holds on every machine, even without the
measurements and in a VTX with other limits. The seeds are those that ``vtx take reject`` goes through.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from vtx_app.compile.request import request_digest
from vtx_app.formats.quality import Check
from vtx_app.plan.choice import requests_left, status_rejects
from vtx_app.plan.clip_plan import ClipPlan, chain_of
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.qc.finding import Finding
from vtx_app.text import plural

__all__ = ["Reroll", "film_rerolls"]

_NO_CURE: tuple[Check, ...] = ("file", "length", "loudness")
"""Checks that another seed would fail too, or whose faults the mix removes."""

Faults = Callable[[ClipPlan, str], int | None]
"""How many faults a take of a clip has by itself; None if it was not measured."""


@dataclass(frozen=True, slots=True)
class Reroll:
    """The next step for the shot ``clip_id``, whose take failed ``checks``.

    ``seed`` is the one to show: number ``number`` of at most ``seeds`` others, or 0 for the original. ``done``: every
    seed was tried, or this one passed. ``failed``: what the shot's select will then say; ``changed``: whether that
    differs from what it says now.
    """

    clip_id: str
    checks: tuple[str, ...]
    seed: int
    number: int
    seeds: int
    done: bool
    failed: tuple[str, ...]
    changed: bool

    @property
    def is_exhausted(self) -> bool:
        """Whether every seed fails."""
        return self.done and bool(self.checks)

    @property
    def words(self) -> str:
        """``fails black; seed 123 is next (1 of 2)``."""
        if not self.checks:
            return f"seed {self.seed} passes, after {plural(self.number, 'take')} that failed"
        why = f"fails {', '.join(self.checks)}"
        if not self.done:
            return f"{why}; seed {self.seed} is next ({self.number} of {self.seeds})"
        return f"{why}, as its other seeds do ({self.seeds} tried); the take with the fewest faults is seed {self.seed}"

    def __str__(self) -> str:
        """``A01_S02_SH003: fails black; seed 123 is next (1 of 2)``."""
        return f"{self.clip_id}: {self.words}"


def film_rerolls(plan: FilmPlan, findings: Sequence[Finding], faults: Faults) -> tuple[Reroll, ...]:
    """The shots whose take failed, in the order of the cut; none unless the policy is ``reroll``.

    A shot with an approved or picked take is left alone. So is one that continues a shot with another seed: it is
    rendered again in any case. ``findings``: of the takes that the film shows.
    """
    if plan.film.metadata.qc.policy != "reroll":
        return ()
    by_clip: dict[str, dict[str, None]] = {}
    for each in findings:
        if each.check not in _NO_CURE:
            by_clip.setdefault(each.clip_id, {})[each.check] = None
    found = {
        clip.clip_id: reroll
        for clip in plan.clips.values()
        if clip.choice.state == "open" and (reroll := _reroll(plan, clip, tuple(by_clip.get(clip.clip_id, ())), faults))
    }
    moved = {clip_id for clip_id, reroll in found.items() if reroll.changed}
    before = {clip.clip_id: {link.clip_id for link in chain_of(clip)[:-1]} for clip in plan.clips.values()}
    return tuple(reroll for clip_id, reroll in found.items() if not before[clip_id] & moved)


def _reroll(plan: FilmPlan, clip: ClipPlan, checks: tuple[str, ...], faults: Faults) -> Reroll | None:
    film, shown, most = plan.film, clip.take.digest, plan.film.metadata.qc.seeds
    select = film.selects.get(clip.clip_id)
    rejected, failed = (set(select.rejected), select.failed) if select else (set[str](), [])
    if status_rejects(film, clip.clip, plan.tier):
        rejected.add(request_digest(clip.choice.own))
    tries = dict(islice(requests_left(clip.choice.own, rejected), most + 1))
    numbers = {digest: number for number, digest in enumerate(tries)}

    def reroll(digest: str, done: bool, refused: Sequence[str]) -> Reroll:
        after = tuple(dict.fromkeys(refused))
        number, seed = numbers[digest], tries[digest].seed
        return Reroll(clip.clip_id, checks, seed, number, most, done, after, set(after) != set(failed))

    if not checks:
        before = list(tries)[: numbers.get(shown, 0)]
        passed = before and set(before) <= set(failed) and faults(clip, shown) is not None
        return reroll(shown, True, failed) if passed else None
    left = [digest for digest in tries if digest not in failed and digest != shown]
    if left:
        return reroll(left[0], False, [*failed, shown])
    counted = {digest: count for digest in tries if (count := faults(clip, digest)) is not None}
    if not counted:
        return None
    best = min(counted, key=lambda digest: (counted[digest], numbers[digest]))
    others = [digest for digest in failed if digest not in tries]
    return reroll(best, True, [*others, *(digest for digest in tries if digest != best)])
