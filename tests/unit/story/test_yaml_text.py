"""YAML reads back as the data that was written, whatever its texts hold, and looks as people write it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtx_app.formats.yaml_reader import read_yaml_text
from vtx_app.story.yaml_text import yaml_text

HOSTILE = [
    *("no", "null", "~", "16:9", "0x1F", "0o7", "1e3", "1_000", ".5", "+1", "-", "=", "<<", "true", "Null", ""),
    *("- a", "a: b", "#x", "a #b", "'", '"', "---", "...", "\t", " ", "a\n b", "a\n", "\n", "* a", "&a", "!tag", "{}"),
    *("x " * 80, "word " * 40 + "end", "two  spaces " * 20 + "end", "a" * 300, "Он не пришёл — сегодня. " * 6 + "Всё."),
    *("%TAG ! x", "@cue", "`", "? key", "é\u0301", "\u2028", "\ufeff", "\x7f", "\x85", "👩‍🚀 " * 50 + "!"),
]
texts = st.text() | st.from_regex(r"[-+0-9.eExo_~]{1,8}", fullmatch=True) | st.sampled_from(HOSTILE)
values = st.recursive(
    texts | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans(),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), each),
    max_leaves=10,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_read_back(text: str) -> None:
    for data in ({"key": text}, {"key": [text, {"in": text}]}):
        assert read_yaml_text(yaml_text(data), "it") == data


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.from_regex(r"[a-z_]{1,6}", fullmatch=True), values, min_size=1, max_size=4), st.text())
def test_any_data_reads_back(data: dict[str, Any], comment: str) -> None:
    assert read_yaml_text(yaml_text(data, comment), "it") == data


def test_layout() -> None:
    long = "The quay at dawn, wet stone, an iron ring; the camera pushes in slowly until the ring fills the picture."
    text = yaml_text({"title": "Dawn", "seconds": 4.0, "beats": ["She waits.", "Nobody comes."], "positive": long}, "A")
    assert text == (
        "# A\n"
        "title: Dawn\n"
        "seconds: 4\n"
        "beats:\n"
        "  - She waits.\n"
        "  - Nobody comes.\n"
        "positive: >-\n"
        "  The quay at dawn, wet stone, an iron ring; the camera pushes in slowly until the ring fills the picture.\n"
    )
