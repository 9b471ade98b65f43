"""The installed ltx-pipelines and torch, inspected without importing them, which takes seconds."""

from __future__ import annotations

import re
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path

from vtx_app.errors import RenderError
from vtx_app.models.ltx_version import film_ltx_version, installed_version, parse_version

__all__ = ["CPU_ONLY", "LtxPackage", "installed", "installed_for", "torch_is_cpu_only"]

CPU_ONLY = (
    "the torch in this Python is built for CPUs only and would render on one, for days: install it for the GPU, "
    "as pytorch.org/get-started says"
)
_GPU_SUPPORT = re.compile(r"^(cuda|hip|xpu)\b[^=\n]*=\s*['\"]", re.MULTILINE)


_TRIED = ((1, 0), (1, 2))
"""Versions that VTX's own tests render with."""
_READ = ((1, 3), (1, 4))
"""Versions whose interface was read: their changelog and argument parsers."""


class LtxPackage(tuple[int, int]):
    """The package's version as (major, minor), and what that version can do."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> LtxPackage:
        """Return (1, 2) for ``"1.2.0"``. Raises :class:`RenderError` if the text is not a version."""
        found = parse_version(text)
        if found is None:
            raise RenderError(f"ltx-pipelines has the version {text!r}; expected a number, as in 1.2.0")
        return cls(found)

    def __str__(self) -> str:
        return ".".join(map(str, self))

    @property
    def knowledge(self) -> str:
        """How VTX knows this version."""
        if self in _TRIED:
            return "tried with VTX"
        if self in _READ:
            return "known to VTX by its interface, not tried"
        return "unknown to VTX"

    @property
    def warm(self) -> str:
        """What a worker keeps loaded between takes."""
        if not self.offloads:
            return "Python, torch and the encodings of prompts stay warm; from 1.2 on, models too"
        if self in _TRIED:
            return "models and the encodings of prompts stay warm"
        return (
            "models and the encodings of prompts stay warm if its interfaces are as VTX knows them, which each worker "
            "checks; else each take renders in a process of its own"
        )

    @property
    def offloads(self) -> bool:
        """Whether it has ``--offload``, a registry of loaded models, and models as one file a part."""
        return self >= (1, 2)


@cache
def installed() -> LtxPackage:
    """Return the version of the ``ltx_pipelines`` in this Python. Raises :class:`RenderError` if it has none."""
    text = installed_version()
    if text is not None:
        return LtxPackage.parse(text)
    raise RenderError(
        "ltx_pipelines is not installed in this Python: pip install 'ltx-pipelines==1.0.0', or install the packages of "
        "a local LTX-2 checkout (README.md, Rendering with LTX-2). Without it there is the storyboard: "
        "snakemake animatic --cores 4"
    )


def installed_for(folder: Path) -> LtxPackage:
    """Return the version in the Python that renders the film in ``folder``. Raises as :func:`installed`."""
    version = film_ltx_version(folder)
    return LtxPackage(version) if version is not None else installed()


def torch_is_cpu_only() -> bool:
    """Return whether torch is installed and, by its ``version.py``, built without GPU support.

    False on macOS too, where every build can use the machine's GPU.
    """
    spec = PathFinder.find_spec("torch")
    for folder in (spec and spec.submodule_search_locations) or ():
        try:
            text = (Path(folder) / "version.py").read_text(encoding="utf-8")
        except OSError:
            continue
        return "cuda" in text and _GPU_SUPPORT.search(text) is None
    return False
