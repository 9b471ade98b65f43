"""What is seen of a film from outside, and what is not."""

from __future__ import annotations

import os
import time
from itertools import pairwise
from pathlib import Path

import pytest

from kit.audit import opened
from kit.film import Film
from vtx_app.studio.signature import film_signature, shared_signature


def signature(film: Film) -> str:
    """The film's signature once its last edit is a tick of the clock old."""
    while not (found := film_signature(film.folder, shared_signature())):
        pass
    assert len(found) == 64
    return found


@pytest.mark.parametrize(
    "name",
    [
        "metadata.yaml",
        "project.env",
        "film.lock.yaml",
        "prompts/style_bible.yaml",
        "prompts/clips/A01_S01_SH001__empty_quay.yaml",
        "prompts/clips/A09_S01_SH001__new.yaml",
        "story/03_screenplay/A01_S01__the_quay.md",
        "story/04_shotlist.yaml",
        "inputs/reference_images/ivo.png",
        "inputs/new/deep/down.png",
        "review/selects/A01_S01_SH001.yaml",
        f"renders/takes/A01_S01_SH001/{'a' * 64}.mp4",
        "renders/clips/A01_S01_SH001__empty_quay.mp4",
        "renders/acts/A01.mp4",
        "renders/final/harbour.mp4",
    ],
)
def test_what_is_written_changed_or_removed_is_seen(film: Film, name: str) -> None:
    seen = [signature(film)]
    film.write(name, "other words")
    seen.append(signature(film))
    if "takes" not in name:  # a take never changes, it comes and goes
        film.write(name, "other wards")
        seen.append(signature(film))
    (film.folder / name).unlink()
    seen.append(signature(film))
    assert all(one != next_one for one, next_one in pairwise(seen))


@pytest.mark.parametrize(
    "name",
    ["logs/takes/x.log", ".venv/lib/x.py", "story/.answers/a.json", "prompts/.x.swp", "renders/animatic/clips/x.mp4"],
)
def test_what_changes_no_plan_is_not_seen(film: Film, name: str) -> None:
    before = signature(film)
    film.write(name, "words")
    assert signature(film) == before


def test_a_file_that_is_changed_back_in_time_is_seen(film: Film) -> None:
    path = film.folder / "prompts/locations.yaml"
    before, status = signature(film), path.stat()
    film.edit("prompts/locations.yaml", "stone quay", "stony quay")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert signature(film) != before


def test_a_change_within_one_tick_of_the_clock_is_not_passed_over(film: Film) -> None:
    shared = shared_signature()

    def just_written(text: str) -> str:
        film.write("review/notes/now.md", text)
        return film_signature(film.folder, shared)

    assert any(just_written(str(number)) == "" for number in range(50))  # on a busy machine a tick passes at times


def test_a_file_of_tomorrow_is_an_ordinary_file(film: Film) -> None:
    path = film.write("review/notes/tomorrow.md", "from another time zone")
    os.utime(path, (time.time() + 86400,) * 2)
    assert signature(film) == signature(film)


def test_links_are_followed_to_files_and_in_no_circle(film: Film, tmp_path: Path) -> None:
    (film.folder / "inputs/loop").symlink_to(film.folder)
    (film.folder / "inputs/nowhere").symlink_to(tmp_path / "nowhere")
    (film.folder / "inputs/there.png").symlink_to(tmp_path / "there.png")
    before = signature(film)
    (tmp_path / "there.png").write_bytes(b"picture")
    assert signature(film) != before


def test_what_all_films_share_is_seen(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    before = signature(film)
    model = film.root / "model.safetensors"
    (film.root / "config/models.env").write_text(f"LTX_CHECKPOINT_PATH={model}\n", encoding="utf-8")
    seen = {before, signature(film)}
    model.write_bytes(b"a model")
    seen.add(signature(film))
    (film.root / "config/config.yaml").write_text("project: harbour\nfps: 24\n", encoding="utf-8")
    seen.add(signature(film))
    monkeypatch.setenv("PROJECT_FPS", "12")
    seen.add(signature(film))
    assert len(seen) == 5
    last = signature(film)
    monkeypatch.setenv("VTX_BUILD", "1-2")
    assert signature(film) == last
    (film.root / "config/models.env").write_text("no variable\n", encoding="utf-8")
    assert signature(film) != last


@pytest.mark.parametrize("named", ["{root}/own.safetensors", "~/own.safetensors"])
def test_a_model_that_only_this_film_names_is_seen(film: Film, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv("HOME", str(film.root))
    model = film.root / "own.safetensors"
    film.write("project.env", f"LTX_IC_LORA_PATH={named.replace('{root}', str(film.root))}\n")
    seen = {signature(film)}
    model.write_bytes(b"a model")
    seen.add(signature(film))
    model.write_bytes(b"another")
    seen.add(signature(film))
    assert len(seen) == 3


def test_a_folder_that_moved_is_another(film: Film) -> None:
    before = signature(film)
    film.folder.rename(film.folder.with_name("moved"))
    assert signature(Film(film.root, "moved")) != before


def test_no_file_of_the_film_is_opened(film: Film) -> None:
    film.write(f"renders/takes/A01_S01_SH001/{'a' * 64}.mp4", b"")
    with opened() as names:
        film_signature(film.folder, "x" * 64)
    assert names == []
