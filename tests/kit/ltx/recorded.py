"""The interfaces of four versions of ltx-pipelines as they were recorded, and parsers that are made of them.

A file a version in ``interfaces/``: every module's flags as its own parser has them, which of them the module then
never reads (``parsed_but_never_read``), and in ``_meta`` what it checks besides. 1.0.0 and 1.2.0 were recorded by
running them, 1.3.0 and 1.4.0 by reading (``_meta.source``).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from vtx_app.render.ltx.package import LtxPackage

__all__ = ["VERSIONS", "Refused", "dest", "interface", "modules", "never_read", "parse", "required"]

VERSIONS = ("1.0.0", "1.2.0", "1.3.0", "1.4.0")
_FOLDER = Path(__file__).with_name("interfaces")
_WHOLE = ("checkpoint_path", "distilled_checkpoint_path", "gemma_root")
_SPLIT = ("transformer_path", "text_encoder_path", "audio_vae_path", "duration_head_path")


class Refused(Exception):
    """The module would not take these words."""


@cache
def interface(version: str) -> dict[str, Any]:
    """All that was recorded of that version."""
    found: dict[str, Any] = json.loads((_FOLDER / f"ltx-cli-{version}.json").read_text(encoding="utf-8"))
    return found


def modules(version: str) -> list[str]:
    """The modules that the version has."""
    return [name for name in interface(version) if name != "_meta"]


def dest(flag: str) -> str:
    """``--num-frames`` → ``num_frames``."""
    return flag.removeprefix("--").replace("-", "_")


def never_read(version: str, module: str) -> set[str]:
    """Flags that the module parses and makes nothing of, as ``num_frames``."""
    return set(interface(version)[module]["parsed_but_never_read"])


def required(version: str, module: str) -> set[str]:
    """Flags that the module can't do without, as ``--prompt``."""
    return {flag for flag, told in interface(version)[module]["args"].items() if told.get("required")}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refused(message)


class _Pairs(argparse.Action):
    """Appends a tuple of a path and numbers; ``counts`` are how many words it may have. (LoRAs, pictures, sources.)"""

    counts: tuple[int, ...] = (2,)
    numbers: tuple[type, ...] = (float,)

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        if len(values) not in self.counts:
            raise argparse.ArgumentError(self, f"{option} takes {self.counts} values, got {values}")
        numbers = [kind(word) for kind, word in zip(self.numbers, values[1:], strict=False)]
        old = getattr(namespace, self.dest) or []
        setattr(namespace, self.dest, [*old, (values[0], *numbers)])


class _Lora(_Pairs):
    counts = (1, 2)


class _Image(_Pairs):
    counts = (3, 4)
    numbers = (int, float, int)


class _Mask(_Pairs):
    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        setattr(namespace, self.dest, None)  # the last one counts
        super().__call__(parser, namespace, values, option)


class _Quantization(argparse.Action):
    """1.0: ``POLICY [AMAX_PATH]``."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        if values[0] not in ("fp8-cast", "fp8-scaled-mm") or len(values) > (1 if values[0] == "fp8-cast" else 2):
            raise argparse.ArgumentError(self, f"{option} can't be {values}")
        setattr(namespace, self.dest, values[0])


_ACTIONS: dict[str, Any] = {
    "StoreAction": "store",
    "StoreTrueAction": "store_true",
    "LoraAction": _Lora,
    "ImageAction": _Image,
    "VideoConditioningAction": _Pairs,
    "VideoMaskConditioningAction": _Mask,
    "QuantizationAction": _Quantization,
    "AutoDurationAction": "store",
    "CompileAction": "store",
}


def _existing(word: str) -> str:
    if not Path(word).exists():
        raise argparse.ArgumentTypeError(f"path not found: {word}")
    return str(Path(word).resolve())


def _positive(word: str) -> int:
    if int(word) < 1:
        raise argparse.ArgumentTypeError("not a positive number")
    return int(word)


_TYPES: dict[str, Any] = {
    "int": int,
    "float": float,
    "resolve_path": lambda word: str(Path(word).resolve()),
    "resolve_existing_path": _existing,
    "_positive_int": _positive,
}


@cache
def _parser(version: str, module: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=module, add_help=False, allow_abbrev=False)
    for flag, told in interface(version)[module]["args"].items():
        named = {key: told[key] for key in ("required", "choices", "nargs") if key in told}
        if told.get("type") in _TYPES:
            named["type"] = _TYPES[told["type"]]
        parser.add_argument(flag, action=_ACTIONS[told["action"]], **named)
    return parser


def parse(version: str, module: str, words: Sequence[str]) -> dict[str, Any]:
    """What the module would read of these words: only what they say, no defaults. Raises :class:`Refused`."""
    namespace = _parser(version, module).parse_args(list(words))
    said = {key: value for key, value in vars(namespace).items() if value is not None and value is not False}
    if LtxPackage.parse(version).offloads:
        whole, split = ({key for key in keys if key in said} for keys in (_WHOLE, _SPLIT))
        if whole and split:
            raise Refused(f"one checkpoint and one file a part: {sorted(whole | split)}")
        if not split and (len(whole) < 2 or "gemma_root" not in whole):
            raise Refused(f"a checkpoint goes with a Gemma folder: {sorted(whole)}")
    return said
