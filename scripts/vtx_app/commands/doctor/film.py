"""The film that the doctor looks at: as far as it can be read, and what stands against building it."""

from __future__ import annotations

from vtx_app.commands.doctor.findings import SHOWN, Case, Found, problems
from vtx_app.errors import VtxError

__all__ = ["case_of"]


def case_of(slug: str | None) -> Case:
    """The film as far as it can be read, and what stands against building it."""
    from vtx_app.formats.renderers import RENDERERS
    from vtx_app.plan.planner import plan_film, tier_renderer
    from vtx_app.plan.readiness import render_faults
    from vtx_app.project.load import load_film
    from vtx_app.project.paths import project_folder
    from vtx_app.story.plan import has_story, plan_story
    from vtx_app.story.story_files import StoryFiles

    case = Case()
    if slug is None:
        return case
    project_folder(slug)
    try:
        case.film = load_film(slug, only=())
        case.models = RENDERERS[tier_renderer(case.film, "final")].uses_models
        plan = plan_film(slug, "final")
        missing = [clip.take for clip in plan.clips.values() if not clip.take.exists()]
        if plan.clips:
            case.models = any(RENDERERS[take.request.renderer].uses_models for take in missing)
            case.slots = {slot for take in missing for slot in take.slots}
            told = Found(
                "film", "ok", f"{slug}: {len(plan.clips)} clips, renderer {plan.renderer}, {len(missing)} to render"
            )
        elif has_story(StoryFiles(slug)):
            case.writes = any(stage.calls for stage in plan_story(slug).stages.values())
            told = Found("film", "ok", f"{slug}: no clip specs yet, a build makes its story first")
        else:
            told = Found("film", "problem", f"{slug}: no clip specs, and no story to make them from", "write a brief")
        faults = render_faults(plan.film, missing)
    except VtxError as error:
        case.found += problems("film", error)
        return case
    case.found += [Found("film", "problem", f"{slug} can't be rendered here", line) for line in faults[:SHOWN]]
    case.found += [] if faults else [told]
    return case
