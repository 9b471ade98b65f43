"""``vtx edit show`` and ``vtx take trim``: the cut of a film, and a person's changes of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from vtx_app.commands.options import ClipId, DryRun, Json, Slug, Tier, command, group, require_tier
from vtx_app.commands.output import print_json, print_line, print_table
from vtx_app.errors import ProjectError

if TYPE_CHECKING:
    from vtx_app.review.cut_table import CutLine

__all__ = ["app", "trim"]

app = group("The cut of a film, after its takes.")

_BIGGEST = 1_000_000

In = Annotated[
    int | None,
    typer.Option(
        "--in",
        min=-_BIGGEST,
        max=_BIGGEST,
        help="the first frame that is shown, from 0; negative: into the head handle",
    ),
]
Out = Annotated[
    int | None,
    typer.Option(
        "--out", min=-_BIGGEST, max=_BIGGEST, help="the frame before which it ends; negative: from the shot's end"
    ),
]
Tail = Annotated[
    int | None,
    typer.Option(
        "--tail",
        min=-_BIGGEST,
        max=_BIGGEST,
        help="frames by which it ends after the shot; -12: 12 frames earlier",
    ),
]
Clear = Annotated[bool, typer.Option("--clear", help="show the whole shot again")]


def trim(
    slug: Slug,
    clip_id: ClipId,
    first: In = None,
    out: Out = None,
    tail: Tail = None,
    clear: Clear = False,
    tier: Tier = "final",
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Show a part of the shot. Nothing is rendered: it is cut in story/05_edit.yaml."""
    from vtx_app.plan.planner import plan_film
    from vtx_app.project.paths import project_folder
    from vtx_app.review.cut_changes import lock_edit, save_edit, trim_clip
    from vtx_app.review.decisions import find_clip

    if out is not None and tail is not None:
        raise ProjectError("--out and --tail both say where it ends: give one of them")
    if first is None and out is None and tail is None and not clear:
        raise ProjectError("what is shown of it? Give --in, --out or --tail, or --clear for the whole shot")
    with lock_edit(project_folder(slug)):
        plan = plan_film(slug, require_tier(tier))
        clip = find_clip(plan.every_clip, clip_id)
        if tail:
            out = clip.material.frames + tail if tail > 0 else tail
        forget = ("in", "out") if clear else ("out",) if tail == 0 else ()
        change = trim_clip(plan, clip, first=first, end=out, forget=forget)
        file = save_edit(plan.film, change.data) if not dry_run else "not written"
    cut = change.clip.delivery
    shown = {"in": cut.start, "out": cut.start + cut.frames, "of": clip.material.frames}
    if json:
        print_json(
            {"clip_id": clip_id, **shown, "seconds": float(cut.frames / cut.rate), "takes": change.takes}
            | {"made_again": change.made_again(), "torn": change.torn(), "file": file}
        )
        return
    seconds = f"{float(cut.frames / cut.rate):.2f} s"
    print_line(f"{clip_id}: frames {shown['in']} to {shown['out']} of {shown['of']}, {seconds} ({file})")
    for line in change.lines():
        print_line(f"  {line}")


def _name(line: CutLine) -> str:
    """What a line shows."""
    names = {"clip": line.clip, "still": f"{line.clip} (still)", "card": f"card: {line.words}"}
    return names.get(line.kind, f"end roll: {line.words}")


@command(app)
def show(slug: Slug, tier: Tier = "final", json: Json = False) -> None:
    """List the cut: what is shown of each clip, when, and how one becomes the next. Frames; the end is exclusive."""
    from vtx_app.plan.planner import plan_film
    from vtx_app.review.cut_table import cut_table
    from vtx_app.text import format_duration

    plan = plan_film(slug, require_tier(tier))
    lines = cut_table(plan.timeline, plan.film.edit, plan.rate)
    left_out = [clip.clip_id for clip in plan.left_out.values()]
    if json:
        clips = [asdict(line) for line in lines]
        print_json({"frames": plan.timeline.frames, "rate": str(plan.rate), "cut": clips, "left_out": left_out})
        return
    heads = ("clip", "in", "out", "seconds", "record" if not lines or lines[0].time_code else "frame", "transition")
    rows = [
        (
            _name(line),
            "" if line.first is None else line.first,
            "" if line.end is None else line.end,
            f"{line.seconds:.2f}",
            line.time_code or line.start,
            ", ".join(line.transitions),
        )
        for line in lines
    ]
    print_table(heads, rows)
    print_line(f"{slug}: {format_duration(plan.running_time)}, {plan.timeline.frames} frames")
    if left_out:
        print_line(f"left out: {', '.join(left_out)}")
