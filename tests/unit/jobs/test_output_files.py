"""One writer at a time, and the old file until the new one is whole: with real processes that are killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from vtx_app.errors import CutError
from vtx_app.files import partial_path
from vtx_app.jobs.output_files import write_output

WRITER = """
import sys
from pathlib import Path
from vtx_app.jobs.output_files import write_output
from vtx_app.jobs.run import run

def write(options):
    with write_output(Path(options.project)) as part:
        part.write_text("half")
        print("writing", flush=True)
        sys.stdin.readline()
        with part.open("a") as file:
            file.write(" and half")

sys.exit(run(write, "Writes a file.", []))
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clip that an earlier build made."""
    monkeypatch.setenv("VTX_APP_HOME", str(tmp_path / ".vtx"))
    path = tmp_path / "clips" / "a.mp4"
    path.parent.mkdir()
    path.write_text("earlier")
    return path


def start(path: Path) -> subprocess.Popen[str]:
    """A writer that has written half of the file."""
    pipe = subprocess.PIPE
    words = [sys.executable, "-c", WRITER, "--project", str(path)]
    return subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def begun(writer: subprocess.Popen[str]) -> bool:
    assert writer.stdout is not None
    return writer.stdout.readline() == "writing\n"


def waits(writer: subprocess.Popen[str]) -> bool:
    assert writer.stderr is not None
    return "another build is making" in writer.stderr.readline()


def test_the_old_file_stays_until_the_new_one_is_whole(path: Path) -> None:
    writer = start(path)
    assert begun(writer)
    assert path.read_text() == "earlier"
    writer.communicate("\n")
    assert (writer.returncode, path.read_text()) == (0, "half and half")
    assert list(path.parent.iterdir()) == [path]


def test_a_second_writer_waits_for_one_that_outlived_its_build(path: Path) -> None:
    first = start(path)
    assert begun(first)
    second = start(path)
    assert waits(second)
    assert partial_path(path).read_text() == "half"
    first.communicate("\n")
    assert begun(second)
    second.communicate("\n")
    assert (first.returncode, second.returncode, path.read_text()) == (0, 0, "half and half")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_writer_that_is_ended(path: Path, number: signal.Signals) -> None:
    first = start(path)
    assert begun(first)
    second = start(path)
    assert waits(second)
    first.send_signal(number)
    _, said = first.communicate()
    assert "Traceback" not in said
    assert first.returncode == (-number if number == signal.SIGKILL else 128 + number)
    assert path.read_text() == "earlier"
    assert begun(second)
    second.communicate("\n")
    assert path.read_text() == "half and half"
    assert list(path.parent.iterdir()) == [path]


def test_one_that_is_asked_to_end_clears_up(path: Path) -> None:
    writer = start(path)
    assert begun(writer)
    writer.terminate()
    writer.communicate()
    assert list(path.parent.iterdir()) == [path]


def test_a_full_disk_is_told(path: Path) -> None:
    with (
        pytest.raises(CutError, match=r"a\.mp4 can't be written to .*: No space left on device\. Make room there"),
        write_output(path) as part,
        Path("/dev/full").open("wb", buffering=0) as device,
    ):
        part.write_text("half")
        device.write(b"half")
    assert path.read_text() == "earlier"
    assert list(path.parent.iterdir()) == [path]
