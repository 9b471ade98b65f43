"""What a person can do with two versions of a file, and what is theirs alone; every kind of edit is in
``test_story_edits.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.story.brain import StoryBrain
from kit.story.film import BRIEF, MODEL, StoryFilm, write_story_film
from kit.story.make import OUTLINE, SHOTLIST, TREATMENT, clip, make, scene
from kit.story.server import KEY, StoryServer
from vtx_app.story.plan import plan_story


@pytest.fixture
def server() -> Iterator[StoryServer]:
    with StoryServer(StoryBrain(), models=(MODEL,)) as running:
        yield running


@pytest.fixture
def film(tmp_path: Path, server: StoryServer, monkeypatch: pytest.MonkeyPatch) -> StoryFilm:
    """A film with a finished story, made in this process as the jobs of a build do."""
    made = write_story_film(tmp_path, server)
    monkeypatch.chdir(tmp_path)
    for name, value in {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": KEY}.items():
        monkeypatch.setenv(name, value)
    assert make() == []
    made.calls()
    return made


def test_conflict_keeps_the_file_and_writes_the_other_version_beside_it(film: StoryFilm) -> None:
    film.edit(OUTLINE, "Three matches.", "Four matches.")
    mine = film.read(OUTLINE)
    film.write("story/00_brief.md", BRIEF.replace("Three matches.", "Two matches."))
    (message,) = make("outline")
    assert "\n" not in message
    assert OUTLINE in message
    assert "01_outline.incoming.yaml" in message
    assert film.read(OUTLINE) == mine
    assert "Two matches." in film.read("story/01_outline.incoming.yaml")
    film.calls()
    before = film.all_bytes()
    assert make("outline") == [message]  # until the writer has decided
    assert film.calls() == []
    assert film.all_bytes() == before
    film.edit(OUTLINE, "Four matches.", "Two matches, then four.")
    (film.folder / "story/01_outline.incoming.yaml").unlink()
    assert make("outline") == []
    assert film.calls() == []
    assert "Two matches, then four." in film.read(OUTLINE)
    assert plan_story("harbour").stages["outline"].state == "current"


def test_edited_incoming_file_stays(film: StoryFilm) -> None:
    film.edit(OUTLINE, "Three matches.", "Four matches.")
    film.write("story/00_brief.md", BRIEF.replace("Three matches.", "Two matches."))
    make("outline")
    film.edit("story/01_outline.incoming.yaml", "Two matches.", "Two matches, perhaps.")
    theirs = film.read("story/01_outline.incoming.yaml")
    film.write("story/00_brief.md", BRIEF.replace("Three matches.", "One match."))
    assert len(make("outline")) == 1
    assert film.read("story/01_outline.incoming.yaml") == theirs


def test_conflict_in_one_spec_stops_no_other(film: StoryFilm) -> None:
    name = clip(film, "A02_S01_SH001")
    film.edit(name, "Three matches.", "Three matches, and no fourth.")
    mine = film.read(name)
    film.edit(SHOTLIST, "      - Three matches.", "      - Two matches.")
    film.edit(SHOTLIST, "      - She puts her shoulder to the brass.", "      - She leans on the brass.")
    (message,) = make("clips")
    assert name.split("/")[-1] in message
    assert film.read(name) == mine
    assert "leans on the brass" in film.read(clip(film, "A02_S01_SH002"))
    planned = film.snakemake("final", "--dry-run")
    assert planned.returncode == 0, planned.stdout
    assert "harbour: 11 clips" in planned.stdout  # the incoming one is none


def test_spec_of_a_removed_shot_is_removed_unless_edited(film: StoryFilm) -> None:
    unedited, edited = clip(film, "A01_S01_SH002"), clip(film, "A01_S01_SH001")
    film.edit(edited, "seconds: 4", "seconds: 7")
    text = film.read(SHOTLIST)
    start, end = text.index("  - clip_id: A01_S01_SH001"), text.index("  - clip_id: A01_S01_SH003")
    film.write(SHOTLIST, text[:start] + text[end:])
    assert make("clips") == []
    assert not (film.folder / unedited).exists()
    assert "seconds: 7" in film.read(edited)
    film.write(SHOTLIST, text)
    assert make("clips") == []
    assert film.calls() == []
    assert (film.folder / unedited).exists()


def test_files_written_before_the_first_build_are_never_touched(
    tmp_path: Path, server: StoryServer, film: StoryFilm
) -> None:
    mine = {
        name: text + "\n# by hand\n" if name.endswith("yaml") else text + "\nBy hand.\n"
        for name, text in film.texts().items()
    }
    (film.folder / "story/.generated/outline.json").unlink()
    for name in (OUTLINE, SHOTLIST, clip(film, "A01_S01_SH001"), scene(film, "A01_S01"), TREATMENT):
        film.write(name, mine[name])
    for ledger in (film.folder / "story/.generated").iterdir():
        ledger.unlink()
    film.write("story/00_brief.md", BRIEF.replace("Three matches.", "Two matches."))
    make()
    for name in (OUTLINE, SHOTLIST, clip(film, "A01_S01_SH001"), scene(film, "A01_S01"), TREATMENT):
        assert film.read(name) == mine[name]
