"""The registry says what the films' files say, and a film that has not changed is not read."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kit.audit import opened
from kit.film import IDS, Film, write_film
from vtx_app.errors import ProjectError
from vtx_app.plan.planner import plan_film
from vtx_app.registry.database import Connection, registry_path, use
from vtx_app.registry.films import all_films
from vtx_app.studio.sync import INDEX, Synced

Syncing = Callable[[], Synced]

CLIP, STEM = "A01_S01_SH001", "A01_S01_SH001__empty_quay"


def rows(query: str, *values: object) -> list[tuple[Any, ...]]:
    return use(lambda db: db.execute(query, values).fetchall())


def whole(db: Connection) -> list[list[tuple[Any, ...]]]:
    """All that follows from files: everything but jobs and times of looking."""
    return [
        db.execute(query).fetchall()
        for query in (
            "SELECT slug, project_id, path, title, active, error, renderer, to_render, to_conform, seconds, "
            "seconds_to_render, finished FROM projects ORDER BY slug",
            "SELECT slug, project_id, clip_id, position, title, seconds, found, state, hash, output_path FROM clips "
            "ORDER BY slug, position",
            "SELECT * FROM takes ORDER BY project, clip_id, digest",
        )
    ]


def digest(slug: str = "harbour", clip_id: str = CLIP) -> str:
    return next(clip.take.digest for clip in plan_film(slug, "final").clips.values() if clip.clip_id == clip_id)


def test_films_and_clips_are_listed_with_all_that_is_known(film: Film, synced: Syncing) -> None:
    assert synced().read == ["harbour"]
    ((project_id, title, path, active, renderer, seconds, to_render, finished),) = rows(
        "SELECT project_id, title, path, active, renderer, seconds, to_render, finished FROM projects"
    )
    assert (project_id, title) == ("6f2c1f2e-53b5-4a3c-9d6b-0f1d5a6f7c11", "Harbour")
    assert (path, active, renderer) == (str(film.folder), 1, "animatic")
    assert (seconds, to_render, finished) == (5.875, 6, 0)
    clips = rows("SELECT clip_id, title, seconds, state, hash, output_path, project_id FROM clips ORDER BY position")
    assert [clip[0] for clip in clips] == IDS
    assert clips[0][1:] == (
        *("Empty quay", 1.0, "planned", digest()),
        *(f"projects/harbour/renders/clips/{STEM}.mp4", project_id),
    )


def opens(synced: Syncing) -> tuple[Synced, list[str]]:
    """Sync; also the slugs of the films whose files are opened."""
    with opened() as names:
        done = synced()
    return done, sorted({name.split("/")[1] for name in names if name.startswith("projects/")})


def test_a_film_that_has_not_changed_is_not_read_again(film: Film, synced: Syncing) -> None:
    second, third = write_film(film.root, "ferry"), write_film(film.root, "quay")
    assert opens(synced)[1] == ["ferry", "harbour", "quay"]
    done, read = opens(synced)
    assert (done.unchanged, read) == (3, [])
    second.edit_clip(STEM, "dawn", "dusk")
    done, read = opens(synced)
    assert done.read == read == ["ferry"]
    third.write(f"renders/takes/{CLIP}/{digest('quay')}.mp4", b"a take")
    film.write("project.env", "PROJECT_TITLE=Other\n")
    done, read = opens(synced)
    assert done.read == read == ["harbour", "quay"]
    (film.root / "config/global.env").write_text("VTX_PRODUCE_IN_ACTS=false\n", encoding="utf-8")
    assert opens(synced)[1] == ["ferry", "harbour", "quay"]


def test_only_what_changed_is_opened(film: Film, synced: Syncing) -> None:
    def films_opened() -> list[str]:
        with opened() as names:
            synced()
        return sorted({name for name in names if name.startswith("projects/")})

    ferry = write_film(film.root, "ferry")
    ferry.write(f"renders/takes/{CLIP}/{'a' * 64}.mp4", b"")
    ferry.write(f"renders/takes/{CLIP}/{'a' * 64}.json", "{}")
    both = films_opened()
    assert {name.split("/")[1] for name in both} == {"ferry", "harbour"}
    assert films_opened() == []
    ferry.edit_clip(STEM, "dawn", "dusk")
    record = f"projects/ferry/renders/takes/{CLIP}/{'a' * 64}.json"
    assert films_opened() == [name for name in both if name.startswith("projects/ferry/") and name != record]


def test_a_take_that_is_copied_in_by_hand_is_seen(film: Film, synced: Syncing, tmp_path: Path) -> None:
    film.write(f"renders/takes/{CLIP}/{'a' * 64}.mp4", b"of other words")
    old = tmp_path / "old.mp4"
    old.write_bytes(b"a take")
    os.utime(old, (0, 0))
    assert synced().unchanged == 0
    shutil.copy2(old, film.folder / f"renders/takes/{CLIP}/{digest()}.mp4")
    synced()
    assert rows("SELECT state FROM clips WHERE clip_id = ?", CLIP) == [("rendered",)]
    (film.folder / f"renders/takes/{CLIP}/{digest()}.mp4").rename(old)
    synced()
    assert rows("SELECT state FROM clips WHERE clip_id = ?", CLIP) == [("planned",)]


@pytest.mark.parametrize("way", ["in its place", "by another file"])
def test_an_edit_that_keeps_size_and_time_is_seen(film: Film, synced: Syncing, tmp_path: Path, way: str) -> None:
    path = film.folder / "prompts/clips" / f"{STEM}.yaml"
    synced()
    before = path.stat()
    text = path.read_bytes().replace(b"title: Empty quay", b"title: Other quay")
    other = tmp_path / "other.yaml" if way == "by another file" else path
    with other.open("r+b" if other is path else "wb") as file:
        file.write(text)
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    synced()
    assert rows("SELECT title FROM clips WHERE clip_id = ?", CLIP) == [("Other quay",)]


def test_a_registry_that_was_deleted_says_the_same_again(film: Film, synced: Syncing) -> None:
    write_film(film.root, "ferry").write(f"renders/takes/{CLIP}/{digest()}.mp4", b"")
    film.edit_clip(STEM, "dawn", "dusk")
    synced()
    before = use(whole)
    for path in registry_path().parent.glob("registry*"):
        path.unlink()
    (registry_path().parent / INDEX).unlink()
    assert len(synced().read) == 2
    assert use(whole) == before


def test_a_film_with_faults_stays_listed_with_the_first(film: Film, synced: Syncing) -> None:
    film.edit_clip(STEM, "positive:", "positiv:")
    film.edit("prompts/characters.yaml", "mara:", "mora:")
    done = synced()
    (line,) = use(all_films)
    assert line.trouble == done.faults["harbour"]
    assert "\n" not in line.trouble
    assert line.trouble.startswith("projects/harbour/prompts/")
    assert (line.title, line.clips, line.finished) == ("Harbour", 0, False)
    film.write("metadata.yaml", "- no mapping")
    synced()
    (line,) = use(all_films)
    assert (line.title, line.project_id) == ("", "")
    assert line.trouble.startswith("projects/harbour/metadata.yaml:1: ")
    (film.folder / "metadata.yaml").unlink()
    (film.folder / "metadata.yaml").symlink_to("nowhere")
    synced()
    assert "metadata.yaml" in use(all_films)[0].trouble


def test_films_that_vanished_are_kept_and_not_listed(film: Film, synced: Syncing) -> None:
    write_film(film.root, "ferry")
    synced()
    shutil.move(film.folder, film.root / "away")
    assert synced().gone == ["harbour"]
    assert synced().gone == []
    assert [line.slug for line in use(all_films)] == ["ferry"]
    assert rows("SELECT active FROM projects WHERE slug = 'harbour'") == [(0,)]
    assert rows("SELECT count(*) FROM clips WHERE slug = 'harbour'") == [(6,)]
    shutil.move(film.root / "away", film.folder)
    done, read = opens(synced)
    assert done.read == read == ["harbour"]
    assert len(use(all_films)) == 2


def test_films_elsewhere(film: Film, synced: Syncing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    synced()
    monkeypatch.setenv("VTX_PROJECTS_ROOT", str(tmp_path / "nowhere"))
    with pytest.raises(ProjectError, match=r"^nowhere, the folder of the films: no such .*VTX_PROJECTS_ROOT$"):
        synced()
    assert use(all_films)[0].path == str(tmp_path / "projects/harbour")  # a disk that is not mounted forgets no film
    shutil.copytree(film.folder, tmp_path / "nowhere/harbour")
    assert synced().read == ["harbour"]
    assert use(all_films)[0].path == str(tmp_path / "nowhere/harbour")


def test_two_folders_of_one_id_are_two_films(film: Film, synced: Syncing) -> None:
    shutil.copytree(film.folder, film.folder.with_name("copy"))
    other = Film(film.root, "copy")
    other.edit("metadata.yaml", "slug: harbour", "slug: copy")
    synced()
    assert [line.clips for line in use(all_films)] == [6, 6]


def test_the_states_of_clips_by_their_files(film: Film, synced: Syncing) -> None:
    def state() -> str:
        synced()
        return str(rows("SELECT state FROM clips WHERE clip_id = ?", CLIP)[0][0])

    def say(text: str) -> None:
        film.write(f"review/selects/{CLIP}.yaml", f"clip_id: {CLIP}\n{text}")

    first = digest()
    film.write(f"renders/takes/{CLIP}/{first}.mp4", b"")
    assert state() == "rendered"
    say(f"state: approved\ntake: {first}\n")
    assert state() == "approved"
    film.edit("prompts/style_bible.yaml", "soft grain", "hard grain")
    assert state() == "approved"
    (film.folder / f"review/selects/{CLIP}.yaml").unlink()
    assert state() == "planned"
    say(f"rejected: [{first}, {digest()}]\n")
    assert state() == "rejected"
    film.write(f"renders/takes/{CLIP}/{digest()}.mp4", b"")
    assert state() == "rendered"
    shutil.rmtree(film.folder / "review")
    film.edit("prompts/style_bible.yaml", "hard grain", "soft grain")
    film.edit_clip(STEM, "state: planned", "state: approved")
    assert state() == "approved"
    film.edit_clip(STEM, "state: approved", "state: rejected")
    assert state() == "rejected"


def test_the_time_of_a_clip_is_that_of_its_last_change(film: Film, synced: Syncing) -> None:
    synced()
    before = dict(rows("SELECT clip_id, updated_at FROM clips"))
    film.edit_clip(STEM, "dawn", "dusk")
    film.edit_clip("A01_S01_SH002__mara", "title: Mara", "title: The ferrywoman")
    synced()
    after = dict(rows("SELECT clip_id, updated_at FROM clips"))
    assert [clip_id for clip_id in IDS if before[clip_id] != after[clip_id]] == [CLIP]
    assert rows("SELECT title FROM clips WHERE clip_id = 'A01_S01_SH002'") == [("The ferrywoman",)]


def test_a_shot_that_is_taken_out_is_gone(film: Film, synced: Syncing) -> None:
    synced()
    (film.folder / f"prompts/clips/{STEM}.yaml").unlink()
    synced()
    assert [row[0] for row in rows("SELECT clip_id FROM clips ORDER BY position")] == IDS[1:]


def records_opened(synced: Syncing) -> list[tuple[str, str]]:
    """Sync; returns the clip and the digest of every record of a take that is opened."""
    with opened() as names:
        synced()
    paths = [Path(name) for name in names if "/renders/takes/" in name]
    return sorted((path.parent.name, path.stem) for path in paths)


def test_records_of_takes_are_read_once(film: Film, synced: Syncing) -> None:
    request = {"pipeline": "distilled", "renderer": "ltx", "width": 768, "height": 448, "frames": 121}
    record = {"rendered_at": "2026-02-03T04:05:06+00:00", "wall_seconds": 61.5, "gpu": "H100", "request": request}
    film.write(f"renders/takes/{CLIP}/{'a' * 64}.mp4", b"")
    film.write(f"renders/takes/{CLIP}/{'a' * 64}.json", json.dumps(record))
    film.write(f"renders/takes/A09_S01_SH001/{'b' * 64}.mp4", b"of a shot that is no more")
    film.write(f"renders/takes/{CLIP}/.{'c' * 64}.part.mp4", b"not finished")
    assert records_opened(synced) == [(CLIP, "a" * 64), ("A09_S01_SH001", "b" * 64)]
    assert rows("SELECT * FROM takes") == [
        ("harbour", CLIP, "a" * 64, "2026-02-03T04:05:06+00:00", 61.5, "distilled", "ltx", 768, 448, 121, "H100"),
        ("harbour", "A09_S01_SH001", "b" * 64, *[None] * 8),
    ]
    film.write(f"renders/takes/{CLIP}/{'d' * 64}.mp4", b"")
    assert records_opened(synced) == [(CLIP, "d" * 64)]
    (film.folder / f"renders/takes/{CLIP}/{'a' * 64}.mp4").unlink()
    synced()
    assert [row[0][0] for row in rows("SELECT digest FROM takes ORDER BY 1")] == ["b", "d"]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"[1]",
        b'{"request": 5, "wall_seconds": "x", "rendered_at": 7, "gpu": ["a"]}',
        b'{"request": {"frames": -1, "width": 1e400, "height": true, "pipeline": null}, "wall_seconds": NaN}',
        b'{"request": {"frames": 99999999999999999999999}, "wall_seconds": 1e300, "gpu": "\\ud800"}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_record_is_a_take_of_which_little_is_known(film: Film, synced: Syncing, text: bytes) -> None:
    film.write(f"renders/takes/{CLIP}/{'a' * 64}.mp4", b"")
    film.write(f"renders/takes/{CLIP}/{'a' * 64}.json", text)
    synced()
    assert rows("SELECT digest, wall_seconds, frames, rendered_at FROM takes") == [("a" * 64, None, None, None)]


HOSTILE = ["Robert'); DROP TABLE clips;--", '"', "\x1b[31mred\x07", "🎬 מה", "a: b # c", "{{7*7}} $(touch y)"]


@pytest.mark.parametrize("title", HOSTILE)
def test_titles_and_notes_are_data(film: Film, synced: Syncing, title: str) -> None:
    data = yaml.safe_load(film.read("metadata.yaml"))
    film.write("metadata.yaml", json.dumps({**data, "title": title}, default=str, ensure_ascii=False))
    spec = yaml.safe_load(film.read(f"prompts/clips/{STEM}.yaml"))
    spec["title"] = spec["render"]["notes"] = title
    film.write(f"prompts/clips/{STEM}.yaml", json.dumps(spec, ensure_ascii=False))
    assert synced().faults == {}
    assert use(all_films)[0].title == title
    assert rows("SELECT title FROM clips WHERE clip_id = ?", CLIP) == [(title,)]
    assert json.loads((film.root / ".vtx" / INDEX).read_text(encoding="utf-8"))[0]["title"] == title


@pytest.mark.parametrize("name", [b"'; DROP TABLE projects; --", b"\x1b[31m", b"caf\xe9", b"-rf", b"A B"])
def test_folders_that_are_no_films_are_told_and_harm_nothing(film: Film, synced: Syncing, name: bytes) -> None:
    shutil.copytree(film.folder, os.fsdecode(os.fsencode(film.folder.parent) + b"/" + name))
    done = synced()
    good, bad = sorted(use(all_films), key=lambda line: line.slug != "harbour")
    assert (good.slug, good.trouble, good.clips) == ("harbour", "", 6)
    assert "is not a project" in bad.trouble
    assert len(done.read) == 2
    assert synced().unchanged == 2
    assert len(json.loads((film.root / ".vtx" / INDEX).read_text(encoding="utf-8"))) == 2


def test_the_index_is_written_whole_and_only_when_it_changes(film: Film, synced: Syncing) -> None:
    synced()
    path = film.root / ".vtx" / INDEX
    assert json.loads(path.read_text(encoding="utf-8")) == [
        {
            "slug": "harbour",
            "project_id": "6f2c1f2e-53b5-4a3c-9d6b-0f1d5a6f7c11",
            "title": "Harbour",
            "path": str(film.folder),
        }
    ]
    path.write_bytes(b"\xff is no index")
    synced()
    assert json.loads(path.read_bytes())[0]["title"] == "Harbour"
    before = path.stat().st_ino
    film.edit_clip(STEM, "dawn", "dusk")
    synced()
    assert path.stat().st_ino == before
    film.edit("metadata.yaml", '"Harbour"', '"Harbor"')
    synced()
    assert path.stat().st_ino != before
    assert json.loads(path.read_text(encoding="utf-8"))[0]["title"] == "Harbor"


def test_where_there_are_no_films_there_are_none(film: Film, synced: Syncing) -> None:
    shutil.rmtree(film.root / "projects")
    nothing = {"films": 0, "read": [], "unchanged": 0, "gone": [], "faults": {}, "interrupted": []}
    assert synced().data() == nothing
    assert use(all_films) == []


def test_old_jobs_are_forgotten(film: Film, synced: Syncing) -> None:
    insert = "INSERT INTO jobs (project, kind, subject, digest, state, process, started_at, ended_at) VALUES "
    rows(insert + "('harbour', 'cut', 'final', '', 'rendered', '1-1', '2020-01-01', '2020-01-01')")
    rows(insert + "('harbour', 'cut', 'A01', '', 'rendered', '1-1', '2120-01-01', '2120-01-01')")
    insert = "INSERT INTO jobs (project, kind, subject, digest, state, process, started_at, host) VALUES "
    rows(insert + "('harbour', 'take', 'A01_S01_SH001', '', 'rendering', '1-1', '2020-01-01', 'elsewhere')")
    synced()
    assert rows("SELECT subject FROM jobs") == [("A01",)]
