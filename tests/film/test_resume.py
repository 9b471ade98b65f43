"""``vtx resume``: several films in one build, one queue for the GPU. The storyboard renderer stands in for one that
needs a GPU; what a LoRA bundle names is what its takes must load."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from kit.build import Recorded
from kit.command import listed_films, vtx, vtx_json
from kit.film import Film, spec, write_film

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


def write_studio(root: Path, *slugs: str) -> Film:
    """Some of the films, never built."""
    for slug in slugs:
        film = write_film(root, slug)
        for path in (film.folder / "prompts/clips").iterdir():
            path.unlink()
        for clip_id, (bundle, parent) in FILMS[slug].items():
            words = {"continuity": {"shared_loras_profile": bundle}, "inputs": {"continue_from": parent or None}}
            film.write(f"prompts/clips/{clip_id}__shot.yaml", spec(clip_id, "A shot", "The quay.", **words))
    return Film(root)


@pytest.mark.parametrize("scheduler", ["ilp", "greedy"])
def test_takes_of_several_films_that_share_loras_come_one_after_the_other(tmp_path: Path, scheduler: str) -> None:
    studio = write_studio(tmp_path, *FILMS)
    record = Recorded(tmp_path / "record")
    env = record.environment(gpu=True) | {"CUDA_VISIBLE_DEVICES": "0", "TMPDIR": str(tmp_path)}
    films = [word for slug in FILMS for word in ("--project", slug)]
    vtx(studio, "resume", *films, "--yes", "--cores", "2", "--", "--scheduler", scheduler, env=env)
    rendered = [clip_id for event, clip_id, *_ in record.events() if event == "end"]
    bundles = {clip_id: bundle for clips in FILMS.values() for clip_id, (bundle, _) in clips.items()}
    assert [bundle for bundle, _ in groupby(bundles[clip_id] for clip_id in rendered)] == ["dream", "core"]
    within = ["A01_S01_SH002", "A02_S01_SH001", "A01_S01_SH001", "A01_S01_SH003", "A02_S01_SH002", "A03_S01_SH001"]
    assert rendered == within  # the films in the order they were named
    assert all(line["finished"] for line in listed_films(studio).values())


def test_what_can_t_be_built_keeps_nobody_else(tmp_path: Path) -> None:
    studio = write_studio(tmp_path, *FILMS)
    Film(tmp_path, "ferry").write("prompts/characters.yaml", "version: 2\n")
    status = vtx_json(studio, "projects", "status", "harbour")
    take = {clip["clip"]: clip["take"] for clip in status["clips"]}["A01_S01_SH002"]
    damaged = studio.write(f"renders/takes/A01_S01_SH002/{take}.mp4", "what another clip goes on from")
    said = vtx(studio, "resume", "--yes", "--", "--scheduler", "greedy", code=1)
    assert "ferry is left out: projects/ferry/prompts/characters.yaml:1: version" in said
    films = listed_films(studio)
    assert [films[slug]["finished"] for slug in ("bell", "ferry", "harbour")] == [True, False, False]
    assert (films["harbour"]["failed"], films["harbour"]["rendered"]) == (1, 2)
    damaged.unlink()
    vtx(studio, "resume", "--yes", "--", "--scheduler", "greedy", code=1)  # ferry is left
    assert listed_films(studio)["harbour"]["finished"]
