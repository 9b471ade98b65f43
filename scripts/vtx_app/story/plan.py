"""What making a film's story would do: which stages are out of date, and which model calls that takes.

A pure function of the film's files, for the dry-run and the build alike. What a stage after a stale one needs is known
only once that one is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vtx_app.project.paths import BRIEF, CHARACTERS, LOCATIONS, OUTLINE, SHOT_LIST, TREATMENT
from vtx_app.story.build_stage import by_path, stale_parts, stale_paths
from vtx_app.story.calls.answer_store import AnswerStore
from vtx_app.story.calls.request import Request
from vtx_app.story.ledger import FOLDER, read_ledger
from vtx_app.story.stage import STAGES, Stage
from vtx_app.story.stages.registry import stages_of
from vtx_app.story.stages.screenplay_names import screenplay_warnings
from vtx_app.story.story_files import StoryFiles
from vtx_app.text import plural

__all__ = ["OUTPUTS", "StagePlan", "StoryPlan", "has_story", "plan_story"]

OUTPUTS: dict[str, tuple[str, ...]] = {
    "outline": (OUTLINE,),
    "treatment": (TREATMENT,),
    "bibles": (CHARACTERS, LOCATIONS),
    "screenplay": (f"{FOLDER}/screenplay.json",),
    "shotlist": (SHOT_LIST,),
    "clips": (f"{FOLDER}/clips.json",),
}
"""The outputs of each stage's rule; the ledger stands for scenes and specs, whose number is not known in advance."""

_LISTED_CALLS = 12


@dataclass(frozen=True, slots=True)
class StagePlan:
    """One stage: ``current``; ``stale``; it ``follows`` a stale one; or it is a ``person``'s, and nothing makes it.

    ``calls`` are the subjects of its model calls, ``kept`` of those whose answer exists; ``parts`` the keys of what it
    makes.
    """

    name: str
    state: Literal["current", "stale", "follows", "person"]
    calls: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    files: int = 0
    model: str = ""
    parts: frozenset[str] = frozenset()

    @property
    def is_made(self) -> bool:
        """Whether a build runs it."""
        return self.state in ("stale", "follows")


@dataclass(frozen=True, slots=True)
class StoryPlan:
    """All stages of a film's story in order. ``warnings`` of the screenplay that it is made from."""

    slug: str
    writer: str
    stages: dict[str, StagePlan]
    warnings: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The plan as text: a line for each stage that is not current."""
        pending = [stage for stage in self.stages.values() if stage.is_made]
        if not pending:
            return [f"{self.slug}: the story is current, writer {self.writer}"]
        calls = ""
        if self.writer == "openai":
            at_least = " at least" if any(stage.state == "follows" for stage in pending) else ""
            calls = f"; {plural(sum(len(stage.calls) for stage in pending), 'model call')}{at_least}"
        return [f"{self.slug}: story, writer {self.writer}{calls}", *map(_line, pending), *self.warnings]


def _line(stage: StagePlan) -> str:
    if stage.state == "follows":
        return f"  {stage.name}: follows from the stages before it"
    parts = [plural(stage.files, "file")]
    if stage.calls:
        named = ", ".join(stage.calls[:_LISTED_CALLS])
        more = len(stage.calls) - _LISTED_CALLS
        named += f" and {more} more" if more > 0 else ""
        parts.append(f"{plural(len(stage.calls), 'call')} of {stage.model}: {named}")
    if stage.kept:
        parts.append(f"{plural(len(stage.kept), 'answer')} kept")
    return f"  {stage.name}: {', '.join(parts)}"


def has_story(files: StoryFiles) -> bool:
    """Whether a film without specs makes its story first: it has a brief or a screenplay, or names a writer."""
    return files.exists(BRIEF) or bool(files.screenplay_file or files.metadata.story.writer)


def plan_story(slug: str) -> StoryPlan:
    """Plan the film's story. Raises :class:`vtx_app.errors.VtxError` for faults of its files."""
    files = StoryFiles(slug)
    stages = stages_of(files.writer)
    plans: dict[str, StagePlan] = {name: StagePlan(name, "person") for name in STAGES if name not in stages}
    for name, stage in stages.items():
        follows = any(plans[need].is_made for need in stage.needs)
        plans[name] = StagePlan(name, "follows") if follows else _plan_stage(stage, files)
    warnings = screenplay_warnings(files) if any(stage.is_made for stage in plans.values()) else []
    return StoryPlan(slug, files.writer, {name: plans[name] for name in STAGES}, tuple(warnings))


def _plan_stage(stage: Stage, files: StoryFiles) -> StagePlan:
    ledger = read_ledger(files.folder, stage.name)
    if stage.name == "outline" and files.exists(OUTLINE) and not ledger.texts:
        return StagePlan(stage.name, "person")  # an outline written by hand needs no brief
    own, stale = stale_parts(stage, files, ledger)
    paths = stale_paths(own, stale, files, ledger)
    obsolete = ledger.texts.keys() - by_path(own).keys()
    if not (paths or obsolete):
        return StagePlan(stage.name, "current")
    store = AnswerStore(files.folder)
    calls: dict[str, Request] = {}  # equal requests (two shots with the same content) are one call
    for part in stale:
        if part.request is not None:
            calls.setdefault(part.request.key, part.request)
    kept = {key: request for key, request in calls.items() if store.path(request).exists()}
    new = [request for key, request in calls.items() if key not in kept]
    stale_keys = {part.key for part in stale}
    return StagePlan(
        stage.name,
        "stale",
        tuple(request.subject for request in new),
        tuple(request.subject for request in kept.values()),
        len(paths) + len(obsolete),
        new[0].model if new else "",
        frozenset(part.key for part in own if part.key in stale_keys or part.path in paths),
    )
