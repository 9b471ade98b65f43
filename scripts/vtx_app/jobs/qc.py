"""Measure the takes of a film that were not yet, and report what is wrong with them.

``python -m vtx_app.jobs.qc --project lighthouse --tier final --threads 2``. What is measured stays, wherever the job
ends.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from vtx_app.errors import CutError, PlanMovedError, RenderError
from vtx_app.files import report, write_text
from vtx_app.jobs.deliver import hold
from vtx_app.jobs.run import run
from vtx_app.plan.clip_plan import TakePlan
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.planner import plan_film
from vtx_app.plan.quality import FilmQuality, film_quality
from vtx_app.qc.measures import measures_path
from vtx_app.registry.jobs import record_job
from vtx_app.text import plural

__all__ = ["check_takes"]


def check_takes(options: argparse.Namespace) -> None:
    """Check the takes of the film ``options.project``. Raises :class:`RenderError` where that stops the build."""
    with record_job("cut", options.project, "qc", tier=options.tier):
        plan = plan_film(options.project, options.tier)
        quality = film_quality(plan)
        for take in quality.unmeasured:
            if not take.exists():
                raise PlanMovedError(
                    f"{take.clip_id} was edited after this build was planned: its take is not rendered yet. "
                    "Run the build again"
                )
        with hold(quality.path):
            if faults := list(_measure(plan, quality.unmeasured, int(options.threads))):
                raise CutError("\n".join(faults))
            quality = film_quality(plan)
            write_text(quality.path, quality.report_text())
        _report(quality)


def _measure(plan: FilmPlan, takes: Sequence[TakePlan], threads: int) -> Iterator[str]:
    """Measure ``takes``; yield a line for each that can't be."""

    def measure(take: TakePlan) -> str | None:
        return _measured(take.path, measures_path(plan.film.folder, take.clip_id, take.digest))

    pool = ThreadPoolExecutor(max(1, threads))  # the codecs work outside of Python's lock
    try:
        yield from (fault for fault in pool.map(measure, takes) if fault)
    finally:
        pool.shutdown(cancel_futures=True)


def _measured(take: Path, out: Path) -> str | None:
    from vtx_app.qc.measure import measure_take  # numpy and the codecs load after planning

    try:
        write_text(out, measure_take(take).text())
    except CutError as error:
        return f"{take.parent.name}: the take can't be checked: {error}"
    return None


def _report(quality: FilmQuality) -> None:
    for finding in quality.findings:
        report(str(finding))
    if quality.failing:
        raise RenderError(
            "\n".join(
                [
                    f"{plural(len(quality.failing), 'check')} failed, and qc.policy in metadata.yaml is fail:",
                    *(f"  {finding}" for finding in quality.failing),
                    "Reject those takes (vtx take reject) or edit the shots, approve what is meant to be so, or turn "
                    "checks off: qc: {off: [name, …]}",
                ]
            )
        )


if __name__ == "__main__":
    sys.exit(run(check_takes, "Check the takes of a film.", ["tier", "threads"]))
