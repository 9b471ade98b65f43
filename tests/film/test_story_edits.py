"""A person edits what was generated, at every stage and in every way; then something before it changes.

Nothing of the person's is lost, and what is new arrives. On a conflict the person's file stays, and the other version
is written beside it. No call is made without a reason, and a film continues from its texts alone.
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

# -- causes of a new version -----------------------------------------------------------------------


@dataclass(frozen=True)
class Cause:
    """A change before the edited file: ``level`` is how many of :data:`LEVELS` come before it (0: the brief).

    Scenes in ``changes`` may differ afterwards; ``removed`` is gone; ``arrived`` checks what is new.
    is new."""

    level: int
    change: Callable[[StoryFilm], object]
    arrived: Callable[[StoryFilm], object] = lambda _: None
    changes: tuple[str, ...] = ()
    removed: str = ""


def of_page(*pairs: tuple[str, str]) -> Callable[[StoryFilm], object]:
    return lambda film: film.write(BRIEF, instead(*pairs)(PAGE))


def reworded(film: StoryFilm) -> None:
    """From now on the model words everything slightly differently, and it is called again."""
    assert film.server is not None
    words = {"outline": " Really.", "treatment": " So it was.", "screenplay": " Still.", "shotlist": ", slowly"}
    film.server.brain = StoryBrain(words={**words, "clips": " Rain."})
    film.write(BRIEF, PAGE.replace("a dead lamp", "a lamp that is dead"))


def check_plaque(film: StoryFilm) -> None:
    (name,) = [each for each, title in titles(film).items() if title == "The plaque"]
    assert name in ("A01_S04", "A01_S08")
    assert "Her torch finds a plaque." in film.read(scene(film, name))
    assert [each for each in shots(film).values() if "Her torch finds a plaque." in each]
    assert [each for each in specs(film) if each.startswith(name)]
    assert "rene:" in film.read(CHARACTERS)


def check_shot(words: str, clip_id: str) -> Callable[[StoryFilm], None]:
    def check(film: StoryFilm) -> None:
        assert words in shots(film)[clip_id]
        assert words in film.read(clip(film, clip_id))

    return check


def check_character(who: str) -> Callable[[StoryFilm], None]:
    def check(film: StoryFilm) -> None:
        assert f"  {who}:\n" in film.read(CHARACTERS)

    return check


def check_order(*scenes: str) -> Callable[[StoryFilm], None]:
    def check(film: StoryFilm) -> None:
        assert [each for each in titles(film) if each in scenes] == [each for each in scenes if each in titles(film)]

    return check


def check_reworded(film: StoryFilm) -> None:
    assert film.read(OUTLINE).count("Really.") >= 4
    assert film.read(TREATMENT).count("So it was.") >= 4
    assert "This is By hand. Still." in film.read(scene(film, "A02_S01"))
    assert "This is By hand. Still." in shots(film)["A02_S01_SH003"]
    assert film.read(SHOTLIST).count("push in, slowly") >= 12
    assert "Rain." in film.read(clip(film, "A02_S01_SH001"))


CAUSES: dict[str, Cause] = {
    "scene inserted": Cause(0, of_page(("* Nobody", PLAQUE + "* Nobody")), check_plaque),
    "scene removed": Cause(
        0, lambda film: film.write(BRIEF, re.sub(r"\* The stairs.*\n", "", PAGE)), removed="A01_S03"
    ),
    "edited scene removed": Cause(
        0, lambda film: film.write(BRIEF, re.sub(r"\* Nobody.*\n", "", PAGE)), removed="A01_S02"
    ),
    "act removed": Cause(0, lambda film: film.write(BRIEF, PAGE.partition("## For")[0]), removed="A02"),
    "scene reworded": Cause(0, of_page((MATCHES, TWO)), check_shot(TWO, "A02_S01_SH001"), ("A02_S01",)),
    "edited scene reworded": Cause(
        0,
        of_page(("The light dies.", "The light flickers and dies.")),
        check_shot("The light flickers and dies.", "A01_S02_SH001"),
        ("A01_S02",),
    ),
    "scenes reordered": Cause(
        0,
        lambda film: film.write(BRIEF, swapped("* All boats", "* Nobody", "* The stairs")(PAGE)),
        check_order("A01_S02", "A01_S01"),
    ),
    "everything reworded": Cause(0, reworded, check_reworded, ("A01", "A02")),
    "outline edited": Cause(
        1, lambda film: film.edit(OUTLINE, MATCHES, TWO), check_shot(TWO, "A02_S01_SH001"), ("A02_S01",)
    ),
    "character added": Cause(
        1,
        lambda film: film.edit(OUTLINE, "locations:\n  - id", "  - {id: oda, name: Oda}\nlocations:\n  - id"),
        check_character("oda"),
    ),
    "scene edited": Cause(
        4,
        lambda film: film.edit(scene(film, "A02_S01"), MATCHES, "A match. A second one."),
        check_shot("A match. A second one.", "A02_S01_SH001"),
        ("A02_S01",),
    ),
    "shot inserted": Cause(
        5,
        lambda film: film.edit(
            SHOTLIST,
            "  - clip_id: A02_S01_SH002",
            "  - clip_id: A02_S01_SH001A\n    beats: [A gull falls.]\n\n  - clip_id: A02_S01_SH002",
        ),
        check_shot("A gull falls.", "A02_S01_SH001A"),
    ),
    "shot edited": Cause(
        5,
        lambda film: film.edit(SHOTLIST, "      - The light dies.", "      - The light goes."),
        check_shot("The light goes.", "A01_S02_SH001"),
    ),
}


# -- both ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[StoryServer]:
    with StoryServer(StoryBrain(), models=(MODEL,)) as running:
        yield running


@pytest.fixture(scope="module")
def answered(server: StoryServer, tmp_path_factory: pytest.TempPathFactory) -> StoryFilm:
    """A film with a finished story and the model's answers to every change of its brief; tests copy it."""
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
    """Nothing is left of the scene or act but the person's own, and what is made from that."""
    assert not [each for each in titles(film) if each.startswith(removed)]
    files = [name.rpartition("/")[2].partition("__")[0] for name in film.texts()]
    left = [each for each in [*files, *shots(film)] if each.startswith(removed)]
    assert all(each.startswith(outlives) for each in left), left
    assert bool(left) == bool(outlives)


def require_kept(had: tuple[dict[str, str], dict[str, str]], film: StoryFilm, edit: Edit, cause: Cause) -> None:
    """Scenes and shots keep their ids: no id is reused, and nothing that stays is renamed."""
    (old_titles, old_shots), (new_titles, new_shots) = had, (titles(film), shots(film))
    kept = {each: title for each, title in new_titles.items() if each in old_titles}
    assert kept == {each: old_titles[each] for each in kept}
    free = tuple(each for each in (edit.loses, cause.removed) if each)
    assert all(each.startswith(free) for each in {*old_titles, *old_shots} - {*new_titles, *new_shots})
    again = set(new_shots.values())
    touched = ("A01_S02", *cause.changes)  # every edit is in that scene
    for each, content in old_shots.items():
        if each in new_shots and (content in again or not each.startswith(touched)):
            assert new_shots[each] == content, each


CELLS = [
    (edited, how, why)
    for edited in LEVELS
    for how in EDITS[edited]
    for why, cause in CAUSES.items()
    if cause.level <= LEVELS.index(edited) + 1
]


@pytest.mark.parametrize(("edited", "how", "why"), CELLS)
def test_edits_survive(
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
        messages = make()
        calls = film.calls()
        now = film.texts()
        waiting = {each.replace(".incoming", ""): each for each in now if ".incoming." in each}
        for its, other in waiting.items():
            assert now[its] == mine[its]
            (line,) = [each for each in messages if its in each]
            assert Path(other).name in line
            assert "\n" not in line
        assert len(messages) == len(waiting), messages
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
        assert make() == messages
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
