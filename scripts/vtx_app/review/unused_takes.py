"""Takes that no clip, select or manifest uses, in any tier, and that are older than a day."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vtx_app.errors import VtxError
from vtx_app.plan.planner import plan_film, tier_renderer
from vtx_app.project.film import Film
from vtx_app.project.paths import TIERS
from vtx_app.takes.records import TakeRecord, clips_with_takes, take_records

__all__ = ["MIN_AGE_SECONDS", "UnusedTakes", "find_unused_takes", "remove_take"]

MIN_AGE_SECONDS = 86_400.0
"""A take younger than a day is kept."""


@dataclass(frozen=True, slots=True)
class UnusedTakes:
    """The takes to remove, and a line for each tier whose takes are ``kept`` because it can't be planned."""

    takes: tuple[TakeRecord, ...]
    kept: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(take.size for take in self.takes)


def find_unused_takes(film: Film, now: float | None = None) -> UnusedTakes:
    """The film's unused takes, the oldest first. ``now``: seconds since 1970.

    If a tier can't be planned here, for lack of its models, every take of its renderer is kept.
    """
    now = time.time() if now is None else now
    choices = [select.of_tier(tier) for select in film.selects.values() for tier in TIERS]
    used = {digest for choice in choices for digest in (choice.take, choice.instead_of) if digest}
    used |= set(_in_manifests(film.folder))
    kept, renderers = [], set()
    for tier in TIERS:
        try:
            clips = plan_film(film.slug, tier).every_clip.values()
        except VtxError as error:
            renderer, reason = tier_renderer(film, tier), str(error).splitlines()[0]
            renderers.add(renderer)
            kept.append(f"{tier} can't be planned here, so takes by {renderer} are kept: {reason}")
            continue
        used |= {take.digest for clip in clips for take in clip.takes} | {clip.choice.wanted for clip in clips}
    found = [
        take
        for clip_id in clips_with_takes(film.folder)
        for take in take_records(film.folder, clip_id)
        if take.digest not in used
        and take.request.get("renderer") not in renderers
        and take.request
        and now - _modified(take.path) > MIN_AGE_SECONDS
    ]
    return UnusedTakes(tuple(sorted(found, key=lambda take: take.rendered_at)), tuple(kept))


def remove_take(take: TakeRecord) -> None:
    """Remove a take and its record. Raises :class:`OSError`."""
    take.path.unlink(missing_ok=True)
    take.path.with_suffix(".json").unlink(missing_ok=True)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return float("inf")


def _in_manifests(folder: Path) -> Iterator[str]:
    """The digests in the manifests of every existing cut."""
    for path in (folder / "renders").glob("**/final/*.manifest.json"):
        try:
            clips = json.loads(path.read_bytes()).get("clips", [])
        except (OSError, ValueError, AttributeError):
            continue
        yield from (str(clip.get("digest")) for clip in clips if isinstance(clip, dict))
