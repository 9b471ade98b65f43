"""The ledger reads back exactly; a damaged one is an error, never an empty one."""

from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.errors import StoryError
from vtx_app.story.ledger import Ledger, MadePart, ledger_path, read_ledger, write_ledger


def test_ledger_reads_back_in_the_same_order(tmp_path: Path) -> None:
    made = {"title": "b", "act": 1, "beats": ["z", "a"], "ключ": "значение"}
    ledger = Ledger(
        {"A01_S02": MadePart("d" * 64, made, "rule"), "A01_S01": MadePart("e" * 64, "text", "openai")},
        {"story/x.md": "text\n"},
        {"story/x.md": ["A01_S02", "A01_S01"]},
        {"story/y.yaml": "other"},
    )
    write_ledger(tmp_path, "shotlist", ledger)
    again = read_ledger(tmp_path, "shotlist")
    assert again == ledger
    assert list(again.parts["A01_S02"].made) == list(made)
    text = ledger_path(tmp_path, "shotlist").read_bytes()
    write_ledger(tmp_path, "shotlist", again)
    assert ledger_path(tmp_path, "shotlist").read_bytes() == text


def test_missing_ledger_is_empty(tmp_path: Path) -> None:
    assert read_ledger(tmp_path, "clips") == Ledger()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"parts": {}}', '{"parts": {"a": 1}, "texts": {}, "keys": {}, "incoming": {}}']
)
def test_damaged_ledger_is_an_error(tmp_path: Path, text: str) -> None:
    path = ledger_path(tmp_path, "clips")
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StoryError, match="is damaged"):
        read_ledger(tmp_path, "clips")
    assert path.read_text(encoding="utf-8") == text
