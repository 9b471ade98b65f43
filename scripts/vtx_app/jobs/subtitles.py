"""Write the subtitles of a film: ``python -m vtx_app.jobs.subtitles --project lighthouse --tier final``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from vtx_app.errors import PlanMovedError
from vtx_app.files import report
from vtx_app.jobs.output_files import hold
from vtx_app.jobs.run import run
from vtx_app.jobs.sources import not_rendered
from vtx_app.plan.planner import plan_film
from vtx_app.plan.subtitles import SubtitlesPlan
from vtx_app.project.paths import app_home
from vtx_app.registry.jobs import record_job


def write_subtitles(options: argparse.Namespace) -> None:
    """Write ``<slug>.srt`` and ``.vtt`` from what is heard in the takes."""
    with record_job("cut", options.project, "subtitles", tier=options.tier):
        plan = plan_film(options.project, options.tier).subtitles
        if plan is None:
            raise PlanMovedError(f"nothing is said in {options.project} any more. Run the build again")
        for clip in plan.clips.values():
            if not clip.path.exists():
                raise not_rendered(clip.clip_id)
        _write(plan, app_home() / f"speech/{options.project}-{options.tier}.json")


def _write(plan: SubtitlesPlan, known: Path) -> None:
    from vtx_app.subtitles.cues import make_cues, subtitle
    from vtx_app.subtitles.film import heard_lines
    from vtx_app.subtitles.placing import place_lines
    from vtx_app.subtitles.takes import TakesSpeech  # numpy and the codecs load after planning
    from vtx_app.subtitles.words import words_of

    with hold(plan.path):
        speech = TakesSpeech(known)
        spoken = {
            clip.clip_id: place_lines(
                [(who, words_of(text)) for who, text in clip.lines],
                speech.in_shot(clip.path, plan.rate, clip.head),
                clip.frames,
                plan.rate,
            )
            for clip in plan.clips.values()
        }
        speech.keep()
        cues = make_cues(heard_lines(plan.sound, spoken, plan.rate), plan.cuts, plan.frames, plan.rate)
        for line in plan.files.write(plan.stamp, [subtitle(cue, plan.rate) for cue in cues], plan.language):
            report(line)


if __name__ == "__main__":
    sys.exit(run(write_subtitles, "Write the subtitles of a film.", ["tier"]))
