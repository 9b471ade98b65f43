"""Fixtures for tests of calls: a film's answer store, and a server as strict as OpenAI's documentation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.story.calls import make_brain
from kit.story.server import StoryServer
from vtx_app.story.calls.answer_store import AnswerStore


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the machine's state in the test's own folder, and ignore the network settings of this machine."""
    monkeypatch.setenv("VTX_APP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))  # servers here speak no TLS: certificates needn't be read
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def server() -> Iterator[StoryServer]:
    with StoryServer(make_brain) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> AnswerStore:
    (tmp_path / "film").mkdir()
    return AnswerStore(tmp_path / "film")
