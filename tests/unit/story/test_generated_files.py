"""Generated texts and what a person did with the previous version: their words always stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.errors import SpecError
from vtx_app.story.generated_files import incoming_name, remove_generated, write_additions, write_generated
from vtx_app.story.ledger import Ledger

NAME = "story/01_outline.yaml"
OLD, NEW = "title: Dawn\nminutes: 3\n", "title: Noon\nminutes: 3\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "story").mkdir()
    return tmp_path / NAME


def test_new_file_is_written_and_noted(tmp_path: Path, file: Path) -> None:
    ledger = Ledger()
    assert write_generated(tmp_path, NAME, NEW, ledger).changed
    assert file.read_text() == NEW
    assert ledger.texts == {NAME: NEW}


def test_unedited_file_is_replaced(tmp_path: Path, file: Path) -> None:
    file.write_text(OLD)
    assert write_generated(tmp_path, NAME, NEW, Ledger(texts={NAME: OLD})).settled
    assert file.read_text() == NEW


def test_edited_file_is_merged_also_after_a_kill(tmp_path: Path, file: Path) -> None:
    file.write_text("title: Dawn  # mine\nminutes: 4\n")
    write_generated(tmp_path, NAME, NEW, Ledger(texts={NAME: OLD}))
    merged = file.read_text()
    assert "title: Noon" in merged
    assert "minutes: 4" in merged
    assert "# mine" in merged
    write_generated(tmp_path, NAME, NEW, Ledger(texts={NAME: OLD}))  # the ledger was not written before the kill
    assert file.read_text() == merged


def test_file_that_was_never_generated_stays(tmp_path: Path, file: Path) -> None:
    file.write_text("mine: all\n")
    assert not write_generated(tmp_path, NAME, NEW, Ledger()).changed
    assert file.read_text() == "mine: all\n"


def test_conflict_is_written_beside_and_settled_by_deletion(tmp_path: Path, file: Path) -> None:
    file.write_text("title: Dusk\nminutes: 3\n")
    ledger = Ledger(texts={NAME: OLD})
    result = write_generated(tmp_path, NAME, NEW, ledger)
    other = tmp_path / "story/01_outline.incoming.yaml"
    assert (result.settled, result.changed, file.read_text()) == (False, False, "title: Dusk\nminutes: 3\n")
    assert "title" in result.message
    assert other.name in result.message
    assert other.read_text() == NEW
    assert ledger.texts == {NAME: OLD}
    file.write_text("title: Late noon\nminutes: 3\n")
    other.unlink()
    assert write_generated(tmp_path, NAME, NEW, ledger).settled
    assert file.read_text() == "title: Late noon\nminutes: 3\n"
    assert ledger == Ledger(texts={NAME: NEW})


def test_taking_the_other_version_settles_the_conflict(tmp_path: Path, file: Path) -> None:
    file.write_text("title: Dusk\nminutes: 3\n")
    ledger = Ledger(texts={NAME: OLD})
    write_generated(tmp_path, NAME, NEW, ledger)
    file.write_text(NEW)
    assert write_generated(tmp_path, NAME, NEW, ledger).settled
    assert not (tmp_path / incoming_name(NAME)).exists()
    assert ledger.incoming == {}


def test_edit_during_the_build_is_never_overwritten(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(OLD)
    write_bytes = Path.write_bytes

    def edit_then_write(part: Path, data: bytes) -> int:
        file.write_text("title: Mine, just now\n")  # after the file was read, before it is replaced
        return write_bytes(part, data)

    monkeypatch.setattr(Path, "write_bytes", edit_then_write)
    with pytest.raises(SpecError, match="was edited while the story was made; your edit stays"):
        write_generated(tmp_path, NAME, NEW, Ledger(texts={NAME: OLD}))
    assert file.read_text() == "title: Mine, just now\n"
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_obsolete_file_is_removed_unless_edited(tmp_path: Path, file: Path) -> None:
    file.write_text(OLD)
    assert remove_generated(tmp_path, NAME, Ledger(texts={NAME: OLD})).changed
    assert not file.exists()
    file.write_text("title: Mine\n")
    result = remove_generated(tmp_path, NAME, Ledger(texts={NAME: OLD}))
    assert file.read_text() == "title: Mine\n"
    assert "it stays" in result.message


def test_additions_overwrite_only_what_was_read(tmp_path: Path, file: Path) -> None:
    file.write_text("a: 1\n")
    write_additions(tmp_path, NAME, "a: 1\nb: 2\n", "a: 1\n")
    with pytest.raises(SpecError, match="your edit stays"):
        write_additions(tmp_path, NAME, "a: 1\nc: 3\n", "a: 1\n")
    assert file.read_text() == "a: 1\nb: 2\n"


def test_file_that_is_not_utf_8_is_an_error(tmp_path: Path, file: Path) -> None:
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SpecError, match="not UTF-8 text"):
        write_generated(tmp_path, NAME, NEW, Ledger(texts={NAME: OLD}))
