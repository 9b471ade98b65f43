"""What is wrong with takes beside each other: loudness in a scene, colour along a chain and at its seams. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from vtx_app.formats.quality import Check
from vtx_app.qc.colour import delta_e, mean_colour, spread_ratio
from vtx_app.qc.finding import Finding
from vtx_app.qc.limits import limit
from vtx_app.qc.measures import BLACK_LUMA, Colour, Measures

__all__ = ["Shown", "check_film"]

_FEWEST = 3
"""Shots that make a scene's level."""

_MOST_OF_GROWTH = 0.75
"""The part of the growth that one link may have: where it has more, another thing is seen."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A take as the film shows it, in the order of the cut: its frames ``first`` up to ``end``.

    ``scene``: what its level is compared in. ``place``: shots of one scene and place look alike; ``""`` if unknown.
    ``parent``: the clip it continues; None where it begins by itself. ``runs_on``: it does so without a cut, right
    after it.
    """

    measures: Measures
    first: int
    end: int
    scene: str
    place: str
    speaks: bool
    parent: str | None = None
    runs_on: bool = False

    @property
    def look(self) -> Colour:
        """The mean colour of what is shown."""
        return mean_colour(self.measures.colours_of(self.first, self.end))

    @property
    def first_look(self) -> Colour:
        """The colour of the first quarter of a second or so."""
        return self.measures.colours_of(self.first, self.first + 1)[0]

    @property
    def last_look(self) -> Colour:
        """The colour of the last quarter of a second or so."""
        return self.measures.colours_of(self.end - 1, self.end)[-1]


def check_film(shown: Sequence[Shown]) -> list[Finding]:
    """The faults that show only beside other takes. A clip of which nothing was measured is left out of ``shown``."""
    seen = [each for each in shown if each.look.y > BLACK_LUMA]  # a black take is a fault by itself
    return [*_loudness(shown), *_drift(seen), *_seams(seen)]


def _loudness(shown: Sequence[Shown]) -> Iterator[Finding]:
    for scene in dict.fromkeys(each.scene for each in shown):
        for speaks in (True, False):
            members = [each for each in shown if each.scene == scene and each.speaks == speaks]
            heard = [(each, level) for each in members if (level := _level(each)) is not None]
            if len(heard) < _FEWEST:
                continue
            usual = median(level for _, level in heard)
            for each, level in heard:
                if abs(level - usual) > limit("loudness"):
                    way = "louder" if level > usual else "softer"
                    off = f"{abs(level - usual):.0f} LU {way} than that of its scene"
                    yield _finding("loudness", each, f"its sound is {off}, more than the mix evens out")


def _level(shown: Shown) -> float | None:
    sound = shown.measures.sound
    if sound is None or sound.loudness is None or sound.loudness < limit("silence"):
        return None  # a quiet room is no fault; silence under words is one by itself
    return sound.loudness


def _drift(shown: Sequence[Shown]) -> Iterator[Finding]:
    """Each link against the first, once for each chain: the first link that is too far off, or the growth."""
    for chain in _chains(shown):
        first = chain[0].look
        away = [delta_e(first, link.look) for link in chain]
        growing = 0
        for number, link in enumerate(chain[1:], 1):
            growing = growing + 1 if away[number] > away[number - 1] else 0
            name = f"link {number + 1} of the chain from {chain[0].measures.clip_id}"
            run = away[number - growing : number + 1]
            gradual = max((b - a for a, b in pairwise(run)), default=0) <= _MOST_OF_GROWTH * (run[-1] - run[0])
            if growing >= limit("drift_links") - 1 and gradual and away[number] >= limit("drift_growing"):
                steps = ", ".join(f"{value:.0f}" for value in away[number - growing + 1 : number + 1])
                yield _finding(
                    "drift", link, f"colour drifts further with each link: ΔE {steps} from the first, {name}"
                )
                break
            ratio = spread_ratio(first, link.look)
            if away[number] >= limit("drift"):
                yield _finding("drift", link, f"its colour is ΔE {away[number]:.0f} away from the first, {name}")
                break
            if ratio >= limit("drift_spread"):
                more = "more" if link.look.spread > first.spread else "less"
                text = f"it has {ratio:.1f} times {more} contrast than the first, {name}"
                yield _finding("drift", link, text)
                break


def _chains(shown: Sequence[Shown]) -> Iterator[list[Shown]]:
    """The chains of shots that continue each other, wherever they are in the film; each as far as it goes."""
    chains: dict[str, list[Shown]] = {}
    continued: set[str] = set()
    for each in shown:
        before = chains.get(each.parent) if each.parent else None
        if each.parent and before:
            continued.add(each.parent)
        chains[each.measures.clip_id] = [*(before or ()), each]
    for clip_id, chain in chains.items():
        if len(chain) > 1 and clip_id not in continued:
            yield chain


def _seams(shown: Sequence[Shown]) -> Iterator[Finding]:
    for before, after in pairwise(shown):
        away = delta_e(before.last_look, after.first_look)
        name = before.measures.clip_id
        if after.runs_on and after.parent == name:
            ratio = spread_ratio(before.last_look, after.first_look)
            if away >= limit("seam"):
                yield _finding("seam", after, f"its colour jumps by ΔE {away:.0f} where it continues {name}")
            elif ratio >= limit("seam_spread"):
                yield _finding("seam", after, f"its contrast jumps {ratio:.1f} times where it continues {name}")
        elif after.place and (after.scene, after.place) == (before.scene, before.place) and away >= limit("cut_seam"):
            text = f"its colour is ΔE {away:.0f} away from {name}, before it in the same place"
            yield _finding("seam", after, text)


def _finding(check: Check, shown: Shown, message: str) -> Finding:
    measures = shown.measures
    return Finding(check, measures.clip_id, measures.digest, message)
