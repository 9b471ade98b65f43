"""The JSON Schemas: as generated, valid, and of one mind with the models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from vtx_app.errors import SpecError
from vtx_app.formats.check import load_format
from vtx_app.formats.schemas import FORMATS, REGENERATE, schema_texts, write_schemas
from vtx_app.formats.yaml_reader import read_yaml

REPO = Path(__file__).resolve().parents[3]
SCHEMAS = REPO / "config" / "schemas"
DEMO = REPO / "projects" / "lighthouse"


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema_texts()[f"{name}.schema.json"]))


def test_the_schemas_on_disk_are_those_of_the_models() -> None:
    there = {path.name: path.read_text(encoding="utf-8") for path in SCHEMAS.iterdir()}
    assert there == schema_texts(), f"config/schemas is not what the models say. Write it anew: {REGENERATE}"


def test_schemas_are_written_to_a_folder(tmp_path: Path) -> None:
    paths = write_schemas(tmp_path / "new")
    assert {path.name: path.read_text(encoding="utf-8") for path in paths} == schema_texts()


@pytest.mark.parametrize("name", FORMATS)
def test_a_schema_is_valid_and_describes_every_key(name: str) -> None:
    schema = json.loads(schema_texts()[f"{name}.schema.json"])
    Draft202012Validator.check_schema(schema)
    bare: list[str] = []

    def walk(node: Any, at: str) -> None:
        if isinstance(node, list):
            for item in node:
                walk(item, at)
        elif isinstance(node, dict):
            properties = node.get("properties")
            if isinstance(properties, dict):
                bare.extend(f"{at}.{key}" for key, each in properties.items() if not each.get("description"))
                assert node["additionalProperties"] is False
            for key, item in node.items():
                walk(item, f"{at}.{key}")

    walk(schema, name)
    assert not bare


def demo_files() -> list[tuple[str, Path]]:
    """The demo film's YAML files with the names of their formats."""
    named = {
        "metadata": "metadata.yaml",
        "style_bible": "prompts/style_bible.yaml",
        "characters": "prompts/characters.yaml",
        "locations": "prompts/locations.yaml",
        "loras": "prompts/loras.yaml",
        "shotlist": "story/04_shotlist.yaml",
        "film_lock": "film.lock.yaml",
    }
    files = [(name, DEMO / path) for name, path in named.items() if (DEMO / path).exists()]
    return files + [("clip", path) for path in sorted((DEMO / "prompts" / "clips").glob("*.yaml"))]


def test_the_demo_film_obeys_the_schemas() -> None:
    files = demo_files()
    assert len([name for name, _ in files if name == "clip"]) >= 14
    for name, path in files:
        errors = [error.message for error in validator(name).iter_errors(read_yaml(path))]
        assert not errors, path
        load_format(path, FORMATS[name])


CLIP = "clip_id: A01_S02_SH003\ntitle: t\nact: 1\nscene: 2\nshot: 3\nprompt: {positive: p}\n"
FILM = "project_id: 6f2c1f2e-53b5-4a3c-9d6b-0f1d5a6f7c11\nslug: harbour\ntitle: Harbour\n"

GOOD = [
    ("clip", CLIP),
    ("clip", CLIP.replace("act: 1", "act: 1.0")),
    ("clip", CLIP + "continuity: {characters: [mara, {id: ivo}, {id: ivo, wardrobe: coat}], locations: null}\n"),
    ("clip", CLIP + "render:\nloras:\ninputs: {reference_image: null, keyframes: null}\n"),
    ("clip", CLIP + "render: {seed: 7.0, width: 128, fps: 23.976, guidance_scale: 4, duration: {mode: auto}}\n"),
    ("clip", CLIP + "outputs: {mp4: a.mp4, json: a.json}\nstatus: {state: approved, last_error: null}\n"),
    ("metadata", FILM + "aspect: 2.39:1\nfps: 16\ncreated_at: 2026-01-05T09:00:00Z\nupdated_at: 2026-01-05\n"),
    ("metadata", FILM + "default_resolution: {width: 128, height: 64}\nacts_enabled: false\nrenderer:\n"),
    ("characters", "characters: {mara: {name: M, description: d, wardrobe: {coat: c}}}\n"),
    ("locations", "version: 1\nlocations:\n"),
    ("loras", "bundles: {core: [{env_path: LTX_IC_LORA_PATH, weight: -1}], none: []}\n"),
    ("style_bible", "profiles: {day: {}, dream: {prefix: p, negative: ~}}\n"),
    ("shotlist", "shots: [{clip_id: A01_S01_SH001, beats: [a], seconds: 2, continues: continue_from}]\n"),
    ("film_lock", "models: {LTX_GEMMA_ROOT: 'sha256-sampled:" + "0" * 64 + "'}\n"),
    ("config", "project: harbour\nwidth: 128\nacts_enabled: true\n"),
]


@pytest.mark.parametrize(("name", "text"), GOOD)
def test_a_good_file_pleases_both(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    load_format(path, FORMATS[name])
    assert not [error.message for error in validator(name).iter_errors(read_yaml(path))]


BROKEN = [
    ("clip", "version: 1\n"),
    ("clip", CLIP.replace("title: t", "title:")),
    ("clip", CLIP.replace("title: t", "title: ''")),
    ("clip", CLIP.replace("title: t", "title: 12")),
    ("clip", CLIP.replace("title: t", "titel: t")),
    ("clip", CLIP.replace("act: 1", "act: '1'")),
    ("clip", CLIP.replace("act: 1", "act: true")),
    ("clip", CLIP.replace("act: 1", "act: 1.5")),
    ("clip", CLIP.replace("A01_S02_SH003", "A1_S2_SH3")),
    ("clip", CLIP.replace("A01_S02_SH003", "../A01_S02_SH003")),
    ("clip", CLIP.replace("positive: p", "positive: ' '")),
    ("clip", CLIP.replace("positive: p", "positive: [p]")),
    ("clip", CLIP + "version: 2\n"),
    ("clip", CLIP + "story_beats: [null]\n"),
    ("clip", CLIP + "story_beats: {a: b}\n"),
    ("clip", CLIP + "continuity: {characters: ['']}\n"),
    ("clip", CLIP + "continuity: {characters: [{wardrobe: w}]}\n"),
    ("clip", CLIP + "render: {seed: -1}\n"),
    ("clip", CLIP + "render: {seed: 1e30}\n"),
    ("clip", CLIP + "render: {fps: 1000}\n"),
    ("clip", CLIP + "render: {width: 127}\n"),
    ("clip", CLIP + "render: {guidance_scale: '4'}\n"),
    ("clip", CLIP + "render: {duration: {seconds: -1}}\n"),
    ("clip", CLIP + "render: {duration: {mode: long}}\n"),
    ("clip", CLIP + "render: {pipeline: sora}\n"),
    ("clip", CLIP + "inputs: {type: text}\n"),
    ("clip", CLIP + "inputs: {continue_from: the door}\n"),
    ("clip", CLIP + "inputs: {keyframes: [{path: a.png, frame: -1}]}\n"),
    ("clip", CLIP + "inputs: {keyframes: [{path: a.png, frame: 0, strength: 2}]}\n"),
    ("clip", CLIP + "loras: [{env_path: lower_case}]\n"),
    ("clip", CLIP + "status: {state: done}\n"),
    ("metadata", FILM.replace("harbour", "../harbour")),
    ("metadata", FILM.replace("6f2c", "nope")),
    ("metadata", FILM + "created_at: yesterday\n"),
    ("metadata", FILM + "aspect: wide\n"),
    ("metadata", FILM + "default_resolution: {width: 128}\n"),
    ("metadata", FILM + "acts_enabled: no\n"),
    ("metadata", FILM + "renderer: blender\n"),
    ("characters", "characters: {mara: {name: M}}\n"),
    ("characters", "characters: [mara]\n"),
    ("characters", "characters: {'': {name: M, description: d}}\n"),
    ("locations", "places: {}\n"),
    ("loras", "bundles: {core: {path: a}}\n"),
    ("style_bible", "profiles: {day: bright}\n"),
    ("shotlist", "shots: [A01_S01_SH001]\n"),
    ("film_lock", "models: {LTX_GEMMA_ROOT: abc}\n"),
    ("config", "project: ../x\n"),
    ("config", "widht: 128\n"),
]


@pytest.mark.parametrize(("name", "text"), BROKEN)
def test_a_broken_file_pleases_neither(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError):
        load_format(path, FORMATS[name])
    assert [error.message for error in validator(name).iter_errors(read_yaml(path))]
