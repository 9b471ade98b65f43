"""YAML as people write it, read fast and safely: plain data, and the line of every value.

Scalars follow the YAML 1.2 core schema (https://yaml.org/spec/1.2.2/#103-core-schema), not 1.1: ``no``
and ``on`` are words, ``16:9`` is text, a date is text. Tags are refused, keys are unique, and depth, size and the
expansion of aliases are bounded, so that no file can hang or crash the planner.
Built from libyaml's events (not its node composer, which recurses in C and can be made to overflow).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

try:
    from yaml.cyaml import CParser as _Parser  # type: ignore[attr-defined]
except ImportError:  # a PyYAML built without libyaml: slower, same events

    class _Parser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):  # type: ignore[no-redef]
        def __init__(self, stream: str) -> None:
            yaml.reader.Reader.__init__(self, stream)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)


from vtx_app.errors import SpecError
from vtx_app.files import display_path
from vtx_app.formats.decode import decode

__all__ = ["MAX_BYTES", "Keys", "read_yaml", "read_yaml_bytes", "read_yaml_text", "value_lines"]

MAX_BYTES = 4_000_000
_MAX_DEPTH = 32
_MAX_VALUES = 200_000

Keys = tuple[str | int, ...]
"""The keys and indices that lead to a value."""

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
_WORDS |= {sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")}
_WORDS |= {word: float("nan") for word in (".nan", ".NaN", ".NAN")}
_MAYBE_NUMBER = frozenset("+-.0123456789")


def _scalar(text: str) -> Any:
    """A plain scalar by the core schema."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _MAYBE_NUMBER and len(text) < 64:
        if _INT.fullmatch(text):
            return int(text, 0) if text[:2] in ("0x", "0o") else int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
    return text


class _Builder:
    """Turns events into data. Depth is bounded before it recurses. ``lines`` is filled where it is given."""

    def __init__(self, text: str, name: str, lines: dict[Keys, int] | None) -> None:
        self.next_event = _Parser(text).get_event
        self.name = name
        self.lines = lines
        self.keys: list[str | int] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.count = 0

    def fail(self, event: Any, message: str) -> SpecError:
        return SpecError([f"{self.name}:{event.start_mark.line + 1}: {message}"])

    def document(self) -> Any:
        self.next_event()  # stream start
        if type(self.next_event()) is yaml.StreamEndEvent:
            return None
        first: Any = self.next_event()
        if self.lines is not None:
            self.lines[()] = first.start_mark.line + 1
        data = self.value(first)
        self.next_event()  # document end
        after = self.next_event()
        if type(after) is not yaml.StreamEndEvent:
            raise self.fail(after, "a second YAML document begins here; a file holds one")
        return data

    def child(self, event: Any, key: str | int) -> Any:
        """The value under ``key`` of the mapping or sequence that is being read."""
        if self.lines is not None:
            self.lines[(*self.keys, key)] = event.start_mark.line + 1
        self.keys.append(key)
        data = self.value(event)
        self.keys.pop()
        return data

    def value(self, event: Any) -> Any:
        self.count += 1
        if self.count > _MAX_VALUES:
            raise self.fail(
                event, f"more than {_MAX_VALUES:,} values once aliases are written out; is this a YAML bomb?"
            )
        kind = type(event)
        if kind is yaml.AliasEvent:
            return self.alias(event)
        if event.tag is not None:
            raise self.fail(event, f"the tag {event.tag!r} is not allowed; write the plain value")
        before = self.count
        data: Any
        if kind is yaml.ScalarEvent:
            data = _scalar(event.value) if event.implicit[0] else event.value
        elif len(self.keys) >= _MAX_DEPTH:
            raise self.fail(event, f"nested more than {_MAX_DEPTH} deep")
        else:
            data = self.mapping() if kind is yaml.MappingStartEvent else self.sequence()
        if event.anchor is not None:
            self.anchors[event.anchor] = (data, self.count - before + 1)
        return data

    def alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            raise self.fail(event, f"*{event.anchor} refers to no anchor above it")
        data, size = self.anchors[event.anchor]
        self.count += size
        return data

    def mapping(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while type(event := self.next_event()) is not yaml.MappingEndEvent:
            if type(event) is not yaml.ScalarEvent:
                raise self.fail(event, "a key must be plain text")
            key = event.value
            if key in found:
                raise self.fail(event, f"{'.'.join(map(str, (*self.keys, key)))}: this key appears twice")
            found[key] = self.child(self.next_event(), key)
        return found

    def sequence(self) -> list[Any]:
        found: list[Any] = []
        while type(event := self.next_event()) is not yaml.SequenceEndEvent:
            found.append(self.child(event, len(found)))
        return found


def _build(source: bytes, name: str, lines: dict[Keys, int] | None = None) -> Any:
    if len(source) > MAX_BYTES:
        raise SpecError([f"{name}: {len(source):,} bytes; at most {MAX_BYTES:,} are read"])
    text = decode(source, name)
    try:
        return _Builder(text, name, lines).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise SpecError([f"{name}:{line}: not valid YAML: {_syntax_error(error)}"]) from None
    except yaml.reader.ReaderError as error:
        line = _line_of(text, error.position)
        raise SpecError([f"{name}:{line}: not valid YAML: {error.reason}"]) from None


def _line_of(text: str, position: int) -> int:
    """The line (from 1) of a position in ``text``, which libyaml counts in bytes and PyYAML in characters."""
    if issubclass(_Parser, yaml.reader.Reader):
        return text.count("\n", 0, position) + 1
    return text.encode().count(b"\n", 0, position) + 1


def _syntax_error(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.problem, error.context) if part]
    hint = ""
    if error.problem and ("mapping values are not allowed" in error.problem or "':'" in error.problem):
        hint = "; text with a colon in it needs quotes, or | and the text on the next lines"
    return ", ".join(parts) + hint


def read_yaml(path: Path) -> Any:
    """The data of the YAML file at ``path``.

    Raises :class:`SpecError` with file, line and fault; :class:`OSError` if it can't be read.
    """
    return _build(path.read_bytes(), display_path(path))


def read_yaml_bytes(source: bytes, name: str) -> Any:
    """The data of a YAML file with the bytes ``source``, which messages call ``name``. Raises :class:`SpecError`."""
    return _build(source, name)


def read_yaml_text(text: str, name: str) -> Any:
    """The data of the YAML ``text``, which messages call ``name``. Raises :class:`SpecError` with line and fault."""
    return _build(text.encode("utf-8", "surrogatepass"), name)


def value_lines(path: Path) -> dict[Keys, int]:
    """The line (from 1) of every value in the file. For messages only: reading without lines is quicker."""
    lines: dict[Keys, int] = {}
    _build(path.read_bytes(), display_path(path), lines)
    return lines
