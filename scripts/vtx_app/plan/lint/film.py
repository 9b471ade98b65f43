"""Lint a film before a model renders its missing takes, and format the findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vtx_app.files import display_path
from vtx_app.formats.metadata import LintRule
from vtx_app.formats.rate import has_time_code, rate_text
from vtx_app.formats.renderers import RENDERERS
from vtx_app.plan.film_plan import ClipPlan, FilmPlan
from vtx_app.plan.lint.rules import RULES
from vtx_app.project.settings import Layer, setting_location
from vtx_app.text import shortened

__all__ = ["Finding", "lint", "lint_lines"]

NATIVE_RATE = 24


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says about a clip, or about the film (``clip_id`` None). ``at``: the file concerned."""

    rule: LintRule
    at: str
    message: str
    clip_id: str | None = None


def lint(plan: FilmPlan, render: Sequence[ClipPlan]) -> list[Finding]:
    """The findings for ``render``, the clips whose takes are missing; the film's own come first.

    Existing takes are already paid for, and a storyboard is not drawn by a model. A storyboard still gets the finding
    about the rate, which is cheapest to change then. ``lint: {off: […]}`` in metadata.yaml turns rules off.
    """
    off = plan.film.metadata.lint.off
    rules = [(name, rule) for name, rule in RULES.items() if name not in off]
    found = [] if "rate" in off or not render else list(_rate(plan))
    for clip in render:
        if RENDERERS[clip.take.request.renderer].uses_models:
            found += [
                Finding(name, clip.clip.name, message, clip.clip_id)
                for name, rule in rules
                if (message := rule(clip)) is not None
            ]
    return found


def _rate(plan: FilmPlan) -> Iterator[Finding]:
    """A rate without time code in SMPTE ST 12-1. LTX-2's native rate is 24; it is less stable at 16."""
    if has_time_code(plan.rate):
        return
    rate = rate_text(plan.rate)
    steady = f"LTX-2 is made for {NATIVE_RATE} and less steady at {rate}; " if plan.rate < NATIVE_RATE - 1 else ""
    setting = plan.film.settings.values["fps"]
    if setting.layer == Layer.BUILT_IN:
        at = f"{display_path(plan.film.folder / 'metadata.yaml')}: no fps, so the built-in"
    else:
        at = setting_location(plan.film.folder, setting)
    message = f"{rate} frames per second: {steady}no time code has {rate}, so no EDL or XML can carry the film"
    yield Finding("rate", at, message)


def lint_lines(found: Iterable[Finding], slug: str, most: int | None) -> list[str]:
    """One line per file with findings, at most ``most`` (None: all), and how to turn rules off."""
    lines: dict[str, list[str]] = {}
    for each in found:
        lines.setdefault(each.at, []).append(f"{each.message} ({each.rule})")
    if not lines:
        return []
    shown = [f"  look at {at}: {'; '.join(messages)}" for at, messages in lines.items()]
    return [
        *shortened(shown, most, indent="  ", see=f"vtx plan {slug} --all"),
        "  lint: {off: [name, …]} in metadata.yaml turns off what is named in brackets",
    ]
