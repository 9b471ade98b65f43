"""The job that conforms a clip: it leaves what another build has just made, unless somebody forces it."""

from __future__ import annotations

import argparse
import os

import pytest

from kit.film import Film
from kit.machine import forget
from kit.takes import planned, write_take
from vtx_app.jobs.clip import conform_clip
from vtx_app.render.animatic.renderer import AnimaticRenderer
from vtx_app.render.build_process import FORCED, announce
from vtx_app.render.renderer import Sources


def test_a_current_clip_is_left_alone_unless_forced(
    film: Film, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    announce(os.environ)
    plan = next(iter(planned().clips.values()))
    write_take(plan.take)
    plan.take.path.unlink()
    AnimaticRenderer().render(plan.take.request, Sources(), plan.take.path, lambda done, total: None)
    options = argparse.Namespace(project="harbour", tier="final", clip=plan.clip.stem, log=None)

    def made(forced: str) -> int:
        os.environ[FORCED] = forced
        forget()
        conform_clip(options)
        return plan.path.stat().st_ino

    first = made("0")
    assert plan.is_current()
    assert made("0") == first
    assert f"{plan.clip_id}: conformed already, by another build" in capsys.readouterr().err
    again = made("1")
    assert again != first
    plan.path.write_bytes(b"a clip of something else")
    assert made("0") != again
    assert plan.is_current()
