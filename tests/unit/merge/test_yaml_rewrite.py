"""Changing a person's YAML in places: everything else stays as they wrote it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from vtx_app.errors import SpecError
from vtx_app.formats.yaml_reader import read_yaml_text
from vtx_app.merge import rewrite_yaml

BIBLE = """\
# Looks and voices.
version: 1   # of the format

characters:
  ines:
    name: "Inès"     # with the accent
    description: >-
      Inès, a woman of sixty-seven, small
      and straight-backed
    wardrobe: {jersey: 'in a navy jersey', oilskin: in a yellow oilskin}

  # The eyes are the link.
  young_ines:
    name: Young Inès
    voice: a small, grave voice
    # still to do: her plaits

# The end.
"""


def after(text: str, change: Callable[[Any], object]) -> str:
    """``text`` rewritten with its data changed, checked to read as that data."""
    data = read_yaml_text(text.removeprefix("\ufeff"), "text")
    changed = copy.deepcopy(data)
    change(changed)
    result = rewrite_yaml(text, changed)
    assert read_yaml_text(result, "result") == changed
    return result


def swapped(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def test_unchanged_data_keeps_every_byte() -> None:
    for text in (BIBLE, BIBLE.replace("\n", "\r\n"), "\ufeff" + BIBLE, BIBLE.rstrip("\n"), "", "# only\n", "a:   1"):
        data = read_yaml_text(text, "")
        assert rewrite_yaml(text, data) == text


def test_new_entry_in_the_style_of_the_file() -> None:
    new = {
        "name": "Yann",
        "description": "lanky: freckled",
        "wardrobe": {"duty": "in a navy jacket"},
        "tags": ["a", "b"],
    }
    result = after(BIBLE, lambda data: data["characters"].update(yann=new))
    assert result == swapped(
        BIBLE,
        (
            "    # still to do: her plaits\n",
            "    # still to do: her plaits\n"
            "\n"
            "  yann:\n"
            "    name: Yann\n"
            '    description: "lanky: freckled"\n'
            "    wardrobe:\n"
            "      duty: in a navy jacket\n"
            "    tags: [a, b]\n",
        ),
    )


def test_long_texts_are_folded_and_multiline_texts_are_blocks() -> None:
    long, many = "one word " * 20 + "end", "first\n\n  second: #2\n"
    result = after("a:\n    b: 1\n", lambda data: data["a"].update(long=long, many=many))
    assert result.startswith("a:\n    b: 1\n    long: >-\n        one word one")
    assert max(map(len, result.splitlines())) <= 120
    assert result.endswith("    many: |\n        first\n\n          second: #2\n")


@pytest.mark.parametrize(
    ("change", "swaps"),
    [
        (lambda d: d.update(version=2), [("version: 1 ", "version: 2 ")]),
        (lambda d: d["characters"]["ines"].update(name='In"s: #2'), [('"Inès" ', '"In\\"s: #2" ')]),
        (
            lambda d: d["characters"]["ines"]["wardrobe"].update(jersey="it's torn"),
            [("'in a navy jersey'", "'it''s torn'")],
        ),
        (
            lambda d: d["characters"]["ines"]["wardrobe"].update(cap="wool, red"),
            [("oilskin}", 'oilskin, cap: "wool, red"}')],
        ),
        (lambda d: d["characters"]["ines"]["wardrobe"].pop("jersey"), [("jersey: 'in a navy jersey', ", "")]),
        (lambda d: d["characters"]["ines"]["wardrobe"].pop("oilskin"), [(", oilskin: in a yellow oilskin", "")]),
        (
            lambda d: d["characters"]["ines"].update(description="Inès, small"),
            [("Inès, a woman of sixty-seven, small\n      and straight-backed", "Inès, small")],
        ),
        (lambda d: d["characters"]["young_ines"].pop("name"), [("    name: Young Inès\n", "")]),
        (lambda d: d["characters"]["young_ines"].update(voice=None), [("a small, grave voice", "null")]),
        (
            lambda d: d["characters"]["young_ines"].update(name={"first": "Inès"}),
            [("name: Young Inès\n", "name:\n      first: Inès\n")],
        ),
        (
            lambda d: d["characters"]["ines"].update(name={"a": "b"}),
            [('"Inès"     # with', " # with"), ("accent\n", "accent\n      a: b\n")],
        ),
        (lambda d: d.update(characters={}), [(BIBLE[BIBLE.index("\n  ines:") : BIBLE.index("\n# The end")], " {}\n")]),
    ],
)
def test_single_changes(change: Callable[[Any], object], swaps: list[tuple[str, str]]) -> None:
    result = after(BIBLE, change)
    if "characters: {}" in result:  # its comments are inside what is gone
        assert "# The end." in result
        return
    assert result == swapped(BIBLE, *swaps)


def test_comments_above_and_inside_a_removed_entry() -> None:
    result = after(BIBLE, lambda data: data["characters"].pop("young_ines"))
    assert "  # The eyes are the link.\n" in result
    assert "plaits" not in result
    assert result.endswith("# The end.\n")


def test_comments_inside_a_removed_entry_can_be_kept_where_it_was() -> None:
    data = read_yaml_text(BIBLE, "text")
    del data["characters"]["young_ines"]
    result = rewrite_yaml(BIBLE, data, keep=True)
    assert read_yaml_text(result, "text") == data
    assert "\n  # The eyes are the link.\n  # still to do: her plaits\n\n# The end.\n" in result


ENTRY = {"version": 1, "characters": {"ines": {"name": "Inès"}}}
BLOCK = "characters:\n  ines:\n    name: Inès\n"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("", "version: 1\n" + BLOCK),
        ("# Looks.\n", "# Looks.\nversion: 1\n" + BLOCK),
        ("# Looks.", "# Looks.\nversion: 1\n" + BLOCK.rstrip("\n")),
        ("# Looks.\r\n", ("# Looks.\nversion: 1\n" + BLOCK).replace("\n", "\r\n")),
        ("\ufeff", "\ufeffversion: 1\n" + BLOCK),
        ("{}", "version: 1\n" + BLOCK.rstrip("\n")),
        ("--- # x\n", "--- # x\nversion: 1\n" + BLOCK),
        ("version: 1\ncharacters: {}\n", "version: 1\n" + BLOCK),
        ("version: 1\ncharacters: {}", "version: 1\n" + BLOCK.rstrip("\n")),
        (
            "version: 1\ncharacters: {} # nobody\n",
            "version: 1\n" + BLOCK.replace("characters:", "characters:  # nobody"),
        ),
        ("version: 1\ncharacters:\n", "version: 1\n" + BLOCK),
        ("version: 1\ncharacters: ~\n# end\n", "version: 1\n" + BLOCK + "# end\n"),
        (
            "characters: {} # nobody\nversion: 1\n",
            BLOCK.replace("characters:", "characters:  # nobody") + "version: 1\n",
        ),
        ("{version: 1, characters: {}}\n", "{version: 1, characters: {ines: {name: Inès}}}\n"),
        ("version: 1", "version: 1\n" + BLOCK.rstrip("\n")),
    ],
)
def test_almost_empty_files(text: str, result: str) -> None:
    assert rewrite_yaml(text, ENTRY) == result
    assert rewrite_yaml(result, ENTRY) == result


@pytest.mark.parametrize(
    ("text", "change", "result"),
    [
        # the file's own indentation
        ("a:\n    b:\n    - x\n", lambda d: d.update(c={"d": ["e f"]}), "a:\n    b:\n    - x\nc:\n    d:\n    - e f\n"),
        (
            "a:\n  -   x: 1\n      y: 2\n",
            lambda d: d["a"].append({"x": 3, "y": 4}),
            "a:\n  -   x: 1\n      y: 2\n  -   x: 3\n      y: 4\n",
        ),
        # items
        ("- a # 1\n\n- b # 2\n", lambda d: d.insert(1, "n"), "- a # 1\n\n- n\n\n- b # 2\n"),
        ("- a # 1\n\n- b # 2\n", lambda d: d.insert(0, "n"), "- n\n\n- a # 1\n\n- b # 2\n"),
        ("- a # 1\n\n- b # 2\n", lambda d: d.pop(0), "- b # 2\n"),
        ("- a\n# end\n", lambda d: d.append("n"), "- a\n- n\n# end\n"),
        ("- - a\n  - b\n", lambda d: d[0].insert(0, "n"), "- - n\n  - a\n  - b\n"),
        ("- x: 1\n  y: 2\n", lambda d: d[0].pop("x"), "- y: 2\n"),
        ("- x: 1\n  # of y\n  y: 2\n", lambda d: d[0].pop("x"), "# of y\n- y: 2\n"),
        ("l: [a, b]\n", lambda d: d["l"].insert(1, "c, d"), 'l: [a, "c, d", b]\n'),
        ("l: [a, # 1\n    b]\n", lambda d: d["l"].append("c"), "l: [a, # 1\n    b, c]\n"),
        ("l: [\n  a,\n  b,\n]\n", lambda d: d["l"].append("c"), "l: [\n  a,\n  b,\n  c,\n]\n"),
        ("l: [a, # 1\n    b]\n", lambda d: d["l"].pop(), "l: [a]  # 1\n"),
        ("l: [a: 1, b]\n", lambda d: d["l"][0].update(a=2), "l: [{a: 2}, b]\n"),
        ("l: []\n", lambda d: d["l"].append("c"), "l: [c]\n"),
        ("l: [a]\n", lambda d: d["l"].clear(), "l: []\n"),
        (
            "l: [a, # 1\n    b]\nm: [c, # 2\n    d]\n",
            lambda d: (d["l"].pop(), d["m"].append("e")),
            "l: [a]  # 1\nm: [c, # 2\n    d, e]\n",
        ),
        # the item that it was, not the one in its place
        ("- [x, y] # 1\n- z\n", lambda d: (d[0].append("w"), d.insert(0, "n")), "- n\n- [x, y, w] # 1\n- z\n"),
        (
            "- {a: 1, b: 2} # 1\n- z\n",
            lambda d: (d[0].update(b=3), d.insert(0, {"c": 1})),
            "- c: 1\n- {a: 1, b: 3} # 1\n- z\n",
        ),
        (
            "- {a: {b: 1}} # 1\n- z\n",
            lambda d: (d[0]["a"].update(c=2), d.insert(0, {"x": 1})),
            "- x: 1\n- {a: {b: 1, c: 2}} # 1\n- z\n",
        ),
        # comments of what is replaced
        ("a:\n  # why\n  - x # 1\n  - y\nb: 1\n", lambda d: d.update(a=5), "# why\n# 1\na: 5\nb: 1\n"),
        ("a: | # why\n  x\nb: 1\n", lambda d: d.update(a=5), "a: 5  # why\nb: 1\n"),
        ("a: | # why\n  x\nb: 1\n", lambda d: d.update(a="y\n"), "a: |  # why\n  y\nb: 1\n"),
        ("a: b     # why\n", lambda d: d.update(a="c"), "a: c     # why\n"),
        ("a:\n  word\nb: 1\n", lambda d: d.update(a="new"), "a: new\nb: 1\n"),
        # names given and named
        ("a: &w 5\nb: *w\n", lambda d: d.update(a=6), "a: &w 6\nb: 5\n"),
        ("a: &w 5\nb: *w\n", lambda d: d.update(a=6, b=6), "a: &w 6\nb: *w\n"),
        ("a: &w 5\nb: *w\n", lambda d: d.pop("a"), "b: 5\n"),
        ("a: &w {x: 1}\nb: *w\n", lambda d: d.update(b={"x": 2}), "a: &w {x: 1}\nb:\n  x: 2\n"),
        ("a: &w\n  x: 1\nb: *w\n", lambda d: d.update(a={"x": 2}), "a: &w\n  x: 2\nb:\n  x: 1\n"),
        ("- &w 5\n- *w\n", lambda d: d.__setitem__(0, {"x": 1, "y": 2}), "- x: 1\n  y: 2\n- 5\n"),
        ("- &w 5\n- *w\n", lambda d: d.__setitem__(0, [{"x": 1}]), "- - x: 1\n- 5\n"),
        ("- &w 5\n- *w\n", lambda d: d.__setitem__(0, [6]), "- &w [6]\n- 5\n"),
        ("a: &w |\n  x\nb: *w\n", lambda d: d.update(a="y\n"), "a: &w |\n  y\nb: |\n  x\n"),
        ("a:\n  x: &w ~\nb: *w\n", lambda d: d.update(a=1), "a: 1\nb: null\n"),
        (
            "- a: |+\n    x\n\n- b\n\n- c\n\n- d\n",
            lambda d: d.insert(1, "n"),
            "- a: |+\n    x\n\n- n\n- b\n\n- c\n\n- d\n",
        ),
        # block text at the end, and with blank lines that count
        ("a: |\n  x", lambda d: d.update(b=1), "a: |-\n  x\nb: 1"),
        ("a: |+\n  x\n\n# c\n", lambda d: d.update(b=1), "a: |+\n  x\n\nb: 1\n# c\n"),
        # a key in its long form
        ("? a\n: 1\n# c\n", lambda d: d.update(a=2), "a: 2\n# c\n"),
        # words that older readers take for something else
        ("a: x\n", lambda d: d.update(a="no", b="2026-01-05", c="1e3"), 'a: "no"\nb: "2026-01-05"\nc: "1e3"\n'),
    ],
)
def test_shapes(text: str, change: Callable[[Any], object], result: str) -> None:
    assert after(text, change) == result
    ends = after(text.replace("\n", "\r\n"), change)
    assert ends == result.replace("\n", "\r\n")


def test_items_with_ids_move_with_the_comments_above() -> None:
    text = "shots:\n  # Act 1\n  - id: A\n    n: 1 # one\n\n  # Act 2\n  - id: B\n\n  - id: C\n"
    result = after(text, lambda data: data["shots"].reverse())
    assert result == "shots:\n  - id: C\n\n  # Act 2\n  - id: B\n\n  # Act 1\n  - id: A\n    n: 1 # one\n"


HOSTILE = [
    "", " ", "\n", "\t", " lead", "trail ", "a: b", "a #b", "#", "---", "...", "- a", "? a", "'", '"', "\\", "{", "]",
    "*a", "&a", "!t", "%d", "@a", "`", "|", ">", "no", "~", "null", "true", "12", "1e3", "0o7", ".5", "16:9", "<<",
    "<<<<<<< mine", "=======", "🎬 é", "a\tb", "\ta", "a\n\tb", "a\n\n\nb\n\n", "\n\na", " a\nb", "a \nb", "a\r\nb",
    "a\rb",
    "\x85", "\u2028", "\ufeff", "\x00", "\x1b", "\ue000", "\uffff", "word " * 300, "x" * 2000, "a  b " * 60,
    "# a\n# b\n", "a: |\n  b\n", "a, b", "[a]: b", "key:",
]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["a: 1\n", "a: {b: 1}\n", "a: [x]\n", "- - x\n", "a: |\n  x\n", "a: 'x'\n", 'a: "x"\n']
)
def test_hostile_texts_read_back(text: str) -> None:
    for value in HOSTILE:
        for new in (value, {value[:500]: value, "k": [value, 1]}, [value, value]):
            data = read_yaml_text(text, "")
            for place in ("deep", "flat"):
                changed = copy.deepcopy(data)
                inner = changed if isinstance(changed, list) or place == "flat" else changed["a"]
                if isinstance(inner, dict):
                    inner["new"] = new
                    inner[next(iter(inner))] = new
                elif isinstance(inner, list):
                    inner += [new]
                    inner[0] = new
                else:
                    changed["a"] = new
                assert read_yaml_text(rewrite_yaml(text, changed), "") == changed


@pytest.mark.parametrize("size", [1_000_000])
def test_a_megabyte_of_text(size: int) -> None:
    for value in ("x" * size, "a word " * (size // 7), "line\n" * (size // 5), '"\\' * (size // 4)):
        result = rewrite_yaml("# c\na: 1\n", {"a": 1, "b": value})
        assert result.startswith("# c\na: 1\nb: ")
        assert read_yaml_text(result, "")["b"] == value


@pytest.mark.parametrize(
    "number", [0, -1, 4.0, 2.5, 1e22, 1e-7, float("inf"), -float("inf"), 10**40, True, False, None]
)
def test_numbers_and_words(number: Any) -> None:
    found = read_yaml_text(rewrite_yaml("a: x\n", {"a": number}), "")["a"]
    assert found == number
    assert type(found) is type(number)


def test_data_that_cannot_be_written_is_an_error() -> None:
    refused: list[Any] = [{"a": "\ud800"}, {"a": 10**70}, {"a": "x" * 4_000_001}, {"k" * 2000: 1}]
    for data in refused:
        with pytest.raises(SpecError, match=r"^bible\.yaml: can't be changed"):
            rewrite_yaml("a: 1\n", data, "bible.yaml")
    wrong: list[Any] = [{"a": {1: 2}}, {"a": object()}, {"a": (1, 2)}]
    for data in wrong:
        with pytest.raises(TypeError):
            rewrite_yaml("a: 1\n", data)
    with pytest.raises(SpecError, match=r"^bible\.yaml:2: not valid YAML"):
        rewrite_yaml("a: [\n", {"a": 1}, "bible.yaml")
