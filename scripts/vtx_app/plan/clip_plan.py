"""The plan of a clip as data: the take it shows, and how that is delivered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vtx_app.compile.request import RenderRequest
from vtx_app.compile.sources import RequestSources
from vtx_app.cut.delivery import Delivery
from vtx_app.cut.timeline import Material
from vtx_app.media.mp4 import read_stamp
from vtx_app.plan.choice import Choice
from vtx_app.project.film import Clip
from vtx_app.project.handles import Handles

__all__ = ["ClipPlan", "TakePlan", "chain_of"]


@dataclass(frozen=True, slots=True)
class TakePlan:
    """A take: the request that decides its pixels and sound, and what is needed to render it.

    ``digest`` names the take and ``path`` is its file. ``files`` (path by SHA-256), ``slots`` (fingerprint by model
    slot) and ``sources`` are those of :class:`vtx_app.compile.clip_request.Compiled`. ``parent`` is the take it
    continues from. ``spec`` names the clip's spec in messages.
    """

    clip_id: str
    spec: str
    tier: str
    request: RenderRequest
    digest: str
    path: Path
    files: Mapping[str, Path]
    slots: Mapping[str, str]
    sources: RequestSources
    parent: TakePlan | None

    def exists(self) -> bool:
        """Whether the take is rendered."""
        return self.path.exists()


@dataclass(frozen=True, slots=True)
class ClipPlan:
    """A clip: the take it shows, and how that is delivered.

    ``take`` need not be the one the spec requests: see ``choice``. ``candidates`` are takes of other seeds that a
    person asked for. ``parent`` is the clip it continues from. The delivered file at ``path`` carries ``stamp``.
    ``notes`` are lines about parts of the spec that the render ignores. ``spare``: how many frames the shown take has
    before the clip and after it, those included that only make its length legal. ``material``: the whole shot, for the
    edit to cut.
    """

    clip: Clip
    take: TakePlan
    candidates: tuple[TakePlan, ...]
    parent: ClipPlan | None
    choice: Choice
    delivery: Delivery
    stamp: str
    path: Path
    notes: tuple[str, ...]
    spare: Handles
    material: Material

    @property
    def clip_id(self) -> str:
        """The clip's identity, ``A01_S02_SH003``."""
        return self.clip.clip_id

    @property
    def takes(self) -> tuple[TakePlan, ...]:
        """Every take that a build may be asked to render for this clip."""
        return (self.take, *self.candidates)

    def is_current(self) -> bool:
        """Whether the delivered file exists and was made from exactly what the plan says. Reads the file."""
        return read_stamp(self.path) == self.stamp


def chain_of(clip: ClipPlan) -> list[ClipPlan]:
    """The chain that ends with ``clip``: the shots that it continues, the first one first, and itself."""
    chain = [clip]
    while (parent := chain[-1].parent) is not None:
        chain.append(parent)
    return chain[::-1]
