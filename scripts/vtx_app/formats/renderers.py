"""The renderers, a row each.

``metadata.yaml`` names one (``renderer: animatic``). Its module is imported only when a take is made, so planning
never loads a codec or a model.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RENDERERS", "RendererInfo"]


@dataclass(frozen=True, slots=True)
class RendererInfo:
    """What planning must know of a renderer without importing it.

    ``version`` enters every digest: it is raised when the same request would give other pixels. ``needs_gpu``:
    Snakemake counts a GPU for each take. ``leases``: the renderer itself holds a GPU's lease, for longer than a take;
    for others, their job does. ``earlier``: the function that reads what holds from earlier shots of a scene.
    """

    factory: str
    version: int
    needs_gpu: bool
    uses_models: bool
    burns_slate: bool
    leases: bool = False
    earlier: str | None = None


RENDERERS: dict[str, RendererInfo] = {
    "animatic": RendererInfo(
        "vtx_app.render.animatic.renderer:AnimaticRenderer",
        3,
        needs_gpu=False,
        uses_models=False,
        burns_slate=True,
        earlier="vtx_app.render.animatic.earlier_shots:read_earlier_shots",
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
