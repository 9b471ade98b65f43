"""``vtx resume``: several films in one build, one queue for the GPU. The storyboard renderer stands in for one that
needs a GPU; what a LoRA bundle names is what its takes must load."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest
from buildkit import Recorded
from filmkit import Film, spec, write_film
from test_registry import listed, vtx

FILMS = {
    "harbour": {
        "A01_S01_SH001": ("core", ""),
        "A01_S01_SH002": ("dream", ""),
        "A01_S01_SH003": ("core", "A01_S01_SH002"),
    },
    "ferry": {"A02_S01_SH001": ("dream", ""), "A02_S01_SH002": ("core", "")},
    "bell": {"A03_S01_SH001": ("core", "")},
}
"""The clips of three films, whose ids tell them apart: LoRA bundle, and the clip they go on from."""


@pytest.fixture
def studio(tmp_path: Path) -> Film:
    """Three films, never built; the last but one can't be."""
    for slug, clips in FILMS.items():
        film = write_film(tmp_path, slug)
        for path in (film.folder / "prompts/clips").iterdir():
            path.unlink()
        for clip_id, (bundle, parent) in clips.items():
            words = {"continuity": {"shared_loras_profile": bundle}, "inputs": {"continue_from": parent or None}}
            film.write(f"prompts/clips/{clip_id}__shot.yaml", spec(clip_id, "A shot", "The quay.", **words))
    return Film(tmp_path)


@pytest.mark.parametrize("scheduler", ["ilp", "greedy"])
def test_takes_of_several_films_that_share_loras_come_one_after_the_other(
    studio: Film, tmp_path: Path, scheduler: str
) -> None:
    record = Recorded(tmp_path / "record")
    env = record.environment(gpu=True) | {"CUDA_VISIBLE_DEVICES": "0", "TMPDIR": str(tmp_path)}
    films = [word for slug in ("harbour", "ferry", "bell") for word in ("--project", slug)]
    vtx(studio, "resume", *films, "--yes", "--cores", "2", "--", "--scheduler", scheduler, env=env)
    rendered = [clip_id for event, clip_id, *_ in record.events() if event == "end"]
    bundles = {clip_id: bundle for clips in FILMS.values() for clip_id, (bundle, _) in clips.items()}
    assert [bundle for bundle, _ in groupby(bundles[clip_id] for clip_id in rendered)] == ["dream", "core"]
    within = ["A01_S01_SH002", "A02_S01_SH001", "A01_S01_SH001", "A01_S01_SH003", "A02_S01_SH002", "A03_S01_SH001"]
    assert rendered == within  # the films in the order they were named
    assert all(line["finished"] for line in listed(studio).values())
