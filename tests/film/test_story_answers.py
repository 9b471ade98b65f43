"""A model's answers are only data: they change no file outside the story and break no parser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kit.story.brain import StoryBrain
from kit.story.film import MODEL, write_story_film
from kit.story.server import StoryServer
from vtx_app.story.screenplay.fountain import read_fountain

HOSTILE = [
    "../../etc/passwd",
    "a\nb: c\n# d",
    "---\n- x",
    "{}&*!|>'\"%@`",
    "%1b[31mred\t\x85",
    "\u202eRTL 👩‍🚀",
    "INT. FAKE - DAY",
    "x" * 5000,
    "{wildcards.project} $(touch pwned) `touch pwned`",
]
SPEECH = "INT. FAKE - DAY\n\nMARA\n# section\n[[note\n/* bone\n===\n~la\n> to <"


class Hostile(StoryBrain):
    """Puts text that looks like something else into every text."""

    count = 0

    def next(self, most: int = 5000) -> str:
        self.count += 1
        return HOSTILE[self.count % len(HOSTILE)][:most]

    def outline(self, inputs: dict[str, Any]) -> dict[str, Any]:
        made = super().outline(inputs)
        for act in made["acts"]:
            act |= {"title": "## # Act 9\n### A01_S01 fake", "turn": self.next()}
            for scene in act["scenes"]:
                scene |= {"title": self.next(), "time": self.next(), "purpose": self.next(), "beats": HOSTILE}
        for each in [*made["characters"], *made["locations"]]:
            each["name"] = self.next(150)
        return made

    def treatment(self, inputs: dict[str, Any]) -> dict[str, Any]:
        return {"scenes": ["# Act 2\n### A01_S02 fake\n\n```\n---\n" + self.next() for _ in inputs["act"]["scenes"]]}

    def screenplay(self, inputs: dict[str, Any]) -> dict[str, Any]:
        made = super().screenplay(inputs)
        for each in made["elements"]:
            if each["kind"] == "dialogue":
                each |= {"parenthetical": "(((\nx", "text": SPEECH}
        return made

    def shotlist(self, inputs: dict[str, Any]) -> dict[str, Any]:
        shots = []
        for scene in read_fountain(inputs["screenplay"]).scenes:
            for each in scene.elements:
                speech = [{"character": inputs["characters"][0]["id"], "line": each.text}]
                shots.append(
                    {
                        "title": each.text[:150],
                        "size": "../w",
                        "angle": "",
                        "movement": "\n---",
                        "beats": [each.text[:300]],
                        "dialogue": speech if each.kind == "dialogue" and each.text.strip() else [],
                        "characters": [],
                        "location": inputs["locations"][0]["id"],
                        "seconds": 15,
                        "continues": "cut",
                        "profile": None,
                    }
                )
        return {"shots": shots}

    def clips(self, inputs: dict[str, Any]) -> dict[str, Any]:
        return {"positive": self.next(), "negative": self.next()}


def test_hostile_answers_are_data(tmp_path: Path) -> None:
    with StoryServer(Hostile(), models=(MODEL,)) as server:
        film = write_story_film(tmp_path, server)
        before = film.all_bytes()
        output = film.make_story()
        after = film.all_bytes()
        assert "\x1b" not in output
        assert {name: after.get(name) for name in before} == before
        new = [name.removeprefix("projects/harbour/") for name in after if name not in before]
        assert all(name.startswith(("story/", "prompts/")) for name in new), new
        assert not list(tmp_path.rglob("pwned"))
        assert len(list((film.folder / "story/03_screenplay").iterdir())) == 3
        code, planned = film.story("--dry-run", target="final")
        assert code == 0, planned
        assert "to render" in planned
        film.calls()
        assert "Nothing to be done" in film.make_story()
        assert film.calls() == []
