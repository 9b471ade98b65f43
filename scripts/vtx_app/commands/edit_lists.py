"""``vtx edit import`` and ``vtx edit diff``: cuts that come from an editing program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vtx_app.commands.options import DryRun, Json, Slug, Tier, require_tier
from vtx_app.commands.output import print_json, print_line
from vtx_app.text import plural

__all__ = ["diff", "take_over"]

CutFile = Annotated[Path, typer.Argument(resolve_path=True, help="a cut: .otio, .xml, .fcpxml, .edl")]
AnyCut = Annotated[
    Path, typer.Argument(resolve_path=True, help="a cut: .otio, .xml, .fcpxml, .edl, or an edit of the film, .yaml")
]


def take_over(slug: Slug, file: CutFile, tier: Tier = "final", dry_run: DryRun = False, json: Json = False) -> None:
    """Take over an editor's cut: trims, order, transitions and levels. Nothing is rendered."""
    from vtx_app.plan.handover import film_cut
    from vtx_app.plan.planner import plan_film
    from vtx_app.project.paths import project_folder
    from vtx_app.review.cut_changes import lock_edit
    from vtx_app.review.list_import import import_list, save_import
    from vtx_app.review.read_list import read_list

    with lock_edit(project_folder(slug)):
        plan = plan_film(slug, require_tier(tier))
        made = import_list(plan, read_list(file, film_cut(plan)))
        files = [] if dry_run or not made.changes else save_import(made)
    if json:
        facts = {"changes": made.changes, "not_carried": made.lost, "takes": made.takes, "files": files}
        print_json(facts | {"frames": made.after.timeline.frames})
        return
    for line in made.changes:
        print_line(line)
    for line in made.lost:
        print_line(f"not carried: {line}")
    if not made.changes:
        print_line(f"{slug}: nothing in its edit changes")
    else:
        print_line(f"{slug}: {plural(made.takes, 'take')} to render; {'not written' if dry_run else ', '.join(files)}")


def diff(slug: Slug, one: AnyCut, other: AnyCut, tier: Tier = "final", json: Json = False) -> None:
    """List what is different in two cuts of the film: clips, trims, order, transitions, levels."""
    from vtx_app.handover.changes import changes
    from vtx_app.plan.handover import film_cut
    from vtx_app.plan.planner import plan_film
    from vtx_app.review.read_list import read_cut

    plan = plan_film(slug, require_tier(tier))
    cut = film_cut(plan)
    heads = {media.clip_id: media.head for media in reversed(cut.media)}
    lines = changes(read_cut(one, plan, cut), read_cut(other, plan, cut), heads)
    if json:
        print_json({"changes": lines})
        return
    for line in lines:
        print_line(line)
    if not lines:
        print_line("the same cut")
