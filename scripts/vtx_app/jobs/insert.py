"""Draw one piece of the cut: ``python -m vtx_app.jobs.insert --project lighthouse --tier final --insert end_roll``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from vtx_app.cut.timeline import Drawn, Roll, Words
from vtx_app.errors import CutError, PlanMovedError
from vtx_app.files import report
from vtx_app.fonts import FONT
from vtx_app.jobs.output_files import hold, is_made, replace
from vtx_app.jobs.run import run
from vtx_app.jobs.sources import source_of
from vtx_app.media.mp4 import write_stamp
from vtx_app.media.reader import probe
from vtx_app.plan.film_plan import FilmPlan, InsertPlan
from vtx_app.plan.planner import plan_film
from vtx_app.registry.jobs import record_job

__all__ = ["draw_insert"]


def draw_insert(options: argparse.Namespace) -> None:
    """Draw the piece ``options.insert`` of the film's cut from its takes."""
    with record_job("cut", options.project, options.insert, tier=options.tier):
        plan = plan_film(options.project, options.tier)
        insert = plan.inserts.get(options.insert)
        if insert is None:
            raise PlanMovedError(
                f"the cut no longer has {options.insert}: it was edited meanwhile. Run the build again"
            )
        with hold(insert.path):
            if not is_made(insert):
                _draw(plan, insert)


def _draw(plan: FilmPlan, insert: InsertPlan) -> None:
    from vtx_app.cut.insert import draw  # the codecs load after planning
    from vtx_app.cut.lettering import missing_letters_note

    name, (width, height), font = insert.path.stem, plan.size, insert.font or FONT
    with replace(insert.path) as part:
        sources = {clip.clip_id: source_of(plan.film, clip) for clip in insert.clips}
        if letters := _missing_letters(insert.piece, font):
            report(f"{name}: {missing_letters_note(letters, 'titles')}")
        draw(insert.piece, part, width=width, height=height, rate=plan.rate, sources=sources, font=font)
        found = probe(part)
        if (found.frames, found.width, found.height) != (insert.piece.frames, width, height):
            raise CutError(f"{name}: the drawn piece is not what the cut asks for: {found}")
        write_stamp(part, insert.stamp)


def _missing_letters(piece: Drawn, font: Path) -> str:
    """The letters in the words of ``piece`` that the font lacks, each once."""
    from vtx_app.cut.end_roll import roll_text
    from vtx_app.cut.titles import missing_in_title

    contents = [layer.content for layer in piece.layers]
    texts = [content.lettering.text for content in contents if isinstance(content, Words)]
    texts += [roll_text(content.lines) for content in contents if isinstance(content, Roll)]
    return missing_in_title("\n".join(texts), font) if texts else ""


if __name__ == "__main__":
    sys.exit(run(draw_insert, "Draw one piece of the cut.", ["tier", "insert"]))
