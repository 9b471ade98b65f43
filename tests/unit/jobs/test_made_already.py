"""Jobs leave what another build has just made, unless somebody forces them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kit.checked import write_take
from kit.film import Film
from kit.machine import forget
from kit.takes import planned
from vtx_app.jobs.clip import conform_clip
from vtx_app.jobs.cut import cut
from vtx_app.jobs.insert import draw_insert
from vtx_app.jobs.mix import mix_film
from vtx_app.jobs.poster import make_poster
from vtx_app.plan.film_plan import Product
from vtx_app.render.build_process import FORCED, announce

Job = Callable[[argparse.Namespace], None]
FIRST = "A01_S01_SH001__empty_quay"
JOBS: dict[str, tuple[Job, dict[str, str], Callable[[], Product | None]]] = {
    "clip": (conform_clip, {"clip": FIRST}, lambda: planned().clips[FIRST]),
    "poster": (make_poster, {}, lambda: planned().poster),
    "mix": (mix_film, {}, lambda: planned().mix),
    "insert": (draw_insert, {"insert": "end_card"}, lambda: planned().inserts["end_card"]),
    "act": (cut, {"part": "A01"}, lambda: planned().acts["A01"]),
}


@pytest.mark.parametrize("name", JOBS)
def test_what_is_current_is_left_alone_unless_forced(
    film: Film, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    announce(os.environ)
    film.write("story/05_edit.yaml", "end_card: {text: Fine, frames: 8}\n")
    os.environ[FORCED] = "0"
    forget()
    for plan in planned().clips.values():
        request = plan.take.request
        picture = np.full((request.height, request.width, 3), 90, np.uint8)
        write_take(plan.take.path, [picture] * request.frames, np.zeros((48_000, 2)), request.rate)
    if name == "act":
        for plan in planned().acts["A01"].clips:
            run_job(conform_clip, clip=plan.clip.stem)
    job, options, planned_product = JOBS[name]

    def made(forced: str) -> tuple[Path, int]:
        os.environ[FORCED] = forced
        forget()
        run_job(job, **options)
        product = planned_product()
        assert product is not None
        assert product.is_current()
        return product.path, product.path.stat().st_ino

    path, first = made("0")
    assert made("0") == (path, first)
    assert f"{path.name}: made already, by another build" in capsys.readouterr().err
    _, again = made("1")
    assert again != first
    path.write_bytes(b"something else")
    assert made("0") != (path, again)


def run_job(job: Job, **options: str) -> None:
    job(argparse.Namespace(project="harbour", tier="final", log=None, **options))
