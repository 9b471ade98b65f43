"""The film that a new one begins as: each file is valid, complete and explained."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from kit.film import REPO
from vtx_app.compile.heading import heading_phrase
from vtx_app.formats.bibles import Characters, Locations, Loras, StyleBible
from vtx_app.formats.check import load_format
from vtx_app.formats.clip_spec import ClipSpec
from vtx_app.formats.edit import Edit, Transition
from vtx_app.formats.heading import Heading
from vtx_app.formats.metadata import Metadata
from vtx_app.formats.outline import Outline
from vtx_app.formats.shot_list import ShotList
from vtx_app.formats.yaml_reader import read_yaml, read_yaml_text
from vtx_app.project.env_files import read_env

TEMPLATE = REPO / "config/project_template"

FORMATS = {
    "metadata.yaml": (Metadata, "metadata"),
    "story/01_outline.yaml": (Outline, "outline"),
    "story/04_shotlist.yaml": (ShotList, "shotlist"),
    "story/05_edit.yaml": (Edit, "edit"),
    "prompts/style_bible.yaml": (StyleBible, "style_bible"),
    "prompts/characters.yaml": (Characters, "characters"),
    "prompts/locations.yaml": (Locations, "locations"),
    "prompts/loras.yaml": (Loras, "loras"),
}
CLIPS = sorted(path.relative_to(TEMPLATE).as_posix() for path in (TEMPLATE / "prompts/clips").glob("*.yaml"))
TEXTS = (
    *("project.env.example", "env/requirements.txt", "env/constraints.txt", "story/00_brief.md"),
    *("story/02_treatment.md", "story/03_screenplay/A01_S01__opening.md"),
)
FOLDERS = (
    *("inputs/reference_images", "inputs/keyframes", "inputs/video_sources", "inputs/audio"),
    *("review/notes", "review/selects"),
)


def test_it_has_every_file_of_the_tree() -> None:
    files = {path.relative_to(TEMPLATE).as_posix() for path in TEMPLATE.rglob("*") if path.is_file()}
    assert {*FORMATS, *TEXTS} <= files
    assert all((TEMPLATE / folder).is_dir() for folder in FOLDERS)
    assert 2 <= len(CLIPS) <= 4
    ignored = (TEMPLATE / ".gitignore").read_text(encoding="utf-8").split()
    assert {"renders/", "logs/", "project.env", ".venv"} <= set(ignored)


def test_the_edit_explains_every_key_and_changes_nothing() -> None:
    path = TEMPLATE / "story/05_edit.yaml"
    assert load_format(path, Edit) == Edit()
    written = "".join(
        line.removeprefix("# ") for line in path.read_text(encoding="utf-8").splitlines(keepends=True)[3:]
    )
    edit = Edit.model_validate(read_yaml_text(written, "05_edit.yaml"))
    for model in (edit, *edit.clips.values(), *edit.titles, edit.end_card, edit.end_roll, edit.sound, *edit.music):
        explained = set(model.model_fields_set)
        kinds = {"before", "after", "over", "from_"} if model in edit.titles else set()
        assert set(type(model).model_fields) - explained <= kinds | {"colour", "background", "fade", "size", "place"}
    kinds = set().union(*(each.model_fields_set for each in edit.transitions))
    assert kinds == set(Transition.model_fields)


@pytest.mark.parametrize("name", [*FORMATS, *CLIPS])
def test_each_file_fits_its_format_and_its_schema(name: str) -> None:
    model, schema = FORMATS.get(name, (ClipSpec, "clip"))
    load_format(TEMPLATE / name, model)
    rules = json.loads((REPO / f"config/schemas/{schema}.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(read_yaml(TEMPLATE / name), rules)


@pytest.mark.parametrize("name", [*FORMATS, CLIPS[0], *TEXTS[:3]])
def test_each_file_explains_itself(name: str) -> None:
    assert (TEMPLATE / name).read_text(encoding="utf-8").startswith("# ")


def test_the_writer_is_a_person() -> None:
    metadata = load_format(TEMPLATE / "metadata.yaml", Metadata)
    assert metadata.story.writer == "hand"
    assert metadata.renderer == "animatic"


def test_the_settings_that_are_shown_can_be_set(tmp_path: Path) -> None:
    lines = (TEMPLATE / "project.env.example").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "project.env"
    path.write_text("\n".join(line.removeprefix("#") for line in lines if "=" in line), encoding="utf-8")
    assert len(read_env(path)) >= 5


def test_its_style_says_no_time_and_no_weather_so_that_every_scene_has_its_own() -> None:
    style = load_format(TEMPLATE / "prompts/style_bible.yaml", StyleBible)
    for profile in style.profiles.values():
        words = f"{style.global_prefix} {profile.prefix}"
        assert heading_phrase(Heading("EXT", "", "night", "rain"), words) == "Exterior, night, rain"
        assert "light" not in profile.prefix
    assert "No music" in style.global_sound
