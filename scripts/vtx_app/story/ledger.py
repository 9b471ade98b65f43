"""What was generated last, one file for each stage: ``story/.generated/<stage>.json``, committed with the film.

It separates a person's edits from generated text (the base of every three-way merge), keeps the ids that were assigned,
and records the inputs of each part, so that nothing is made again without a reason. A file that isn't in the ledger was
written by a person.
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
    """One generated part: the digest of its inputs, the content, and what made it (``openai`` or ``rule``)."""

    digest: str
    made: Any
    by: str


@dataclass(slots=True)
class Ledger:
    """A stage's parts by key, and by file: the text generated last, and the keys of its parts in order.

    ``incoming``: texts that wait beside their file for a person's decision. ``coming``: texts on their way into a file;
    after a kill, they may have been written or not.
    """

    parts: dict[str, MadePart] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    incoming: dict[str, str] = field(default_factory=dict)
    coming: dict[str, str] = field(default_factory=dict)


def ledger_path(folder: Path, stage: str) -> Path:
    """The file of the stage's ledger, for the film in ``folder``."""
    return folder / FOLDER / f"{stage}.json"


def read_ledger(folder: Path, stage: str) -> Ledger:
    """Read the stage's ledger, empty if nothing was generated. Raises :class:`StoryError` for a damaged one."""
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
            f"{path} is damaged ({error}): restore it from version control; without it every file of this stage "
            "counts as written by you"
        ) from None


def write_ledger(folder: Path, stage: str, ledger: Ledger) -> None:
    """Write the stage's ledger, completely or not at all. Raises :class:`OSError`."""
    data = {
        "version": 1,
        "parts": {
            key: {"digest": part.digest, "by": part.by, "made": part.made} for key, part in sorted(ledger.parts.items())
        },
        "texts": dict(sorted(ledger.texts.items())),
        "keys": dict(sorted(ledger.keys.items())),
        "incoming": dict(sorted(ledger.incoming.items())),
        **({"coming": dict(sorted(ledger.coming.items()))} if ledger.coming else {}),
    }
    # The keys inside ``made`` keep their order: files are written in it.
    write_text(ledger_path(folder, stage), json.dumps(data, indent=1, ensure_ascii=False) + "\n")
