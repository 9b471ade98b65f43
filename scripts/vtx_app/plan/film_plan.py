"""The plan of a film as data: its clips with their takes, its acts and its final cut.

:func:`vtx_app.plan.planner.plan_film` computes it from the film's files; the dry-run, the build and every job use the
same one. A take is done when its file exists, because its name is the digest of its request. A clip, an act or a
final is current when the file carries the plan's stamp.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from vtx_app.compile.request import RenderRequest
from vtx_app.compile.sources import RequestSources
from vtx_app.cut.delivery import Delivery
from vtx_app.errors import ProjectError
from vtx_app.formats.check import did_you_mean
from vtx_app.formats.renderers import RENDERERS
from vtx_app.media.mp4 import read_stamp
from vtx_app.plan.choice import Choice, choice_warnings
from vtx_app.project.film import Clip, Film
from vtx_app.project.handles import Handles, clip_handles
from vtx_app.project.notices import film_notices

__all__ = ["MOST_LINES", "ActPlan", "ClipPlan", "FilmPlan", "FinalPlan", "Scene", "TakePlan", "is_current"]

MOST_LINES = 12
"""Of one kind, before the rest is left to ``vtx plan --all``."""


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
    before the shot and after it, those included that only make its length legal.
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

    @property
    def clip_id(self) -> str:
        """The clip's identity, ``A01_S02_SH003``."""
        return self.clip.clip_id

    @property
    def takes(self) -> tuple[TakePlan, ...]:
        """Every take that a build may be asked to render for this clip."""
        return (self.take, *self.candidates)


@dataclass(frozen=True, slots=True)
class ActPlan:
    """One act: its clips in order, joined."""

    name: str
    clips: tuple[ClipPlan, ...]
    stamp: str
    path: Path


@dataclass(frozen=True, slots=True)
class Scene:
    """A run of clips from one scene, a chapter of the final. ``start`` and ``end`` (exclusive) in frames."""

    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FinalPlan:
    """The final cut, joined from the acts, or from the clips if the film has no acts."""

    stamp: str
    path: Path
    manifest: Path
    parts: tuple[ActPlan, ...] | tuple[ClipPlan, ...]
    chapters: tuple[Scene, ...]
    title: str
    created: str


def is_current(product: ClipPlan | ActPlan | FinalPlan) -> bool:
    """Whether the delivered file exists and was made from exactly what the plan says. Reads the file."""
    if read_stamp(product.path) != product.stamp:
        return False
    return not isinstance(product, FinalPlan) or _manifest_matches(product.manifest, product.stamp)


def _manifest_matches(manifest: Path, stamp: str) -> bool:
    """A build killed between the two renames can leave the manifest of another cut beside the film."""
    try:
        return f'"stamp": "{stamp}"'.encode() in manifest.read_bytes()
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class FilmPlan:
    """A film in one tier. ``clips`` by file stem in the order of the cut, ``acts`` by name (``A01``)."""

    film: Film
    tier: str
    renderer: str
    rate: Fraction
    clips: dict[str, ClipPlan]
    acts: dict[str, ActPlan]
    final: FinalPlan | None
    _current: dict[Path, bool] = field(default_factory=dict, repr=False, compare=False)

    def is_current(self, product: ClipPlan | ActPlan | FinalPlan) -> bool:
        """Whether the delivered file was current when this plan first looked at it."""
        if product.path not in self._current:
            self._current[product.path] = is_current(product)
        return self._current[product.path]

    def clip(self, stem: str) -> ClipPlan:
        """The clip with that file stem. Raises :class:`ProjectError` if there is no such spec."""
        if stem not in self.clips:
            raise ProjectError(
                f"no clip {stem!r} in {self.film.folder / 'prompts/clips'}: "
                f"a clip is named after its spec{did_you_mean(stem, self.clips)}"
            )
        return self.clips[stem]

    def act(self, name: str) -> ActPlan:
        """The act ``A01``. Raises :class:`ProjectError` if the film has no such act."""
        if name not in self.acts:
            raise ProjectError(f"{self.film.slug} has no act {name}; it has {', '.join(self.acts) or 'none'}")
        return self.acts[name]

    def seconds(self, clips: Iterable[ClipPlan]) -> float:
        """Running time of ``clips`` in the film."""
        return float(sum(clip.delivery.frames for clip in clips) / self.rate)

    def seconds_to_render(self, clips: Collection[ClipPlan]) -> float:
        """Seconds of film that rendering ``clips`` makes: their shots with the handles around them."""
        handled = clips if RENDERERS[self.renderer].uses_models else ()
        handles = sum(clip_handles(clip.clip, self.film).frames for clip in handled)
        return self.seconds(clips) + float(handles / self.rate)

    def warnings(self) -> list[str]:
        """What the film-maker should know before rendering, a line each."""
        chosen = (
            line
            for clip in self.clips.values()
            for line in choice_warnings(self.film, clip.clip, clip.choice, self.tier)
        )
        return [*chosen, *self.notes(MOST_LINES)]

    def notes(self, most: int | None) -> list[str]:
        """What is read in another way than it is written, missing, or ignored; of the last at most ``most`` lines."""
        ignored = [note for clip in self.clips.values() for note in clip.notes]
        more = 0 if most is None else len(ignored) - most
        if more > 0:
            ignored = [*ignored[:most], f"… and {more} more: vtx plan {self.film.slug} --all"]
        return [*film_notices(self.film), *_missing_spec_warning(self.film), *ignored]


def _missing_spec_warning(film: Film) -> Iterator[str]:
    if film.unwritten:
        listed = ", ".join(film.unwritten[:MOST_LINES]) + (", …" if len(film.unwritten) > MOST_LINES else "")
        yield (
            f"{film.folder / 'story/04_shotlist.yaml'}: {len(film.unwritten)} of its shots have no spec and are not in "
            f"the film: {listed}. The target story writes them"
        )
