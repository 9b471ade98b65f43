"""The plan of a film as data: its clips with their takes, the pieces drawn for its cut, its acts and its final cut.

:func:`vtx_app.plan.planner.plan_film` computes it from the film's files; the dry-run, the build and every job use the
same one. A take is done when its file exists, because its name is the digest of its request. Everything else is current
when its file carries the plan's stamp.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from vtx_app.cut.poster_plan import PosterPlan
from vtx_app.cut.timeline import Drawn, Timeline
from vtx_app.errors import ProjectError
from vtx_app.formats.check import did_you_mean
from vtx_app.formats.renderers import RENDERERS
from vtx_app.media.chapters import Chapter
from vtx_app.media.mp4 import read_stamp
from vtx_app.plan.choice import choice_warnings
from vtx_app.plan.clip_plan import ClipPlan, TakePlan
from vtx_app.plan.mix_file import MixFile
from vtx_app.plan.subtitles import SubtitlesPlan
from vtx_app.project.film import Film
from vtx_app.project.handles import clip_handles
from vtx_app.project.notices import film_notices
from vtx_app.sound.mix_plan import MixPlan
from vtx_app.text import shortened

__all__ = [
    "MOST_LINES",
    "ActPlan",
    "ClipPlan",
    "FilmPlan",
    "FinalPlan",
    "InsertPlan",
    "PiecePlan",
    "Product",
    "TakePlan",
]

MOST_LINES = 12
"""How many lines of one kind are shown; ``vtx plan --all`` shows all."""


class Product(Protocol):
    """A file that a build makes."""

    @property
    def path(self) -> Path:
        """Where it is."""

    def is_current(self) -> bool:
        """Whether the file exists and was made from exactly what the plan says."""


@dataclass(frozen=True, slots=True)
class InsertPlan:
    """A piece drawn for the cut: a transition, a title, still frames. ``clips`` are those seen in it, by id; ``font``
    is the film's own for its words. The file at ``path`` carries ``stamp``."""

    piece: Drawn
    clips: tuple[ClipPlan, ...]
    font: Path | None
    stamp: str
    path: Path

    def is_current(self) -> bool:
        """Whether the file exists and was made from exactly what the plan says. Reads the file."""
        return read_stamp(self.path) == self.stamp


@dataclass(frozen=True, slots=True)
class PiecePlan:
    """``frames`` of the picture, copied from frame ``first`` of the file at ``path``, which carries ``stamp``."""

    path: Path
    stamp: str
    first: int
    frames: int


@dataclass(frozen=True, slots=True)
class ActPlan:
    """One act: its ``pieces`` in order, joined. ``parts`` are the clips and drawn pieces whose files those are, each
    once. ``mix`` is its sound, mixed by itself."""

    name: str
    frames: int
    pieces: tuple[PiecePlan, ...]
    parts: tuple[ClipPlan | InsertPlan, ...]
    mix: MixPlan
    stamp: str
    path: Path

    @property
    def clips(self) -> tuple[ClipPlan, ...]:
        """The clips of which frames are copied."""
        return tuple(part for part in self.parts if isinstance(part, ClipPlan))

    def is_current(self) -> bool:
        """Whether the file exists and was made from exactly what the plan says. Reads the file."""
        return read_stamp(self.path) == self.stamp


@dataclass(frozen=True, slots=True)
class FinalPlan:
    """The final cut: its ``pieces`` in order, joined, with the film's mix.

    ``parts`` are what those are copied from: the acts, or clips and drawn pieces if the film has no acts. ``language``
    as in BCP 47, and the ``disclosure`` of AI: ``""`` for none.
    """

    stamp: str
    path: Path
    manifest: Path
    pieces: tuple[PiecePlan, ...]
    parts: tuple[ActPlan, ...] | tuple[ClipPlan | InsertPlan, ...]
    chapters: tuple[Chapter, ...]
    title: str
    language: str
    disclosure: str

    def is_current(self) -> bool:
        """Whether the film and its manifest exist and were made from exactly what the plan says. Reads both.

        A build killed between the two renames can leave the manifest of another cut beside the film.
        """
        if read_stamp(self.path) != self.stamp:
            return False
        try:
            return f'"stamp": "{self.stamp}"'.encode() in self.manifest.read_bytes()
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class FilmPlan:
    """A film in one tier.

    ``clips`` of the film by file stem in the order of the cut, and those that are ``left_out`` of it, by the edit or by
    the shot list; ``inserts`` by name and ``acts`` by name (``A01``). ``final``, ``mix`` and ``poster`` are None in a
    film without clips, and ``subtitles`` in one in which nobody speaks.
    """

    film: Film
    tier: str
    renderer: str
    rate: Fraction
    clips: dict[str, ClipPlan]
    left_out: dict[str, ClipPlan]
    timeline: Timeline
    inserts: dict[str, InsertPlan]
    acts: dict[str, ActPlan]
    final: FinalPlan | None
    mix: MixFile | None
    poster: PosterPlan | None
    subtitles: SubtitlesPlan | None
    _current: dict[Path, bool] = field(default_factory=dict, repr=False, compare=False)

    def is_current(self, product: Product) -> bool:
        """Whether the product's file was current when this plan first looked at it."""
        if product.path not in self._current:
            self._current[product.path] = product.is_current()
        return self._current[product.path]

    @property
    def every_clip(self) -> dict[str, ClipPlan]:
        """The clips of the film and those left out, by file stem."""
        return self.clips | self.left_out

    def clip(self, stem: str) -> ClipPlan:
        """The clip with that file stem, also one left out. Raises :class:`ProjectError` if there is no such spec."""
        found = self.clips.get(stem) or self.left_out.get(stem)
        if found is None:
            raise ProjectError(
                f"no clip {stem!r} in {self.film.folder / 'prompts/clips'}: "
                f"a clip is named after its spec{did_you_mean(stem, self.every_clip)}"
            )
        return found

    def insert(self, name: str) -> InsertPlan:
        """The drawn piece of that name. Raises :class:`ProjectError` if the edit has no such piece."""
        if name not in self.inserts:
            raise ProjectError(f"the cut of {self.film.slug} draws no {name}{did_you_mean(name, self.inserts)}")
        return self.inserts[name]

    def act(self, name: str) -> ActPlan:
        """The act ``A01``. Raises :class:`ProjectError` if the film has no such act."""
        if name not in self.acts:
            raise ProjectError(f"{self.film.slug} has no act {name}; it has {', '.join(self.acts) or 'none'}")
        return self.acts[name]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of every delivered clip; the film must have one."""
        delivery = next(iter(self.every_clip.values())).delivery
        return delivery.width, delivery.height

    @property
    def running_time(self) -> float:
        """Seconds that the film lasts as it is cut."""
        return float(self.timeline.frames / self.rate)

    def seconds_to_render(self, clips: Collection[ClipPlan]) -> float:
        """Seconds of film that rendering ``clips`` makes: their shots with the handles around them."""
        handled = clips if RENDERERS[self.renderer].uses_models else ()
        handles = sum(clip_handles(clip.clip, self.film).frames for clip in handled)
        return float((sum(clip.material.frames for clip in clips) + handles) / self.rate)

    def warnings(self) -> list[str]:
        """What the film-maker should know before rendering, a line each."""
        chosen = (
            line
            for clip in self.clips.values()
            for line in choice_warnings(self.film, clip.clip, clip.choice, self.tier)
        )
        return [*chosen, *self.notes(MOST_LINES)]

    def notes(self, most: int | None) -> list[str]:
        """What is missing, ignored, or read differently than it is written; at most ``most`` lines of what is
        ignored."""
        ignored = [note for clip in self.clips.values() for note in clip.notes]
        return [*film_notices(self.film), *shortened(ignored, most, see=f"vtx plan {self.film.slug} --all")]
