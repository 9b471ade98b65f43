"""How jobs and workers find each other, and their messages, in pieces of any size."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.render.build_process import BuildProcess
from vtx_app.render.ltx.call import PipelineCall, Weights
from vtx_app.render.ltx.worker.protocol import (
    Connection,
    LeaseHolder,
    call_from_json,
    call_to_json,
    new_address,
    remove_address,
)

HERE = str(BuildProcess.of(os.getpid()))


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A lock file, open for writing."""
    path = tmp_path / "gpu-0.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    yield path, handle
    os.close(handle)


def ended() -> str:
    """The name of a process that ran and has ended."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        return str(BuildProcess.of(process.pid))


# -- who holds a GPU -----------------------------------------------------------------------------------


def test_a_lease_holder_is_read_as_it_was_written(lock: tuple[Path, int]) -> None:
    path, handle = lock
    long = LeaseHolder(HERE, "5-6", "/a python/ü" * 30, "/run/x/s")
    for holder in (long, LeaseHolder(HERE, "5-6", "/python", "/run/y/s")):  # the second leaves nothing of the first
        holder.write(handle)
        assert LeaseHolder.read(path) == holder


def test_a_worker_that_has_ended_holds_no_lease(lock: tuple[Path, int]) -> None:
    path, handle = lock
    for worker in (ended(), "nonsense", "", str(BuildProcess(os.getpid(), "0"))):
        LeaseHolder(worker, HERE, "/python", "/run/x/s").write(handle)
        assert LeaseHolder.read(path) is None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"worker"',
        b"\xff\xfe",
        json.dumps({"worker": HERE, "build": "1-2", "python": "/python"}).encode(),
        json.dumps({"worker": [HERE], "build": "1-2", "python": "/python", "address": "/s"}).encode(),
    ],
    ids=["empty", "brace", "list", "null", "word", "bytes", "no address", "a list for a name"],
)
def test_a_damaged_lock_file_names_nobody(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "lock").write_bytes(text)
    assert LeaseHolder.read(tmp_path / "lock") is None
    remove_address(tmp_path / "lock")


def test_a_lock_file_that_is_gone_names_nobody(tmp_path: Path) -> None:
    assert LeaseHolder.read(tmp_path / "none") is None
    remove_address(tmp_path / "none")


# -- addresses -----------------------------------------------------------------------------------------


def names(path: Path, address: Path) -> None:
    """Let the lock file name a worker at that address."""
    path.write_text(json.dumps({"worker": "1-1", "build": "1-1", "python": "", "address": str(address)}))


@pytest.mark.parametrize("folder", ["short", "long/" + "d" * 90])
def test_a_new_address_is_its_user_s_own_and_can_be_listened_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    temporary = tmp_path / folder
    temporary.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    address = new_address()
    try:
        assert stat.S_IMODE(address.parent.stat().st_mode) == 0o700
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(address))
        assert address.is_socket()
        assert new_address() != address
    finally:
        names(tmp_path / "lock", address)
        remove_address(tmp_path / "lock")
    assert not address.parent.exists()
    if folder != "short":
        assert list(temporary.iterdir()) == []


def test_only_an_address_of_a_worker_is_forgotten(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    for folder, name in ((tmp_path / "mine", "s"), (tmp_path / "mine/vtx-worker-like", "deep/s"), (tmp_path, "film")):
        precious = folder / name
        precious.parent.mkdir(parents=True, exist_ok=True)
        precious.write_text("precious")
        names(lock, precious)
        remove_address(lock)
        assert precious.read_text() == "precious"


def test_a_folder_with_more_in_it_stays(tmp_path: Path) -> None:
    folder = tmp_path / "vtx-worker-a1"
    folder.mkdir()
    (folder / "s").touch()
    (folder / "notes").touch()
    names(tmp_path / "lock", folder / "s")
    remove_address(tmp_path / "lock")
    assert [each.name for each in folder.iterdir()] == ["notes"]


# -- messages ------------------------------------------------------------------------------------------


@pytest.fixture
def pair() -> Iterator[tuple[Connection, socket.socket]]:
    """The lines of one end, and the bare other end."""
    ours, theirs = socket.socketpair()
    lines = Connection(ours)
    yield lines, theirs
    lines.close()
    theirs.close()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
MESSAGES = st.lists(st.dictionaries(st.text(min_size=1), JSON, max_size=3), min_size=1, max_size=5)


def sent(*messages: dict[str, Any]) -> bytes:
    """The bytes that sending those messages puts on the wire."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for message in messages:
            Connection(ours).send(**message)
        ours.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: theirs.recv(1 << 16), b""))


@given(MESSAGES, st.lists(st.integers(0, 400), max_size=8))
def test_messages_arrive_whole_in_whatever_pieces(messages: list[dict[str, Any]], cuts: list[int]) -> None:
    data = sent(*messages)
    assert data.count(b"\n") == len(messages)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        lines = Connection(ours)
        places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
        received: list[dict[str, Any] | None] = []
        for begin, end in pairwise(places):
            theirs.sendall(data[begin:end])
            while len(received) < data[:end].count(b"\n"):
                received.append(lines.receive())
        assert received == messages


def test_messages_that_arrive_together_are_received_one_by_one(pair: tuple[Connection, socket.socket]) -> None:
    lines, other = pair
    other.sendall(b'{"a": 1}\n{"b": 2}\n{"c"')
    assert lines.receive() == {"a": 1}
    assert lines.receive() == {"b": 2}
    other.sendall(b": 3}\n")
    assert lines.receive() == {"c": 3}


def test_a_message_of_many_megabytes_arrives(pair: tuple[Connection, socket.socket]) -> None:
    lines, other = pair
    text = "ü" * 2_000_000
    sender = threading.Thread(target=lambda: Connection(other).send(text=text))
    sender.start()
    assert lines.receive() == {"text": text}
    sender.join()


def test_a_line_without_an_end_is_given_up(pair: tuple[Connection, socket.socket]) -> None:
    lines, other = pair
    sender = threading.Thread(target=_flood, args=(other,))
    sender.start()
    assert lines.receive() is None
    lines.close()
    sender.join()


def _flood(other: socket.socket) -> None:
    try:
        while True:
            other.sendall(b"x" * (1 << 20))
    except OSError:
        pass


def test_who_hangs_up_says_nothing_more(pair: tuple[Connection, socket.socket]) -> None:
    lines, other = pair
    other.sendall(b'{"a": 1}\n{"half')
    other.close()
    assert lines.receive() == {"a": 1}
    assert lines.receive() is None
    assert lines.receive() is None
    with pytest.raises(OSError, match="Broken pipe"):
        lines.send(a=1)


@pytest.mark.parametrize("garbage", [b"", b"GET / HTTP/1.1\r", b"[1]", b"5", b"null", b"\xff\x00", b"[" * 100_000])
def test_what_is_no_message_ends_the_talk(pair: tuple[Connection, socket.socket], garbage: bytes) -> None:
    lines, other = pair
    other.sendall(garbage + b"\n")
    assert lines.receive() is None


# -- calls ---------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PATH = st.builds(Path, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
OPTIONS = st.lists(st.lists(TEXT, min_size=1).map(tuple), max_size=3).map(tuple)
PARTS = st.sampled_from(["transformer", "text encoder", "other", "LoRA"])
CALLS = st.builds(
    PipelineCall,
    pipeline=TEXT,
    output=PATH,
    prompt=TEXT,
    negative=TEXT,
    options=OPTIONS,
    media=OPTIONS,
    quantization=st.none() | TEXT,
    encoder=st.lists(TEXT).map(tuple),
    weights=st.lists(st.builds(Weights, TEXT, PARTS, st.integers(0, 2**50)), max_size=3).map(tuple),
    offload=TEXT,
    log=st.none() | PATH,
)


@given(CALLS)
def test_a_call_is_received_as_it_was_sent(call: PipelineCall) -> None:
    (line,) = sent({"call": call_to_json(call)}).splitlines()
    assert call_from_json(json.loads(line)["call"]) == call


@pytest.mark.parametrize("missing", ["output", "options", "media", "encoder", "weights", "log"])
def test_a_part_of_a_call_is_refused(missing: str) -> None:
    data = call_to_json(PipelineCall("distilled", Path("/a.mp4"), "A quay."))
    del data[missing]
    with pytest.raises(KeyError):
        call_from_json(data)


@pytest.mark.parametrize("missing", ["pipeline", "prompt"])
def test_a_call_without_a_pipeline_or_a_prompt_is_refused(missing: str) -> None:
    data = call_to_json(PipelineCall("distilled", Path("/a.mp4"), "A quay."))
    del data[missing]
    with pytest.raises(TypeError):
        call_from_json(data)
