"""The job that writes the poster."""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from kit.film import Film
from kit.machine import forget
from kit.movie import video_frame
from vtx_app.jobs.poster import make_poster
from vtx_app.media.writer import write_film
from vtx_app.plan.clip_plan import TakePlan
from vtx_app.plan.planner import plan_film

PARENT, CHILD = "A01_S02_SH001", "A01_S02_SH002"
EDIT = f"version: 1\nposter: {{clip: {CHILD}, frame: 2}}\n"


def write_take(take: TakePlan, level: int) -> None:
    """Grey shapes, ``level`` levels brighter than they should be."""
    request = take.request
    take.path.parent.mkdir(parents=True, exist_ok=True)
    with write_film(take.path, request.width, request.height, Fraction(request.rate)) as movie:
        for number in range(request.frames):
            ramp = np.linspace(40, 180, request.width) + 3 * np.sin(number)
            picture = np.broadcast_to(ramp[None, :, None], (request.height, request.width, 3)) + level
            movie.picture(video_frame(np.ascontiguousarray(picture.astype(np.uint8))))
        movie.sound(np.zeros((48_000, 2), np.int16))


def level(film: Film, edit: str) -> float:
    """The mean of the poster, as the film's ``edit`` asks for it."""
    film.write("story/05_edit.yaml", edit)
    forget()
    make_poster(argparse.Namespace(project="harbour", tier="final", log=None))
    forget()
    poster = plan_film("harbour", "final").poster
    assert poster is not None
    assert poster.is_current()
    with Image.open(Path(poster.path)) as picture:
        return float(np.asarray(picture.convert("L")).mean())


def test_a_matched_shot_is_matched_on_the_poster(film: Film) -> None:
    film.edit("metadata.yaml", "renderer: animatic\n", "renderer: animatic\nslate: {final: none}\n")
    clips = {clip.clip_id: clip for clip in plan_film("harbour", "final").clips.values()}
    write_take(clips[PARENT].take, 0)
    write_take(clips[CHILD].take, 10)
    plain = level(film, EDIT)
    matched = level(film, EDIT + "match: {chain: first}\n")
    assert 7 < plain - matched < 13
