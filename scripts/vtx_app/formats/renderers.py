"""The renderers there are, a row each.

A renderer is named in ``metadata.yaml`` (``renderer: animatic``). Its module is imported only when a
take is made, so planning a film never loads a codec or a model.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RENDERERS", "RendererInfo"]


@dataclass(frozen=True, slots=True)
class RendererInfo:
    """A row of the table: what planning must know of a renderer without importing it.

    ``version`` enters every digest: it is raised when the same request would give other pixels.
    ``needs_gpu``: Snakemake counts a GPU for each take. ``leases``: the renderer holds a GPU's lease itself,
    for longer than a take; for others, their job does.
    """

    factory: str
    version: int
    needs_gpu: bool
    uses_models: bool
    burns_slate: bool
    leases: bool = False


RENDERERS: dict[str, RendererInfo] = {
    "animatic": RendererInfo(
        "vtx_app.render.animatic.renderer:AnimaticRenderer", 1, needs_gpu=False, uses_models=False, burns_slate=True
    ),
    "ltx": RendererInfo(
        "vtx_app.render.ltx.renderer:LtxRenderer",
        1,
        needs_gpu=True,
        uses_models=True,
        burns_slate=False,
        leases=True,
    ),
}
