"""Where each part of a render request is written: the file, key and text of every value that enters it.

A take's record holds these texts, unhashed. What has changed since the take was rendered is then a comparison of two
dictionaries (:mod:`vtx_app.plan.causes`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from vtx_app.compile.request import canonical_json, fold
from vtx_app.project.paths import SPECS
from vtx_app.project.settings import Settings

__all__ = [
    "CONTENT",
    "RequestSources",
    "SourceTexts",
    "spec_file",
]

CONTENT = "its content"
"""The key of an input file whose bytes count."""

SourceTexts = Mapping[str, Mapping[str, str]]
"""Part of a request → ``file: key`` → the text that is written there."""

T = TypeVar("T")


def spec_file(stem: str) -> str:
    """The spec of the clip whose files are named ``stem``, relative to the film's folder."""
    return f"{SPECS}/{stem}.yaml"


class RequestSources:
    """What a clip's request is compiled from: each value passes through here on its way into the request."""

    def __init__(self, stem: str, settings: Settings) -> None:
        self._spec = spec_file(stem)
        self._settings = settings
        self._values: list[tuple[str, str, str, Any]] = []

    def read(self, part: str, file: str, key: str, value: T) -> T:
        """Record that ``value``, of that ``part`` of the request, is written in ``file`` under ``key``; return it.

        None is not recorded.
        """
        if value is not None:
            self._values.append((part, file, key, value))
        return value

    def spec(self, part: str, key: str, value: T) -> T:
        """Record a value of the clip's own spec; return it."""
        return self.read(part, self._spec, key, value)

    def setting(self, part: str, name: str, written: Any = None, key: str = "") -> Any:
        """Record the setting ``name``, which the spec may give as ``written`` under ``key``; return its value."""
        if written is not None and not self._settings.overrides_clips(name):
            return self.spec(part, key, written)
        if (setting := self._settings.values.get(name)) is None:
            self.read(part, "built-in", name, "none")
            return None
        return self.read(part, setting.file, setting.key, setting.value)

    def texts(self) -> SourceTexts:
        """All that was recorded, as texts."""
        found: dict[str, dict[str, str]] = {}
        for part, file, key, value in self._values:
            found.setdefault(part, {})[f"{file}: {key}"] = _text(value)
        return found


def _text(value: Any) -> str:
    return fold(value) if isinstance(value, str) else canonical_json(value)
