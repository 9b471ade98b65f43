"""Which frame stands for the film."""

from __future__ import annotations

import pytest
import yaml

from kit.film import CLIPS, IDS, Film
from kit.machine import forget
from kit.shot import MONOLITH_LOCK, print_of
from vtx_app.cut.poster_plan import PosterPlan
from vtx_app.cut.timeline import Use
from vtx_app.errors import SpecError
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import film_lock_text
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.pending import clips_for_poster
from vtx_app.plan.planner import plan_film
from vtx_app.plan.poster import is_establishing, plan_poster
from vtx_app.project.edit_file import edit_path

SIZES = {IDS[1]: "close-up", IDS[2]: "Wide", IDS[3]: "medium wide", IDS[4]: "extreme long shot"}


@pytest.fixture
def film(film: Film) -> Film:
    shots = [{"clip_id": clip_id, "size": SIZES.get(clip_id, "")} for clip_id in IDS]
    film.write("story/04_shotlist.yaml", yaml.safe_dump({"version": 1, "shots": shots}))
    return film


def approve(film: Film, plan: FilmPlan, clip_id: str) -> None:
    digest = next(clip.take.digest for clip in plan.clips.values() if clip.clip_id == clip_id)
    select = {"version": 1, "clip_id": clip_id, "state": "approved", "take": digest}
    film.write(f"review/selects/{clip_id}.yaml", yaml.safe_dump(select))


def poster(*shown: str) -> PosterPlan:
    """The poster of a film that shows the clips ``shown`` (default: all), each from its frame 2 on, 10 frames."""
    forget()
    plan = plan_film("harbour", "final")
    clips = {clip.clip_id: clip for clip in plan.clips.values()}
    uses = [Use(clip_id, 2, 10, 10 * number) for number, clip_id in enumerate(shown or IDS)]
    folder = plan.film.folder / "renders/final"
    return plan_poster(plan.film, clips, uses, edit_path(plan.film.folder), folder, "Nobody Today")


def test_the_first_establishing_shot_in_the_middle_of_what_is_shown(film: Film) -> None:
    found = poster()
    assert (found.clip_id, found.frame) == (IDS[2], 7)
    assert found.path == film.folder.relative_to(film.root) / "renders/final/harbour.poster.jpg"
    assert poster(IDS[4], IDS[2]).clip_id == IDS[4]  # the order is the film's


def test_an_approved_establishing_shot_comes_first(film: Film) -> None:
    plan = plan_film("harbour", "final")
    approve(film, plan, IDS[0])  # approved, but not establishing
    approve(film, plan, IDS[4])
    assert poster().clip_id == IDS[4]
    assert poster(IDS[0], IDS[2]).clip_id == IDS[2]


def test_without_an_establishing_shot_the_first_clip(film: Film) -> None:
    assert poster(IDS[1], IDS[0]).clip_id == IDS[1]


def test_the_frame_that_the_edit_names(film: Film) -> None:
    film.write("story/05_edit.yaml", f"poster: {{clip: {IDS[1]}, frame: 3}}\n")
    found = poster()
    assert (found.clip_id, found.frame) == (IDS[1], 3)
    last = found.delivery.frames - 1
    film.write("story/05_edit.yaml", f"# a comment\nposter:\n  clip: {IDS[1]}\n  frame: {last + 1}\n")
    with pytest.raises(SpecError, match=rf"05_edit\.yaml:4: poster\.frame: {last + 1}: .* has the frames 0 to {last}"):
        poster()


def test_the_frame_is_counted_after_the_handle(film: Film) -> None:
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx\nhandles: {head: 12, tail: 10}")
    film.write("film.lock.yaml", film_lock_text(FilmLock(models={slot: print_of(slot) for slot in MONOLITH_LOCK})))
    film.write("story/05_edit.yaml", f"poster: {{clip: {IDS[1]}, frame: 3}}\n")
    assert poster().frame == 12 + 3


def test_its_stamp_changes_with_what_is_in_the_file_and_with_nothing_else(film: Film) -> None:
    stamps = [poster().stamp]
    film.edit_clip("A01_S01_SH002__mara", "Mara ties", "Mara unties")
    film.write("story/05_edit.yaml", "titles: []\n")
    assert poster().stamp == stamps[0]
    stem = next(stem for stem in CLIPS if stem.startswith(IDS[2]))
    film.edit_clip(stem, "pours tea", "pours coffee")
    stamps.append(poster().stamp)
    film.write("metadata.yaml", film.read("metadata.yaml") + "disclosure: Made with AI\n")
    stamps.append(poster().stamp)
    film.write("story/05_edit.yaml", f"poster: {{clip: {IDS[2]}, frame: 3}}\n")
    stamps.append(poster().stamp)
    assert len(set(stamps)) == len(stamps)


@pytest.mark.parametrize(
    "size", ["wide", "Wide shot", "extreme wide", "WS", "EWS", "long", "LS", "establishing", "aerial"]
)
def test_sizes_that_show_where_we_are(size: str) -> None:
    assert is_establishing(size)


@pytest.mark.parametrize(
    "size",
    ["", "medium", "medium wide", "medium, to wide", "mid long shot", "MLS", "close", "extreme close-up", "two-shot"],
)
def test_sizes_that_show_people_and_things(size: str) -> None:
    assert not is_establishing(size)


def test_a_poster_of_a_matched_shot_hangs_on_its_chain(film: Film) -> None:
    parent, child = IDS[2], IDS[3]
    chosen = "version: 1\nposter: {{clip: {}, frame: 2}}\n"
    before = {}
    for clip_id in (parent, child):
        film.write("story/05_edit.yaml", chosen.format(clip_id))
        before[clip_id] = poster().stamp
    for clip_id, needed in ((parent, [parent]), (child, [parent, child])):
        film.write("story/05_edit.yaml", chosen.format(clip_id) + "match: {chain: first}\n")
        assert (poster().stamp == before[clip_id]) == (clip_id == parent)
        assert [clip.clip_id for clip in clips_for_poster(plan_film("harbour", "final"))] == needed
