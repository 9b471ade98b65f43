"""Make one stage of a film's story: what is out of date, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vtx_app.errors import StoryError, VtxError
from vtx_app.files import file_lock, write_failure
from vtx_app.project.paths import app_home
from vtx_app.story.generated_files import Put, add, catch_up, drop, put
from vtx_app.story.ledger import Ledger, MadePart, read_ledger, write_ledger
from vtx_app.story.stage import Part, Stage, part_digest
from vtx_app.story.story_files import Sources

__all__ = ["Made", "Maker", "by_path", "is_theirs", "produce", "stale_parts", "stale_paths"]

Maker = Callable[[Sequence[Part], Callable[[Part, Any], None]], list[VtxError]]
"""Makes parts: hands each with its checked draft to the callback, and returns what went wrong with the others."""


@dataclass(slots=True)
class Made:
    """What a run of a stage did: parts made, files changed, and lines for the person."""

    parts: int = 0
    files: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def is_theirs(sources: Sources, ledger: Ledger, path: str) -> bool:
    """Whether a person wrote the file themselves: it is there, and it was never generated."""
    return path not in ledger.texts and sources.exists(path)


def stale_parts(stage: Stage, sources: Sources, ledger: Ledger) -> tuple[list[Part], list[Part]]:
    """All parts of the stage that are not a person's own, and those of them that must be made (anew).

    Under the writer ``hand`` what a model once wrote is the person's by now.
    """
    own = [part for part in stage.parts(sources, ledger) if stage.additive or not is_theirs(sources, ledger, part.path)]
    stale = [part for part in own if not _is_current(stage, part, sources, ledger)]
    return own, stale


def _is_current(stage: Stage, part: Part, sources: Sources, ledger: Ledger) -> bool:
    known = ledger.parts.get(part.key)
    if stage.additive or known is None:
        return False
    if sources.writer == "hand" and known.by == "openai" and sources.exists(part.path):
        return True
    return known.digest == part_digest(stage.name, part)


def stale_paths(own: Sequence[Part], stale: Collection[Part], sources: Sources, ledger: Ledger) -> list[str]:
    """The files of these parts that must be written: a part is stale, they are missing, another set of parts or
    order makes them up now, they still wait for a person's decision, or a run was killed while it wrote them."""
    made_anew = {part.key for part in stale}
    return [
        path
        for path, parts in by_path(own).items()
        if any(part.key in made_anew for part in parts)
        or not sources.exists(path)
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


def produce(slug: str, stage: Stage, make: Maker, only: str | None = None) -> Made:
    """Make what is out of date in ``stage`` of the film ``slug``; with ``only``, the part or file of that key.

    Raises :class:`vtx_app.errors.StoryError` for parts that could not be made and for files that a person must
    decide on, after everything else was done; :class:`vtx_app.errors.VtxError` for faults of the film's files.
    """
    lock = app_home() / "locks" / f"story-{slug}-{stage.name}.lock"
    with file_lock(lock, f"another build is writing the {stage.name} of {slug}; waiting for it"):
        sources = Sources(slug)
        ledger = read_ledger(sources.folder, stage.name)
        try:
            return _produce(sources, stage, ledger, make, only)
        except OSError as error:
            raise StoryError(f"{stage.name} of {slug} {write_failure(error, sources.folder / 'story')}") from error


def _produce(sources: Sources, stage: Stage, ledger: Ledger, make: Maker, only: str | None) -> Made:
    own, stale = stale_parts(stage, sources, ledger)
    made = Made()
    fresh: dict[str, MadePart] = {}

    def keep(part: Part, draft: Any) -> None:
        known = ledger.parts.get(part.key)
        content = part.settle(draft, known.made if known else None)
        fresh[part.key] = MadePart(part_digest(stage.name, part), content, part.by)

    failures = make([part for part in stale if only is None or part.key == only], keep)
    made.parts = len(fresh)
    known = ledger.parts | fresh
    due: dict[str, tuple[list[Part], str]] = {}
    parts_of = by_path(own)
    for path in stale_paths(own, stale, sources, ledger):
        parts = parts_of[path]
        late = [part for part in parts if part in stale and part.key not in fresh]
        if not late and (only is None or any(part.key == only for part in parts)):
            due[path] = parts, stage.text(sources, path, {part.key: known[part.key].made for part in parts})
    for path, (parts, result) in _put_all(sources, stage, ledger, due, fresh).items():
        if result.settled:
            ledger.parts |= {part.key: fresh[part.key] for part in parts if part.key in fresh}
            ledger.keys[path] = [part.key for part in parts]
        if result.changed:
            made.files.append(path)
        if result.line:
            failures.append(StoryError(result.line))
    if only is None and not stage.additive:
        made.lines += _dropped(sources, ledger, {part.key for part in own}, set(parts_of), made)
    if not stage.additive:
        write_ledger(sources.folder, stage.name, ledger)
    if failures:
        raise StoryError("\n".join(str(failure) for failure in failures))
    return made


def _put_all(
    sources: Sources,
    stage: Stage,
    ledger: Ledger,
    due: Mapping[str, tuple[list[Part], str]],
    fresh: Mapping[str, MadePart],
) -> dict[str, tuple[list[Part], Put]]:
    """Write the files. A new one stands in the ledger before it is there, and so does what comes into one that is
    there: else, after a kill, it would count as written by a person."""
    if stage.additive:
        return {
            path: (parts, add(sources.folder, path, text, sources.read(path) if sources.exists(path) else None))
            for path, (parts, text) in due.items()
        }
    new = {path: each for path, each in due.items() if not sources.exists(path)}
    for path, (parts, text) in new.items():
        ledger.parts |= {part.key: fresh[part.key] for part in parts if part.key in fresh}
        ledger.texts[path], ledger.keys[path] = text, [part.key for part in parts]
    for path, (_, text) in due.items():
        catch_up(sources.folder, path, ledger)
        if text != ledger.texts.get(path):
            ledger.coming[path] = text
    if new or ledger.coming:
        write_ledger(sources.folder, stage.name, ledger)
    found = {path: (parts, put(sources.folder, path, text, ledger)) for path, (parts, text) in due.items()}
    for path in due:
        ledger.coming.pop(path, None)
    return found


def _dropped(sources: Sources, ledger: Ledger, keys: set[str], paths: set[str], made: Made) -> list[str]:
    """What is made from nothing any more goes, or becomes the person's own."""
    lines = []
    for key in [key for key in ledger.parts if key not in keys]:
        del ledger.parts[key]
    for path in [path for path in ledger.texts if path not in paths]:
        result = drop(sources.folder, path, ledger)
        made.files += [path] if result.changed else []
        lines += [result.line] if result.line else []
    return lines
