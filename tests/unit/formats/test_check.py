# ruff: noqa: E501 - a table of messages
"""Each kind of fault in a file: where it is, what it is, what was expected, what was probably meant."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from pydantic import BaseModel

from vtx_app.errors import SpecError
from vtx_app.formats.bibles import Characters, Loras, StyleBible
from vtx_app.formats.check import did_you_mean, load_format, location
from vtx_app.formats.clip_spec import ClipSpec
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.metadata import Metadata
from vtx_app.formats.shot_list import ShotList

CLIP = """\
version: 1
clip_id: A01_S02_SH003
title: The door
act: 1
scene: 2
shot: 3
prompt:
  positive: A door.
"""
FILM = """\
project_id: 6f2c1f2e-53b5-4a3c-9d6b-0f1d5a6f7c11
slug: harbour
title: Harbour
"""


def faults(folder: Path, model: type[BaseModel], text: str) -> list[str]:
    (folder / "f.yaml").write_text(text, encoding="utf-8")
    with contextlib.chdir(folder), pytest.raises(SpecError) as caught:
        load_format(Path("f.yaml"), model)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize(
    ("model", "text", "message"),
    [
        (ClipSpec, CLIP + "render:\n  pipline: distilled\n", "f.yaml:10: render.pipline: unknown key, did you mean 'pipeline'?"),
        (ClipSpec, CLIP + "weather: rain\n", "f.yaml:9: weather: unknown key"),
        (ClipSpec, CLIP + "outputs: {jsn: a}\n", "f.yaml:9: outputs.jsn: unknown key, did you mean 'json'?"),
        (
            ClipSpec,
            CLIP + "continuity:\n  characters:\n    - {id: mara, wardrob: coat}\n",
            "f.yaml:11: continuity.characters.0.wardrob: unknown key, did you mean 'wardrobe'?",
        ),
        (ClipSpec, CLIP + '"a\\e[31m": 1\n', "f.yaml:9: 'a\\x1b[31m': unknown key"),
        (ClipSpec, CLIP.replace("title: The door\n", ""), "f.yaml:1: title: missing; what the shot is called on the slate"),
        (ClipSpec, CLIP.replace(" A door.", ""), "f.yaml:8: prompt.positive: missing; picture, movement and sound"),
        (ClipSpec, CLIP.replace("A door.", "'  '"), "f.yaml:8: prompt.positive: '  ': expected picture, movement"),
        (ClipSpec, CLIP.replace("The door", "1984"), "f.yaml:3: title: 1984: expected text; put it in quotes (what"),
        (ClipSpec, CLIP.replace("The door", "true"), "f.yaml:3: title: true: expected text; put it in quotes (what"),
        (ClipSpec, CLIP.replace("The door", "[a]"), "f.yaml:3: title: a list: expected a valid string (what"),
        (ClipSpec, CLIP.replace("act: 1", "act: one"), "f.yaml:4: act: 'one': expected a valid integer"),
        (ClipSpec, CLIP.replace("act: 1", "act: 1.5"), "f.yaml:4: act: 1.5: expected a valid integer"),
        (ClipSpec, CLIP.replace("act: 1", "act: true"), "f.yaml:4: act: true: expected a valid integer"),
        (ClipSpec, CLIP.replace("act: 1", "act: 2"), "f.yaml:4: act: 2: the clip_id A01_S02_SH003 says 1"),
        (ClipSpec, CLIP.replace("scene: 2", "scene: 9"), "f.yaml:5: scene: 9: the clip_id A01_S02_SH003 says 2"),
        (ClipSpec, CLIP.replace("shot: 3", "shot: 9"), "f.yaml:6: shot: 9: the clip_id A01_S02_SH003 says 3"),
        (ClipSpec, CLIP.replace("A01_S02_SH003", "Shot 3"), "f.yaml:2: clip_id: 'Shot 3': expected A02_S03_SH014"),
        (ClipSpec, CLIP.replace("A01_S02_SH003", "A01_S02_SH003AB"), "f.yaml:2: clip_id: 'A01_S02_SH003AB': expected A02"),
        (ClipSpec, CLIP.replace("version: 1", "version: 2"), "f.yaml:1: version: 2 is not 1"),
        (ClipSpec, CLIP + "render: {guidance_scale: .nan}\n", "f.yaml:9: render.guidance_scale: nan: expected a finite number"),
        (ClipSpec, CLIP + "render: {guidance_scale: 1e999}\n", "f.yaml:9: render.guidance_scale: inf: expected a finite"),
        (ClipSpec, CLIP + "render: {guidance_scale: -1}\n", "f.yaml:9: render.guidance_scale: -1: expected greater than"),
        (ClipSpec, CLIP + "render: {seed: -1}\n", "f.yaml:9: render.seed: -1: expected greater than or equal to 0"),
        (ClipSpec, CLIP + "render: {seed: 4294967296}\n", "f.yaml:9: render.seed: 4294967296: expected less than"),
        (ClipSpec, CLIP + f"render: {{seed: {'9' * 5000}}}\n", f"f.yaml:9: render.seed: '{'9' * 56}…: expected a valid"),
        (ClipSpec, CLIP + "render: {width: 127}\n", "f.yaml:9: render.width: 127: expected a multiple of 2"),
        (ClipSpec, CLIP + "render: {height: 1e9}\n", "f.yaml:9: render.height: 1000000000: expected less than or"),
        (ClipSpec, CLIP + "render: {fps: 0}\n", "f.yaml:9: render.fps: 0: expected greater than or equal to 1"),
        (ClipSpec, CLIP + "render: {pipeline: distiled}\n", "is not one of ti2vid_two_stages, ti2vid_one_stage, distilled"),
        (ClipSpec, CLIP + "render: {duration: {mode: fixed}}\n", "f.yaml:9: render.duration: mode fixed needs seconds"),
        (ClipSpec, CLIP + "render: {duration: {seconds: 3}}\n", "f.yaml:9: render.duration: seconds is for mode fixed"),
        (
            ClipSpec,
            CLIP + "render: {duration: {mode: fixed, seconds: 16}}\n",
            "f.yaml:9: render.duration.seconds: 16: expected less than or equal to 15",
        ),
        (
            ClipSpec,
            CLIP + "render: {duration: {max_seconds: 1}}\n",
            "f.yaml:9: render.duration: max_seconds 1 is less than min_seconds 2",
        ),
        (ClipSpec, CLIP + "inputs: {type: i2v}\n", "f.yaml:9: inputs: type i2v needs reference_image or continue_from"),
        (ClipSpec, CLIP + "inputs: {type: v2v}\n", "f.yaml:9: inputs: type v2v needs input_video"),
        (ClipSpec, CLIP + "inputs: {reference_image: a.png}\n", "f.yaml:9: inputs: type t2v starts from words alone"),
        (ClipSpec, CLIP + "inputs: {type: keyframe_interpolation}\n", "needs two or more keyframes"),
        (ClipSpec, CLIP + "loras: [{weight: 1}]\n", "f.yaml:9: loras.0: give either path or env_path"),
        (ClipSpec, CLIP + "loras: [{env_path: $HOME}]\n", "f.yaml:9: loras.0.env_path: '$HOME': expected the variable that"),
        (ClipSpec, CLIP + "loras: [{path: a, weight: 9}]\n", "f.yaml:9: loras.0.weight: 9: expected less than or equal"),
        (ClipSpec, CLIP + "story_beats: a beat\n", "f.yaml:9: story_beats: 'a beat': expected a valid list"),
        (ClipSpec, CLIP + "status: {state: aproved}\n", "did you mean 'approved'?"),
        (ClipSpec, "- a\n", "f.yaml:1: expected keys and values, found a list"),
        (ClipSpec, "just words\n", "f.yaml:1: expected keys and values, found 'just words'"),
        (Metadata, FILM.replace("harbour", "../x"), "f.yaml:2: slug: '../x': expected name of the film's folder"),
        (Metadata, FILM.replace("slug: harbour", 'slug: "harbour\\n"'), "f.yaml:2: slug: 'harbour\\n': expected name"),
        (Metadata, FILM.replace("6f2c1f2e", "6"), "f.yaml:1: project_id: '6-53b5-4a3c-9d6b-0f1d5a6f7c11': expected a UUID"),
        (Metadata, FILM + "created_at: 5\n", "f.yaml:4: created_at: 5: expected a date, or a date and a time"),
        (Metadata, FILM + "created_at: 2026-13-05\n", "f.yaml:4: created_at: '2026-13-05': expected a valid date"),
        (Metadata, FILM + "fps: 24000/1001\n", "f.yaml:4: fps: '24000/1001': expected a valid number (frames per second of"),
        (Metadata, FILM + "aspect: 1.85\n", "f.yaml:4: aspect: 1.85: expected text; put it in quotes"),
        (Metadata, FILM + "default_resolution: {width: 64}\n", "f.yaml:4: default_resolution.height: missing; pixels, even"),
        (Metadata, FILM + "acts_enabled: no\n", "f.yaml:4: acts_enabled: 'no': expected true or false"),
        (Characters, "characters: {mara: {nam: M, description: d}}\n", "characters.mara.nam: unknown key, did you mean 'name'?"),
        (StyleBible, "profiles: [day]\n", "f.yaml:1: profiles: a list: expected a mapping (named moods"),
        (StyleBible, "profiles: {day: sunny}\n", "f.yaml:1: profiles.day: 'sunny': expected a mapping with prefix, negative and sound"),
        (Metadata, FILM + "handles: 12\n", "f.yaml:4: handles: 12: expected a mapping with head and tail (spare frames"),
        (Metadata, FILM + "lint: off\n", "f.yaml:4: lint: 'off': expected a mapping with off (what"),
        (ClipSpec, CLIP + "render: fast\n", "f.yaml:9: render: 'fast': expected a mapping with pipeline, duration, handles, … ("),
        (Loras, "bundles: {core: {path: a}}\n", "f.yaml:1: bundles.core: a mapping: expected a valid list"),
        (FilmLock, "models: {LTX_GEMMA_ROOT: abc}\n", "f.yaml:1: models.LTX_GEMMA_ROOT: 'abc': expected"),
        (FilmLock, "generations: {distilled: 9}\n", "f.yaml:1: generations: 9 of distilled: this VTX knows 1 to 2; a newer VTX"),
        (FilmLock, "generations: {distilled: 0}\n", "f.yaml:1: generations: 0 of distilled: this VTX knows 1 to 2; a newer VTX"),
        (FilmLock, "generations: {ic_lora: 2}\n", "f.yaml:1: generations: 2 of ic_lora: this VTX knows 1 alone; a newer VTX"),
        (Metadata, FILM + "defaults: {aspect: 16x9}\n", "f.yaml:4: defaults.aspect: '16x9': expected width:height, now"),
        (ShotList, "shots: [{clip_id: A01_S01_SH001}, {clip_id: A01_S01_SH001}]", "A01_S01_SH001: listed more than once"),
    ],
)  # fmt: skip
def test_a_fault_is_reported(tmp_path: Path, model: type[BaseModel], text: str, message: str) -> None:
    assert any(message in each for each in faults(tmp_path, model, text))


def test_every_fault_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, ClipSpec, "clip_id: x\nact: -1\ntitle: t\nweather: rain\n")
    assert [each.split(": ")[1] for each in found] == ["clip_id", "act", "scene", "shot", "prompt", "weather"]
    assert [each.split(": ")[0] for each in found] == [
        "f.yaml:1",
        "f.yaml:2",
        "f.yaml:1",
        "f.yaml:1",
        "f.yaml:1",
        "f.yaml:4",
    ]


def test_an_empty_file_is_a_file_with_nothing_in_it(tmp_path: Path) -> None:
    assert [each.partition(": missing")[0] for each in faults(tmp_path, Metadata, "# nothing yet\n")] == [
        "f.yaml:1: project_id",
        "f.yaml:1: slug",
        "f.yaml:1: title",
    ]
    (tmp_path / "empty.yaml").write_text("")
    assert load_format(tmp_path / "empty.yaml", StyleBible) == StyleBible()


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path, says in ((tmp_path / "no.yaml", "the file is missing"), (tmp_path, "can't be read: Is a directory")):
        with pytest.raises(SpecError, match=says):
            load_format(path, StyleBible)


def test_keys_left_empty_are_keys_left_out(tmp_path: Path) -> None:
    path = tmp_path / "clip.yaml"
    path.write_text(CLIP + "continuity:\n  characters:\nrender:\n  seed:\ninputs:\nloras:\n", encoding="utf-8")
    spec = load_format(path, ClipSpec)
    path.write_text(CLIP, encoding="utf-8")
    assert spec == load_format(path, ClipSpec)


def test_the_format_of_the_brief_is_read(tmp_path: Path) -> None:
    path = tmp_path / "clip.yaml"
    path.write_text(
        """\
version: 1
clip_id: A01_S03_SH005
title: "Plaque close-up"
act: 1
scene: 3
shot: 5

continuity:
  shared_prompt_profile: "default"
  shared_loras_profile: "core"

story_beats:
  - "Camera settles on the brass plate."
  - "Hold long enough to read the inscription."

prompt:
  positive: |
    (clip-specific text here; no repeated style boilerplate)
  negative: |
    (optional clip-specific negatives)

render:
  pipeline: "ti2vid_two_stages"
  duration:
    mode: "auto"          # auto | fixed
    max_seconds: 15
    min_seconds: 2
  fps: 16
  width: 1920
  height: 800
  seed: 123456
  guidance_scale: 4.0
  notes: "As short as possible while covering content well."

inputs:
  type: "t2v"             # t2v | i2v | v2v | keyframe_interpolation
  reference_image: null
  input_video: null
  keyframes: []

loras:
  - env_path: "LTX_DISTILLED_LORA_PATH"
    weight: 0.8

outputs:
  mp4: "renders/clips/A01_S03_SH005__bro_able_plaque_closeup.mp4"
  json: "renders/clips/A01_S03_SH005__...render.json"

status:
  state: "planned"        # planned | queued | rendering | rendered | approved | rejected
  last_error: null
""",
        encoding="utf-8",
    )
    spec = load_format(path, ClipSpec)
    assert (spec.clip_id, spec.render.width, spec.render.duration.max_seconds) == ("A01_S03_SH005", 1920, 15)
    assert spec.outputs.json_ == "renders/clips/A01_S03_SH005__...render.json"
    assert spec.loras[0].env_path == "LTX_DISTILLED_LORA_PATH"


def test_a_near_match_is_offered_and_a_far_one_is_not() -> None:
    assert did_you_mean("kepper", ["keeper", "boy"]) == ", did you mean 'keeper'?"
    assert did_you_mean("xyz", ["keeper", "boy"]) == ""
    assert did_you_mean("x", []) == ""


def test_a_location_is_the_nearest_line_that_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.yaml"
    monkeypatch.chdir(tmp_path)
    path.write_text(CLIP, encoding="utf-8")
    assert location(path, "prompt", "positive") == "c.yaml:8: prompt.positive"
    assert location(path, "prompt", "dialogue", 0, "character") == "c.yaml:8: prompt.dialogue.0.character"
    assert location(path, "render", "fps") == "c.yaml:1: render.fps"
