"""What is rendered when never changes by itself: the digests, stamps and commands of ``data`` hold.

A change that is meant is written by ``python tests/golden --write``, with its reason in the message of the commit.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from golden.snapshot import DATA, FILMS, differences, text_of
from kit.ltx.recorded import parse
from vtx_app.formats.pipelines import PIPELINES


@pytest.fixture(scope="module")
def now() -> dict[str, Any]:
    """What the films are made from by the code as it is, computed in a process that has cached nothing."""
    argv = [sys.executable, str(Path(__file__).parent)]
    found: dict[str, Any] = json.loads(subprocess.run(argv, check=True, stdout=subprocess.PIPE).stdout)
    return found


def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", FILMS)
def test_digests_stamps_and_commands_are_what_they_were(name: str, now: dict[str, Any]) -> None:
    kept = golden(name)
    if text_of(kept) != text_of(now[name]):
        lines = differences(kept, now[name]) or ["the requests of takes that no clip shows"]
        pytest.fail(f"{name}: another film would be rendered:\n" + "\n".join(lines), pytrace=False)


def parsed(version: str, pipeline: str, argv: list[str], folder: Path) -> None:
    """Require that the module of that version parses the command; its made-up paths are made."""
    words = [word.replace("/models/", f"{folder}/", 1) if word.startswith("/models/") else word for word in argv]
    for number, word in enumerate(words):
        if word.startswith(("/loras/", "/inputs/", "/made/")):
            words[number] = str(folder / word.lstrip("/").replace("/", "_"))
    for word in words:
        if word.startswith(f"{folder}/"):
            Path(word).touch()
    parse(version, pipeline, words)


def test_every_command_is_one_of_its_version(tmp_path: Path) -> None:
    for name in ("pipelines", "pipelines_split"):
        film = golden(name)
        for digest, commands in film["commands"].items():
            for version, argv in commands.items():
                parsed(version, film["requests"][digest]["pipeline"], argv, tmp_path)


def test_the_takes_of_old_films_have_commands_in_later_versions_too(tmp_path: Path) -> None:
    argv = [sys.executable, str(Path(__file__).parent), "--later"]
    found = json.loads(subprocess.run(argv, check=True, stdout=subprocess.PIPE).stdout)
    commands = [each for name in ("pipelines", "pipelines_split") for each in found[name]]
    assert {(version, pipeline) for version, pipeline, _ in commands} == {
        (version, pipeline) for version in ("1.3.0", "1.4.0") for pipeline in set(PIPELINES) - {"dfr_pipeline"}
    }
    for version, pipeline, words in commands:
        parsed(version, pipeline, words, tmp_path)


def test_there_is_a_clip_for_every_pipeline() -> None:
    for name in ("pipelines", "pipelines_split"):
        assert {request["pipeline"] for request in golden(name)["requests"].values()} == set(PIPELINES)


def test_every_state_of_a_select_is_in_a_golden_film() -> None:
    clips = golden("pipelines")["tiers"]["final"]["clips"]
    assert {clip["state"] for clip in clips.values()} == {"open", "picked", "approved"}
    assert any(clip["candidates"] for clip in clips.values())
    assert any(clip["digest"] != clip["requested"] for clip in clips.values())
