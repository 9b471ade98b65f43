"""Plain data as YAML that people like to edit: block style, words without quotes where they can be, long text folded.

PyYAML writes YAML 1.1, VTX reads 1.2: what a 1.2 reader would take for a number or a null is quoted here.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from vtx_app.errors import SpecError
from vtx_app.formats.yaml_reader import read_yaml_text

__all__ = ["comment_line", "yaml_text"]

_WIDTH = 110
_LONG = 90


class _Dumper(yaml.SafeDumper):
    """A list is set in under its key, as in the files people write; nothing is said by alias."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    lines = text.split("\n")
    if not all(line.isprintable() for line in lines) or not isinstance(_plain(text), str):
        style = '"'
    elif len(lines) > 1:
        style = "|" if all(line == line.strip() for line in lines) and lines[0] else '"'
    elif len(text) > _LONG and text == text.strip() and "  " not in text:
        style = ">"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.SequenceNode:
    """A few ids stand on one line: ``[ines, yann]``."""
    short = all(isinstance(each, str) and re.fullmatch(r"\w{1,20}", each) for each in items) and len(items) <= 6
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


def _number(dumper: yaml.SafeDumper, number: float) -> yaml.ScalarNode:
    """A whole number without ``.0``; else with a point, without which YAML 1.1 knows no exponent."""
    if number.is_integer() and abs(number) < 1e15:
        return dumper.represent_scalar("tag:yaml.org,2002:int", str(int(number)))
    digits, exponent, power = repr(number).partition("e")
    written = digits + ("" if "." in digits else ".0") + exponent + power
    return dumper.represent_scalar("tag:yaml.org,2002:float", written)


def _plain(text: str) -> Any:
    """What a 1.2 reader makes of a word without quotes; anything longer is text by itself."""
    if not re.fullmatch(r"[-+.~\w]{1,60}", text, re.ASCII):
        return text
    try:
        return read_yaml_text(text, "a word")
    except SpecError:
        return None


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)
_Dumper.add_representer(float, _number)


def comment_line(text: str) -> str:
    """``text`` as one comment line, whatever is in it."""
    words = "".join(letter if letter.isprintable() else " " for letter in text)
    return f"# {' '.join(words.split())}".rstrip()


def yaml_text(data: dict[str, Any], comment: str = "") -> str:
    """``data`` as a YAML file, ``comment`` (lines) above it. Reads back as ``data``, whatever its texts hold."""
    head = "".join(f"{comment_line(line)}\n" for line in comment.splitlines())
    return head + yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False
    )
