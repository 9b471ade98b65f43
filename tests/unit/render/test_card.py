"""What the driver's own tool says of the cards. A script stands in for it: there may be no card here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vtx_app.render.card import card_bytes, card_name, has_card, used_bytes

TOOL = """\
#!/bin/sh
case "$1" in
--query-gpu=memory.total) test "$3" = "--id=0" && echo 24564 && exit; echo 24564; echo 81559 ;;
--query-gpu=name) test "$3" = "--id=1" || exit 6; echo "NVIDIA H100 80GB HBM3" ;;
--query-compute-apps=pid,used_gpu_memory) echo "7, 100"; echo "12, 512"; echo "12, 1024"; echo "13, [N/A]" ;;
esac
"""


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "nvidia-smi"
    path.write_text(TOOL)
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return path


@pytest.mark.usefixtures("tool")
def test_the_largest_card_its_name_and_what_a_process_has_of_it() -> None:
    assert card_bytes() == 81559 * 2**20
    assert card_bytes("0") == 24564 * 2**20
    assert card_name("1") == "NVIDIA H100 80GB HBM3"
    assert used_bytes(12) == 1536 * 2**20
    assert used_bytes(13) == used_bytes(14) == 0


@pytest.mark.usefixtures("tool")
def test_a_card_that_is_not_there_has_no_name() -> None:
    assert card_name("5") is None
    assert card_name("") is None


def test_a_tool_that_fails_says_nothing(tool: Path) -> None:
    tool.write_text("#!/bin/sh\necho 24564\nexit 9\n")
    assert (card_bytes(), card_name("1"), used_bytes(12)) == (None, None, 0)
    tool.write_text("not a program")
    assert (card_bytes(), card_name("1"), used_bytes(12)) == (None, None, 0)


def test_without_the_tool_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (card_bytes(), card_name("1"), used_bytes(12)) == (None, None, 0)


@pytest.mark.usefixtures("tool")
def test_a_card_is_there_where_the_driver_or_its_tool_shows_one(tmp_path: Path) -> None:
    devices = tmp_path / "dev"
    devices.mkdir()
    assert has_card("1", devices)  # as under Windows' Linux, which has no device nodes
    assert not has_card("5", devices)
    (devices / "nvidiactl").touch()
    assert not has_card("5", devices)
    (devices / "nvidia0").touch()
    assert has_card("MIG-5f0c", devices)  # which the tool does not know by that name
    assert not has_card("", devices)  # hidden, so the CPU is what was asked for
