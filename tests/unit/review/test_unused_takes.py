"""Takes that nothing needs."""

from __future__ import annotations

import json
import os
import time

from kit.desk import CLIP, decide, edit_all_clips, planned, the_clip
from kit.film import Film
from kit.takes import write_take
from vtx_app.review import decisions
from vtx_app.review.unused_takes import MIN_AGE_SECONDS, find_unused_takes, remove_take


def test_only_takes_that_nothing_needs_are_removed(film: Film) -> None:
    old = {clip.clip_id: clip.take.digest for clip in planned().clips.values()}
    decide(decisions.approve, old[CLIP])
    edit_all_clips(film)
    for clip in planned().clips.values():
        if not clip.take.exists():
            write_take(clip.take, day=22)
    loaded = planned().film
    assert find_unused_takes(loaded).takes == ()  # all are younger than a day
    found = find_unused_takes(loaded, now=time.time() + MIN_AGE_SECONDS + 5)
    assert {take.digest for take in found.takes} == {digest for clip_id, digest in old.items() if clip_id != CLIP}
    assert found.size == len(found.takes) * 6
    for take in found.takes:
        remove_take(take)
    assert len(list((film.folder / "renders/takes").glob("*/*.mp4"))) == len(old)
    assert not [take for take in planned().clips.values() if not take.take.exists()]


def test_takes_that_a_cut_names_stay(film: Film) -> None:
    plan = the_clip()
    manifest = {"clips": [{"digest": plan.take.digest}]}
    film.write("renders/final/harbour.manifest.json", json.dumps(manifest))
    edit_all_clips(film)
    found = find_unused_takes(planned().film, now=time.time() + MIN_AGE_SECONDS + 5)
    assert plan.take.digest not in {take.digest for take in found.takes}
    os.utime(plan.take.path, (0, 0))
    assert plan.take.digest not in {take.digest for take in find_unused_takes(planned().film).takes}
