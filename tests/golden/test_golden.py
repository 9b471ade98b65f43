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


def test_there_is_a_clip_for_every_pipeline() -> None:
    for name in ("pipelines", "pipelines_split"):
        assert {request["pipeline"] for request in golden(name)["requests"].values()} == set(PIPELINES)


def test_every_state_of_a_select_is_in_a_golden_film() -> None:
    clips = golden("pipelines")["tiers"]["final"]["clips"]
    assert {clip["state"] for clip in clips.values()} == {"open", "picked", "approved"}
    assert any(clip["candidates"] for clip in clips.values())
    assert any(clip["digest"] != clip["requested"] for clip in clips.values())
