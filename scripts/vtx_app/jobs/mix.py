"""Mix a film's sound: ``python -m vtx_app.jobs.mix --project lighthouse --tier final``."""

from __future__ import annotations

import argparse
import sys

from vtx_app.files import report, write_text
from vtx_app.jobs.output_files import hold, is_made, replace
from vtx_app.jobs.run import run
from vtx_app.jobs.sources import no_longer_there, takes_heard
from vtx_app.plan.planner import plan_film
from vtx_app.registry.jobs import record_job
from vtx_app.sound.report import report_text


def mix_film(options: argparse.Namespace) -> None:
    """Mix the sound of the film ``options.project``, and write down what was measured."""
    with record_job("cut", options.project, "sound", tier=options.tier):
        file = plan_film(options.project, options.tier).mix
        if file is None:
            raise no_longer_there(options.project)
        from vtx_app.sound.mix import mix  # the codecs load after planning

        with hold(file.path):
            if is_made(file):
                return
            with replace(file.path) as part, takes_heard(file.plan):
                measured = mix(file.plan, part)
                write_text(file.report, report_text(measured))
        for line in measured.notices():
            report(line)


if __name__ == "__main__":
    sys.exit(run(mix_film, "Mix a film's sound.", ["tier"]))
