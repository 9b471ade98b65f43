"""What the storyboard reads in sentences of scripts, and what it must not: the tables in ``sentences``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from rows import FOLDER, Row, facts, reading_of, rows

TABLES = sorted(path.stem for path in FOLDER.glob("*.txt"))
ROWS = [(table, row) for table in TABLES for row in rows(table)]


@pytest.mark.parametrize("row", [row for _, row in ROWS], ids=[f"{table}: {row.line[:70]}" for table, row in ROWS])
def test_a_sentence_is_read(row: Row) -> None:
    found = facts(reading_of(row.given))
    assert {fact: found.get(fact, "-") for fact in row.read} == row.read
