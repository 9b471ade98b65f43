"""What the installed pipelines make of command lines: ``python own_parser.py commands.json answers.json``.

Reads ``[[pipeline, word, …], …]`` and writes a list of objects: ``parsed`` (what the module's own parser made of
the words), ``read`` (what its ``main`` then looked at) and ``given`` (what its pipeline was given), or ``error``.
``main`` runs unchanged up to its pipeline, which is replaced by one that only takes note.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any


class _Stop(Exception):
    """Everything is known; nothing need be rendered."""


class _Watched(argparse.Namespace):
    """Takes note of what is looked up in it."""

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_"):
            object.__getattribute__(self, "__dict__").setdefault("_read", set()).add(name)
        return object.__getattribute__(self, name)


class _Spy:
    """Stands where a module's pipeline does."""

    given: dict[str, Any] = {}

    def __init__(self, **named: Any) -> None:
        _Spy.given = dict(named)

    def __call__(self, **named: Any) -> None:
        _Spy.given |= named
        raise _Stop


def _watch_the_parser(seen: list[_Watched]) -> None:
    """Both versions end in ``parse_args`` of one class: 1.2 has its own, with checks that follow the parsing."""
    owner: Any = getattr(
        importlib.import_module("ltx_pipelines.utils.args"), "_PipelineArgumentParser", argparse.ArgumentParser
    )
    parse_args = owner.parse_args

    def watched(self: Any, args: Any = None, namespace: Any = None) -> Any:
        found = parse_args(self, args, _Watched())
        vars(found).pop("_read", None)
        seen.append(found)
        return found

    owner.parse_args = watched


def _spy_on(module: ModuleType) -> None:
    for name, found in list(vars(module).items()):
        if inspect.isclass(found) and found.__module__ == module.__name__ and name.endswith(("Pipeline", "Stage")):
            setattr(module, name, _Spy)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | None) else str(value)


def _told(pipeline: str, words: list[str], seen: list[_Watched]) -> dict[str, Any]:
    module = importlib.import_module(f"ltx_pipelines.{pipeline}")
    _spy_on(module)
    sys.argv = [pipeline, *words]
    _Spy.given = {}
    seen.clear()
    try:
        module.main()
    except _Stop:
        pass
    except SystemExit as error:
        return {"error": f"refused: {error.code}"}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    parsed = {name: _plain(value) for name, value in vars(seen[-1]).items() if not name.startswith("_")}
    return {
        "parsed": parsed,
        "read": sorted(vars(seen[-1]).get("_read", ())),
        "given": {name: _plain(value) for name, value in _Spy.given.items()},
    }


def main() -> None:
    """Answer every command of the first file in the second."""
    commands, answers = map(Path, sys.argv[1:])
    seen: list[_Watched] = []
    _watch_the_parser(seen)
    told = [_told(command[0], command[1:], seen) for command in json.loads(commands.read_text(encoding="utf-8"))]
    answers.write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
