"""A story on servers that speak OpenAI's API in their own way: from the brief to the specs, or to the one line that
says why not.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.story.brain import StoryBrain
from kit.story.film import MODEL, write_story_film
from kit.story.make import at_work, copy_of, make, require_whole
from kit.story.server import Kind, StoryServer
from kit.story.server_kinds import END, HALF, WORK
from vtx_app.project.load import load_film
from vtx_app.story.plan import plan_story

SHORT = """\
# One night of Ruß and Übermut in the old tower

## The only act
* The light dies | Lamp room | Ines | The light buzzes and dies.; The lens drifts to a stop.
"""


def asked(server: StoryServer) -> int:
    """The number of requests since this was last asked."""
    count = len(server.requests)
    server.requests.clear()
    return count


@pytest.mark.parametrize("kind", [*WORK.values(), HALF], ids=lambda kind: kind.name)
def test_a_story_is_written(tmp_path: Path, kind: Kind, capfd: pytest.CaptureFixture[str]) -> None:
    with StoryServer(StoryBrain(), models=(MODEL,), kind=kind, **kind.options) as server:
        film = write_story_film(tmp_path / "film", server, SHORT)
        again = copy_of(film, tmp_path / "again")
        with at_work(film):
            assert make(at_once=1) == []
            require_whole(film)
            assert load_film("harbour").clips
            assert not any(stage.is_made for stage in plan_story("harbour").stages.values())
            assert not list(film.folder.rglob("*.rejected.json"))
            first = asked(server)
            assert make() == []
            assert asked(server) == 0
        answers = list((film.folder / "story/.answers").glob("*/*.json"))
        repaired = [each for each in answers if json.loads(each.read_text(encoding="utf-8"))["repaired"]]
        assert len(repaired) == {"F2 schema ignored": 1, "F13 a control character": len(answers)}.get(kind.name, 0)
        told = capfd.readouterr().err
        assert "Traceback" not in told
        with at_work(again, VTX_APP_HOME=str(film.root / ".vtx")):
            assert make(at_once=1) == []
            calls = len(answers) * (2 if kind.name.startswith("F13") else 1)
            now = asked(server)
            assert now == calls or (kind is HALF and calls < now < first), "what the server lacks is known by now"
        assert again.texts() == film.texts()


@pytest.mark.parametrize(("kind", "says"), END.values(), ids=END)
def test_a_story_ends_in_one_line(tmp_path: Path, kind: Kind, says: str) -> None:
    with StoryServer(StoryBrain(), models=(MODEL,), kind=kind) as server:
        film = write_story_film(tmp_path / "film", server, SHORT)
        with at_work(film, VTX_STORY_TIMEOUT="0.2" if kind.name.startswith("F11") else ""):
            (line,) = make("outline")
            assert says in line
            assert "\n" not in line
            assert line.isprintable()
            assert "Übermut" not in line
            assert "<" not in line
            assert asked(server) <= 3, "nothing that waiting can't change is asked again"
            assert make("outline") == [line]
            assert asked(server) <= 3
            assert not (film.folder / "story/01_outline.yaml").exists()


def test_a_key_that_is_a_word_changes_no_word_of_the_story(tmp_path: Path) -> None:
    words = {"treatment": " The latest contest is a test.", "clips": " A placeholder."}
    texts = []
    for key in ("test", "placeholder", "sk-real-0123456789abcdef"):
        with StoryServer(StoryBrain(words=words), key=key, models=(MODEL,)) as server:
            film = write_story_film(tmp_path / key, server, SHORT)
            with at_work(film, OPENAI_API_KEY=key):
                assert make() == []
            texts.append(film.texts())
    assert texts[0] == texts[1] == texts[2]
    assert "The latest contest is a test." in texts[0]["story/02_treatment.md"]


def test_what_arrived_unreadable_is_paid_for_once_in_each_form(tmp_path: Path) -> None:
    kind = END["F3 another form"][0]
    with StoryServer(StoryBrain(), models=(MODEL,), kind=kind) as server:
        film = write_story_film(tmp_path / "film", server, SHORT)
        with at_work(film):
            (line,) = make("outline")
            (kept,) = film.folder.rglob("*.rejected.json")
            arrived = json.loads(kept.read_text(encoding="utf-8"))["arrived"]
            assert [each["body"] for each in arrived] == ['{"result": "G"}'] * 3
            assert kept.name in line
            assert "later" not in line
            assert asked(server) == 3
            assert make("outline") == [line]
            assert asked(server) == 0
            kept.unlink()
            assert make("outline") == [line]
            assert asked(server) == 3
