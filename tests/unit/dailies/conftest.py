"""A film with takes that play."""

from __future__ import annotations

import shutil

import pytest

from kit.dailies import HOSTILE
from kit.desk import CLIP, planned
from kit.film import Film, spec
from kit.numbered_takes import write_numbered
from kit.takes import write_take
from vtx_app.review import decisions


@pytest.fixture
def played(film: Film) -> Film:
    """A film of which all takes but the last are rendered; :data:`CLIP` has two, and its title is hostile."""
    film.write(
        "prompts/clips/A01_S01_SH002__mara.yaml",
        spec(CLIP, HOSTILE, "Mara ties the ferry up and looks out to sea.", continuity={"characters": ["mara"]}),
    )
    movie = film.root / "take.mp4"
    write_numbered(movie, (128, 96), 8, 8)
    clips = [*planned().clips.values()][:-1]
    for clip in clips:
        write_take(clip.take)
        shutil.copy(movie, clip.take.path)
    plan = planned()
    clip = decisions.find_clip(plan.clips, CLIP)
    data, _ = decisions.reroll(plan.film, clip, 1)
    decisions.save(plan.film, data)
    (other,) = decisions.find_clip(planned().clips, CLIP).candidates
    write_take(other, day=21)
    shutil.copy(movie, other.path)
    return film
