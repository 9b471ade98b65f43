"""A writer edits what was made, at every stage; then something before it changes and it is made anew. Nothing of the
writer's is lost, what is new arrives, and where both can't be, the writer's file stays and the other lies beside it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from storybrain import StoryBrain
from storykit import BRIEF, MODEL, StoryFilm, write_story_film
from storyserver import KEY, StoryServer

from vtx_app.errors import StoryError
from vtx_app.formats.check import load_format
from vtx_app.formats.clip_spec import ClipSpec
from vtx_app.formats.outline import Outline
from vtx_app.formats.shot_list import ShotList
from vtx_app.jobs.story import write_stage
from vtx_app.story.plan import plan_story
from vtx_app.story.stage import STAGES

OUTLINE, TREATMENT, SHOTLIST = "story/01_outline.yaml", "story/02_treatment.md", "story/04_shotlist.yaml"
NEW_SCENE = "* The plaque | Stairs | Ines, Rene | Her torch finds a plaque.; She reads it aloud.\n"


@pytest.fixture
def server() -> Iterator[StoryServer]:
    with StoryServer(StoryBrain(), models=(MODEL,)) as running:
        yield running


@pytest.fixture
def film(tmp_path: Path, server: StoryServer, monkeypatch: pytest.MonkeyPatch) -> StoryFilm:
    """A film whose story is made; this process makes it, as the jobs of a build do."""
    made = write_story_film(tmp_path, server)
    monkeypatch.chdir(tmp_path)
    for name, value in {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": KEY}.items():
        monkeypatch.setenv(name, value)
    assert make() == []
    made.calls()
    return made


def make(*stages: str) -> list[str]:
    """Make the stages in order; returns what was told of those that failed."""
    told = []
    for stage in stages or STAGES:
        try:
            write_stage(argparse.Namespace(project="harbour", stage=stage, at_once=4, only=None, log=None))
        except StoryError as error:
            told.append(str(error))
    return told


def clip(film: StoryFilm, clip_id: str) -> str:
    return next(name for name in film.texts() if f"clips/{clip_id}__" in name)


def scene(film: StoryFilm, scene_id: str) -> str:
    return next(name for name in film.texts() if f"03_screenplay/{scene_id}__" in name)


Edit = tuple[Callable[[StoryFilm], str], str, str]

EDITS: dict[str, Edit] = {
    "outline": (lambda _: OUTLINE, "title: Nobody out there", "title: No one out there   # his words"),
    "treatment": (lambda _: TREATMENT, "Nobody out there. The light dies.", "Nobody out there. The light is killed."),
    "characters": (lambda _: "prompts/characters.yaml", "voice: a low, dry voice", "voice: a hoarse voice # mine"),
    "scene": (lambda film: scene(film, "A01_S02"), "This is Nobody out there.", "There's nobody out there."),
    "shotlist": (lambda _: SHOTLIST, "    seconds: 4\n", "    seconds: 6   # longer\n"),
    "clip": (lambda film: clip(film, "A01_S01_SH002"), "seconds: 4", "seconds: 5.5   # let it breathe"),
}

CAUSES: dict[str, Callable[[StoryFilm], object]] = {
    "a scene put in": lambda film: film.write("story/00_brief.md", BRIEF.replace("* Nobody", NEW_SCENE + "* Nobody")),
    "a scene taken out": lambda film: film.write(
        "story/00_brief.md", "".join(line for line in BRIEF.splitlines(True) if "By hand" not in line)
    ),
    "a scene told otherwise": lambda film: film.write(
        "story/00_brief.md", BRIEF.replace("Three matches", "Two matches")
    ),
    "an outline edited": lambda film: film.edit(OUTLINE, "Three matches.", "Not one match left."),
    "a scene edited": lambda film: film.edit(scene(film, "A02_S01"), "Three matches.", "A match. A second one."),
    "a shot put in": lambda film: film.edit(
        SHOTLIST,
        "  - clip_id: A02_S01_SH002",
        "  - clip_id: A02_S01_SH001A\n    title: A gull\n    beats: [A gull falls.]\n\n  - clip_id: A02_S01_SH002",
    ),
}


def ids(film: StoryFilm) -> tuple[dict[str, str], dict[str, str]]:
    """Scene id → title in the outline; clip id → what happens, in the shot list."""
    outline = load_format(film.folder / OUTLINE, Outline, OUTLINE)
    shots = load_format(film.folder / SHOTLIST, ShotList, SHOTLIST)
    titles = {each.scene: each.title for _, each in outline.scenes()}
    return titles, {shot.clip_id: f"{shot.beats} {[said.line for said in shot.dialogue]}" for shot in shots.shots}


def whole(film: StoryFilm) -> None:
    """Every file loads, none has the mark of a conflict in it, and every shot has its spec."""
    for name, text in film.texts().items():
        assert "<<<<<<<" not in text, name
        if "/clips/" in name and ".incoming." not in name:
            load_format(film.folder / name, ClipSpec, name)
    _, shots = ids(film)
    assert set(shots) == {name.split("/")[-1].partition("__")[0] for name in film.texts() if "/clips/" in name}


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("edited", EDITS)
def test_an_edit_survives_whatever_is_made_anew(film: StoryFilm, edited: str, cause: str) -> None:
    where, old, new = EDITS[edited]
    name = where(film)
    film.write(name, film.read(name).replace(old, new, 1))
    assert new in film.read(name)
    titles, shots = ids(film)
    CAUSES[cause](film)
    told = make()
    assert new.strip() in film.read(name) or cause == "a scene taken out"
    assert told == []
    whole(film)
    titles_now, shots_now = ids(film)
    assert {each: titles_now[each] for each in titles if each in titles_now and each != "A02_S01"} == {
        each: titles[each] for each in titles if each in titles_now and each != "A02_S01"
    }
    kept = [each for each in shots if each in shots_now and not each.startswith(("A02_S01", "A01_S02"))]
    assert {each: shots_now[each] for each in kept} == {each: shots[each] for each in kept}
    if cause == "a scene put in":
        assert titles_now["A01_S03"] == "The plaque"
        assert list(titles_now) == ["A01_S01", "A01_S03", "A01_S02", "A02_S01"]
        assert "rene:" in film.read("prompts/characters.yaml")
        assert any("A01_S03_SH001__her_torch" in each for each in film.texts())
    if cause == "a shot put in":
        assert clip(film, "A02_S01_SH001A")
    film.calls()
    before = film.all_bytes()
    assert make() == []
    assert film.calls() == []
    assert film.all_bytes() == before
    assert not [stage for stage in plan_story("harbour").stages.values() if stage.is_made]


def test_a_true_conflict_leaves_the_writers_file_and_lays_the_other_beside_it(film: StoryFilm) -> None:
    film.edit(OUTLINE, "Three matches.", "Four matches.")
    mine = film.read(OUTLINE)
    film.write("story/00_brief.md", BRIEF.replace("Three matches.", "Two matches."))
    (told,) = make("outline")
    assert "\n" not in told
    assert OUTLINE in told
    assert "01_outline.incoming.yaml" in told
    assert film.read(OUTLINE) == mine
    assert "Two matches." in film.read("story/01_outline.incoming.yaml")
    film.calls()
    before = film.all_bytes()
    assert make("outline") == [told]  # until the writer has decided
    assert film.calls() == []
    assert film.all_bytes() == before
    film.edit(OUTLINE, "Four matches.", "Two matches, then four.")
    (film.folder / "story/01_outline.incoming.yaml").unlink()
    assert make("outline") == []
    assert film.calls() == []
    assert "Two matches, then four." in film.read(OUTLINE)
    assert plan_story("harbour").stages["outline"].state == "current"


def test_an_incoming_file_that_the_writer_works_in_is_theirs(film: StoryFilm) -> None:
    film.edit(OUTLINE, "Three matches.", "Four matches.")
    film.write("story/00_brief.md", BRIEF.replace("Three matches.", "Two matches."))
    make("outline")
    film.edit("story/01_outline.incoming.yaml", "Two matches.", "Two matches, perhaps.")
    theirs = film.read("story/01_outline.incoming.yaml")
    film.write("story/00_brief.md", BRIEF.replace("Three matches.", "One match."))
    assert len(make("outline")) == 1
    assert film.read("story/01_outline.incoming.yaml") == theirs


def test_a_conflict_in_one_spec_stops_no_other(film: StoryFilm) -> None:
    name = clip(film, "A02_S01_SH001")
    film.edit(name, "Three matches.", "Three matches, and no fourth.")
    mine = film.read(name)
    film.edit(SHOTLIST, "      - Three matches.", "      - Two matches.")
    film.edit(SHOTLIST, "      - She puts her shoulder to the brass.", "      - She leans on the brass.")
    (told,) = make("clips")
    assert name.split("/")[-1] in told
    assert film.read(name) == mine
    assert "leans on the brass" in film.read(clip(film, "A02_S01_SH002"))
    planned = film.snakemake("final", "--dry-run")
    assert planned.returncode == 0, planned.stdout
    assert "harbour: 11 clips" in planned.stdout  # the incoming one is none


def test_a_shot_taken_out_takes_its_spec_along_unless_it_was_edited(film: StoryFilm) -> None:
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


def test_what_a_person_wrote_before_anything_was_made_is_never_touched(
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
