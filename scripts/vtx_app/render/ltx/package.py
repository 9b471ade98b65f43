"""Which ltx_pipelines is installed, looked up without importing it (that takes seconds)."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from vtx_app.errors import RenderError

__all__ = ["LtxPackage", "installed"]


class LtxPackage(tuple[int, int]):
    """The package's version as (major, minor), and what that version can do."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> LtxPackage:
        """``"1.2.0"`` → (1, 2). Raises :class:`RenderError` for what is no version."""
        found = re.match(r"(\d+)\.(\d+)", text)
        if found is None:
            raise RenderError(f"ltx-pipelines says its version is {text!r}; expected 1.0.0 or 1.2.0")
        return cls((int(found[1]), int(found[2])))

    @property
    def offloads(self) -> bool:
        """Whether it has ``--offload``, a registry of warm models, and models as one file a part."""
        return self >= (1, 2)


@cache
def installed() -> LtxPackage:
    """The version of the ``ltx_pipelines`` in this Python. Raises :class:`RenderError` where there is none."""
    try:
        if find_spec("ltx_pipelines") is not None:
            return LtxPackage.parse(version("ltx-pipelines"))
    except PackageNotFoundError:
        pass
    raise RenderError(
        "ltx_pipelines is not installed in this Python: pip install 'ltx-pipelines==1.0.0', or install the packages of "
        "a local LTX-2 checkout (README.md, Rendering with LTX-2). Without it there is the storyboard: "
        "snakemake animatic --cores 4"
    )
