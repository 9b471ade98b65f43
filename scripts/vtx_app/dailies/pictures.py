"""The pictures of the dailies: thumbnails of takes and the waveform of the mix, those that are missing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from vtx_app.dailies.page import DailiesPlan
from vtx_app.dailies.peaks import write_peaks
from vtx_app.dailies.thumbs import try_thumb
from vtx_app.errors import VtxError
from vtx_app.plan.film_plan import FilmPlan

__all__ = ["make_pictures"]


def make_pictures(plan: FilmPlan, dailies: DailiesPlan) -> Iterator[str]:
    """Make what is missing; yield a line for each picture that can't be made. Raises :class:`OSError` (a full disk)."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # the codec works outside of Python's lock
        for fault in pool.map(try_thumb, dailies.thumbs.values(), dailies.thumbs):
            if fault:
                yield f"no thumbnail: {fault}"
    if dailies.mix is not None:
        from vtx_app.media.codec import samples_for  # the codecs load after planning

        sound, out = dailies.mix
        try:
            write_peaks(sound, samples_for(plan.timeline.frames, plan.rate), out)
        except VtxError as error:
            yield f"no waveform: {error}"
