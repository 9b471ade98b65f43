"""A new film from the template: whole, valid, with its title as data."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kit.film import REPO
from vtx_app.errors import ProjectError
from vtx_app.formats.check import load_format
from vtx_app.formats.metadata import Metadata
from vtx_app.formats.outline import Outline
from vtx_app.formats.shot_list import ShotList
from vtx_app.plan.planner import plan_film
from vtx_app.project.new import TEMPLATE, new_film
from vtx_app.project.template_files import NOTE, unedited_template_files
from vtx_app.story.plan import plan_story


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(REPO / "config", tmp_path / "config", ignore=shutil.ignore_patterns("*.env"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


TITLES = ["Harbour", 'It\'s "odd": #1', "🎬 מה", "- a\n- b", "{x} $(touch y)", "\x1b[31mred", "no", "12:30"]


@pytest.mark.parametrize("title", TITLES)
def test_a_new_film_is_whole_and_its_title_is_data(root: Path, title: str) -> None:
    folder = new_film("a-new_1", title)
    metadata = load_format(folder / "metadata.yaml", Metadata)
    assert (metadata.slug, metadata.title) == ("a-new_1", title)
    assert load_format(folder / "story/01_outline.yaml", Outline).title == title
    assert load_format(folder / "story/04_shotlist.yaml", ShotList).shots
    assert len(plan_film("a-new_1", "animatic").clips) == 2
    assert not [stage for stage in plan_story("a-new_1").stages.values() if stage.is_made]
    template = {path.relative_to(TEMPLATE) for path in TEMPLATE.rglob("*")}
    noted = {Path(NOTE), Path(NOTE).parent}
    assert {path.relative_to(folder) for path in folder.rglob("*")} == template | noted
    assert "# the storyboard, on any machine" in (folder / "metadata.yaml").read_text(encoding="utf-8")


def test_only_the_story_of_the_template_is_an_example_and_only_until_it_is_edited(root: Path) -> None:
    folder = new_film("t0", "T")
    examples = unedited_template_files(folder)
    assert "story/03_screenplay/A01_S01__opening.md" in examples
    assert not examples & {"metadata.yaml", "story/00_brief.md", "prompts/style_bible.yaml", "prompts/loras.yaml"}
    edited = folder / "prompts/characters.yaml"
    edited.write_text(edited.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    (folder / "story/04_shotlist.yaml").unlink()
    assert unedited_template_files(folder) == examples - {"prompts/characters.yaml", "story/04_shotlist.yaml"}


@pytest.mark.parametrize("damage", ["", "[]", '{"files": {"../../x": 1}}', '{"files": 3}'])
def test_a_damaged_note_makes_every_file_a_persons(root: Path, damage: str) -> None:
    folder = new_film("t0", "T")
    (folder / NOTE).write_text(damage, encoding="utf-8")
    assert unedited_template_files(folder) == frozenset()


@pytest.mark.parametrize("name", ["my film.fountain", "Script.FDX"])
def test_a_film_from_a_screenplay_has_that_and_not_the_templates_story(root: Path, name: str) -> None:
    (root / name).write_bytes(b"INT. ROOM - DAY\n\nIDA\nHi.\n")
    folder = new_film("t0", "T", root / name)
    copy = folder / f"story/screenplay{Path(name).suffix.lower()}"
    assert copy.read_bytes() == (root / name).read_bytes()
    assert load_format(folder / "metadata.yaml", Metadata).story.writer == "fountain"
    assert not list(folder.glob("prompts/clips/*")) and not (folder / NOTE).exists()
    assert not (folder / "story/01_outline.yaml").exists() and not (folder / "prompts/characters.yaml").exists()


@pytest.mark.parametrize("name", ["missing.fountain", "script.pdf", "."])
def test_what_is_no_screenplay_makes_no_film(root: Path, name: str) -> None:
    (root / "script.pdf").write_bytes(b"%PDF")
    with pytest.raises(ProjectError, match=r"no such file|expected a screenplay, \.fountain or \.fdx"):
        new_film("t0", "T", root / name)
    assert not (root / "projects").exists()


def test_two_films_have_two_ids(root: Path) -> None:
    ids = [load_format(new_film(slug, "T") / "metadata.yaml", Metadata).project_id for slug in ("a", "b")]
    assert len(set(ids)) == 2
    assert "00000000-0000-0000-0000-000000000000" not in ids


@pytest.mark.parametrize("slug", ["../x", "", "-rf", "A", "a b", "a;b", "x" * 65, ".x"])
def test_what_is_no_name_is_reported(root: Path, slug: str) -> None:
    with pytest.raises(ProjectError, match="is not a name for a film's folder"):
        new_film(slug, "T")
    assert not (root / "projects").exists()


def test_a_film_that_is_there_is_never_touched(root: Path) -> None:
    folder = new_film("harbour", "First")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(ProjectError, match="exists already; it stays as it is"):
        new_film("harbour", "Second")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_disk_that_refuses_is_reported(root: Path) -> None:
    (root / "projects").write_text("no folder", encoding="utf-8")
    with pytest.raises(ProjectError, match=r"^harbour can't be written to .*: .*\. Move .* away and try again$"):
        new_film("harbour", "T")


@pytest.mark.parametrize("title", ["", "  ", "x" * 201, "\udcff"])
def test_a_title_that_is_none_is_reported(root: Path, title: str) -> None:
    with pytest.raises(ProjectError, match=r"a title has 1 to 200 characters|the title is not UTF-8 text"):
        new_film("harbour", title)
