"""One server during one build: which features each of its models has turned out to support."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from vtx_app.project.paths import app_home
from vtx_app.story.calls.api import Features
from vtx_app.story.calls.ladder import Step
from vtx_app.story.calls.server_memory import ServerMemory

__all__ = ["Server", "parse_url"]


def parse_url(base: str) -> tuple[str, str | None, str]:
    """Host and port of a base URL, the password in it, and its path; an empty host if it is no URL."""
    if re.fullmatch(r"(?i)https?://([^\s/@]*@)?[\w.:\[\]-]+(/\S*)?", base):
        with contextlib.suppress(ValueError):
            parts = urlsplit(base)
            return f"{parts.hostname}{f':{parts.port}' if parts.port else ''}", parts.password, parts.path.rstrip("/")
    return "", None, ""


class Server:
    """The server ``host``, for many threads at once. ``report`` gets a line for each feature that it lacks."""

    def __init__(self, host: str, path: str, report: Callable[[str], None]) -> None:
        self.host = host
        self._memory = ServerMemory(app_home() / "servers", f"{host}{path}")
        self._report = report
        self._lock = threading.Lock()
        self._features: dict[str, Features] = {}
        self._remembered: dict[str, Features] = {}

    def features(self, model: str) -> Features:
        """What ``model`` supports there: what worked in an earlier build, or everything."""
        with self._lock:
            if model not in self._features:
                self._remembered[model] = self._memory.read(model) or Features()
                self._features[model] = self._remembered[model]
            return self._features[model]

    def move(self, model: str, features: Features, step: Step) -> None:
        """Take ``step`` from ``features``, unless another thread has moved on meanwhile."""
        with self._lock:
            if self._features[model] == features:
                self._features[model] = step.features
                self._report(f"{self.host} {step.note}")

    def forget(self, model: str, features: Features) -> bool:
        """Start over, once, if ``features`` come from an earlier build: the server may be another one by now."""
        with self._lock:
            if features == Features() or self._remembered[model] != features or self._features[model] != features:
                return False
            self._remembered[model] = self._features[model] = Features()
            self._memory.write(model, Features())
            return True

    def worked(self, model: str, features: Features) -> None:
        """Remember for later builds that ``features`` worked."""
        with self._lock:
            if self._remembered[model] != features:
                self._remembered[model] = features
                self._memory.write(model, features)
