"""A film's folder, and a server that holds its clients to OpenAI's documentation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.story.calls import make_brain
from kit.story.server import StoryServer
from vtx_app.story.calls.answer_store import Answers


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The machine's state goes to the test's own folder, and its network settings are not asked."""
    monkeypatch.setenv("VTX_APP_HOME", str(tmp_path / "home"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def server() -> Iterator[StoryServer]:
    with StoryServer(make_brain) as running:
        yield running


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    (tmp_path / "film").mkdir()
    return Answers(tmp_path / "film")
