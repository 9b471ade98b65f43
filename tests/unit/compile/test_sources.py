"""Every part of a request has its source: the file of the film, and the key in it, that gives it."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest

from kit.film import Film, picture
from kit.shot import Shot, silent_sound, write_movie
from vtx_app.compile.clip_request import Compiled, Parent
from vtx_app.compile.request import RenderRequest, canonical_json

PICTURE = "inputs/reference_images/ivo.png"
SPEC = "prompts/clips/A01_S01_SH001__empty_quay.yaml"

SHOTS: dict[str, dict[str, Any]] = {
    "words": {"render": {"guidance_scale": 4.0, "steps": 20}, "loras": [{"env_path": "LTX_IC_LORA_PATH"}]},
    "picture": {"inputs": {"type": "i2v", "reference_image": PICTURE, "strength": 0.5}},
    "keyframes": {
        "inputs": {
            "type": "keyframe_interpolation",
            "keyframes": [{"path": PICTURE, "frame": 0}, {"path": PICTURE, "frame": 5, "strength": 0.5}],
        }
    },
    "film": {"inputs": {"type": "v2v", "input_video": "inputs/a.mp4", "mask": "inputs/m.mp4", "mask_strength": 0.5}},
    "sound": {"inputs": {"type": "a2v", "audio": "inputs/a.wav", "audio_start": 0.25}},
    "retake": {"inputs": {"type": "retake", "input_video": "inputs/a.mp4", "retake": {"start": 0.25, "end": 1.0}}},
    "chain": {"inputs": {"continue_from": "A02_S01_SH002"}},
    "tail": {"inputs": {"type": "v2v", "continue_from": "A02_S01_SH002", "continue_frames": 9}},
}


@pytest.fixture(autouse=True)
def inputs(film: Film) -> None:
    for name in ("a", "m"):
        write_movie(film.folder / f"inputs/{name}.mp4", 17)
    silent_sound(film.folder / "inputs/a.wav", 5.0)


def compiled(shot: Shot, **how: Any) -> Compiled:
    continued = shot.film.read(SPEC).count("continue_from: A02")
    return shot.compile(parent=Parent("a" * 64, 7) if continued else None, **how)


@pytest.mark.parametrize("parts", SHOTS.values(), ids=SHOTS)
@pytest.mark.parametrize("how", [{}, {"draft": True}, {"renderer": "animatic"}], ids=["ltx", "draft", "animatic"])
def test_each_field_has_a_source(shot: Shot, parts: dict[str, Any], how: dict[str, Any]) -> None:
    done = compiled(shot.write(**parts), **how)
    request = json.loads(canonical_json(done.request))
    for field in (each.name for each in fields(RenderRequest) if request.get(each.name) not in (None, "", [])):
        assert done.sources.texts()[{"staging": "prompt"}.get(field, field)], field
    assert json.loads(json.dumps(done.sources.texts())) == done.sources.texts()


def test_what_a_clip_names_is_a_source_beside_its_name(film: Film) -> None:
    found = Shot(film, "A01_S01_SH002", "A01_S01_SH002__mara").compile(renderer="animatic").sources.texts()
    spec = "prompts/clips/A01_S01_SH002__mara.yaml"
    assert found["prompt"] == {
        "prompts/style_bible.yaml: global_prefix": "35mm film, soft grain",
        "prompts/style_bible.yaml: profiles.day.prefix": "Clear northern daylight",
        f"{spec}: continuity.characters": "mara (oilskin)",
        "prompts/characters.yaml: characters.mara.description": "A ferrywoman of fifty, grey braid, weathered hands",
        "prompts/characters.yaml: characters.mara.wardrobe.oilskin": "in a yellow oilskin",
        f"{spec}: continuity.locations": "quay",
        "prompts/locations.yaml: locations.quay.description": "A stone quay with iron rings",
        "prompts/locations.yaml: locations.quay.name": "Quay",
        f"{spec}: prompt.positive": "Mara ties the ferry up and looks out to sea at daybreak.",
        "prompts/style_bible.yaml: global_sound": "",
        "prompts/style_bible.yaml: profiles.day.sound": "",
        "prompts/locations.yaml: locations.quay.sound": "",
        f"{spec}: prompt.sound": "",
    }
    assert found["loras"] == {
        f"{spec}: continuity.shared_loras_profile": "core",
        "prompts/loras.yaml: bundles.core": "LTX_DISTILLED_LORA_PATH 0.8",
    }
    assert found["rate"] == {"metadata.yaml: fps": "8"}
    assert found["width"] == {"metadata.yaml: default_resolution.width": "128"}


def test_an_input_is_named_by_the_spec_and_counts_by_its_content(shot: Shot) -> None:
    shot.write(**SHOTS["picture"])
    images = shot.compile().sources.texts()["images"]
    assert images[f"{SPEC}: inputs.reference_image"] == PICTURE
    before = images[f"{PICTURE}: its content"]
    shot.film.write(PICTURE, picture((1, 2, 3)))
    assert shot.compile().sources.texts()["images"][f"{PICTURE}: its content"] != before


def test_an_estimated_length_comes_from_what_it_is_estimated_from(shot: Shot) -> None:
    shot.write(render={"duration": {"mode": "auto", "min_seconds": 2.5}}, story_beats=["A gull.", "It goes."])
    found = shot.compile().sources.texts()
    assert found["frames"] == {
        f"{SPEC}: render.duration": "auto, 2.5 to 15",
        f"{SPEC}: story_beats": "A gull. / It goes.",
    }
    assert found["max_seconds"] == {"built-in: max_seconds": "15"}


def test_a_setting_is_named_where_it_is_written(shot: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    shot.write(render={"pipeline": "distilled", "width": 96})
    found = shot.compile().sources.texts()
    assert (found["pipeline"], found["width"]) == (
        {f"{SPEC}: render.pipeline": "distilled"},
        {f"{SPEC}: render.width": "96"},
    )
    monkeypatch.setenv("PROJECT_WIDTH", "112")
    assert shot.compile().sources.texts()["width"] == {"environment: PROJECT_WIDTH": "112"}
    shot.write(**SHOTS["retake"])
    assert shot.compile().sources.texts()["pipeline"] == {f"{SPEC}: inputs.type": "retake"}


def test_the_last_frame_of_another_clip_comes_from_its_length(shot: Shot) -> None:
    shot.write(**SHOTS["chain"])
    label = "prompts/clips/A02_S01_SH002__dream.yaml: render.duration, so the last frame of A02_S01_SH002"
    assert compiled(shot).sources.texts()["continue_frame"] == {label: "1"}
