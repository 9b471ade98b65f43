"""Make one stage of a story: ``python -m vtx_app.jobs.story --project lighthouse --stage outline --at-once 4``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from vtx_app.errors import StoryError, VtxError
from vtx_app.files import display_path, write_text
from vtx_app.files import report as print_report
from vtx_app.jobs.run import log_lines, run
from vtx_app.project.paths import CHARACTERS, LOCATIONS
from vtx_app.registry.jobs import record_job
from vtx_app.story.build_stage import build_stage
from vtx_app.story.calls.answer import Answer, get_answers
from vtx_app.story.calls.answer_store import AnswerStore
from vtx_app.story.calls.client import openai_client
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.tries import Retries
from vtx_app.story.calls.usage import Usage, read_prices, usage_line
from vtx_app.story.model_settings import answer_timeout, server_variables
from vtx_app.story.stage import Part
from vtx_app.story.stages.bibles import empty_bible
from vtx_app.story.stages.registry import stages_of
from vtx_app.story.stages.screenplay_names import screenplay_warnings
from vtx_app.story.story_files import StoryFiles
from vtx_app.text import plural


def write_stage(options: argparse.Namespace) -> None:
    """Make what is out of date in ``options.stage`` of the film; with ``options.only``, only that scene or clip."""
    with record_job("story", options.project, options.only or options.stage):
        _write_stage(options.project, options.stage, options.only, max(1, int(options.at_once)), options.log)


def _write_stage(slug: str, name: str, only: str | None, parallel: int, log: Path | None) -> None:
    files = StoryFiles(slug)
    stage = stages_of(files.writer).get(name)
    if stage is None:
        raise StoryError(
            f"{display_path(files.folder)}: writer {files.writer} does not write the {name}: write it by hand, "
            "or name another writer in metadata.yaml"
        )

    def report(line: str) -> None:
        print_report(line)
        log_lines(log, [line])

    if name == ("outline" if files.writer == "fountain" else "shotlist"):
        for line in screenplay_warnings(files):
            report(line)
    maker = _PartMaker(files, name, parallel, report)
    try:
        result = build_stage(slug, stage, maker.make, only and only.partition("__")[0])
    finally:
        maker.report_usage()
    for message in result.messages:
        report(message)
    if name == "bibles":
        for path in (CHARACTERS, LOCATIONS):
            if not files.exists(path):
                write_text(files.path(path), empty_bible(path))
    if only and name in ("screenplay", "clips"):
        _require_file(slug, name, only)
    changed = result.files
    written = changed[0] if len(changed) == 1 else f"{plural(len(changed), 'file')} written"
    report(f"{name}: {written if changed else 'nothing to change'}")


def _require_file(slug: str, stage: str, name: str) -> None:
    """Raise :class:`StoryError` unless the film has the requested file under exactly that name."""
    files = StoryFiles(slug)
    paths = files.scene_paths if stage == "screenplay" else files.spec_paths
    path = paths.get(name.partition("__")[0])
    if path is None or Path(path).stem != name:
        known = f"it is {path}" if path else "there is no such scene in the outline, or shot in the shot list"
        raise StoryError(f"{name}: not a file of {slug}: {known}")


class _PartMaker:
    """Makes the parts of a stage: those by rule directly, the others by up to ``parallel`` calls at a time."""

    def __init__(self, files: StoryFiles, stage: str, parallel: int, report: Callable[[str], None]) -> None:
        self.files, self.stage, self.parallel, self.report = files, stage, parallel, report
        self.calls, self.usage = 0, Usage()

    def make(self, parts: Sequence[Part], keep: Callable[[Part, Any], None]) -> list[VtxError]:
        """Hand each part's draft to ``keep``, and return the failures of the others."""
        requested: dict[str, list[Part]] = {}  # equal requests (two shots with the same content) are one call
        for part in parts:
            if part.request is None:
                keep(part, part.check(None))
            else:
                requested.setdefault(part.request.key, []).append(part)
        if not requested:
            return []
        folder = self.files.folder
        client = openai_client(
            server_variables(folder),
            max_tokens=self.files.max_tokens(self.stage),
            retries=Retries(timeout=answer_timeout(folder, Retries().timeout)),
            report=self.report,
        )
        done = 0

        def on_answer(request: Request, answer: Answer[Any]) -> None:
            nonlocal done
            done += 1
            self.calls += answer.calls
            self.usage += answer.usage
            if answer.calls:
                self.report(f"{self.stage} {done} of {len(requested)}: {request.subject}")
            for part in requested[request.key]:
                keep(part, answer.value)

        requests = [(part.request, part.check) for part, *_ in requested.values() if part.request is not None]
        return get_answers(requests, AnswerStore(folder), client, self.parallel, on_answer)

    def report_usage(self) -> None:
        """Report what the calls of this stage used and cost."""
        if self.calls:
            line = usage_line(self.stage, self.calls, self.usage, self.files.model(self.stage), read_prices())
            self.report(line)


if __name__ == "__main__":
    sys.exit(run(write_stage, "Make one stage of a film's story.", ["stage", "at-once"], ["only"]))
