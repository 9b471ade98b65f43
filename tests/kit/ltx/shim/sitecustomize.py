"""Lets ltx-pipelines 1.0.0 run on a machine without a GPU, with a Gemma of any size. For tests only.

It is on ``PYTHONPATH``, so Python imports it at start-up. It imports nothing heavy, and acts only
when ltx_core 1.0.0 imports its text encoder; later versions need none of it and are left alone.

- 1.0.0 waits for the GPU between its stages even where it runs on the CPU: without a GPU that wait becomes a no-op.
- 1.0.0 has the sizes of Gemma 3 12B written in its code: they are overlaid with those of the folder that it is given.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # typing, json and the rest are imported where they are needed: every Python process runs this
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.abc import Loader
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

_TEXT_ENCODER = "ltx_core.text_encoders.gemma.encoders.base_encoder"
_SIZES = "ltx_core.text_encoders.gemma.config"  # only 1.0.0 has it


def _overlay(target: Any, values: dict[str, Any]) -> None:
    """Set the fields of a dataclass, and of the dataclasses in it, that these values name."""
    import dataclasses

    for field in dataclasses.fields(target):
        if field.name not in values:
            continue
        current = getattr(target, field.name)
        if dataclasses.is_dataclass(current):
            _overlay(current, values[field.name])
        else:
            setattr(target, field.name, values[field.name])


def _patch(text_encoder: ModuleType) -> None:
    import importlib.util
    import json
    from pathlib import Path

    if importlib.util.find_spec(_SIZES) is None:
        return
    import torch

    if not torch.cuda.is_available():
        torch.cuda.synchronize = lambda device=None: None

    original: Callable[[str], Any] = text_encoder.module_ops_from_gemma_root

    def module_ops_from_gemma_root(gemma_root: str) -> Any:
        """Called with the Gemma folder before anything is built from the sizes."""
        from ltx_core.text_encoders.gemma.config import GEMMA3_CONFIG_FOR_LTX

        _overlay(GEMMA3_CONFIG_FOR_LTX, json.loads((Path(gemma_root) / "config.json").read_text(encoding="utf-8")))
        return original(gemma_root)

    text_encoder.module_ops_from_gemma_root = module_ops_from_gemma_root  # type: ignore[attr-defined]


class _PatchingLoader:
    """Runs a module as its own loader does, then patches it."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        _patch(module)


class _TextEncoderFinder:
    """Answers for one module name, once, with what the other finders find."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _TEXT_ENCODER:
            return None
        import importlib.util

        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _PatchingLoader(spec.loader)  # type: ignore[assignment]  # has what a loader needs
        return spec


sys.meta_path.insert(0, _TextEncoderFinder())
