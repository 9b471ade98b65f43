"""The answers of a film: ``story/.answers/<stage>/<key>.json``, so that none is paid for twice.

What a server sends is written as it arrives, before it is read, into ``<key>.rejected.json``: under ``arrived`` until
it is known to be an answer, then under ``attempts``. An answer that passes its check becomes ``<key>.json``, which
never changes, and the other file is deleted. Otherwise that stays, and the next run continues from it. A damaged file
is an error; it is never replaced by a new call.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from vtx_app.errors import StoryError
from vtx_app.files import display_path, file_lock, partial_path, publish_if_absent, write_failure, write_text
from vtx_app.project.paths import app_home
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.usage import Usage

__all__ = ["ANSWER_VERSION", "MOST_ATTEMPTS", "AnswerStore", "Arrival", "Attempt", "Attempts"]

ANSWER_VERSION = 1
MOST_ATTEMPTS = 2
"""The first answer and its repair."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer as it arrived: ``raw`` is the model's text, ``problem`` what is wrong with it, None before its check.

    ``final``: a repair makes no sense (a refusal, a truncated answer). ``model`` is the server's name for it. ``cut``
    is the longest answer that was asked for when this one was truncated: 0 is the server's own limit. ``body`` is the
    whole of what arrived, None for an attempt of an older VTX.
    """

    raw: str
    problem: str | None
    usage: Usage
    model: str
    final: bool = False
    cut: int | None = None
    body: str | None = None

    @classmethod
    def from_json(cls, record: Any) -> Attempt:
        """Read the fields as ``<key>.rejected.json`` holds them. Raises :class:`ValueError` for anything else."""
        types = {"raw": str, "problem": str | None, "final": bool, "model": str, "usage": dict}
        more = {"cut": int | None, "body": str | None}
        if not isinstance(record, dict) or not types.keys() <= record.keys() <= types.keys() | more.keys():
            raise ValueError("not an attempt")
        if not all(isinstance(record[name], each) for name, each in {**types, **more}.items() if name in record):
            raise ValueError("not an attempt")
        return cls(**{**record, "usage": Usage.from_json(record["usage"])})


@dataclass(frozen=True, slots=True)
class Arrival:
    """A ``body`` that arrived in answer to a question in ``form`` after so many ``attempts``, as yet unread or not an
    answer. ``problem``: it can't be read, so that the question is not asked again in that form.
    """

    form: str
    attempts: int
    body: str
    problem: str | None = None

    @classmethod
    def from_json(cls, record: Any) -> Arrival:
        """Read what :func:`dataclasses.asdict` returned. Raises :class:`ValueError` for anything else."""
        types = {"form": str, "attempts": int, "body": str, "problem": str | None}
        if not isinstance(record, dict) or record.keys() != types.keys():
            raise ValueError("not an arrival")
        if not all(isinstance(record[name], each) for name, each in types.items()):
            raise ValueError("not an arrival")
        return cls(**record)


@dataclass(slots=True)
class Attempts:
    """All that ``<key>.rejected.json`` holds: the attempts, oldest first, and what else arrived."""

    attempts: list[Attempt] = field(default_factory=list)
    arrived: list[Arrival] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AnswerStore:
    """The answers of the film in ``folder``. Everything that writes must hold :meth:`lock`."""

    folder: Path

    def path(self, request: Request) -> Path:
        """The file of the answer to ``request``."""
        return self.folder / "story" / ".answers" / request.stage / f"{request.key}.json"

    def rejected_path(self, request: Request) -> Path:
        """The file of the attempts at ``request``."""
        return self.path(request).with_suffix(".rejected.json")

    @contextlib.contextmanager
    def lock(self, request: Request) -> Iterator[None]:
        """Hold ``request``, so that another process with the same one waits and finds the answer.

        Raises :class:`StoryError` if there can be no lock.
        """
        name = hashlib.sha256(os.fsencode(os.path.realpath(self.path(request)))).hexdigest()
        waiting = f"another run is requesting {request.title}; waiting for its answer"
        with contextlib.ExitStack() as stack:
            with self._write_errors(request):
                stack.enter_context(file_lock(app_home() / "locks" / f"story-{name[:40]}.lock", waiting))
            yield

    def get(self, request: Request) -> dict[str, Any] | None:
        """The record of the kept answer, None if there is none; its ``answer`` is the parsed JSON.

        Raises :class:`StoryError` for a file that can't be read or isn't the answer to ``request``.
        """
        path = self.path(request)
        record = self._read(path, request)
        if record is None:
            return None
        if record.get("version") != ANSWER_VERSION or "answer" not in record:
            raise _damaged(path, request, f"expected an answer, version {ANSWER_VERSION}")
        for name in ("model", "instructions", "input"):
            kept = record.get(name)
            if not isinstance(kept, str) or _composed(kept) != _composed(getattr(request, name)):
                raise _damaged(path, request, f"its {name} differs from the request's")
        try:
            Usage.from_json(record.get("usage"))
        except ValueError as error:
            raise _damaged(path, request, str(error)) from None
        return record

    def attempts(self, request: Request) -> Attempts:
        """The attempts at ``request``. Raises :class:`StoryError`."""
        path = self.rejected_path(request)
        record = self._read(path, request)
        if record is None:
            return Attempts()
        try:
            return Attempts(
                [Attempt.from_json(each) for each in record["attempts"]],
                [Arrival.from_json(each) for each in record.get("arrived", [])],
            )
        except (KeyError, TypeError, ValueError):  # not a mapping, or no list in it
            raise _damaged(path, request, "expected a list of attempts") from None

    def save_attempts(self, request: Request, attempts: Attempts) -> None:
        """Write the attempts, completely or not at all. Raises :class:`StoryError`."""
        record: dict[str, Any] = {"attempts": [_dumped(each) for each in attempts.attempts]}
        if attempts.arrived:
            record["arrived"] = [asdict(each) for each in attempts.arrived]
        with self._write_errors(request):
            write_text(self.rejected_path(request), _dump(record))

    def save(self, request: Request, answer: Any, attempts: Sequence[Attempt]) -> None:
        """Keep ``answer``, the parsed last one of ``attempts``, for good. Raises :class:`StoryError`."""
        record = {
            "version": ANSWER_VERSION,
            "stage": request.stage,
            "subject": request.subject,
            "model": request.model,
            "reported_model": attempts[-1].model,
            "instructions": request.instructions,
            "input": request.input,
            "answer": answer,
            "usage": asdict(sum((each.usage for each in attempts), Usage())),
            "repaired": [{"answer": each.raw, "problem": each.problem} for each in attempts[:-1]],
        }
        path = self.path(request)
        part = partial_path(path)
        with self._write_errors(request):
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(_dump(record), encoding="utf-8")
            publish_if_absent(part, path)
        self.clean_up(request)

    def clean_up(self, request: Request) -> None:
        """Delete what is left beside the kept answer, by a killed run as well."""
        for path in (self.rejected_path(request), partial_path(self.path(request))):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _write_errors(self, request: Request) -> Iterator[None]:
        """Turn a write error into a fatal message: the answers to other calls couldn't be kept either."""
        try:
            yield
        except OSError as error:
            message = f"{request.title}: the answer {write_failure(error, self.path(request).parent)}"
            raise StoryError(message, fatal=True) from error

    def _read(self, path: Path, request: Request) -> dict[str, Any] | None:
        """The file's JSON object, None if there is no file."""
        try:
            data = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _damaged(path, request, error.strerror or str(error)) from None
        except (ValueError, RecursionError):
            raise _damaged(path, request, "not complete JSON") from None
        if not isinstance(data, dict):
            raise _damaged(path, request, "not a JSON object")
        return data


def _damaged(path: Path, request: Request, problem: str) -> StoryError:
    advice = "Restore it, or delete it and the model is called again"
    return StoryError(f"{request.title}: {display_path(path)} can't be used: {problem}. {advice}")


def _dumped(attempt: Attempt) -> dict[str, Any]:
    """The fields of an attempt, without those that came later if they hold nothing."""
    return {name: value for name, value in asdict(attempt).items() if value is not None or name == "problem"}


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _dump(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"
