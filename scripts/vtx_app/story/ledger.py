"""What was generated last, a file a stage: ``story/.generated/<stage>.json``, committed with the film.

It tells a writer's edits from the tool's own text (the base of every three-way merge), keeps the ids that were given,
and says from which inputs each part was made, so that nothing is asked again without a reason. What is not in it was
written by a person, and is theirs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vtx_app.errors import StoryError
from vtx_app.files import write_text

__all__ = ["FOLDER", "Ledger", "MadePart", "ledger_path", "read_ledger", "write_ledger"]

FOLDER = "story/.generated"


@dataclass(frozen=True, slots=True)
class MadePart:
    """One generated part: the digest of its inputs, what was made of them, and by what (``openai`` or ``rule``)."""

    digest: str
    made: Any
    by: str


@dataclass(slots=True)
class Ledger:
    """A stage's parts by key; for each file the text last generated and the keys of its parts in order; texts that
    wait for a person's decision; texts on their way into files, which a run that was killed may have written or not."""

    parts: dict[str, MadePart] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    incoming: dict[str, str] = field(default_factory=dict)
    coming: dict[str, str] = field(default_factory=dict)


def ledger_path(folder: Path, stage: str) -> Path:
    """Where the stage's ledger lies in the film's ``folder``."""
    return folder / FOLDER / f"{stage}.json"


def read_ledger(folder: Path, stage: str) -> Ledger:
    """The stage's ledger; an empty one where nothing was generated. Raises :class:`StoryError` for a damaged one."""
    path = ledger_path(folder, stage)
    try:
        data = json.loads(path.read_bytes())
        parts = {key: MadePart(each["digest"], each["made"], each["by"]) for key, each in data["parts"].items()}
        texts, keys, incoming = (dict(data[name]) for name in ("texts", "keys", "incoming"))
        return Ledger(parts, texts, keys, incoming, dict(data.get("coming", {})))
    except FileNotFoundError:
        return Ledger()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoryError(
            f"{path} is damaged ({error}): take it from version control; without it every file of this stage "
            "counts as written by you"
        ) from None


def write_ledger(folder: Path, stage: str, ledger: Ledger) -> None:
    """Write the stage's ledger, whole or not at all. Raises :class:`OSError`."""
    parts = sorted(ledger.parts.items())
    data = {
        "version": 1,
        "parts": {key: {"digest": part.digest, "by": part.by, "made": part.made} for key, part in parts},
        "texts": dict(sorted(ledger.texts.items())),
        "keys": dict(sorted(ledger.keys.items())),
        "incoming": dict(sorted(ledger.incoming.items())),
        **({"coming": dict(sorted(ledger.coming.items()))} if ledger.coming else {}),
    }
    # What was made keeps the order of its keys: files are written in it.
    write_text(ledger_path(folder, stage), json.dumps(data, indent=1, ensure_ascii=False) + "\n")
