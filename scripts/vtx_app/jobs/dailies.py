"""Write the dailies of a film: ``python -m vtx_app.jobs.dailies --project lighthouse --tier final``."""

from __future__ import annotations

import argparse
import sys

from vtx_app.dailies.page import page_html, plan_dailies
from vtx_app.dailies.pictures import make_pictures
from vtx_app.files import report, write_text
from vtx_app.jobs.output_files import hold
from vtx_app.jobs.run import run
from vtx_app.plan.planner import plan_film
from vtx_app.registry.jobs import record_job

__all__ = ["write_dailies"]


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


if __name__ == "__main__":
    sys.exit(run(write_dailies, "Write the dailies of a film.", ["tier"]))
