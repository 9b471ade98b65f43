"""The page of a film in its folder, and a title that tries to get out of it."""

from __future__ import annotations

from pathlib import Path

from kit.desk import planned
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
