"""Write the film's poster: ``python -m vtx_app.jobs.poster --project lighthouse --tier final``."""

from __future__ import annotations

import argparse
import sys

from vtx_app.jobs.output_files import hold, is_made, replace
from vtx_app.jobs.run import run
from vtx_app.jobs.sources import correction_of, no_longer_there, not_rendered
from vtx_app.plan.planner import plan_film
from vtx_app.registry.jobs import record_job
from vtx_app.takes.store import require_whole


def make_poster(options: argparse.Namespace) -> None:
    """Write the poster of the film ``options.project``."""
    with record_job("cut", options.project, "poster", tier=options.tier):
        plan = plan_film(options.project, options.tier)
        poster = plan.poster
        if poster is None:
            raise no_longer_there(options.project)
        if not poster.take.exists():
            raise not_rendered(poster.clip_id)
        from vtx_app.cut.poster import write_poster  # the codecs load after planning

        with hold(poster.path):
            if is_made(poster):
                return
            require_whole(poster.take)
            clip = next(each for each in plan.clips.values() if each.clip_id == poster.clip_id)
            with replace(poster.path) as part:
                write_poster(poster, part, correction_of(plan.film, clip))


if __name__ == "__main__":
    sys.exit(run(make_poster, "Write the film's poster.", ["tier"]))
