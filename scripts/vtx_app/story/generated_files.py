"""Write generated texts into files that a person may have edited since the last time. Their words always stay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from vtx_app.errors import SpecError
from vtx_app.files import display_path, partial_path, publish, publish_if_absent
from vtx_app.formats.decode import decode
from vtx_app.merge import Merged, merge_prose, merge_yaml
from vtx_app.project.paths import resolve_inside
from vtx_app.story.ledger import Ledger

__all__ = ["WriteResult", "incoming_name", "recover", "remove_generated", "write_additions", "write_generated"]


@dataclass(frozen=True, slots=True)
class WriteResult:
    """``settled``: the text is in the file, or a person has decided against it. ``message`` is for the person."""

    settled: bool
    changed: bool
    message: str = ""


def incoming_name(path: str) -> str:
    """``story/01_outline.yaml`` → ``story/01_outline.incoming.yaml``."""
    pure = PurePosixPath(path)
    return pure.with_name(f"{pure.stem}.incoming{pure.suffix}").as_posix()


def recover(folder: Path, path: str, ledger: Ledger) -> None:
    """Note in ``ledger`` what a killed run still wrote: its words are not the person's."""
    coming = ledger.coming.pop(path, None)
    if coming is None:
        return
    base, current = ledger.texts.get(path), _read(resolve_inside(folder, path))
    if base is not None and current is not None and _merge(folder, path, base, current, coming).text == current:
        ledger.texts[path] = coming  # merging it again changes nothing: it is in the file
    if _read(resolve_inside(folder, incoming_name(path))) == coming:
        ledger.incoming[path] = coming


def write_generated(folder: Path, path: str, text: str, ledger: Ledger) -> WriteResult:
    """Write the generated ``text`` into the film's file ``path``, and note it in ``ledger``.

    An edited file is merged, with the text generated last as the base. On a conflict the file stays, and the generated
    text is written beside it until the person has decided.
    """
    file = resolve_inside(folder, path)
    current = _read(file)
    base = ledger.texts.get(path)
    if current is None:
        changed = _write(file, text, None)
    elif base is None or current == base:
        changed = _write(file, text, current) if base is not None else False
    else:
        if path in ledger.incoming and not resolve_inside(folder, incoming_name(path)).exists():
            ledger.texts[path] = base = ledger.incoming.pop(path)  # the person has taken what they wanted of it
        merged = _merge(folder, path, base, current, text)
        if merged.text is None:
            return _write_incoming(folder, path, text, ledger, merged.conflicts)
        changed = _write(file, merged.text, current)
    _remove_incoming(folder, path, ledger)
    ledger.texts[path] = text
    return WriteResult(True, changed)


def write_additions(folder: Path, path: str, text: str, before: str | None) -> WriteResult:
    """Write ``text``, which adds to ``before`` (None: no file), into the film's file ``path``."""
    return WriteResult(True, _write(resolve_inside(folder, path), text, before))


def remove_generated(folder: Path, path: str, ledger: Ledger) -> WriteResult:
    """Remove the file ``path``, whose source is gone. If a person edited it, it stays and becomes theirs."""
    recover(folder, path, ledger)
    file = resolve_inside(folder, path)
    current = _read(file)
    base = ledger.texts.pop(path, None)
    ledger.keys.pop(path, None)
    _remove_incoming(folder, path, ledger)
    if current is None:
        return WriteResult(True, False)
    if current == base:
        file.unlink()
        return WriteResult(True, True, f"{display_path(file)}: removed: what it was made from is gone")
    message = "what it was made from is gone, but you edited it: it stays in the film. Delete it if it should go"
    return WriteResult(True, False, f"{display_path(file)}: {message}")


def _merge(folder: Path, path: str, base: str, mine: str, theirs: str) -> Merged:
    if path.endswith(".yaml"):
        return merge_yaml(base, mine, theirs, display_path(resolve_inside(folder, path)))
    return merge_prose(base, mine, theirs)


def _write_incoming(folder: Path, path: str, text: str, ledger: Ledger, conflicts: tuple[str, ...]) -> WriteResult:
    incoming = resolve_inside(folder, incoming_name(path))
    current = _read(incoming)
    if current is None or current == ledger.incoming.get(path):  # else a person has begun to work in it
        _write(incoming, text, current)
    ledger.incoming[path] = text
    places = ", ".join(conflicts[:4]) + (f" and {len(conflicts) - 4} more" if len(conflicts) > 4 else "")
    return WriteResult(
        False,
        False,
        f"{display_path(resolve_inside(folder, path))}: you and the new version changed the same places ({places}): "
        f"your file stays; take what you want from {incoming.name} beside it, delete that, and build again",
    )


def _remove_incoming(folder: Path, path: str, ledger: Ledger) -> None:
    """Remove the other version, as nothing is left to decide, unless a person worked in it."""
    text = ledger.incoming.pop(path, None)
    incoming = resolve_inside(folder, incoming_name(path))
    if text is not None and _read(incoming) == text:
        incoming.unlink()


def _read(file: Path) -> str | None:
    try:
        return decode(file.read_bytes(), display_path(file), "utf-8")
    except FileNotFoundError:
        return None


def _write(file: Path, text: str, before: str | None) -> bool:
    """Write ``text`` if the file still holds ``before``, and return whether that changed anything."""
    if text == before:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    part = partial_path(file)
    part.unlink(missing_ok=True)  # a killed run may have left it as another name of the file itself
    try:
        part.write_bytes(text.encode())
        if before is None:
            if not publish_if_absent(part, file):
                raise SpecError([f"{display_path(file)}: was created while the story was made; it stays. Build again"])
        elif _read(file) != before:
            raise SpecError(
                [f"{display_path(file)}: was edited while the story was made; your edit stays. Build again"]
            )
        else:
            publish(part, file)
    finally:
        part.unlink(missing_ok=True)
    return True
