"""Make one stage of a film's story: what is out of date, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vtx_app.errors import StoryError, VtxError
from vtx_app.files import file_lock, write_failure
from vtx_app.project.paths import CHARACTERS, LOCATIONS, OUTLINE, SCENES, SHOT_LIST, SPECS, TREATMENT, app_home
from vtx_app.project.template_files import unedited_template_files
from vtx_app.story.generated_files import WriteResult, recover, remove_generated, write_additions, write_generated
from vtx_app.story.ledger import Ledger, MadePart, read_ledger, write_ledger
from vtx_app.story.stage import Part, Stage, part_digest
from vtx_app.story.story_files import StoryFiles

__all__ = ["MakeParts", "StageResult", "build_stage", "by_path", "stale_parts", "stale_paths"]

MakeParts = Callable[[Sequence[Part], Callable[[Part, Any], None]], list[VtxError]]
"""Makes parts: hands each with its checked draft to the callback, and returns the failures of the others."""


@dataclass(slots=True)
class StageResult:
    """The files that a build of a stage changed, and messages for the person."""

    files: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


def stale_parts(stage: Stage, files: StoryFiles, ledger: Ledger) -> tuple[list[Part], list[Part]]:
    """All parts of the stage whose file isn't a person's own, and those of them that must be made."""
    own = [
        part
        for part in stage.parts(files)
        if stage.additive or part.path in ledger.texts or not files.exists(part.path)
    ]
    return own, [part for part in own if not _is_current(stage, part, files, ledger)]


def _is_current(stage: Stage, part: Part, files: StoryFiles, ledger: Ledger) -> bool:
    known = ledger.parts.get(part.key)
    if stage.additive or known is None:
        return False
    if files.writer == "hand" and known.by == "openai" and files.exists(part.path):
        return True  # what a model once wrote is the person's by now
    return known.digest == part_digest(stage.name, part)


def stale_paths(own: Sequence[Part], stale: Collection[Part], files: StoryFiles, ledger: Ledger) -> list[str]:
    """The files of the parts ``own`` that must be written.

    Such a file has a stale part, is missing, has other parts or another order now, waits for a person's decision, or
    was being written when a run was killed.
    """
    stale_keys = {part.key for part in stale}
    return [
        path
        for path, parts in by_path(own).items()
        if any(part.key in stale_keys for part in parts)
        or not files.exists(path)
        or ledger.keys.get(path) != [part.key for part in parts]
        or path in ledger.incoming
        or path in ledger.coming
    ]


def by_path(parts: Iterable[Part]) -> dict[str, list[Part]]:
    """The parts of each file, in order."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(part.path, []).append(part)
    return found


def build_stage(slug: str, stage: Stage, make_parts: MakeParts, only: str | None = None) -> StageResult:
    """Make what is out of date in ``stage`` of the film ``slug``; with ``only``, the part with that key.

    Raises :class:`vtx_app.errors.StoryError` for parts that could not be made and files that a person must decide on,
    after everything else is done; :class:`vtx_app.errors.VtxError` for faults of the film's files.
    """
    lock = app_home() / "locks" / f"story-{slug}-{stage.name}.lock"
    with file_lock(lock, f"another build is writing the {stage.name} of {slug}; waiting for it"):
        files = StoryFiles(slug)
        ledger = read_ledger(files.folder, stage.name)
        try:
            return _build(files, stage, ledger, make_parts, only)
        except OSError as error:
            raise StoryError(f"{stage.name} of {slug} {write_failure(error, files.folder / 'story')}") from error


def _build(files: StoryFiles, stage: Stage, ledger: Ledger, make_parts: MakeParts, only: str | None) -> StageResult:
    own, stale = stale_parts(stage, files, ledger)
    result = StageResult()
    fresh: dict[str, MadePart] = {}

    def keep(part: Part, draft: Any) -> None:
        before = ledger.parts.get(part.key)
        made = part.finish(draft, before.made if before else None)
        fresh[part.key] = MadePart(part_digest(stage.name, part), made, part.by)

    failures = make_parts([part for part in stale if only is None or part.key == only], keep)
    known = ledger.parts | fresh
    failed = {part.key for part in stale} - fresh.keys()
    pending: dict[str, tuple[list[Part], str]] = {}
    parts_of = by_path(own)
    _remove_template_files(files, stage.name)
    for path in stale_paths(own, stale, files, ledger):
        parts = parts_of[path]
        keys = {part.key for part in parts}
        if keys.isdisjoint(failed) and (only is None or only in keys):
            pending[path] = parts, stage.text(files, path, {part.key: known[part.key].made for part in parts})
    for path, (parts, written) in _write_files(files, stage, ledger, pending, fresh).items():
        if written.settled:
            ledger.parts |= {part.key: fresh[part.key] for part in parts if part.key in fresh}
            ledger.keys[path] = [part.key for part in parts]
        if written.changed:
            result.files.append(path)
        if written.message:
            failures.append(StoryError(written.message))
    if not stage.additive:
        if only is None:
            _remove_obsolete(files, ledger, {part.key for part in own}, set(parts_of), result)
        write_ledger(files.folder, stage.name, ledger)
    if failures:
        raise StoryError("\n".join(str(failure) for failure in failures))
    return result


_TEMPLATE_FILES = {
    "outline": (OUTLINE, TREATMENT),
    "bibles": (CHARACTERS, LOCATIONS),
    "screenplay": (f"{SCENES}/",),
    "shotlist": (SHOT_LIST,),
    "clips": (f"{SPECS}/",),
}


def _remove_template_files(files: StoryFiles, stage: str) -> None:
    """Remove the template's files that the stage replaces, as far as nobody has edited them."""
    replaced = tuple(path for path in files.template if path.startswith(_TEMPLATE_FILES.get(stage, ())))
    for path in replaced:
        if path in unedited_template_files(files.folder):
            files.path(path).unlink()


def _write_files(
    files: StoryFiles,
    stage: Stage,
    ledger: Ledger,
    pending: Mapping[str, tuple[list[Part], str]],
    fresh: Mapping[str, MadePart],
) -> dict[str, tuple[list[Part], WriteResult]]:
    """Write the files.

    The ledger is written first, with each new file and with what comes into an existing one: after a kill, the
    generated text would otherwise count as the person's.
    """
    if stage.additive:
        return {
            path: (parts, write_additions(files.folder, path, text, files.read(path) if files.exists(path) else None))
            for path, (parts, text) in pending.items()
        }
    new = {path: each for path, each in pending.items() if not files.exists(path)}
    for path, (parts, text) in new.items():
        ledger.parts |= {part.key: fresh[part.key] for part in parts if part.key in fresh}
        ledger.texts[path], ledger.keys[path] = text, [part.key for part in parts]
    for path, (_, text) in pending.items():
        recover(files.folder, path, ledger)
        if text != ledger.texts.get(path):
            ledger.coming[path] = text
    if new or ledger.coming:
        write_ledger(files.folder, stage.name, ledger)
    results = {
        path: (parts, write_generated(files.folder, path, text, ledger)) for path, (parts, text) in pending.items()
    }
    for path in pending:
        ledger.coming.pop(path, None)
    return results


def _remove_obsolete(files: StoryFiles, ledger: Ledger, keys: set[str], paths: set[str], result: StageResult) -> None:
    """Remove the parts and files that nothing generates any more; edited files become the person's own."""
    ledger.parts = {key: part for key, part in ledger.parts.items() if key in keys}
    for path in [path for path in ledger.texts if path not in paths]:
        removed = remove_generated(files.folder, path, ledger)
        result.files += [path] if removed.changed else []
        result.messages += [removed.message] if removed.message else []
