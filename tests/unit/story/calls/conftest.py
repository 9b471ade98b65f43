"""A film's folder, a server that holds its clients to OpenAI's documentation, and requests to ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict
from storyserver import KEY, StoryServer

from vtx_app.story.calls.answers import Answers
from vtx_app.story.calls.client import Caller, Retries, openai_caller
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.strict_schema import strict_schema, without_nulls


class Scene(BaseModel):
    """A scene, as these tests have it written."""

    model_config = ConfigDict(extra="forbid")
    title: str
    beats: list[str] = []


def make_request(subject: str = "A01_S01", **changed: Any) -> Request:
    fields: dict[str, Any] = {
        "stage": "shotlist",
        "subject": subject,
        "model": "gpt-4.1",
        "instructions": "You write scenes.",
        "input": f"Write {subject}.",
        "schema_name": "scene",
        "schema": strict_schema(Scene),
    }
    return Request(**{**fields, **changed})


def make_brain(name: str, said: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"title": said.removeprefix("Write ").split("\n")[0], "beats": None}


def check_scene(answer: Any) -> Scene:
    scene = Scene.model_validate(without_nulls(answer))
    if not scene.title.strip():
        raise ValueError("the title is empty")
    return scene


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """State of the machine goes to the test's own folder, and nothing of this machine's network is asked."""
    monkeypatch.setenv("VTX_APP_HOME", str(tmp_path / "home"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[StoryServer]:
    with StoryServer(make_brain) as running:
        yield running


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    folder = tmp_path / "film"
    folder.mkdir()
    return Answers(folder)


Connect = Callable[..., Caller]


@pytest.fixture
def connect() -> Connect:
    """A caller of a server; ``said`` collects what it tells."""

    def connect(server: StoryServer, *, most: int = 0, said: list[str] | None = None, **variables: str) -> Caller:
        given = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, **variables}
        told = said if said is not None else []
        return openai_caller(given, retries=Retries(most=most, timeout=30), say=told.append)

    return connect
