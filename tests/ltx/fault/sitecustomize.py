"""On PYTHONPATH, a GPU whose memory runs out: the first ``FAULT_TIMES`` denoising steps find none left.

Where ``FAULT_KIND`` is ``error``, they fail in a way that nobody foresaw; where it is ``driver``, it is the driver
that has no memory left. Each notes itself in the file ``FAULT``, so
that all processes of a build count together.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_MODULE = "ltx_pipelines.utils.denoisers"


def _fail_first(module: ModuleType) -> None:
    import torch

    denoise = module.SimpleDenoiser.__call__

    def denoising(*words: Any, **named: Any) -> Any:
        with open(os.environ["FAULT"], "a+", encoding="utf-8") as file:  # noqa: PTH123
            file.seek(0)
            if len(file.readlines()) < int(os.environ["FAULT_TIMES"]):
                file.write("a fault\n")
                if os.environ.get("FAULT_KIND") == "error":
                    raise RuntimeError("CUDA error: device-side assert triggered")
                if os.environ.get("FAULT_KIND") == "driver":
                    raise RuntimeError("CUDA error: out of memory")
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return denoise(*words, **named)

    module.SimpleDenoiser.__call__ = denoising


class _Finder:
    def find_spec(self, name: str, _path: object, _target: object = None) -> ModuleSpec | None:
        if name != _MODULE:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.loader is not None
        load = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            _fail_first(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


sys.meta_path.insert(0, _Finder())  # type: ignore[arg-type]
