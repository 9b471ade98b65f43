"""``vtx doctor``: whether this machine has what a film needs, a line for each thing and what to do about it."""

from __future__ import annotations

import typer

from vtx_app.commands.build import at_snakefile
from vtx_app.commands.doctor.film import case_of
from vtx_app.commands.doctor.findings import Found, State, problems
from vtx_app.commands.doctor.machine import disk, git, media, python, settings
from vtx_app.commands.doctor.models import cards, models, package, story
from vtx_app.commands.options import Json, MaybeSlug
from vtx_app.commands.showing import as_json, say, telling
from vtx_app.errors import ProjectError, VtxError

__all__ = ["Found", "doctor", "examine"]

_MARKS: dict[State, str] = {"ok": "ok      ", "note": "note    ", "problem": "PROBLEM "}
_CHECKS = (disk, git, cards, package, models, story, settings)


def doctor(slug: MaybeSlug = None, json: Json = False) -> None:
    """Say what this machine has of what films need, and what to do. Exit code 1 where a build would fail."""
    with telling():
        found = examine(slug)
        if json:
            as_json([{"about": f.about, "state": f.state, "what": f.what, "do": f.advice} for f in found])
        else:
            for each in found:
                say(f"{_MARKS[each.state]}{each.what}" + (f": {each.advice}" if each.advice else ""))
        raise typer.Exit(1 if any(each.state == "problem" for each in found) else 0)


def examine(slug: str | None) -> list[Found]:
    """What there is, for the film ``slug`` or for films in general (what only LTX-2 needs is a note then).

    Raises :class:`vtx_app.errors.VtxError` where there is no such film.
    """
    found = [*python(), *media()]
    try:
        at_snakefile()
    except ProjectError as error:
        return [*found, Found("snakefile", "problem", str(error))]
    case = case_of(slug)
    for check in _CHECKS:
        try:
            found += check(case)
        except VtxError as error:  # a file of variables that can't be read, for one
            found += problems("variables", error)
    found += case.found
    return list({(each.state, each.what, each.advice): each for each in found}.values())
