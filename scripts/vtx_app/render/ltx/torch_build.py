"""What the installed torch was built for, looked up without importing it (that takes seconds)."""

from __future__ import annotations

import re
from importlib.machinery import PathFinder
from pathlib import Path

__all__ = ["CPU_ONLY", "torch_is_for_cpus"]

CPU_ONLY = (
    "the torch in this Python is built for CPUs alone, and would render on one, for days: install it for the GPU, "
    "as pytorch.org/get-started says"
)
_BUILT_FOR = re.compile(r"^(cuda|hip|xpu)\b[^=\n]*=\s*['\"]", re.MULTILINE)


def torch_is_for_cpus() -> bool:
    """Whether torch is there, and was built without any support of cards (its ``version.py`` says what it has).

    False on macOS too, where every build can use the machine's own.
    """
    spec = PathFinder.find_spec("torch")
    for folder in (spec and spec.submodule_search_locations) or ():
        try:
            told = (Path(folder) / "version.py").read_text(encoding="utf-8")
        except OSError:
            continue
        return "cuda" in told and _BUILT_FOR.search(told) is None
    return False
