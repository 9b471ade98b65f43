"""The record of a hand-over: what is complete is known after a kill, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.handover.record import Record, is_handed_over, read_record

NAME, LIST = "media/A.mov", "film.edl"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "media").mkdir()
    return tmp_path / "film.handover.json"


def write(path: Path, name: str, text: str) -> None:
    (path.parent / name).write_text(text)


def handed(path: Path) -> None:
    record = Record(path)
    record.begin({NAME: "one"})
    write(path, NAME, "1111")
    record.add(NAME, "one")
    write(path, LIST, "cut 1")
    record.add(LIST, "whole", text=True)
    record.finish("whole")


def test_a_finished_hand_over_is_one_file(path: Path) -> None:
    handed(path)
    assert is_handed_over(path, "whole")
    assert not is_handed_over(path, "other")
    assert sorted(each.name for each in path.parent.iterdir()) == ["film.edl", "film.handover.json", "media"]
    write(path, NAME, "11")
    assert not is_handed_over(path, "whole")


def test_what_is_complete_is_known_after_a_kill(path: Path) -> None:
    record = Record(path)
    record.begin({NAME: "one", "media/B.mov": "two"})
    write(path, NAME, "1111")
    record.add(NAME, "one")
    write(path, "media/B.mov", "22")
    journal = path.with_suffix(".journal")
    with journal.open("a") as file:
        file.write('{"name": "media/B.mov", "facts": {"stamp": "two", "by')  # torn
    again = read_record(path)
    assert again.holds(NAME, "one")
    assert not again.holds("media/B.mov", "two")
    assert not is_handed_over(path, "whole")


def test_a_file_that_is_being_replaced_is_not_taken_for_the_old_one(path: Path) -> None:
    """The new file has the size of the old one; the build is killed before it is noted, and the edit is undone."""
    handed(path)
    record = read_record(path)
    record.begin({NAME: "two"})
    write(path, NAME, "2222")
    again = read_record(path)
    assert not again.holds(NAME, "two")
    assert not again.holds(NAME, "one")
    assert not is_handed_over(path, "whole")
    again.begin({NAME: "one"})
    assert not again.holds(NAME, "one")


def test_what_is_not_replaced_stays_known_and_so_does_what_is_to_be_removed(path: Path) -> None:
    handed(path)
    record = read_record(path)
    record.begin({NAME: "one"})
    assert record.holds(NAME, "one")
    assert LIST in read_record(path).files


@pytest.mark.parametrize("replaced", [False, True], ids=["before", "after"])
def test_a_kill_while_a_list_is_replaced_is_no_edit_of_a_person(path: Path, replaced: bool) -> None:
    handed(path)
    record = read_record(path)
    record.begin({NAME: "one"})
    record.expect(LIST, b"cut 2")
    if replaced:
        write(path, LIST, "cut 2")
    assert not read_record(path).is_edited(LIST)
    write(path, LIST, "mine")
    assert read_record(path).is_edited(LIST)


@pytest.mark.parametrize("line", ["", "[]", "3", '{"name": "../../x", "facts": {}}', '{"name": 3, "facts": {}}', "{"])
def test_a_journal_that_is_damaged_or_hostile_adds_nothing(path: Path, line: str) -> None:
    handed(path)
    path.with_suffix(".journal").write_text(f"{line}\n")
    assert set(read_record(path).files) == {NAME, LIST}
