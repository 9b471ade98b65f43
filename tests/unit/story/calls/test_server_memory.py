"""What is remembered of a server: machine state, which may be deleted or damaged at any time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.story.calls import connect, make_brain, make_request
from kit.story.server import KEY, Fault, StoryServer
from vtx_app.story.calls.api import Features
from vtx_app.story.calls.server_memory import ServerMemory

LESS = Features(responses=False, store=False)


def test_what_worked_is_read_back(tmp_path: Path) -> None:
    memory = ServerMemory(tmp_path / "servers", "localhost:8000/v1")
    assert memory.read("m") is None
    memory.write("m", LESS)
    assert memory.read("m") == LESS
    assert memory.read("another") is None
    assert ServerMemory(tmp_path / "servers", "localhost:8001/v1").read("m") is None
    memory.write("m", Features())
    assert not list((tmp_path / "servers").iterdir()), "nothing is known that is not assumed anyway"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"null", b"[]", b'{"version": 1}', b'{"version": 1, "features": {"responses": 5}}']
)
def test_a_damaged_file_is_no_memory(tmp_path: Path, content: bytes) -> None:
    memory = ServerMemory(tmp_path, "host")
    memory.path("m").write_bytes(content)
    assert memory.read("m") is None
    memory.write("m", LESS)
    record = json.loads(memory.path("m").read_bytes())
    memory.path("m").write_text(json.dumps(record | {"version": 0}), encoding="utf-8")
    assert memory.read("m") is None


def test_a_folder_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "servers").write_text("in the way", encoding="utf-8")
    ServerMemory(tmp_path / "servers", "host").write("m", LESS)


def test_the_next_build_begins_with_what_worked(tmp_path: Path) -> None:
    reports: list[str] = []
    with StoryServer(make_brain, no_responses=True, no_schemas=True, no_store=True) as server:
        for _ in range(2):
            connect(server, report=reports.append).send(make_request(), None)
        assert len(server.requests) == 4 + 1
        assert len(reports) == 3, "a person is told once"
        (file,) = (tmp_path / "home" / "servers").iterdir()
        assert KEY not in file.read_text(encoding="utf-8")
        file.unlink()
        connect(server).send(make_request(), None)
        assert len(server.requests) == 4 + 1 + 4


def test_a_server_that_has_become_another_is_tried_anew() -> None:
    with StoryServer(make_brain, no_responses=True) as server:
        connect(server).send(make_request(), None)
        server.no_responses = False
        server.requests.clear()
        server.script(Fault(status=404, message="Not Found"))
        assert connect(server).send(make_request(), None).text
        assert [each.path for each in server.requests] == ["/chat/completions", "/responses"]
        server.requests.clear()
        connect(server).send(make_request(), None)
        assert [each.path for each in server.requests] == ["/responses"]
