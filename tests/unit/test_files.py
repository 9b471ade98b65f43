"""Nothing half-written under a real name, nothing overwritten that must stay, one holder of a lock."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.processes import Start, next_line, starting
from vtx_app.files import file_lock, partial_path, publish, publish_if_absent, write_text

OLD = "the old text, whole"


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts Python programs that end with the test."""
    with starting() as start:
        yield start


@pytest.mark.parametrize(
    ("name", "part"), [("a.mp4", ".a.part.mp4"), ("a.b.json", ".a.b.part.json"), ("plain", ".plain.part")]
)
def test_what_is_being_written_is_hidden_beside(name: str, part: str) -> None:
    assert partial_path(Path("folder") / name) == Path("folder") / part


def test_a_new_file_gets_its_name(tmp_path: Path) -> None:
    part, path = tmp_path / ".a.part.mp4", tmp_path / "a.mp4"
    part.write_text("new")
    assert publish_if_absent(part, path)
    assert (path.read_text(), path.stat().st_nlink) == ("new", 1)
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_that_is_taken_keeps_what_it_has(tmp_path: Path) -> None:
    part, path = tmp_path / ".a.part.mp4", tmp_path / "a.mp4"
    path.write_text(OLD)
    before = path.stat()
    part.write_text("new")
    assert not publish_if_absent(part, path)
    after = path.stat()
    assert (path.read_text(), after.st_ino, after.st_mtime_ns) == (OLD, before.st_ino, before.st_mtime_ns)
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_to_nothing_is_a_name_too(tmp_path: Path) -> None:
    part, path = tmp_path / ".a.part.mp4", tmp_path / "a.mp4"
    path.symlink_to("elsewhere")
    part.write_text("new")
    assert not publish_if_absent(part, path)
    assert not (tmp_path / "elsewhere").exists()


def test_replacing_is_one_step(tmp_path: Path) -> None:
    part, path = tmp_path / ".a.part.mp4", tmp_path / "a.mp4"
    path.write_text(OLD)
    part.write_text("new")
    with path.open() as reader:
        publish(part, path)
        assert reader.read() == OLD
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_part_is_an_error_and_harms_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_text(OLD)
    for give_name in (publish, publish_if_absent):
        with pytest.raises(FileNotFoundError):
            give_name(tmp_path / ".a.part.mp4", path)  # type: ignore[operator]
    assert path.read_text() == OLD


def test_text_is_written_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.json"
    for text in ("one\n", "", "é 灯台 \u202e\n"):
        write_text(path, text)
        assert path.read_bytes() == text.encode()
    assert list(path.parent.iterdir()) == [path]


WRITER = """
import sys
from pathlib import Path
from vtx_app.files import write_text

path = Path(sys.argv[1])
print("begins", flush=True)
while True:
    write_text(path, "x" * 3_000_000)
    write_text(path, "y" * 3_000_000)
"""


@pytest.mark.parametrize("turn", range(4))
def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path, start: Start, turn: int) -> None:
    path = tmp_path / "a.json"
    path.write_text(OLD)
    writer = start(WRITER, path)
    assert next_line(writer) == "begins"
    part = partial_path(path)
    while not part.exists() or (turn % 2 and path.read_text() == OLD):
        assert writer.poll() is None
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert path.read_text() in (OLD, "x" * 3_000_000, "y" * 3_000_000)
    write_text(path, "after")
    assert path.read_text() == "after"
    assert list(tmp_path.iterdir()) == [path]


def test_a_writer_killed_in_the_middle_leaves_the_old_file(tmp_path: Path, start: Start) -> None:
    path = tmp_path / "a.mp4"
    path.write_text(OLD)
    writer = start(
        "import os, signal, sys; from pathlib import Path; from vtx_app.files import partial_path, publish\n"
        "part = partial_path(Path(sys.argv[1])); part.write_text('half'); os.kill(os.getpid(), signal.SIGKILL)\n"
        "publish(part, Path(sys.argv[1]))",
        path,
    )
    assert writer.wait() == -signal.SIGKILL
    assert path.read_text() == OLD
    assert partial_path(path).read_text() == "half"


HOLDER = """
import sys
from pathlib import Path
from vtx_app.files import file_lock

with file_lock(Path(sys.argv[1]), "somebody else has it"):
    print("has it", flush=True)
    sys.stdin.readline()
print("let go", flush=True)
"""


def test_a_second_holder_says_so_and_waits(tmp_path: Path, start: Start) -> None:
    lock = tmp_path / "locks" / "a.lock"
    first = start(HOLDER, lock)
    assert next_line(first) == "has it"
    second = start(HOLDER, lock)
    assert second.stderr is not None
    assert second.stderr.readline().strip() == "somebody else has it"
    assert second.poll() is None
    first.communicate("\n")
    assert next_line(second) == "has it"
    second.communicate("\n")
    assert second.returncode == 0
    assert list(lock.parent.iterdir()) == []


def test_a_killed_holder_holds_nothing(tmp_path: Path, start: Start) -> None:
    lock = tmp_path / "a.lock"
    first = start(HOLDER, lock)
    assert next_line(first) == "has it"
    second = start(HOLDER, lock)
    assert second.stderr is not None
    assert second.stderr.readline().strip() == "somebody else has it"
    first.send_signal(signal.SIGKILL)
    assert next_line(second) == "has it"
    second.communicate("\n")
    assert lock.exists() is False


def test_what_a_killed_holder_left_is_no_lock(tmp_path: Path, start: Start) -> None:
    lock = tmp_path / "a.lock"
    first = start(HOLDER, lock)
    assert next_line(first) == "has it"
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert lock.exists()
    with file_lock(lock, "must not wait"):
        assert lock.exists()
    assert not lock.exists()


COUNTER = """
import sys
from pathlib import Path
from vtx_app.files import file_lock

for _ in range(60):
    with file_lock(Path(sys.argv[1]), ""):
        count = Path(sys.argv[2])
        count.write_text(str(int(count.read_text()) + 1))
"""


def test_never_two_at_once(tmp_path: Path, start: Start) -> None:
    count = tmp_path / "count"
    count.write_text("0")
    for process in [start(COUNTER, tmp_path / "a.lock", count) for _ in range(4)]:
        _, said = process.communicate()
        assert process.returncode == 0, said
    assert count.read_text() == "240"


def test_a_lock_is_let_go_when_the_work_fails(tmp_path: Path) -> None:
    lock = tmp_path / "a.lock"
    with pytest.raises(RuntimeError), file_lock(lock, ""):
        raise RuntimeError
    with file_lock(lock, "must not wait"):
        pass
    assert not lock.exists()


def test_a_waiter_that_is_told_to_end_ends(tmp_path: Path, start: Start) -> None:
    lock = tmp_path / "a.lock"
    with file_lock(lock, ""):
        waiter = start(HOLDER, lock)
        assert waiter.stderr is not None
        assert waiter.stderr.readline().strip() == "somebody else has it"
        waiter.send_signal(signal.SIGTERM)
        assert waiter.wait() == -signal.SIGTERM
    assert not lock.exists()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("taken", [False, True])
def test_a_disk_without_hard_links_publishes_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: bool
) -> None:
    """What exFAT answers to link(2), EPERM: no such disk can be mounted in a test."""

    def refused(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    path, part = tmp_path / "take.mp4", tmp_path / ".take.part.mp4"
    part.write_bytes(b"new")
    if taken:
        path.write_bytes(b"old")
    assert publish_if_absent(part, path) is not taken
    assert path.read_bytes() == (b"old" if taken else b"new")
    assert not part.exists()
