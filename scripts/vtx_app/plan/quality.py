"""The checks of a film's takes: what was measured, what is still to be, and what is wrong with them. Pure.

Takes are measured once (``renders/qc/<clip_id>/<digest>.json``). All else, also takes beside each other, is computed
here, so an edit of the cut measures nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from vtx_app.compile.request import RenderRequest, canonical_json
from vtx_app.formats.renderers import RENDERERS
from vtx_app.plan.clip_plan import ClipPlan, TakePlan, chain_of
from vtx_app.plan.film_plan import MOST_LINES, FilmPlan
from vtx_app.plan.heard import is_listened_to, word_findings
from vtx_app.plan.reroll import Reroll, film_rerolls
from vtx_app.project.paths import renders, take_path
from vtx_app.qc.film_checks import Shown, check_film
from vtx_app.qc.finding import Finding
from vtx_app.qc.measures import MEASURE_VERSION, Measures, read_measures
from vtx_app.qc.take_checks import Asked, check_take
from vtx_app.qc.words import read_heard
from vtx_app.takes.records import take_record
from vtx_app.text import plural, shortened

__all__ = ["FilmQuality", "asked_of", "film_quality", "quality_data", "quality_lines", "take_findings"]

CHECK_VERSION = 4
"""Raised when the same measurements would give other findings."""


@dataclass(frozen=True, slots=True)
class FilmQuality:
    """The checks of a film in one tier.

    ``measured``: of the takes that the film shows, by clip id. ``findings``: what is wrong with those, in the order of
    the cut. ``unmeasured``: takes that the film shows, or that a person asked for beside them and that exist, which
    were not measured yet. ``due``: those to measure next; with the policy ``reroll`` a take that would have to be
    rendered waits until those that it continues are measured. ``failing``: the findings that stop the build.
    ``rerolls``: the shots of which a take failed that get another seed, or got one. ``unheard``: takes with dialogue
    that the film shows, whose words are still to be listened to.

    The report at ``path`` carries ``stamp``.
    """

    path: Path
    stamp: str
    measured: Mapping[str, Measures]
    findings: tuple[Finding, ...]
    unmeasured: tuple[TakePlan, ...]
    due: tuple[TakePlan, ...]
    failing: tuple[Finding, ...]
    rerolls: tuple[Reroll, ...]
    unheard: tuple[TakePlan, ...]

    @property
    def round(self) -> str:
        """A hash of the takes to be measured next and the shots due another seed; ``""`` if there are none."""
        takes = [(take.clip_id, take.digest) for take in (*self.due, *self.unheard)]
        moved = [(each.clip_id, each.failed) for each in self.rerolls if each.changed]
        return hashlib.sha256(canonical_json([takes, moved]).encode()).hexdigest()[:16] if takes or moved else ""

    @property
    def round_path(self) -> Path:
        """The file that marks this round as done. The report removes it."""
        return self.path.with_suffix(f".{self.round}.round")

    def is_current(self) -> bool:
        """Whether everything is measured and reported, and nothing stops the build. Reads the report."""
        if self.unmeasured or self.unheard or self.failing or any(each.changed for each in self.rerolls):
            return False
        try:
            return bool(json.loads(self.path.read_bytes())["stamp"] == self.stamp)
        except (OSError, ValueError, TypeError, KeyError):
            return False

    def by_clip(self) -> dict[str, tuple[Finding, ...]]:
        """What is wrong with the takes that the film shows, by clip id."""
        found: dict[str, list[Finding]] = {}
        for each in self.findings:
            found.setdefault(each.clip_id, []).append(each)
        return {clip_id: tuple(findings) for clip_id, findings in found.items()}

    def report_text(self) -> str:
        """The text of the report."""
        data = {
            "version": 1,
            "stamp": self.stamp,
            "measured": len(self.measured),
            "findings": [asdict(each) for each in self.findings],
            "rerolls": [asdict(each) for each in self.rerolls],
        }
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def film_quality(plan: FilmPlan) -> FilmQuality:
    """The checks of the film as ``plan`` cuts it. Reads a small file for each take."""
    film, quality = plan.film, plan.film.metadata.qc
    measured: dict[str, Measures] = {}
    unmeasured: list[TakePlan] = []
    for clip in plan.clips.values():
        for take in clip.takes:
            if (found := read_measures(film.folder, take.clip_id, take.digest)) is None:
                if take is clip.take or take.exists():
                    unmeasured.append(take)
            elif take is clip.take:
                measured[clip.clip_id] = found
    windows = _windows(plan)
    asked = {
        clip.clip_id: _asked(plan, clip, clip.take.digest, windows[clip.clip_id])
        for clip in plan.clips.values()
        if clip.clip_id in measured
    }
    shown = [_shown(plan, clip, measured, asked) for clip in plan.clips.values() if clip.clip_id in measured]
    listened = [clip for clip in plan.clips.values() if clip.clip_id in measured and is_listened_to(plan, clip)]
    heard = {clip.clip_id: read_heard(film.folder, clip.clip_id, clip.take.digest) for clip in listened}
    found_alone = {
        clip.clip_id: [
            *check_take(measured[clip.clip_id], asked[clip.clip_id]),
            *word_findings(clip, heard.get(clip.clip_id)),
        ]
        for clip in plan.clips.values()
        if clip.clip_id in measured
    }
    beside: dict[str, list[Finding]] = {}
    for each in check_film(shown):
        beside.setdefault(each.clip_id, []).append(each)
    findings = tuple(
        each
        for clip_id in measured
        for each in (*found_alone[clip_id], *beside.get(clip_id, ()))
        if each.check not in quality.off
    )
    states = {clip.clip_id: clip.choice.state for clip in plan.clips.values()}
    failing = tuple(each for each in findings if states[each.clip_id] == "open") if quality.policy == "fail" else ()
    content: dict[str, Any] = {
        "versions": (MEASURE_VERSION, CHECK_VERSION),
        "off": sorted(quality.off),
        "takes": [(clip.take.digest, windows[clip.clip_id]) for clip in plan.clips.values()],
        "asked": asked,
        "heard": [(each.digest, each.text) for each in heard.values() if each],
        "beside": [(each.scene, each.place, each.parent, each.runs_on) for each in shown],
    }
    stamp = hashlib.sha256(f"qc:{canonical_json(content)}".encode()).hexdigest()
    unheard = tuple(clip.take for clip in listened if heard[clip.clip_id] is None)
    path = film.folder / f"{renders(plan.tier)}/qc/{film.slug}.json"
    rerolls = film_rerolls(plan, findings, lambda clip, digest: _count(plan, clip, digest))
    due = tuple(_due(plan, unmeasured) if quality.policy == "reroll" else unmeasured)
    return FilmQuality(path, stamp, measured, findings, tuple(unmeasured), due, failing, rerolls, unheard)


def _due(plan: FilmPlan, unmeasured: Sequence[TakePlan]) -> Iterator[TakePlan]:
    """Of the takes to be measured, those that are there, and those for which nothing that they continue may change."""
    waiting = {take.path for take in unmeasured}
    unsettled = {
        clip.clip_id for clip in plan.clips.values() if clip.choice.state == "open" and clip.take.path in waiting
    }
    for clip in plan.clips.values():
        settled = not _may_change(clip, unsettled)
        yield from (take for take in clip.takes if take.path in waiting and (settled or take.exists()))


def _may_change(clip: ClipPlan, unsettled: Container[str]) -> bool:
    """Whether a shot that ``clip`` continues is ``unsettled``. A take that a person chose stays, whatever is before."""
    for link in reversed(chain_of(clip)[:-1]):
        if link.choice.state != "open":
            return False
        if link.clip_id in unsettled:
            return True
    return False


def take_findings(plan: FilmPlan, clip: ClipPlan, digest: str) -> list[Finding]:
    """What is wrong with any take of ``clip`` by itself, over its whole shot; nothing if it was not measured."""
    measures = read_measures(plan.film.folder, clip.clip_id, digest)
    if measures is None:
        return []
    head = clip.material.head
    asked = _asked(plan, clip, digest, (head, head + clip.material.frames))
    return [each for each in check_take(measures, asked) if each.check not in plan.film.metadata.qc.off]


def _count(plan: FilmPlan, clip: ClipPlan, digest: str) -> int | None:
    """The faults of a take by itself; None if it was not measured, or is gone."""
    if read_measures(plan.film.folder, clip.clip_id, digest) is None:
        return None
    return (
        len(take_findings(plan, clip, digest)) if take_path(plan.film.folder, clip.clip_id, digest).exists() else None
    )


def quality_lines(quality: FilmQuality, slug: str, most: int | None = MOST_LINES) -> list[str]:
    """A line for each finding, at most ``most`` (None: all). Nothing before the first take is measured."""
    lines = [f"  check {each}" for each in quality.findings]
    lines += [f"  reroll {each}" for each in quality.rerolls]
    lines = shortened(lines, most, indent="  ", see=f"vtx plan {slug} --all")
    if quality.measured and (count := len(quality.unmeasured)):
        lines.append(f"  {plural(count, 'take')} not checked yet: snakemake qc")
    if count := len(quality.unheard):
        lines.append(f"  words of {plural(count, 'take')} not checked yet: snakemake qc")
    if quality.findings:
        lines.append("  qc: {off: [name, …]} in metadata.yaml turns off what is named in brackets")
    return lines


def quality_data(quality: FilmQuality) -> dict[str, Any]:
    """For ``--json``."""
    return {
        "checked": len(quality.measured),
        "unchecked": [take.clip_id for take in quality.unmeasured],
        "findings": [asdict(each) for each in quality.findings],
        "rerolls": [asdict(each) for each in quality.rerolls],
    }


def _windows(plan: FilmPlan) -> dict[str, tuple[int, int]]:
    """The frames of its take that the film shows of each clip, transitions included."""
    windows: dict[str, tuple[int, int]] = {}
    heads = {clip.clip_id: clip.material.head for clip in plan.clips.values()}
    for use in plan.timeline.uses:
        first = heads[use.clip_id] + use.first
        before = windows.get(use.clip_id, (first, first + use.frames))
        windows[use.clip_id] = min(first, before[0]), max(first + use.frames, before[1])
    for clip in plan.clips.values():
        head = clip.material.head
        windows.setdefault(clip.clip_id, (head, head + clip.material.frames))
    return windows


def _asked(plan: FilmPlan, clip: ClipPlan, digest: str, window: tuple[int, int]) -> Asked:
    requests = {take.digest: take.request for take in clip.takes}
    requested = digest in (clip.choice.wanted, *(other for other, _ in clip.choice.candidates))
    speaks = bool(clip.clip.spec.prompt.dialogue)
    if requested and digest in requests:
        return asked_of(requests[digest], window, speaks)
    return _asked_of_record(plan, clip, digest, window, speaks)


def asked_of(request: RenderRequest, window: tuple[int, int], speaks: bool) -> Asked:
    """What a take of ``request`` was to be, looked at in ``window``, frames of the take."""
    size = request.frames, request.width, request.height, request.rate
    return Asked(*size, *window, speaks, not RENDERERS[request.renderer].uses_models)


def _asked_of_record(plan: FilmPlan, clip: ClipPlan, digest: str, window: tuple[int, int], speaks: bool) -> Asked:
    """The same of an older take, which a person chose; by the present request where it left no record."""
    own, record = clip.take.request, take_record(plan.film.folder, clip.clip_id, digest).request
    frames, width, height = (_number(record, key, getattr(own, key)) for key in ("frames", "width", "height"))
    try:
        rate = Fraction(str(record["rate"]))
    except (KeyError, ValueError, ZeroDivisionError):
        rate = own.rate
    renderer = RENDERERS.get(str(record.get("renderer")), RENDERERS[own.renderer])
    return Asked(frames, width, height, rate, *window, speaks, not renderer.uses_models)


def _number(record: Mapping[str, Any], key: str, otherwise: int) -> int:
    value = record.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def _shown(plan: FilmPlan, clip: ClipPlan, measured: Mapping[str, Measures], asked: Mapping[str, Asked]) -> Shown:
    spec, parent = clip.clip.spec, clip.parent.clip_id if clip.parent else None
    window = asked[clip.clip_id]
    return Shown(
        measured[clip.clip_id],
        window.first,
        window.end,
        f"A{spec.act:02d}_S{spec.scene:02d}",
        " ".join(sorted(spec.continuity.locations)),
        bool(spec.prompt.dialogue),
        parent,
        parent is not None and (parent, clip.clip_id) not in plan.timeline.torn,
    )
