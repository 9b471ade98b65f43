"""Putting a generated text where a person may have edited the one before: their words stay, in every case."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from vtx_app.errors import SpecError
from vtx_app.files import partial_path, publish, publish_if_absent
from vtx_app.merge import Merged, merge_prose, merge_yaml
from vtx_app.project.paths import inside, shown
from vtx_app.story.ledger import Ledger

__all__ = ["Put", "add", "catch_up", "drop", "incoming_name", "put"]


@dataclass(frozen=True, slots=True)
class Put:
    """What came of it. ``settled``: the text is in the file, or a person has decided; ``line`` is for them."""

    settled: bool
    changed: bool
    line: str = ""


def incoming_name(path: str) -> str:
    """``story/01_outline.yaml`` → ``story/01_outline.incoming.yaml``."""
    pure = PurePosixPath(path)
    return pure.with_name(f"{pure.stem}.incoming{pure.suffix}").as_posix()


def catch_up(folder: Path, path: str, ledger: Ledger) -> None:
    """Note in ``ledger`` what a run that was killed has still written: its words are not the person's."""
    coming = ledger.coming.pop(path, None)
    if coming is None:
        return
    file = inside(folder, path)
    base, there = ledger.texts.get(path), _read(file)
    if base is not None and there is not None and _merged(path, shown(file), base, there, coming).text == there:
        ledger.texts[path] = coming  # merged again it changes nothing: it is in there
    if _read(inside(folder, incoming_name(path))) == coming:
        ledger.incoming[path] = coming


def put(folder: Path, path: str, text: str, ledger: Ledger) -> Put:
    """Bring the generated ``text`` into the file ``path`` of the film, and note it in ``ledger``.

    A file that a person edited is merged: base is what was generated last. Where both changed the same words the
    file stays as it is, and the generated text is written beside it until the person has decided.
    """
    file = inside(folder, path)
    there = _read(file)
    base = ledger.texts.get(path)
    if there is None:
        changed = _write(file, text, None)
    elif base is None or there == base:
        changed = _write(file, text, there) if base is not None else False
    else:
        waiting = ledger.incoming.get(path)
        if waiting is not None and not inside(folder, incoming_name(path)).exists():
            ledger.texts[path] = base = ledger.incoming.pop(path)  # the person has taken what they wanted of it
        merged = _merged(path, shown(file), base, there, text)
        if merged.text is None:
            return _beside(folder, path, text, ledger, merged.conflicts)
        changed = _write(file, merged.text, there)
    _decided(folder, path, ledger)
    ledger.texts[path] = text
    return Put(True, changed)


def add(folder: Path, path: str, text: str, there: str | None) -> Put:
    """Write what was only added to: the file ``path`` held ``there`` (None: no file) when ``text`` was made of it."""
    return Put(True, _write(inside(folder, path), text, there))


def drop(folder: Path, path: str, ledger: Ledger) -> Put:
    """What generated the file ``path`` is gone: so is the file, unless a person edited it; then it is theirs."""
    catch_up(folder, path, ledger)
    file = inside(folder, path)
    there = _read(file)
    base = ledger.texts.pop(path, None)
    ledger.keys.pop(path, None)
    _decided(folder, path, ledger)
    if there is None:
        return Put(True, False)
    if there == base:
        file.unlink()
        return Put(True, True, f"{shown(file)}: removed: what it was made from is gone")
    return Put(
        True,
        False,
        f"{shown(file)}: what it was made from is gone, and you edited it: it stays, and stays in the film. "
        "Delete it if it goes",
    )


def _merged(path: str, name: str, base: str, mine: str, theirs: str) -> Merged:
    return merge_yaml(base, mine, theirs, name) if path.endswith(".yaml") else merge_prose(base, mine, theirs)


def _beside(folder: Path, path: str, text: str, ledger: Ledger, conflicts: tuple[str, ...]) -> Put:
    other = inside(folder, incoming_name(path))
    there = _read(other)
    if there is None or there == ledger.incoming.get(path):  # else a person has begun to work in it
        _write(other, text, there)
    ledger.incoming[path] = text
    places = ", ".join(conflicts[:4]) + (f" and {len(conflicts) - 4} more" if len(conflicts) > 4 else "")
    return Put(
        False,
        False,
        f"{shown(inside(folder, path))}: you and what is made anew changed the same ({places}): your file stays; take "
        f"what you want from {other.name} beside it, delete that, and build again",
    )


def _decided(folder: Path, path: str, ledger: Ledger) -> None:
    """Nothing is left to decide: the other version goes, unless a person worked in it."""
    waiting = ledger.incoming.pop(path, None)
    other = inside(folder, incoming_name(path))
    if waiting is not None and _read(other) == waiting:
        other.unlink()


def _read(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise SpecError([f"{shown(file)}: not UTF-8 text; save it as UTF-8"]) from None


def _write(file: Path, text: str, there: str | None) -> bool:
    """Write ``text`` if the file still holds ``there``; returns whether anything changed."""
    if text == there:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    part = partial_path(file)
    part.unlink(missing_ok=True)  # a killed run may have left it as another name of the file itself
    try:
        part.write_bytes(text.encode())
        if there is None:
            if not publish_if_absent(part, file):
                raise SpecError([f"{shown(file)}: was written while the story was made; it stays. Build again"])
        elif _read(file) != there:
            raise SpecError([f"{shown(file)}: was edited while the story was made; your edit stays. Build again"])
        else:
            publish(part, file)
    finally:
        part.unlink(missing_ok=True)
    return True
