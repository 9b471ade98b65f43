"""The answers of a film: ``story/.answers/<stage>/<key>.json``, so that none is ever paid for twice.

What arrives is written before anything else is done with it, as an attempt in ``<key>.rejected.json`` beside it.
An answer that passes its check becomes ``<key>.json``, which never changes, and the attempts go; one that fails
leaves its attempts there, for the next run to go on from. A damaged file is told, never replaced by a new call.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vtx_app.errors import StoryError
from vtx_app.files import file_lock, partial_path, publish_if_absent, write_failure, write_text
from vtx_app.project.paths import app_home, shown
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.usage import Usage

__all__ = ["ANSWER_VERSION", "MOST_ATTEMPTS", "Answers", "Attempt"]

ANSWER_VERSION = 1
MOST_ATTEMPTS = 2
"""The first answer, and one that repairs it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer as it arrived. ``raw`` are the model's words; ``problem`` what is wrong with them, None as long as
    their check has not ended; ``final`` where a repair makes no sense (a refusal, an answer cut off); ``model`` as
    the server calls it.
    """

    raw: str
    problem: str | None
    usage: Usage
    model: str
    final: bool = False

    def record(self) -> dict[str, Any]:
        """As it stands in ``<key>.rejected.json``."""
        return {
            "raw": self.raw,
            "problem": self.problem,
            "final": self.final,
            "model": self.model,
            "usage": self.usage.record(),
        }

    @classmethod
    def of(cls, record: Any) -> Attempt:
        """Out of what :meth:`record` gave. Raises :class:`ValueError` for anything else."""
        kinds = {"raw": str, "problem": str | None, "final": bool, "model": str, "usage": dict}
        if not isinstance(record, dict) or record.keys() != kinds.keys():
            raise ValueError("not an attempt")
        if not all(isinstance(record[name], kind) for name, kind in kinds.items()):
            raise ValueError("not an attempt")
        return cls(**{**record, "usage": Usage.of(record["usage"])})


@dataclass(frozen=True, slots=True)
class Answers:
    """The store of the film in ``folder``. Everything that writes does so under :meth:`lock`."""

    folder: Path

    def path(self, request: Request) -> Path:
        """Where the answer to ``request`` is kept."""
        return self.folder / "story" / ".answers" / request.stage / f"{request.key}.json"

    def rejected(self, request: Request) -> Path:
        """Where the attempts at ``request`` lie that are no answer (yet)."""
        return self.path(request).with_suffix(".rejected.json")

    @contextlib.contextmanager
    def lock(self, request: Request) -> Iterator[None]:
        """Hold ``request``: another process that asks the same waits, and finds the answer. Raises
        :class:`StoryError` where there can be no lock.
        """
        name = hashlib.sha256(os.fsencode(os.path.realpath(self.path(request)))).hexdigest()
        waiting = f"another run asks for {request.title}; waiting for its answer"
        with contextlib.ExitStack() as held:
            with self._writing(request):
                held.enter_context(file_lock(app_home() / "locks" / f"story-{name[:40]}.lock", waiting))
            yield

    def get(self, request: Request) -> dict[str, Any] | None:
        """The record of the kept answer, its ``answer`` as the model gave it; None if there is none.

        Raises :class:`StoryError` for a file that can't be read or is not the answer to ``request``.
        """
        record = self._read(path := self.path(request), request)
        if record is None:
            return None
        if record.get("version") != ANSWER_VERSION or "answer" not in record:
            raise _damaged(path, request, f"expected an answer, version {ANSWER_VERSION}")
        for name, asked in (("model", request.model), ("instructions", request.instructions), ("input", request.input)):
            kept = record.get(name)
            if not isinstance(kept, str) or _composed(kept) != _composed(asked):
                raise _damaged(path, request, f"its {name} is not what is asked")
        try:
            Usage.of(record.get("usage"))
        except ValueError as error:
            raise _damaged(path, request, str(error)) from None
        return record

    def attempts(self, request: Request) -> list[Attempt]:
        """What arrived for ``request`` and is no kept answer, oldest first. Raises :class:`StoryError`."""
        record = self._read(path := self.rejected(request), request)
        if record is None:
            return []
        try:
            return [Attempt.of(each) for each in record["attempts"]]
        except (KeyError, TypeError, ValueError):  # not a mapping, or no list in it
            raise _damaged(path, request, "expected a list of attempts") from None

    def keep_attempts(self, request: Request, attempts: Sequence[Attempt]) -> None:
        """Write the attempts, whole or not at all. Raises :class:`StoryError`."""
        with self._writing(request):
            write_text(self.rejected(request), _text({"attempts": [each.record() for each in attempts]}))

    def keep(self, request: Request, answer: Any, attempts: Sequence[Attempt]) -> None:
        """Keep ``answer``, which the last of ``attempts`` is, for good. Raises :class:`StoryError`."""
        record = {
            "version": ANSWER_VERSION,
            "stage": request.stage,
            "subject": request.subject,
            "model": request.model,
            "reported_model": attempts[-1].model,
            "instructions": request.instructions,
            "input": request.input,
            "answer": answer,
            "usage": sum((each.usage for each in attempts), Usage()).record(),
            "repaired": [{"answer": each.raw, "problem": each.problem} for each in attempts[:-1]],
        }
        path = self.path(request)
        part = partial_path(path)
        with self._writing(request):
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(_text(record), encoding="utf-8")
            publish_if_absent(part, path)
        self.tidy(request)

    def tidy(self, request: Request) -> None:
        """Clear away what a killed run left beside the kept answer."""
        for left in (self.rejected(request), partial_path(self.path(request))):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _writing(self, request: Request) -> Iterator[None]:
        """What can't be written is told, and stops every other call: its answer could not be kept either."""
        try:
            yield
        except OSError as error:
            told = f"{request.title}: the answer {write_failure(error, self.path(request).parent)}"
            raise StoryError(told, fatal=True) from error

    def _read(self, path: Path, request: Request) -> dict[str, Any] | None:
        """The file's JSON object, None where there is no file."""
        try:
            data = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _damaged(path, request, error.strerror or str(error)) from None
        except (ValueError, RecursionError):
            raise _damaged(path, request, "not whole JSON") from None
        if not isinstance(data, dict):
            raise _damaged(path, request, "not a JSON object")
        return data


def _damaged(path: Path, request: Request, why: str) -> StoryError:
    return StoryError(
        f"{request.title}: {shown(path)} can't be used: {why}. Put back what was there, or delete it and "
        "the model is asked anew"
    )


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _text(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"
