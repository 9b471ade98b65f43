"""Make one stage of a story: ``python -m vtx_app.jobs.story --project lighthouse --stage outline --at-once 4``."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from vtx_app.errors import StoryError, VtxError
from vtx_app.files import report, write_text
from vtx_app.jobs.run import log_lines, run
from vtx_app.project.paths import shown
from vtx_app.registry.jobs import record_job
from vtx_app.story.bible_text import empty_bible
from vtx_app.story.build_stage import produce
from vtx_app.story.calls.answer import Answer, get_answers
from vtx_app.story.calls.answer_store import AnswerStore
from vtx_app.story.calls.client import openai_client
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.usage import Usage, read_prices, usage_line
from vtx_app.story.model_settings import story_variables
from vtx_app.story.stage import Part
from vtx_app.story.story_files import CHARACTERS, LOCATIONS, Sources
from vtx_app.story.writers.registry import stages_of

_KEPT: list[str] = []
"""What was said, for the job's log."""


def say(line: str) -> None:
    """Tell the person at the build, and the log."""
    report(line)
    _KEPT.append(line)


def write_stage(options: argparse.Namespace) -> None:
    """Make what is out of date in ``options.stage`` of the film; with ``options.only``, that scene or clip alone."""
    with record_job("story", options.project, options.only or options.stage):
        _write_stage(options)


def _write_stage(options: argparse.Namespace) -> None:
    sources = Sources(options.project)
    stage = stages_of(sources.writer).get(options.stage)
    if stage is None:
        raise StoryError(
            f"{shown(sources.folder)}: writer {sources.writer} does not write the {options.stage}: write it by hand, "
            "or name another writer in metadata.yaml"
        )
    _KEPT.clear()
    asking = _Asking(sources, options.stage, max(1, int(options.at_once)))
    only = re.split(r"__", options.only)[0] if options.only else None
    try:
        made = produce(options.project, stage, asking.make, only)
    finally:
        asking.tell()
        log_lines(options.log, _KEPT)
    for line in made.lines:
        say(line)
    if stage.name == "bibles":
        for path in (CHARACTERS, LOCATIONS):
            if not sources.exists(path):
                write_text(sources.path(path), empty_bible(path))
    if only and stage.name in ("screenplay", "clips"):
        _require(options.project, stage.name, options.only)
    say(f"{options.stage}: {_files(made.files)}")


def _files(files: Sequence[str]) -> str:
    return "nothing to change" if not files else files[0] if len(files) == 1 else f"{len(files)} files written"


def _require(slug: str, stage: str, name: str) -> None:
    """A file asked for by its path is there under just that name. Raises :class:`StoryError`."""
    sources = Sources(slug)
    paths = sources.scene_paths if stage == "screenplay" else sources.spec_paths
    there = paths.get(name.partition("__")[0])
    if there is None or Path(there).stem != name:
        known = f"it is {there}" if there else "there is no such scene in the outline, or shot in the shot list"
        raise StoryError(f"{name}: not a file of {slug}: {known}")


class _Asking:
    """Makes the parts of a stage: those by rule at once, the others by as many calls at a time as allowed."""

    def __init__(self, sources: Sources, stage: str, at_once: int) -> None:
        self.sources, self.stage, self.at_once = sources, stage, at_once
        self.called, self.usage = 0, Usage()

    def make(self, parts: Sequence[Part], keep: Callable[[Part, Any], None]) -> list[VtxError]:
        """Hand every part's draft to ``keep``; returns what went wrong with the others."""
        asked: dict[str, list[Part]] = {}  # two shots that say the same are one call
        for part in parts:
            if part.request is None:
                keep(part, part.check(None))
            else:
                asked.setdefault(part.request.key, []).append(part)
        if not asked:
            return []
        caller = openai_client(story_variables(self.sources.folder), report=say)
        done = 0

        def on_done(request: Request, got: Answer[Any]) -> None:
            nonlocal done
            done += 1
            self.called += got.calls
            self.usage += got.usage
            if got.calls:
                say(f"{self.stage} {done} of {len(asked)}: {request.subject}")
            for part in asked[request.key]:
                keep(part, got.value)

        wanted = [(part.request, part.check) for part, *_ in asked.values() if part.request is not None]
        return get_answers(wanted, AnswerStore(self.sources.folder), caller, self.at_once, on_done)

    def tell(self) -> None:
        """What the calls of this stage used, and cost."""
        if self.called:
            say(usage_line(self.stage, self.called, self.usage, self.sources.model(self.stage), read_prices()))


if __name__ == "__main__":
    sys.exit(run(write_stage, "Make one stage of a film's story.", ["stage", "at-once"], ["only"]))
