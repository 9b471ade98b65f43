"""The job that renders a take, before it renders."""

from __future__ import annotations

from argparse import Namespace

import pytest

from kit.film import Film
from kit.shot import MONOLITH_LOCK
from vtx_app.errors import PlanMovedError
from vtx_app.formats.film_lock import FilmLock
from vtx_app.jobs.take import render_take
from vtx_app.models.locked import film_lock_text

TAKE = Namespace(project="harbour", tier="final", clip="A01_S01_SH001", digest="0" * 64, log=None)
OTHER_PACKAGE = "if nothing was edited, this job's Python has another ltx-pipelines than the build's"


def refused() -> str:
    with pytest.raises(
        PlanMovedError, match=r"no longer requests the take 000000000000…\. Run the build again"
    ) as caught:
        render_take(TAKE)
    return str(caught.value)


def test_a_take_that_its_clip_does_not_request_is_not_rendered(film: Film) -> None:
    assert OTHER_PACKAGE not in refused()
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    models = film.root / "models"
    models.mkdir()
    for slot in MONOLITH_LOCK:
        (models / slot).write_text(slot)
    (film.root / "config/models.env").write_text("".join(f"{slot}={models / slot}\n" for slot in MONOLITH_LOCK))
    assert OTHER_PACKAGE in refused()
    (film.root / "config/models.env").unlink()
    film.write("film.lock.yaml", film_lock_text(FilmLock(models=MONOLITH_LOCK)))
    assert OTHER_PACKAGE not in refused()
