"""The cut as data: what is seen and heard at each frame of the film.

Frames of a *shot* count from its first frame; negative ones lie in the handle before it, those from its length on in
the handle after it. Frames of the *film* count from 0. Ends are exclusive.

The picture is a row of pieces without gaps: :class:`Copied` ones, whose packets come from delivered clips, and
:class:`Drawn` ones, which are encoded for this cut (transitions, titles, still frames). Each drawn piece belongs to the
act of the clip that it is named after, so acts laid end to end are the film.

:func:`vtx_app.cut.edited.build_timeline` makes it from the edit and the clips.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from vtx_app.formats.edit import EndRoll, Lettering

__all__ = ["Copied", "Drawn", "Footage", "Heard", "Layer", "Material", "Plain", "Roll", "Timeline", "Use", "Words"]


@dataclass(frozen=True, slots=True)
class Material:
    """A clip that may be cut: ``frames`` of its shot, and the spare frames its take has before and after (handles).

    ``fixed``: the take can't be rendered again (a person chose it, or it is a storyboard's, without handles), so if it
    has too few frames the edit gives way. The shot begins with ``repeated`` frames that ``parent``, the clip it
    continues from, ends with; a clip that continues this one starts after its first ``chained`` frames (None: after
    all).
    """

    clip_id: str
    act: int
    scene: int
    frames: int
    head: int = 0
    tail: int = 0
    fixed: bool = False
    parent: str | None = None
    repeated: int = 0
    chained: int | None = None

    @property
    def chain_end(self) -> int:
        """The frame of the shot after which a clip that continues it starts."""
        return self.frames if self.chained is None else self.chained


@dataclass(frozen=True, slots=True)
class Use:
    """One showing of a clip: ``frames`` of its shot from ``first`` on, seen from film frame ``start`` on.

    Still frames and cards are not part of it. Two uses overlap in a dissolve.
    """

    clip_id: str
    first: int
    frames: int
    start: int

    @property
    def end(self) -> int:
        """The film frame after its last."""
        return self.start + self.frames


@dataclass(frozen=True, slots=True)
class Copied:
    """Packets ``first`` up to ``first + frames`` of the *delivered clip*, seen from film frame ``start`` on."""

    clip_id: str
    first: int
    frames: int
    start: int


@dataclass(frozen=True, slots=True)
class Footage:
    """Frames of a shot: ``first`` and on, or ``first`` alone if it is ``still``."""

    clip_id: str
    first: int
    still: bool = False


@dataclass(frozen=True, slots=True)
class Plain:
    """One colour (``#rrggbb``) all over."""

    colour: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words over the layers below."""

    lettering: Lettering


@dataclass(frozen=True, slots=True)
class Roll:
    """The end roll; ``lines`` are those of its file."""

    roll: EndRoll
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """Something seen for ``frames`` of a drawn piece from its frame ``at`` on.

    In the first ``fade_in`` frames its opacity is (i + 1) / (fade_in + 1), i from 0; in the last ``fade_out`` the same
    backwards; else 1. Film and shot frames run alike: ``Footage`` shows frame ``first + i`` at ``at + i``.
    """

    content: Footage | Plain | Words | Roll
    at: int
    frames: int
    fade_in: int = 0
    fade_out: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A piece that is encoded for this cut, from film frame ``start`` on: ``layers`` from the lowest to the highest.

    ``name`` is the stem of its file: the clip of its first effect and what that is (``A01_S01_SH003__dissolve``,
    ``A01_S01_SH001__title``, ``end_roll``); unique in the film.
    """

    name: str
    frames: int
    start: int
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """The sound of one use of a clip, placed in the film.

    ``frames`` of the shot's sound from ``first`` on, heard from film frame ``start`` on (it may start before the film's
    frame 0 never). ``fade_in`` and ``fade_out`` in frames: those of a dissolve, or of the edit. ``seam_in`` and
    ``seam_out``: whether that end needs the short seam fade, because it has no other. A J or L cut has it where its
    sound begins or ends.
    """

    clip_id: str
    first: int
    frames: int
    start: int
    gain_db: float = 0.0
    fade_in: int = 0
    fade_out: int = 0
    seam_in: bool = True
    seam_out: bool = True


@dataclass(frozen=True, slots=True)
class Timeline:
    """The film.

    ``acts``: film frames (start, end) of each act by name (``A01``), end to end. ``scenes``: act and scene of each run
    of one scene, with the film frame at which it begins, cards before it included. ``shown``: the frames (first, end)
    of its shot that the file of each clip has. ``overlapped``: frames by which
    dissolves without handles make it shorter; ``repeated``: those that a clip does not show because the one before it,
    which it continues, ends with them. ``torn``: clips (parent, child) that no longer run on into each other, because
    one of them is trimmed there. ``notes``: where the take of a clip has too little: the clip, the keys of the value in
    the edit that gives way, and by how much.
    """

    frames: int
    uses: tuple[Use, ...]
    picture: tuple[Copied | Drawn, ...]
    sound: tuple[Heard, ...]
    acts: dict[str, tuple[int, int]]
    scenes: tuple[tuple[int, int, int], ...] = ()
    shown: dict[str, tuple[int, int]] = field(default_factory=dict)
    overlapped: int = 0
    repeated: int = 0
    torn: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, tuple[str | int, ...], str], ...] = ()

    @property
    def drawn(self) -> tuple[Drawn, ...]:
        """The pieces that are encoded for this cut, in order."""
        return tuple(piece for piece in self.picture if isinstance(piece, Drawn))
