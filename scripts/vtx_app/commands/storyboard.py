"""``vtx storyboard …``: what the storyboard reads in a clip's words."""

from __future__ import annotations

from vtx_app.commands.options import ClipId, Json, Slug, command, group
from vtx_app.commands.output import print_json, print_line, print_table

__all__ = ["app"]

app = group("Look into the storyboard.")


@command(app)
def read(slug: Slug, clip_id: ClipId, json: Json = False) -> None:
    """Show what the storyboard reads in a clip: place, time, weather, people and moves, and from which words."""
    from dataclasses import asdict

    from vtx_app.compile.earlier import EARLIER, ORDER
    from vtx_app.plan.planner import plan_film
    from vtx_app.render.animatic.reading.lines import reading_lines, traced, written_in
    from vtx_app.render.animatic.reading.reader import read_shot
    from vtx_app.review.decisions import find_clip

    plan = find_clip(plan_film(slug, "animatic").every_clip, clip_id)
    texts = plan.take.sources.texts()
    reading = traced(read_shot(plan.choice.request), texts)
    own = (labels for part, labels in texts.items() if part not in (*EARLIER, ORDER))
    labels = {label.partition(": ")[2]: label for part in own for label in part}
    if json:
        words = [asdict(each) | {"where": written_in(each.key, labels)} for each in reading.words]
        print_json(asdict(reading) | {"words": words})
        return
    print_line(f"{plan.clip_id}  {plan.clip.spec.title}")
    lines = reading_lines(reading, labels)
    print_table(("", "read", "words", "where"), [(each.what, each.value, each.words, each.where) for each in lines])
