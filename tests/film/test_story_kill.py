"""A story job is killed at any change of a file: the next run ends with the same files as without the kill.

No word of a person is lost, no generated word counts as a person's, and no answer is paid for twice but the one that
was on its way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from unittest.mock import ANY

import pytest

from kit.story.brain import StoryBrain
from kit.story.edits import EDITS, FILES
from kit.story.film import BRIEF, MODEL, StoryFilm, write_story_film
from kit.story.killed_job import Made, StoryJob, story_job
from kit.story.make import at_work, clip, copy_of, make, require_whole
from kit.story.server import StoryServer

PAGE = "story/00_brief.md"
SHORT = "# One night\n\n## The only act\n* The light dies | Lamp room | Ines | The light buzzes and dies.\n"
SECOND = re.sub(r"\* By hand.*\n", "", BRIEF).replace(
    "* Nobody", "* The plaque | Stairs | Rene | Her torch finds a plaque.\n* Nobody"
)
THIRD = SECOND.replace("An old keeper", "An older keeper")
MINE = [
    ("outline", "comment"),
    ("treatment", "value"),
    ("characters", "value"),
    ("scene", "item added"),
    ("shotlist", "value"),
    ("shotlist", "comment"),
    ("clip", "item added"),
]
SEEN = "# seen by me\n"
PARTS = 4
"""The number of parallel tests over which the changes of files are divided."""


@dataclass
class Case:
    """A film ``before`` and ``after`` a run of the story, with its messages, calls and number of file changes."""

    before: StoryFilm
    after: StoryFilm
    messages: list[str]
    calls: Counter[str]
    changes: int


def files(film: StoryFilm, answers: bool = True) -> dict[str, str]:
    """Every file of the film with its text, but what a killed writer leaves under a temporary name; of the kept answers
    the names alone, as they say what they cost."""
    found = {}
    for path in sorted(film.folder.rglob("*")):
        if path.is_file() and not (path.name.startswith(".") and ".part." in path.name):
            name = path.relative_to(film.folder).as_posix()
            if "/.answers/" not in name:
                found[name] = path.read_bytes().decode()
            elif answers:
                found[name] = ""
    return found


@pytest.fixture(scope="module")
def server() -> Iterator[StoryServer]:
    with StoryServer(StoryBrain(), models=(MODEL,)) as running:
        yield running


@pytest.fixture(scope="module")
def new(server: StoryServer, tmp_path_factory: pytest.TempPathFactory) -> StoryFilm:
    """A film that is one page."""
    return write_story_film(tmp_path_factory.mktemp("new") / "before", server, SHORT)


@pytest.fixture(scope="module")
def job(new: StoryFilm) -> Iterator[StoryJob]:
    with story_job(new) as running:
        yield running


@pytest.fixture(scope="module")
def rerun(server: StoryServer, tmp_path_factory: pytest.TempPathFactory) -> StoryFilm:
    """A film in which a person has edited every kind of file, and whose page has then changed: scenes come, go and are
    reworded, and two edits conflict. All answers exist already."""
    folder = tmp_path_factory.mktemp("rerun")
    film = write_story_film(folder / "before", server, BRIEF)
    with at_work(film):
        assert make() == []
        for stage, how in MINE:
            name = FILES[stage](film)
            film.write(name, EDITS[stage][how].change(film.read(name)))
        film.edit(clip(film, "A01_S01_SH001"), "positive: ", "positive: Mine. ")
        assert make() == []
        answered = copy_of(film, folder / "answered")
        film.write(PAGE, SECOND)
    with at_work(answered):
        for page, style in ((SECOND, ("Really", "slowly", "Rain")), (THIRD, ("Truly", "quickly", "Snow"))):
            purpose, pace, weather = style
            words = {"outline": f" {purpose}.", "treatment": f" {purpose}.", "screenplay": f" {purpose}."}
            server.brain = StoryBrain(words={**words, "shotlist": f", {pace}", "clips": f" {weather}."})
            answered.write(PAGE, page)
            make()
    for path in (answered.folder / "story/.answers").glob("*/*.json"):
        film.write(path.relative_to(answered.folder).as_posix(), path.read_bytes())
    return film


@pytest.fixture(scope="module")
def cases(new: StoryFilm, rerun: StoryFilm, job: StoryJob) -> dict[str, Case]:
    found = {}
    for name, before in (("new", new), ("rerun", rerun)):
        after = copy_of(before, before.root.with_name("after"))
        after.calls()
        made = job.make(after)
        assert made.status == 0
        require_whole(after)
        found[name] = Case(before, after, made.messages, Counter(after.calls()), made.changes)
    assert found["new"].messages == []
    for stage, how in MINE:
        text = found["rerun"].after.read(FILES[stage](found["rerun"].after))
        assert EDITS[stage][how].stands(text), (stage, how)
    for name, message in zip(("02_treatment.md", "A01_S01_SH001__"), found["rerun"].messages, strict=True):
        assert name in message
    return found


def differences(last: int, there: dict[str, str], right: dict[str, str]) -> list[str]:
    """What the kill at the change ``last`` did: the first differing line of each file."""
    lines = []
    for name in sorted({*there, *right}):
        both = [texts.get(name) for texts in (there, right)]
        if both[0] != both[1]:
            shown = [each if each is None else each.splitlines() for each in both]
            apart = (pair for pair in zip_longest(*(each or [] for each in shown)) if pair[0] != pair[1])
            lines.append(f"{last}: {name}: {next(apart, shown)}")
    return lines


def kills(case: Case, part: int, every: int = 1) -> range:
    """The changes at which this part of the tests kills the job."""
    return range(1 + part * every, case.changes + 1, PARTS * every)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", ["new", "rerun"])
def test_kill_at_any_change_of_a_file(
    cases: dict[str, Case], job: StoryJob, tmp_path: Path, name: str, part: int
) -> None:
    case = cases[name]
    right = files(case.after)
    faults: list[str] = []
    for last in kills(case, part):
        film = copy_of(case.before, tmp_path / str(last))
        film.calls()
        assert job.make(film, last).status == -9
        assert job.make(film) == Made(0, ANY, case.messages)
        faults += differences(last, files(film), right)
        assert (Counter(film.calls()) - case.calls).total() <= 1, last
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", ["new", "rerun"])
def test_two_kills_and_edits_between(
    cases: dict[str, Case], job: StoryJob, tmp_path: Path, name: str, part: int
) -> None:
    """The person adds a comment to every YAML file that exists after the first kill."""
    case = cases[name]
    faults: list[str] = []
    for last in kills(case, part, every=7 if name == "new" else 1):
        film = copy_of(case.before, tmp_path / str(last))
        assert job.make(film, last).status == -9
        right = files(case.after)
        for each, text in film.texts().items():
            if each.endswith(".yaml") and ".part." not in each:
                film.write(each, SEEN + text)
                right[each] = SEEN + right.get(each, text)
        job.make(film, 1 + last * 7 % 40)
        assert job.make(film) == Made(0, ANY, case.messages)
        faults += differences(last, files(film), right)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("part", range(PARTS))
def test_kill_before_a_change_of_the_page(cases: dict[str, Case], job: StoryJob, tmp_path: Path, part: int) -> None:
    """What a killed run merged into the person's words isn't theirs: it is replaced by the next version."""
    case = cases["rerun"]
    third = copy_of(case.after, tmp_path / "third")
    third.write(PAGE, THIRD)
    messages = job.make(third).messages
    right = files(third, answers=False)  # whether there are answers about the second page doesn't matter
    assert not re.search("Really|slowly|Rain", "".join(third.texts().values()))
    faults: list[str] = []
    for last in kills(case, part):
        film = copy_of(case.before, tmp_path / str(last))
        assert job.make(film, last).status == -9
        film.write(PAGE, THIRD)
        assert job.make(film) == Made(0, ANY, messages)
        faults += differences(last, files(film, answers=False), right)
    assert not faults, "\n".join(faults)
