"""Takes that nothing needs any more: no clip in any tier, no select, no manifest; and old enough to be sure."""

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
from vtx_app.takes.records import TakeRecord, take_records

__all__ = ["YOUNG_SECONDS", "Unneeded", "remove", "unneeded_takes"]

YOUNG_SECONDS = 86_400.0
"""A take younger than a day stays, whatever asks for it."""


@dataclass(frozen=True, slots=True)
class Unneeded:
    """Takes to remove, and lines on what is kept because it can't be told."""

    takes: tuple[TakeRecord, ...]
    kept: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(take.size for take in self.takes)


def unneeded_takes(film: Film, now: float | None = None) -> Unneeded:
    """The film's takes that nothing needs, oldest first. ``now`` is seconds since 1970.

    Of a tier that can't be planned here (its models are not known) every take that its renderer made is kept.
    """
    at = time.time() if now is None else now
    needed = {digest for select in film.selects.values() for digest in (select.take, select.instead_of) if digest}
    needed |= set(_in_manifests(film.folder))
    lines, unknown = [], set()
    for tier in TIERS:
        try:
            plans = plan_film(film.slug, tier).clips.values()
        except VtxError as error:
            unknown.add(tier_renderer(film, tier))
            lines.append(f"{tier} can't be planned here, so takes by {tier_renderer(film, tier)} stay: {_first(error)}")
            continue
        needed |= {take.digest for plan in plans for take in plan.takes} | {plan.choice.wanted for plan in plans}
    found = [
        take
        for clip_id in _clip_ids(film.folder)
        for take in take_records(film.folder, clip_id)
        if take.digest not in needed
        and take.request.get("renderer") not in unknown
        and take.request
        and at - _age(take.path) > YOUNG_SECONDS
    ]
    return Unneeded(tuple(sorted(found, key=lambda take: take.rendered_at)), tuple(lines))


def remove(take: TakeRecord) -> None:
    """Remove a take and its record. Raises :class:`OSError`."""
    take.path.unlink(missing_ok=True)
    take.path.with_suffix(".json").unlink(missing_ok=True)


def _first(error: VtxError) -> str:
    return str(error).splitlines()[0]


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return float("inf")


def _clip_ids(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in (folder / "renders" / "takes").iterdir() if entry.is_dir())
    except OSError:
        return []


def _in_manifests(folder: Path) -> Iterator[str]:
    """The digests in the manifests of every cut that is there."""
    for path in (folder / "renders").glob("**/final/*.manifest.json"):
        try:
            clips = json.loads(path.read_bytes()).get("clips", [])
        except (OSError, ValueError, AttributeError):
            continue
        yield from (str(clip.get("digest")) for clip in clips if isinstance(clip, dict))
