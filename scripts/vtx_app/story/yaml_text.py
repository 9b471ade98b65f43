"""Write plain data as YAML that is pleasant to edit: block style, few quotes, long texts folded.

PyYAML writes YAML 1.1 and VTX reads 1.2: what a 1.2 reader would take for a number or a null is quoted here.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from vtx_app.errors import SpecError
from vtx_app.formats.yaml_reader import read_yaml_text

__all__ = ["comment_line", "without_empty", "yaml_text"]

_WIDTH = 110
_LONG = 90


class _Dumper(yaml.SafeDumper):
    """Indents lists under their key, and never uses aliases."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    lines = text.split("\n")
    if not all(line.isprintable() for line in lines) or not isinstance(_unquoted(text), str):
        style = '"'
    elif len(lines) > 1:
        style = "|" if all(line == line.strip() for line in lines) and lines[0] else '"'
    elif len(text) > _LONG and text == text.strip() and "  " not in text:
        style = ">"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.SequenceNode:
    """A list; a few ids stand on one line: ``[ines, yann]``."""
    short = all(isinstance(each, str) and re.fullmatch(r"\w{1,20}", each) for each in items) and len(items) <= 6
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


def _number(dumper: yaml.SafeDumper, number: float) -> yaml.ScalarNode:
    """A whole number without ``.0``; else with a decimal point, which YAML 1.1 needs before an exponent."""
    if number.is_integer() and abs(number) < 1e15:
        return dumper.represent_scalar("tag:yaml.org,2002:int", str(int(number)))
    digits, exponent, power = repr(number).partition("e")
    written = digits + ("" if "." in digits else ".0") + exponent + power
    return dumper.represent_scalar("tag:yaml.org,2002:float", written)


def _unquoted(text: str) -> Any:
    """What a YAML 1.2 reader makes of a word without quotes; anything longer is text anyway."""
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
    """``text`` as one comment line."""
    words = "".join(letter if letter.isprintable() else " " for letter in text)
    return f"# {' '.join(words.split())}".rstrip()


def yaml_text(data: dict[str, Any], comment: str = "") -> str:
    """``data`` as a YAML file under the lines of ``comment``. It reads back as ``data``, whatever its texts hold."""
    head = "".join(f"{comment_line(line)}\n" for line in comment.splitlines())
    return head + yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False
    )


def without_empty(data: dict[str, Any]) -> dict[str, Any]:
    """``data`` without keys whose value is empty: None, ``""``, ``[]`` or ``{}``."""
    return {key: value for key, value in data.items() if value not in (None, "", [], {})}
