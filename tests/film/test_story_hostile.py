"""Whatever a page or an answer contains is only data: no file but the story's is touched, no parser breaks, no message
carries it to a terminal, and what can't be used is a clear message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.story.brain import StoryBrain
from kit.story.film import BRIEF, MODEL, StoryFilm, write_story_film
from kit.story.make import at_work, copy_of, make, require_whole
from kit.story.server import StoryServer
from vtx_app.project.load import load_film
from vtx_app.story.plan import plan_story

HOSTILE = {
    "escape codes": "\x1b]0;x\x07\x1b[2J\x9b31m\x08red",
    "paths": "../../../pwned",
    "absolute path": "/tmp/pwned/x",  # noqa: S108
    "tags": "!!python/object/apply:os.system ['touch pwned']",
    "anchors": "&a [*a, *a]\n<<: *a",
    "documents": "\n---\n- x\n...\n%YAML 1.1",
    "null bytes": "nul\x00byte",
    "HTML": "<script>alert(1)</script><!-- ]]> &lt;",
    "shell": "$(touch pwned) `touch pwned`; touch pwned | tee > pwned && 'x' \"y\" \\",
    "wildcards": "{wildcards.project} {0} %s {{x}}",
    "half a character": "half \ud800",
    "right to left": "\u202e\u2066kcab\u200f",
    "line ends": "a\r\nb\rc\x85d\u2028e\u2029f",
    "another id": "A01_S01_SH001",
    "dots": "..",
    "white space": " \t\u00a0\u3000 ",
    "nothing": "",
    "a megabyte": "x" * 1_000_000,
    "emoji": "👩‍🚀é" * 50,
}
_SPOKEN = (
    "text",
    "parenthetical",
    "line",
    "scenes",
    "beats",
    "positive",
    "negative",
    "description",
    "voice",
    "clothes",
)
TOO_LONG = ("a megabyte", "emoji")
CONTROL = ("escape codes", "null bytes")
"""No text of a story: the model is told, and then the person."""
TEXTS = frozenset(
    (*_SPOKEN, "title", "theme", "name", "role", "about", "turn", "time", "purpose", "movement", "size", "angle")
)
IDS = frozenset(("id", "location", "character", "characters", "wardrobe", "profile"))


class Hostile(StoryBrain):
    """Puts ``text`` into every key of ``keys``, alone or after what belongs there, but not in the answers of
    ``but``."""

    def __init__(self, text: str, keys: frozenset[str], *, alone: bool = True, but: str = "", **how: Any) -> None:
        super().__init__(**how)
        self.text, self.keys, self.alone, self.but = text, keys, alone, but

    def __call__(self, name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
        made = super().__call__(name, text, schema)
        for shot in made.get("shots", ()):
            shot["seconds"] = 15  # a title is spoken in it
        spoilt: dict[str, Any] = made if name in self.but.split() else self.spoilt(made, "")
        return spoilt

    def spoilt(self, made: Any, key: str) -> Any:
        if isinstance(made, dict):
            return {each: self.spoilt(value, each) for each, value in made.items()}
        if isinstance(made, list):
            return [self.spoilt(each, key) for each in made]
        if isinstance(made, str) and key in self.keys:
            return self.text if self.alone else f"{made} {self.text}"
        return made


@pytest.fixture(scope="module")
def server() -> Iterator[StoryServer]:
    with StoryServer(StoryBrain(), models=(MODEL,), unheld=True) as running:
        yield running


@pytest.fixture(scope="module")
def page(server: StoryServer, tmp_path_factory: pytest.TempPathFactory) -> StoryFilm:
    """A film that is one page. Nobody changes it."""
    short = BRIEF.partition("## For")[0]
    return write_story_film(tmp_path_factory.mktemp("page") / "film", server, short)


def require_harmless(film: StoryFilm, root: Path, capfd: pytest.CaptureFixture[str]) -> list[str]:
    """Make the story: it is made, or there are messages; nothing else happens. Returns the messages."""
    before = film.all_bytes()
    with at_work(film):
        messages = make()
        output = "\n".join([*messages, capfd.readouterr().err])
        assert all(line.isprintable() for line in output.split("\n")), ascii(output)
        assert all(len(line) < 2000 for line in output.split("\n"))
        after = film.all_bytes()
        assert {name: after.get(name) for name in before} == before
        new = [name.removeprefix("projects/harbour/") for name in after if name not in before]
        assert all(name.startswith(("story/", "prompts/")) and name.isascii() for name in new), new
        assert [path.name for path in root.iterdir()] == [film.root.name]
        assert not list(film.root.rglob("pwned"))
        require_whole(film)
        film.calls()
        assert make() == messages
        assert film.calls() == []
        assert film.all_bytes() == after
        if not messages:
            assert load_film("harbour").clips
            assert not any(stage.is_made for stage in plan_story("harbour").stages.values())
    return messages


WAYS: dict[str, Callable[[str], Hostile]] = {
    "texts": lambda text: Hostile(text, TEXTS),
    "ends of texts": lambda text: Hostile(text, TEXTS, alone=False),
    "without dialogue": lambda text: Hostile(text, TEXTS, alone=False, speak=False),
    "ids": lambda text: Hostile(text, IDS),
    "ids of what is there": lambda text: Hostile(text, IDS | {"name"}, but="outline"),
    "ids of shots": lambda text: Hostile(text, IDS, but="outline screenplay"),
}


NO_ID = ("escape codes", "paths", "null bytes", "half a character", "right to left", "dots", "nothing", "a megabyte")
"""As an id all are refused alike: these stand for them."""
CELLS = [(kind, way) for kind in HOSTILE for way in WAYS if not way.startswith("ids") or kind in NO_ID]


@pytest.mark.parametrize(("kind", "way"), CELLS)
def test_answers(page: StoryFilm, tmp_path: Path, capfd: pytest.CaptureFixture[str], kind: str, way: str) -> None:
    assert page.server is not None
    page.server.brain = WAYS[way](HOSTILE[kind])
    messages = require_harmless(copy_of(page, tmp_path / "film"), tmp_path, capfd)
    if way.startswith("ids"):
        assert messages
    elif way == "without dialogue":
        assert bool(messages) == (kind in TOO_LONG + CONTROL), messages


@pytest.mark.parametrize("kind", [name for name in HOSTILE if name != "half a character"])  # no UTF-8 has that
def test_pages(page: StoryFilm, tmp_path: Path, capfd: pytest.CaptureFixture[str], kind: str) -> None:
    """In the page, in the titles and beats of its scenes, and so in what is made of it."""
    assert page.server is not None
    page.server.brain = StoryBrain()
    film = copy_of(page, tmp_path / "film")
    words = HOSTILE[kind].replace("|", "/")  # the test's own model divides a scene by it
    film.write("story/00_brief.md", words + "\n" + BRIEF.replace("dies", words))
    messages = require_harmless(film, tmp_path, capfd)
    assert bool(messages) == (kind in ("a megabyte", *CONTROL))  # the test's own model repeats what it reads
