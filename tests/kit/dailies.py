"""The page of a film in its folder, and a title that tries to get out of it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from kit.desk import planned
from kit.page import Page
from vtx_app.dailies.page import page_html, plan_dailies
from vtx_app.dailies.paths import page_path
from vtx_app.dailies.pictures import make_pictures
from vtx_app.files import write_text

HOSTILE = '</script><script>window.broken = 1</script> <img src=x onerror="window.broken=1"> \u2028 "; {{ 7*7 }}'


def write_page() -> Path:
    """The page of the film ``harbour`` as it is now, with its thumbnails."""
    plan = planned()
    assert list(make_pictures(plan, plan_dailies(plan))) == []
    path = page_path(plan.film.folder, "final")
    write_text(path, page_html(plan_dailies(planned()).data))
    return path.resolve()


MOST_SERIOUS = ("serious", "critical")
"""Impacts of axe-core's findings."""


def faults_for_readers(page: Page) -> list[str]:
    """What axe-core finds that is serious for a person who can't see, or uses no mouse."""
    page.run((files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8") + "; true")
    found = page.run("axe.run(document, {resultTypes: ['violations']}).then((told) => told.violations)")
    return [
        f"{each['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for each in found
        if each["impact"] in MOST_SERIOUS
        for node in each["nodes"]
    ]
