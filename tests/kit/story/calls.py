"""A small thing to ask a model for, as the tests of the calls do: a scene with a title and beats."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from kit.story.server import KEY, StoryServer
from vtx_app.story.calls.api import Inbox, Repair, Reply
from vtx_app.story.calls.client import Client, openai_client
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.strict_schema import strict_schema, without_nulls
from vtx_app.story.calls.tries import Retries
from vtx_app.story.calls.usage import Usage


class Scene(BaseModel):
    """A scene."""

    model_config = ConfigDict(extra="forbid")
    title: str
    beats: list[str] = []


def make_request(subject: str = "A01_S01", **changed: Any) -> Request:
    """The request for the scene ``subject``."""
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
    """Calls the scene what it was asked for; the name of the schema and the schema must have come along."""
    assert name == "scene"
    assert schema == strict_schema(Scene)
    return {"title": said.partition("\n")[0].removeprefix("Write ").rstrip("."), "beats": None}


def check_scene(answer: Any) -> Scene:
    """The scene of an answer. Raises :class:`ValueError`."""
    scene = Scene.model_validate(without_nulls(answer))
    if not scene.title.strip():
        raise ValueError("the title is empty; give the scene a title")
    return scene


def connect(
    server: StoryServer | str,
    variables: Mapping[str, str] | None = None,
    *,
    most: int = 0,
    max_tokens: int | None = None,
    timeout: float = 30,
    notice: float = 30,
    report: Callable[[str], None] = lambda line: None,
) -> Client:
    """Asks ``server`` (or the one at that URL), ``most`` times more where it fails, without a pause; reports what the
    server lacks.
    """
    url = server if isinstance(server, str) else server.url
    given = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": url, **(variables or {})}
    retries = Retries(most=most, timeout=timeout, notice=notice, pause=lambda seconds: None)
    return openai_client(given, max_tokens=max_tokens, retries=retries, report=report)


class Paid:
    """Answers wrongly first, then well, and writes a stroke on the ``bill`` for each."""

    max_tokens = None

    def __init__(self, bill: str) -> None:
        self.bill = Path(bill)

    def send(self, request: Request, repair: Repair | None, inbox: Inbox | None = None) -> Reply:
        with self.bill.open("a") as bill:
            bill.write("x")
        text = "{}" if repair is None else json.dumps({"title": request.subject})
        return Reply(text, None, None, Usage(1, 0, 1), "m")


TWELVE = [make_request(f"A01_S{number:02}") for number in range(1, 13)]


class NoCalls:
    """A client that must not be called."""

    max_tokens: int | None = None

    def send(self, request: Request, repair: Repair | None, inbox: Inbox | None = None) -> Reply:
        raise AssertionError(f"{request.title} was sent")
