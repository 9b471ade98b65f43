"""``vtx doctor``: whether this machine has what a film needs, a line for each thing and what to do about it."""

from __future__ import annotations

from vtx_app.commands.doctor.findings import Finding, State, load_subject, problems
from vtx_app.commands.doctor.machine import disk, git, media, python, settings
from vtx_app.commands.doctor.models import gpu, models, packages, story
from vtx_app.commands.doctor.signing import signing
from vtx_app.commands.doctor.storage import storage
from vtx_app.commands.options import Json, MaybeSlug
from vtx_app.commands.output import print_json, print_line
from vtx_app.commands.snakemake_command import change_to_snakefile
from vtx_app.errors import ProjectError, VtxError

__all__ = ["Finding", "doctor", "examine"]

_MARKS: dict[State, str] = {"ok": "ok      ", "note": "note    ", "problem": "PROBLEM "}
_CHECKS = (disk, storage, git, gpu, packages, models, story, signing, settings)


def doctor(slug: MaybeSlug = None, json: Json = False) -> int:
    """Show what this machine has of what films need, and what to do. Exit code 1 if a build would fail."""
    findings = examine(slug)
    if json:
        print_json([{"about": f.about, "state": f.state, "what": f.what, "do": f.advice} for f in findings])
    else:
        for each in findings:
            print_line(f"{_MARKS[each.state]}{each.what}" + (f": {each.advice}" if each.advice else ""))
    return int(any(each.state == "problem" for each in findings))


def examine(slug: str | None) -> list[Finding]:
    """Examine the machine for the film ``slug``, or for films in general: then what only LTX-2 needs is a note.

    Raises :class:`vtx_app.errors.VtxError` if there is no such film.
    """
    findings = [*python(), *media()]
    try:
        change_to_snakefile()
    except ProjectError as error:
        return [*findings, Finding("snakefile", "problem", str(error))]
    subject = load_subject(slug)
    for check in _CHECKS:
        try:
            findings += check(subject)
        except VtxError as error:  # for example, an unreadable file of variables
            findings += problems("variables", error)
    findings += subject.findings
    return list({(each.state, each.what, each.advice): each for each in findings}.values())
