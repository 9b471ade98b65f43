"""Which frame of which take stands for each shot on the board."""

from __future__ import annotations

from kit.film import IDS, Film
from kit.machine import forget
from kit.shot import MONOLITH_LOCK, print_of
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import film_lock_text
from vtx_app.plan.board import BoardPlan
from vtx_app.plan.plans import Plans


def planned() -> BoardPlan:
    forget()
    return Plans().board("harbour")


def for_ltx(film: Film, *, locked: bool = True) -> None:
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    if locked:
        film.write("film.lock.yaml", film_lock_text(FilmLock(models={slot: print_of(slot) for slot in MONOLITH_LOCK})))


def test_a_panel_for_each_shot_with_its_middle_frame(film: Film) -> None:
    board = planned().board
    assert [panel.clip_id for panel in board.panels] == IDS
    assert [panel.number for panel in board.panels] == list(range(1, len(IDS) + 1))
    assert board.panels[0].frame == 4  # of eight
    assert sum(panel.frames for panel in board.panels) == board.frames
    assert board.path == film.folder.relative_to(film.root) / "renders/board/harbour.pdf"


def test_an_own_take_is_shown_where_it_is_rendered_and_the_storyboard_elsewhere(film: Film) -> None:
    for_ltx(film)
    plans = Plans()
    sketches = {clip.clip_id: clip.take.path for clip in plans.film("harbour", "animatic").clips.values()}
    own = {clip.clip_id: clip.take.path for clip in plans.film("harbour", "final").clips.values()}
    before = plans.board("harbour")
    assert {panel.clip_id: panel.take for panel in before.board.panels} == sketches
    take = film.root / own[IDS[1]]
    take.parent.mkdir(parents=True)
    take.write_bytes(b"rendered")
    after = planned()
    shown = {panel.clip_id: panel.take for panel in after.board.panels}
    assert shown == sketches | {IDS[1]: own[IDS[1]]}
    assert after.board.stamp != before.board.stamp
    assert (after.note, after.requests) == ("", before.requests)  # moves are read as the storyboard reads them


def test_without_models_all_is_of_the_storyboard(film: Film) -> None:
    for_ltx(film, locked=False)
    found = planned()
    assert "LTX_" in found.note
    assert [clip.take.request.renderer for clip in found.shown] == ["animatic"] * len(IDS)


def test_words_are_in_the_stamp_and_a_comment_is_not(film: Film) -> None:
    before = planned().board.stamp
    film.edit_clip("A01_S01_SH002__mara", "# a shot", "# another comment")
    assert planned().board.stamp == before
    film.edit_clip("A01_S01_SH002__mara", "title: Mara", "title: The ferrywoman")
    titled = planned().board.stamp
    film.edit("metadata.yaml", "Nobody comes,", "They all come,")
    assert len({before, titled, planned().board.stamp}) == 3
