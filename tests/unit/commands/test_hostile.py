"""Whatever stands in slugs, titles, notes and errors is data: the same in SQL, and nothing that a terminal obeys."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kit.film import Film
from kit.typed import vtx, vtx_json
from vtx_app.errors import RenderError
from vtx_app.plan.planner import plan_film
from vtx_app.registry.database import as_utf8, registry_path
from vtx_app.registry.jobs import record_job

STEM = "A01_S01_SH001__empty_quay"

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
seen = texts.filter(lambda text: any(sign.isprintable() and not sign.isspace() for sign in text))
names = (
    st.binary(min_size=1, max_size=30)
    .map(lambda name: name.translate(None, b"/\0"))
    .filter(lambda name: name not in (b"", b".", b"..", b"harbour") and not name.startswith(b"."))
)


def rows(query: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(registry_path())) as db:
        return db.execute(query).fetchall()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(film_title=seen, clip_title=texts, notes=texts, error=texts, folder=names)
@example("\x1b]0;x\x07", "\x9b2J\x7f", "\u202e'; DROP TABLE clips;--", "[red]\r\n\x1b[31m", b"\x1b[2J'\";--\xff")
def test_nothing_gets_through_and_nothing_is_lost(
    film: Film, film_title: str, clip_title: str, notes: str, error: str, folder: bytes
) -> None:
    metadata = yaml.safe_load(film.read("metadata.yaml"))
    film.write("metadata.yaml", yaml.safe_dump({**metadata, "title": film_title}))
    spec = yaml.safe_load(film.read(f"prompts/clips/{STEM}.yaml"))
    film.write(f"prompts/clips/{STEM}.yaml", yaml.safe_dump({**spec, "title": clip_title, "story_beats": [notes]}))
    other = Path(os.fsdecode(os.fsencode(film.folder.parent) + b"/" + folder))
    shutil.copytree(film.folder, other, dirs_exist_ok=True)
    try:
        vtx("registry", "sync")
        for clip in list(plan_film("harbour", "final").clips.values())[:1]:
            with contextlib.suppress(RenderError), record_job("take", "harbour", clip.clip_id, clip.take.digest):
                raise RenderError(error)
        harbour, bad = sorted(vtx_json("projects", "list"), key=lambda line: line["slug"] != "harbour")
        assert (harbour["title"], harbour["failed"], harbour["trouble"]) == (film_title, 1, "")
        assert (bad["slug"], bad["clips"]) == (as_utf8(os.fsdecode(folder)), 0)
        assert bad["trouble"]
        first = vtx_json("projects", "status", "harbour")["clips"][0]
        assert first["title"] == clip_title
        assert vtx("projects", "list").stdout.count("\n") > 2
        vtx("projects", "status", "harbour")
        vtx("resume", code=2)
        assert rows("SELECT title FROM projects WHERE slug = 'harbour'") == [(film_title,)]
        assert rows("SELECT title, error FROM clips WHERE position = 0") == [(clip_title, first["error"])]
        assert first["error"] == next(iter(error.strip().splitlines()), "")
        index = (registry_path().parent / "projects_index.json").read_bytes()
        assert index.isascii()
        assert [line["slug"] for line in json.loads(index)] == sorted(["harbour", bad["slug"]])
    finally:
        shutil.rmtree(other)
