"""Whose words changed: a request holds whole prompts, and every stretch of one is said by a file of the film.

What was said before is known only as the old prompt. Where it is what another entry of the same file says now (another
costume, another profile), nobody changed that file: the shot names another entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from vtx_app.compile.prompt import ENDINGS, LOCATIONS_FILE, STYLE_FILE, PromptPart, prompt_entries, prompt_parts
from vtx_app.compile.request import fold
from vtx_app.plan.cause import Cause, said_by_shot, spec_file, text
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.project.film import Film

__all__ = ["negative_causes", "prompt_causes", "staging_causes"]

_NAMED = {"characters": "continuity.characters", "locations": "continuity.locations"}
"""What names an entry of a bible in a spec."""
_BEFORE = tuple(f"{ending} " for ending in ENDINGS)


def _profile(film: Film, plan: ClipPlan) -> str | None:
    named = film.settings.of_clip("style_profile", plan.clip.spec.continuity.shared_prompt_profile)
    return None if named is None else str(named)


def _profile_said(film: Film, plan: ClipPlan) -> tuple[str, str]:
    written = plan.clip.spec.continuity.shared_prompt_profile
    return said_by_shot(film, plan, "style_profile", written, "continuity.shared_prompt_profile")


def prompt_causes(film: Film, plan: ClipPlan, old: str) -> Iterator[Cause]:
    """The stretches that the ``old`` prompt has not, each with what stood in its place."""
    parts = prompt_parts(plan.clip.spec, film.bibles, _profile(film, plan))
    at, waiting, empty = 0, list[PromptPart](), list[PromptPart]()
    for part in [*parts, None]:
        if part is not None and not part.text:
            empty.append(part)
            continue
        where = _stands(part.text, old, at) if part is not None else len(old)
        if where < 0 and part is not None:
            waiting.append(part)
            continue
        gap = old[at:where].strip()
        if waiting:
            for each in waiting:
                yield from _changed(film, plan, each, gap, alone=len(waiting) == 1)
        elif gap:
            yield _gone(film, plan, empty, gap)
        waiting, empty = [], []
        at = where + (len(part.text) if part is not None else 0)


def _stands(text: str, old: str, at: int) -> int:
    """Where a stretch stands in ``old`` from ``at`` on, -1 where it does not: it begins where another one ended."""
    where = old.find(text, at)
    while where > at and not old[:where].endswith(_BEFORE):
        where = old.find(text, where + 1)
    return where


def _gone(film: Film, plan: ClipPlan, empty: list[PromptPart], old: str) -> Cause:
    """What is said no more: by a shot that named it, or by a file that says nothing now where it said something."""
    for kind, key in _NAMED.items():
        if old in prompt_entries(film.bibles, kind):
            return Cause(spec_file(plan), key, old, "")
    if empty and not empty[0].key.startswith("profiles.None"):
        return Cause(empty[0].file, empty[0].key, old, "")
    if empty:
        return Cause(*_profile_said(film, plan), old, "")
    return Cause(spec_file(plan), "no longer in the prompt", old, "")


def _changed(film: Film, plan: ClipPlan, part: PromptPart, old: str, *, alone: bool) -> Iterator[Cause]:
    """One new stretch; ``old`` stood where it, and those beside it if it is not ``alone``, stand now."""
    kind, own = part.key.partition(".")[0], spec_file(plan)
    another = old in prompt_entries(film.bibles, kind)
    if kind in _NAMED and (another or not old):
        yield Cause(own, _NAMED[kind], old, part.text)
    elif kind == "profiles" and another and alone:
        yield Cause(*_profile_said(film, plan), old, part.text)
    elif kind == "prompt" and _somebody_else_says(film, part, old):
        yield Cause(own, part.key, old, part.text)
    else:
        for piece, before in _pieces(part, old):
            yield Cause(piece.file or own, piece.key, before, piece.text)


def _somebody_else_says(film: Film, part: PromptPart, old: str) -> bool:
    names = {character.name for character in film.bibles.characters.values()}
    return any(old.startswith(f"{name} says") and not part.text.startswith(f"{name} says") for name in names)


def _pieces(part: PromptPart, old: str) -> Iterator[tuple[PromptPart, str]]:
    """The pieces of a stretch that ``old`` has otherwise, each with its old words; the whole where that can't be told.

    One piece that changed is looked for first: where a description ends and a costume begins is not to be seen.
    """
    for changed in (*((piece,) for piece in part.within), part.within):
        if changed and (found := re.fullmatch(_around(part, changed), old)):
            both = zip(changed, found.groups(), strict=True)
            yield from ((piece, before) for piece, before in both if before != piece.text)
            return
    yield part, old


def _around(part: PromptPart, changed: tuple[PromptPart, ...]) -> str:
    """A pattern of the stretch, with a group in place of each of these pieces."""
    pattern, at = "", 0
    for piece in part.within:
        start = part.text.index(piece.text, at)
        pattern += re.escape(part.text[at:start])
        pattern += "(.*)" if piece in changed else re.escape(piece.text)
        at = start + len(piece.text)
    return pattern + re.escape(part.text[at:])


def negative_causes(film: Film, plan: ClipPlan, old: str, new: str) -> list[Cause]:
    """Which words against something came or went: a cause for each who says some that came, else one for what went."""
    gone = [thing for thing in old.split(", ") if thing and thing not in new.split(", ")]
    come = [thing for thing in new.split(", ") if thing and thing not in old.split(", ")]
    profile, style = _profile(film, plan), film.bibles.style
    said = [style.global_negative, film.bibles.profile(profile).negative, plan.clip.spec.prompt.negative]
    places = [(STYLE_FILE, "global_negative"), (STYLE_FILE, f"profiles.{profile}.negative")]
    places.append((spec_file(plan), "negative words"))
    went = ", ".join(gone)
    others = {each.negative for name, each in style.profiles.items() if name != profile}
    whole = all(thing in come for thing in _things(said[1])) and all(thing in said[1] for thing in come)
    if went in others and whole:  # the words of one profile for those of another, or for none
        return [Cause(*_profile_said(film, plan), went, ", ".join(come))]
    if gone and not come:
        return [Cause(*places[_silent(said, old.split(", "), gone)], went, "")]
    by = [_who_says(said, thing) for thing in come]
    return [
        Cause(*places[who], went, ", ".join(thing for thing, its in zip(come, by, strict=True) if its == who))
        for who in sorted(set(by))
    ] or [Cause(*places[2], old, new)]


def _things(negative: str) -> list[str]:
    return [thing for part in negative.split(",") if (thing := fold(part).strip("."))]


def _who_says(said: list[str], thing: str) -> int:
    """The first of the texts that has the words, else the last."""
    return next((at for at, text in enumerate(said) if thing in text), len(said) - 1)


def _silent(said: list[str], old: list[str], gone: list[str]) -> int:
    """Which of the texts in ``said`` has the words no more that are ``gone`` of the ``old`` ones.

    They stood between words that are still said, in the order of the texts. Where that leaves more than one, it is one
    that says nothing at all any more: the first, where they came first, else the last; and without one the last.
    """
    who = {thing: _who_says(said, thing) for thing in old if thing not in gone}
    first = max((who[thing] for thing in old[: old.index(gone[0])] if thing in who), default=0)
    last = min((who[thing] for thing in old[old.index(gone[-1]) :] if thing in who), default=len(said) - 1)
    silent = [at for at in range(first, last + 1) if not said[at]] or [last]
    return silent[0] if silent[0] == 0 and gone[0] == old[0] else silent[-1]


def staging_causes(film: Film, plan: ClipPlan, old: Mapping[str, Any]) -> list[Cause]:
    """Names of places, which a storyboard draws by and a prompt does not say."""
    named = plan.clip.spec.continuity.locations
    were = old.get("locations", [])
    names = [film.bibles.locations[place].name for place in named]
    changed = [
        Cause(LOCATIONS_FILE, f"locations.{place}.name", text(before), now)
        for place, before, now in zip(named, were, names, strict=False)
        if before != now
    ]
    return changed or [Cause(spec_file(plan), "names of characters and places", text(dict(old)), "")]
