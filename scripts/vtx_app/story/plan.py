"""What making a film's story would do: which stages are out of date, and which model calls that takes.

A pure function of the film's files, shared by the dry-run and the build. A stage after one that is out of date is
made from what that one will say: what it needs is known only then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from vtx_app.story.build_stage import by_path, stale_parts, stale_paths
from vtx_app.story.calls.answer_store import AnswerStore
from vtx_app.story.ledger import FOLDER, read_ledger
from vtx_app.story.stage import STAGES, Stage
from vtx_app.story.story_files import BRIEF, CHARACTERS, LOCATIONS, OUTLINE, SHOTLIST, TREATMENT, Sources
from vtx_app.story.writers.registry import stages_of
from vtx_app.text import plural

__all__ = ["OUTPUTS", "StagePlan", "StoryPlan", "has_story", "plan_story"]

OUTPUTS: dict[str, tuple[str, ...]] = {
    "outline": (OUTLINE,),
    "treatment": (TREATMENT,),
    "bibles": (CHARACTERS, LOCATIONS),
    "screenplay": (f"{FOLDER}/screenplay.json",),
    "shotlist": (SHOTLIST,),
    "clips": (f"{FOLDER}/clips.json",),
}
"""The files by which Snakemake knows a stage; of scenes and specs, of which nobody knows how many, the ledger."""

_NAMED = 12


@dataclass(frozen=True, slots=True)
class StagePlan:
    """One stage: ``current``; ``stale``; it ``follows`` a stale one; or it is a ``person``'s, and made by nobody.

    ``calls`` are the subjects of the model calls it makes, ``kept`` of those whose answer is there already; ``parts``
    the keys of all that it makes.
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
    """All stages of a film's story in order."""

    slug: str
    writer: str
    stages: dict[str, StagePlan]

    def lines(self) -> list[str]:
        """What would be done, a line for each stage that is not current."""
        due = [stage for stage in self.stages.values() if stage.is_made]
        if not due:
            return [f"{self.slug}: the story is current, writer {self.writer}"]
        calls = sum(len(stage.calls) for stage in due)
        more = " at least" if any(stage.state == "follows" for stage in due) and self.writer == "openai" else ""
        count = f"; {plural(calls, 'model call')}{more}" if self.writer == "openai" else ""
        return [f"{self.slug}: story, writer {self.writer}{count}", *(line for stage in due for line in _lines(stage))]


def _lines(stage: StagePlan) -> Iterable[str]:
    if stage.state == "follows":
        yield f"  {stage.name}: follows from the stages before it"
        return
    said = [plural(stage.files, "file")]
    if stage.calls:
        named = ", ".join(stage.calls[:_NAMED])
        more = f" and {len(stage.calls) - _NAMED} more" if len(stage.calls) > _NAMED else ""
        said.append(f"{plural(len(stage.calls), 'call')} of {stage.model}: {named}{more}")
    if stage.kept:
        said.append(f"{plural(len(stage.kept), 'answer')} kept")
    yield f"  {stage.name}: {', '.join(said)}"


def has_story(sources: Sources) -> bool:
    """Whether a film without specs goes through its story first: it has a page or a screenplay to make it from, or
    says who writes."""
    return sources.exists(BRIEF) or bool(sources.screenplay_file or sources.metadata.story.writer)


def plan_story(slug: str) -> StoryPlan:
    """The plan of the film's story. Raises :class:`vtx_app.errors.VtxError` for faults of its files."""
    sources = Sources(slug)
    stages = stages_of(sources.writer)
    found: dict[str, StagePlan] = {}
    for name in sorted(STAGES, key=lambda name: list(stages).index(name) if name in stages else -1):
        stage = stages.get(name)
        if stage is None:
            found[name] = StagePlan(name, "person")
        elif any(found[need].is_made for need in stage.needs):
            found[name] = StagePlan(name, "follows")
        else:
            found[name] = _stage(stage, sources)
    return StoryPlan(slug, sources.writer, {name: found[name] for name in STAGES})


def _stage(stage: Stage, sources: Sources) -> StagePlan:
    if stage.name == "outline" and sources.exists(OUTLINE) and not read_ledger(sources.folder, "outline").texts:
        return StagePlan(stage.name, "person")  # written by hand: nobody needs a brief
    ledger = read_ledger(sources.folder, stage.name)
    own, stale = stale_parts(stage, sources, ledger)
    paths = stale_paths(own, stale, sources, ledger)
    gone = [path for path in ledger.texts if path not in by_path(own)]
    if not (paths or gone):
        return StagePlan(stage.name, "current")
    answers = AnswerStore(sources.folder)
    requests = [part.request for part in stale if part.request is not None]
    asked = {request.key: request for request in reversed(requests)}  # two shots that say the same are one call
    kept = [request for request in reversed(asked.values()) if answers.path(request).exists()]
    calls = [request for request in reversed(asked.values()) if request not in kept]
    return StagePlan(
        stage.name,
        "stale",
        tuple(request.subject for request in calls),
        tuple(request.subject for request in kept),
        len(paths) + len(gone),
        calls[0].model if calls else "",
        frozenset(part.key for part in own if part in stale or part.path in paths),
    )
