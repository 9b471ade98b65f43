"""Measure the takes of a film that were not measured yet, and report what is wrong with them.

``python -m vtx_app.jobs.qc --project lighthouse --tier final --threads 2``. Measurements are kept, wherever the job
ends. With ``qc: {policy: reroll}`` it also notes takes that failed in ``review/selects``, so that the next plan shows
another seed; ``--round <file>`` writes that file in place of the report, for the build to plan again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from vtx_app.errors import CutError, RenderError
from vtx_app.files import report, write_text
from vtx_app.jobs.output_files import hold
from vtx_app.jobs.run import log_lines, run
from vtx_app.jobs.sources import not_rendered
from vtx_app.plan.clip_plan import TakePlan
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.planner import plan_film
from vtx_app.plan.quality import FilmQuality, film_quality
from vtx_app.project.paths import machine_variable, project_folder
from vtx_app.qc.measures import measures_path
from vtx_app.qc.words import Heard, heard_path
from vtx_app.registry.jobs import record_job
from vtx_app.review.decisions import lock_selects, refuse, save
from vtx_app.text import plural

__all__ = ["check_takes"]


def check_takes(options: argparse.Namespace) -> None:
    """Check the takes of the film ``options.project``. Raises :class:`RenderError` where that stops the build."""
    with record_job("cut", options.project, "qc", tier=options.tier):
        plan = plan_film(options.project, options.tier)
        quality = film_quality(plan)
        takes = quality.due if options.round else quality.unmeasured
        for take in takes:
            if not take.exists():
                raise not_rendered(take.clip_id)
        with hold(quality.path):
            if faults := list(_measure(plan, takes, int(options.threads))):
                raise CutError("\n".join(faults))
            if unheard := film_quality(plan).unheard:
                _listen(plan, unheard)
            quality = film_quality(plan)
            new = {take.clip_id for take in takes}
            exhausted = [each for each in quality.rerolls if each.is_exhausted and not each.changed]
            gave_up = [str(each) for each in exhausted if each.clip_id in new]  # once, when the last seed fails
            refused = _refuse(options.project, options.tier) if any(each.changed for each in quality.rerolls) else []
            quality = film_quality(plan_film(options.project, options.tier)) if refused else quality
            if options.round:
                write_text(Path(options.round), "".join(f"{line}\n" for line in [*gave_up, *refused]))
            else:
                write_text(quality.path, quality.report_text())
                for left in quality.path.parent.glob(f"{options.project}.*.round"):
                    left.unlink()
        for line in (*gave_up, *refused):
            report(line)
        if not options.round:
            _report(quality)
        log_lines(options.log, [*gave_up, *refused, *map(str, quality.findings)])
        if refused and not options.round:
            raise RenderError("Those shots get another seed (qc.policy in metadata.yaml is reroll): build again")


def _refuse(slug: str, tier: str) -> list[str]:
    """Have the shots whose takes failed show another seed; a line for each. A person's choice stays as it is."""
    folder = project_folder(slug)
    with lock_selects(folder):
        plan = plan_film(slug, tier)
        rerolls = [each for each in film_quality(plan).rerolls if each.changed]
        for each in rerolls:
            save(plan.film, refuse(plan.film, each.clip_id, each.failed))
    return [str(each) for each in rerolls]


def _measure(plan: FilmPlan, takes: Sequence[TakePlan], threads: int) -> Iterator[str]:
    """Measure ``takes``; yield a line for each that can't be."""

    def measure(take: TakePlan) -> str | None:
        return _measured(take.path, measures_path(plan.film.folder, take.clip_id, take.digest))

    pool = ThreadPoolExecutor(max(1, threads))  # the codecs work outside of Python's lock
    try:
        yield from (fault for fault in pool.map(measure, takes) if fault)
    finally:
        pool.shutdown(cancel_futures=True)


def _listen(plan: FilmPlan, takes: Sequence[TakePlan]) -> None:
    """Write down the words heard in ``takes``. Raises :class:`ProjectError` if nothing on this machine can listen."""
    import numpy as np

    from vtx_app.media.sound_blocks import sound_blocks
    from vtx_app.qc.recognizer import VARIABLE, Whisper, hear, whisper_model

    recognizer = Whisper(whisper_model(machine_variable(VARIABLE)))
    for take in takes:
        blocks = list(sound_blocks(take.path))
        text = hear(np.concatenate(blocks), recognizer, plan.film.metadata.language) if blocks else ""
        heard = Heard(take.clip_id, take.digest, text, recognizer.name)
        write_text(heard_path(plan.film.folder, take.clip_id, take.digest), heard.file_text())


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
    sys.exit(run(check_takes, "Check the takes of a film.", ["tier", "threads"], ["round"]))
