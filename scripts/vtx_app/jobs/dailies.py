"""Write the dailies of a film: ``python -m vtx_app.jobs.dailies --project lighthouse --tier final``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from vtx_app.dailies.page import DailiesPlan, page_html, plan_dailies
from vtx_app.dailies.peaks import write_peaks
from vtx_app.dailies.thumbs import try_thumb
from vtx_app.errors import VtxError
from vtx_app.files import report, write_text
from vtx_app.jobs.deliver import hold
from vtx_app.jobs.run import run
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.planner import plan_film
from vtx_app.registry.jobs import record_job

__all__ = ["make_pictures", "write_dailies"]


def write_dailies(options: argparse.Namespace) -> None:
    """Write the page of the film ``options.project``, with the thumbnails and the waveform that are missing."""
    with record_job("cut", options.project, "dailies", tier=options.tier):
        plan = plan_film(options.project, options.tier)
        dailies = plan_dailies(plan)
        with hold(dailies.path):
            for line in make_pictures(plan, dailies):
                report(line)
            data = plan_dailies(plan).data if dailies.thumbs or dailies.mix else dailies.data
            write_text(dailies.path, page_html(data))


def make_pictures(plan: FilmPlan, dailies: DailiesPlan) -> Iterator[str]:
    """Make the thumbnails and the waveform that are missing; yield a line for each that can't be made."""
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


if __name__ == "__main__":
    sys.exit(run(write_dailies, "Write the dailies of a film.", ["tier"]))
