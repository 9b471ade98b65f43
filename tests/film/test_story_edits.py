"""A person edits what was made, at every stage and in every way; then anything before it changes and it is made anew.

Nothing of the person's is lost, what is new arrives, and where both can't be, the person's file stays as it is and the
other lies beside it. No call is made without a reason, and a film goes on from its texts alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kit.story.brain import StoryBrain
from kit.story.edits import EDITS, FILES, LEVELS, Edit, instead, swapped
from kit.story.film import MODEL, StoryFilm
from kit.story.make import (
    CHARACTERS,
    OUTLINE,
    PAGE,
    SHOTLIST,
    TREATMENT,
    at_work,
    clip,
    copy_of,
    make,
    require_whole,
    scene,
    shots,
    specs,
    titles,
    written_film,
)
from kit.story.server import StoryServer
from vtx_app.story.plan import plan_story

BRIEF = "story/00_brief.md"
PLAQUE = "* The plaque | Stairs | Ines, Rene | Her torch finds a plaque.; She reads it aloud.\n"
MATCHES, TWO = "Three matches.", "Two matches, both wet."

# -- why it is made anew ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Cause:
    """What changes: ``level`` is how many of :data:`LEVELS` are before the file that does (0: the brief). Scenes that
    ``changes`` names may say something else afterwards, the one that is ``removed`` nothing; ``arrived`` looks for what
    is new."""

    level: int
    change: Callable[[StoryFilm], object]
    arrived: Callable[[StoryFilm], object] = lambda _: None
    changes: tuple[str, ...] = ()
    removed: str = ""


def of_page(*pairs: tuple[str, str]) -> Callable[[StoryFilm], object]:
    return lambda film: film.write(BRIEF, instead(*pairs)(PAGE))


def reworded(film: StoryFilm) -> None:
    """The model says everything a little otherwise from now on, and is asked again."""
    assert film.server is not None
    words = {"outline": " Really.", "treatment": " So it was.", "screenplay": " Still.", "shotlist": ", slowly"}
    film.server.brain = StoryBrain(words={**words, "clips": " Rain."})
    film.write(BRIEF, PAGE.replace("a dead lamp", "a lamp that is dead"))


def plaque_is_there(film: StoryFilm) -> None:
    (name,) = [each for each, title in titles(film).items() if title == "The plaque"]
    assert name in ("A01_S04", "A01_S08")
    assert "Her torch finds a plaque." in film.read(scene(film, name))
    assert [each for each in shots(film).values() if "Her torch finds a plaque." in each]
    assert [each for each in specs(film) if each.startswith(name)]
    assert "rene:" in film.read(CHARACTERS)


def is_said(words: str, clip_id: str) -> Callable[[StoryFilm], None]:
    def said(film: StoryFilm) -> None:
        assert words in shots(film)[clip_id]
        assert words in film.read(clip(film, clip_id))

    return said


def is_known(who: str) -> Callable[[StoryFilm], None]:
    def known(film: StoryFilm) -> None:
        assert f"  {who}:\n" in film.read(CHARACTERS)

    return known


def in_order(*scenes: str) -> Callable[[StoryFilm], None]:
    def ordered(film: StoryFilm) -> None:
        assert [each for each in titles(film) if each in scenes] == [each for each in scenes if each in titles(film)]

    return ordered


def otherwise_said(film: StoryFilm) -> None:
    assert film.read(OUTLINE).count("Really.") >= 4
    assert film.read(TREATMENT).count("So it was.") >= 4
    assert "This is By hand. Still." in film.read(scene(film, "A02_S01"))
    assert "This is By hand. Still." in shots(film)["A02_S01_SH003"]
    assert film.read(SHOTLIST).count("push in, slowly") >= 12
    assert "Rain." in film.read(clip(film, "A02_S01_SH001"))


CAUSES: dict[str, Cause] = {
    "a scene put in": Cause(0, of_page(("* Nobody", PLAQUE + "* Nobody")), plaque_is_there),
    "a scene taken out": Cause(
        0, lambda film: film.write(BRIEF, re.sub(r"\* The stairs.*\n", "", PAGE)), removed="A01_S03"
    ),
    "this scene taken out": Cause(
        0, lambda film: film.write(BRIEF, re.sub(r"\* Nobody.*\n", "", PAGE)), removed="A01_S02"
    ),
    "an act taken out": Cause(0, lambda film: film.write(BRIEF, PAGE.partition("## For")[0]), removed="A02"),
    "a scene told otherwise": Cause(0, of_page((MATCHES, TWO)), is_said(TWO, "A02_S01_SH001"), ("A02_S01",)),
    "this scene told otherwise": Cause(
        0,
        of_page(("The light dies.", "The light flickers and dies.")),
        is_said("The light flickers and dies.", "A01_S02_SH001"),
        ("A01_S02",),
    ),
    "scenes in another order": Cause(
        0,
        lambda film: film.write(BRIEF, swapped("* All boats", "* Nobody", "* The stairs")(PAGE)),
        in_order("A01_S02", "A01_S01"),
    ),
    "other words for all": Cause(0, reworded, otherwise_said, ("A01", "A02")),
    "outline edited": Cause(
        1, lambda film: film.edit(OUTLINE, MATCHES, TWO), is_said(TWO, "A02_S01_SH001"), ("A02_S01",)
    ),
    "character added": Cause(
        1,
        lambda film: film.edit(OUTLINE, "locations:\n  - id", "  - {id: oda, name: Oda}\nlocations:\n  - id"),
        is_known("oda"),
    ),
    "scene edited": Cause(
        4,
        lambda film: film.edit(scene(film, "A02_S01"), MATCHES, "A match. A second one."),
        is_said("A match. A second one.", "A02_S01_SH001"),
        ("A02_S01",),
    ),
    "shot put in": Cause(
        5,
        lambda film: film.edit(
            SHOTLIST,
            "  - clip_id: A02_S01_SH002",
            "  - clip_id: A02_S01_SH001A\n    beats: [A gull falls.]\n\n  - clip_id: A02_S01_SH002",
        ),
        is_said("A gull falls.", "A02_S01_SH001A"),
    ),
    "shot edited": Cause(
        5,
        lambda film: film.edit(SHOTLIST, "      - The light dies.", "      - The light goes."),
        is_said("The light goes.", "A01_S02_SH001"),
    ),
}


# -- both ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[StoryServer]:
    with StoryServer(StoryBrain(), models=(MODEL,)) as running:
        yield running


@pytest.fixture(scope="module")
def answered(server: StoryServer, tmp_path_factory: pytest.TempPathFactory) -> StoryFilm:
    """A film whose story is made, and that has the model's answers to every change of its brief. Nobody edits it."""
    folder = tmp_path_factory.mktemp("answered")
    written = written_film(folder / "written", server)
    film = copy_of(written, folder / "film")
    for number, cause in enumerate(CAUSES.values()):
        if cause.level == 0:
            server.brain = StoryBrain()
            tried = copy_of(written, folder / f"tried{number}")
            with at_work(tried):
                cause.change(tried)
                assert make() == []
            for path in (tried.folder / "story/.answers").glob("*/*.json"):
                film.write(path.relative_to(tried.folder).as_posix(), path.read_bytes())
    return film


def require_gone(film: StoryFilm, removed: str, outlives: str) -> None:
    """Nothing of the scene, or the act, is left but what is the person's, and what is made of that."""
    assert not [each for each in titles(film) if each.startswith(removed)]
    files = [name.rpartition("/")[2].partition("__")[0] for name in film.texts()]
    left = [each for each in [*files, *shots(film)] if each.startswith(removed)]
    assert all(each.startswith(outlives) for each in left), left
    assert bool(left) == bool(outlives)


def require_kept(had: tuple[dict[str, str], dict[str, str]], film: StoryFilm, edit: Edit, cause: Cause) -> None:
    """A scene keeps its id, and a shot too: nothing else goes by it afterwards, and nothing that stays is renamed."""
    (had_titles, had_shots), (now_titles, now_shots) = had, (titles(film), shots(film))
    kept = {each: title for each, title in now_titles.items() if each in had_titles}
    assert kept == {each: had_titles[each] for each in kept}
    free = tuple(each for each in (edit.loses, cause.removed) if each)
    assert all(each.startswith(free) for each in {*had_titles, *had_shots} - {*now_titles, *now_shots})
    again = set(now_shots.values())
    touched = ("A01_S02", *cause.changes)  # every edit is in that scene
    for each, said in had_shots.items():
        if each in now_shots and (said in again or not each.startswith(touched)):
            assert now_shots[each] == said, each


CELLS = [
    (edited, how, why)
    for edited in LEVELS
    for how in EDITS[edited]
    for why, cause in CAUSES.items()
    if cause.level <= LEVELS.index(edited) + 1
]


@pytest.mark.parametrize(("edited", "how", "why"), CELLS)
def test_an_edit_survives(
    answered: StoryFilm, tmp_path: Path, capfd: pytest.CaptureFixture[str], edited: str, how: str, why: str
) -> None:
    edit, cause = EDITS[edited][how], CAUSES[why]
    film = copy_of(answered, tmp_path / "film")
    assert film.server is not None
    film.server.brain = StoryBrain()
    with at_work(film):
        name = FILES[edited](film)
        film.write(name, edit.change(film.read(name)))
        assert edit.stands(film.read(name))
        cause.change(film)
        mine, had = film.texts(), (titles(film), shots(film))
        capfd.readouterr()
        film.calls()
        told = make()
        calls = film.calls()
        now = film.texts()
        waiting = {each.replace(".incoming", ""): each for each in now if ".incoming." in each}
        for its, other in waiting.items():
            assert now[its] == mine[its]
            (line,) = [each for each in told if its in each]
            assert Path(other).name in line
            assert "\n" not in line
        assert len(told) == len(waiting), told
        assert edit.stands(now[name], "" if waiting else cause.removed)
        outlives = edit.outlives if cause.removed == "A01_S02" else ""
        if not waiting:
            assert not (calls and how == "comment" and cause.level == 0)  # all was answered; a comment decides nothing
            cause.arrived(film)
            if cause.removed:
                require_gone(film, cause.removed, outlives)
            assert specs(film) - set(shots(film)) == ({outlives} if edited == "clip" and outlives else set())
            assert set(shots(film)) <= specs(film)
        assert ("you edited it: it stays" in capfd.readouterr().err) == bool(outlives and edited in ("scene", "clip"))
        require_whole(film)
        require_kept(had, film, edit, cause)
        before = film.all_bytes()
        assert make() == told
        assert film.calls() == []
        assert film.all_bytes() == before
        assert any(stage.is_made for stage in plan_story("harbour").stages.values()) == bool(waiting)
        for other in waiting.values():  # the person wants nothing of it
            (film.folder / other).unlink()
        if waiting:
            assert make() == []
            assert film.calls() == []
            assert film.texts() == {each: text for each, text in now.items() if each not in waiting.values()}
            assert not any(stage.is_made for stage in plan_story("harbour").stages.values())
