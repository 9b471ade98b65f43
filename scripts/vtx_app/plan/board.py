"""The board of a film: which frame stands for each shot of the cut, and the words beside it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vtx_app.board.model import Board, Panel
from vtx_app.compile.request import RenderRequest, fold, request_digest
from vtx_app.cut.timeline import Use
from vtx_app.models.fingerprint import file_sha256
from vtx_app.plan.clip_plan import ClipPlan
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.project.film import Film

__all__ = ["BoardPlan", "plan_board"]


@dataclass(frozen=True, slots=True)
class BoardPlan:
    """The ``board``; ``shown`` are the clips whose takes its panels show, ``requests`` by clip id what the storyboard's
    painter reads the camera's moves from. ``note``: why the film's own takes were not looked at."""

    board: Board
    shown: tuple[ClipPlan, ...]
    requests: dict[str, RenderRequest]
    note: str = ""

    @property
    def path(self) -> Path:
        """The PDF."""
        return self.board.path

    def is_current(self) -> bool:
        """Whether its files exist and were made from exactly what the plan says. Reads them."""
        return self.board.is_current()


def plan_board(sketch: FilmPlan, own: FilmPlan | None, note: str = "") -> BoardPlan:
    """The board of a film with clips, from its plan in the tier ``animatic`` (``sketch``) and in its ``own``.

    There is a panel for each showing of a shot, in the order of the cut, with the middle frame of what is shown. It
    comes from the film's own take if that is rendered, else from the storyboard; without ``own`` (``note`` says why),
    always from the storyboard.
    """
    cut = own if own is not None and own.clips else sketch
    film = cut.film
    sketched = {clip.clip_id: clip for clip in sketch.every_clip.values()}
    clips = {clip.clip_id: clip for clip in cut.clips.values()}
    shown = {clip_id: clip if clip.take.exists() else sketched[clip_id] for clip_id, clip in clips.items()}
    requests = {clip_id: sketched[clip_id].choice.request for clip_id in clips}
    words = {clip_id: request_digest(request) for clip_id, request in requests.items()}
    panels = tuple(
        _panel(film, number, use, shown[use.clip_id], requests[use.clip_id], words[use.clip_id])
        for number, use in enumerate(cut.timeline.uses, 1)
    )
    folder = film.folder / "renders/board"
    board = Board(
        fold(film.settings["title"]),
        fold(film.metadata.logline),
        cut.rate,
        cut.size,
        cut.timeline.frames,
        panels,
        film.slate_font,
        file_sha256(film.slate_font) if film.slate_font else "",
        folder / f"{film.slug}.pdf",
        folder / "contact_sheet.jpg",
    )
    return BoardPlan(board, tuple(shown.values()), requests, note)


def _panel(film: Film, number: int, use: Use, clip: ClipPlan, request: RenderRequest, words: str) -> Panel:
    spec, delivery = clip.clip.spec, clip.delivery
    frame = min(max(0, use.first + use.frames // 2), clip.material.frames - 1)
    beats = tuple(filter(None, map(fold, spec.story_beats))) or (fold(spec.prompt.positive),)
    name = film.scenes.get((spec.act, spec.scene), "")
    return Panel(
        number,
        clip.clip_id,
        fold(spec.title),
        f"Act {spec.act}, scene {spec.scene}" + (f": {name}" if name else ""),
        _place(request),
        beats,
        request.staging.dialogue if request.staging else (),
        use.start,
        use.frames,
        clip.take.path,
        clip.take.digest,
        (delivery.head or 0) + frame,
        delivery,
        words,
    )


def _place(request: RenderRequest) -> str:
    """A shot's heading as a screenplay has it: ``INT. LAMP ROOM - NIGHT - RAIN``."""
    staging = request.staging
    if staging is None:
        return ""
    heading = staging.heading
    names = ", ".join(place.name for place in staging.locations)
    setting = f"{heading.setting}." if heading and heading.setting else ""
    place = " ".join(filter(None, (setting, (heading.place if heading else "") or names)))
    later = (heading.time, heading.weather) if heading else ()
    return fold(" - ".join(filter(None, (place, *later)))).upper()
