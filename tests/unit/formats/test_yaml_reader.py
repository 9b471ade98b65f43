"""YAML as people write it, and as nobody should."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.errors import SpecError
from vtx_app.formats.yaml_reader import MAX_BYTES, read_yaml, value_lines


def read(folder: Path, text: str | bytes) -> Any:
    path = Path("file.yaml")
    with contextlib.chdir(folder):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_yaml(path)


def fault(folder: Path, text: str | bytes) -> str:
    with pytest.raises(SpecError) as caught:
        read(folder, text)
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("y", "y"),
        ("off", "off"),
        ("16:9", "16:9"),
        ("2.39:1", "2.39:1"),
        ("2026-01-05", "2026-01-05"),
        ("2026-01-05T09:00:00Z", "2026-01-05T09:00:00Z"),
        ("1_000", "1_000"),
        ("<<", "<<"),
        ("=", "="),
        ("true", True),
        ("False", False),
        ("tRUE", "tRUE"),
        ("null", None),
        ("~", None),
        ("", None),
        ("16", 16),
        ("+16", 16),
        ("-16", -16),
        ("007", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("16.0", 16.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("1e999", math.inf),
        ("-.inf", -math.inf),
        ("0x", "0x"),
        ("-", [None]),
        ("--", "--"),
        ("9" * 70, "9" * 70),
        ("'16'", "16"),
        ('"no"', "no"),
    ],
)
def test_plain_words_mean_what_yaml_1_2_defines(tmp_path: Path, written: str, meant: object) -> None:
    found = read(tmp_path, f"key: {written}\n" if meant != [None] else "key:\n  - \n")["key"]
    assert found == meant
    assert type(found) is type(meant)


def test_not_a_number_is_a_number_that_is_none(tmp_path: Path) -> None:
    assert math.isnan(read(tmp_path, "key: .nan\n")["key"])


KEYS = st.text(st.characters(min_codepoint=32, codec="utf-8", exclude_characters="\x7f"), max_size=12)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec="utf-8"), max_size=40)
)
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


@given(DATA)
def test_what_other_programs_write_reads_back_equal(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    class Dumper(yaml.SafeDumper):
        """Every text quoted: what needs no quotes differs between YAML 1.1 and 1.2."""

    def quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')

    Dumper.add_representer(str, quoted)
    text = yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=False)
    assert read(tmp_path_factory.getbasetemp(), text) == data


# Without digits, as 1e3 and 0o17 are text in YAML 1.1 and numbers in 1.2; without the line ends that only 1.1 has.
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Nd"], exclude_characters="\x85\u2028\u2029"), max_size=60
)


@given(st.dictionaries(WORDS, WORDS, max_size=4))
def test_texts_written_by_pyyaml_read_back_equal(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, str]
) -> None:
    for written in (yaml.safe_dump(data), yaml.safe_dump(data, allow_unicode=True, default_flow_style=True)):
        assert read(tmp_path_factory.getbasetemp(), written) == data


@given(st.binary(max_size=200) | st.text("[]{}:-,&*!|>%@`'\"#\n\t a1", max_size=60).map(str.encode))
def test_any_bytes_are_data_or_one_message(tmp_path_factory: pytest.TempPathFactory, source: bytes) -> None:
    try:
        read(tmp_path_factory.getbasetemp(), source)
    except SpecError as error:
        assert str(error).startswith("file.yaml:")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: [1, 2\n", 3, "not valid YAML"),
        ("a: 1\nb: say: this\n", 2, "text with a colon in it needs quotes"),
        ("a:\n\t- 1\n", 2, "not valid YAML"),
        ("a: 1\nb: 2\na: 3\n", 3, "a: this key appears twice"),
        ("o:\n  x: 1\n  x: 1\n", 3, "o.x: this key appears twice"),
        ("a: 1\nb: !!python/object/apply:os.system ['touch pwned']\n", 2, "python/object/apply:os.system"),
        ("a: !!int '1'\n", 1, "is not allowed; write the plain value"),
        ("a: !mine x\n", 1, "the tag '!mine' is not allowed"),
        ("a: ! 16\n", 1, "the tag '!' is not allowed"),
        ("a: 1\n---\nb: 2\n", 2, "a second YAML document"),
        ("a: *b\n", 1, "*b refers to no anchor above it"),
        ("a: &a [*a]\n", 1, "*a refers to no anchor above it"),
        ("? [a]\n: 1\n", 1, "a key must be plain text"),
        ("a: 1\n&k k: 1\nb: *k\n", 3, "*k refers to no anchor above it"),
        ("a: '\n\n", 3, "not valid YAML"),
        ("a: @b\n", 1, "not valid YAML"),
        ("é: é\n# ééééé\na: \0\n", 3, "control characters are not allowed"),
        ("a: 1\nb: \x1b[31m\n", 2, "control characters are not allowed"),
        (b"a: 1\nb: caf\xe9\n", 2, "not UTF-8 text (byte 0xe9)"),
        ("a: 1\n".encode("utf-16"), 1, "not UTF-8 text (byte 0xff)"),
        (b"\xef\xbb\xbfa: caf\xe9\n", 1, "not UTF-8 text (byte 0xe9)"),
    ],
)
def test_a_fault_has_its_line(tmp_path: Path, text: str | bytes, line: int, says: str) -> None:
    message = fault(tmp_path, text)
    assert message.startswith(f"file.yaml:{line}: ")
    assert says in message


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        "{a: " * 200_000,
        "a: " + "[" * 200_000 + "]" * 200_000,
        "".join(" " * depth + "-\n" for depth in range(1, 800)),
        "? " * 50_000,
        "- " * 50_000,
    ],
)
def test_no_depth_crashes_the_reader(tmp_path: Path, text: str) -> None:
    message = fault(tmp_path, text)
    assert "nested more than 32 deep" in message or "a key must be plain text" in message


def test_a_bomb_is_not_set_off(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 12)]
    assert "is this a YAML bomb?" in fault(tmp_path, "\n".join(lines))


def test_too_many_bytes_are_not_parsed(tmp_path: Path) -> None:
    assert f"at most {MAX_BYTES:,} are read" in fault(tmp_path, b"a: " + b"x" * MAX_BYTES)


def test_anchors_are_written_out(tmp_path: Path) -> None:
    assert read(tmp_path, "a: &x {k: [1]}\nb: *x\nc: &y no\nd: *y\n") == {
        "a": {"k": [1]},
        "b": {"k": [1]},
        "c": "no",
        "d": "no",
    }


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "---\n...\n", "﻿"])
def test_an_empty_file_is_none(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) is None


def test_a_byte_order_mark_and_windows_lines_are_no_matter(tmp_path: Path) -> None:
    assert read(tmp_path, "﻿a: 1\r\nb: |\r\n  two\r\n  lines\r\n") == {"a": 1, "b": "two\nlines\n"}


def test_every_value_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text("# é\na: 1\nb:\n  c: [x,\n    y]\n  d: |\n    text\ne: {f: 1}\n", encoding="utf-8")
    assert value_lines(path) == {
        (): 2,
        ("a",): 2,
        ("b",): 4,
        ("b", "c"): 4,
        ("b", "c", 0): 4,
        ("b", "c", 1): 5,
        ("b", "d"): 6,
        ("e",): 8,
        ("e", "f"): 8,
    }
