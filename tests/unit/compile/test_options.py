"""A clip's ``render.options``: what its pipeline has, and what else of the request they decide."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kit.film import picture
from kit.shot import Shot, print_of
from vtx_app.compile.request import PipelineOptions, canonical_json
from vtx_app.errors import SpecError

FREE: dict[str, Any] = {"pipeline": "distilled"}
DFR: dict[str, Any] = {"pipeline": "dfr_pipeline"}


def write(shot: Shot, render: dict[str, Any], **options: Any) -> Shot:
    return shot.write(render=render | {"options": options})


def fault(shot: Shot) -> str:
    with pytest.raises(SpecError) as caught:
        shot.compile()
    return str(caught.value)


@pytest.mark.parametrize(
    ("pipeline", "options"),
    [
        ("distilled", {"chunked": True}),
        ("ti2vid_two_stages", {"chunked": True, "generated_keyframes": 4, "decode_with_keyframes": True}),
        ("ti2vid_one_stage", {"generated_keyframes": 2}),
        ("dfr_pipeline", {"spatial_upscalings": 2, "temporal_upscalings": 1}),
    ],
)
def test_what_a_person_sets_is_in_the_request(shot: Shot, pipeline: str, options: dict[str, Any]) -> None:
    shot.generations = {"dfr_pipeline": 2, "distilled": 2}
    found = write(shot, {"pipeline": pipeline}, **options).compile()
    assert found.request.options == PipelineOptions(**options)
    assert json.loads(canonical_json(found.request))["options"] == options
    named = found.sources.texts()["options"]
    assert {label.rpartition(".")[2] for label in named} == set(options)
    assert all(label.startswith(f"prompts/clips/{shot.stem}.yaml: render.options.") for label in named)


def test_what_ltx_does_anyway_is_no_option(shot: Shot) -> None:
    plain = shot.write(render=FREE).compile().request
    defaults = {"chunked": False, "tile": False, "generated_keyframes": 0, "temporal_upscalings": 0}
    assert write(shot, FREE, **defaults, spatial_upscalings=1).compile().request == plain
    assert plain.options is None
    assert "options" not in canonical_json(plain)


@pytest.mark.parametrize(
    ("pipeline", "option", "value", "message"),
    [
        (
            "ti2vid_two_stages_hq",
            "chunked",
            True,
            "ti2vid_two_stages_hq has none; ti2vid_two_stages or distilled or ic_lora or a2vid_two_stage has it, from "
            "ltx-pipelines 1.4 on",
        ),
        (
            "distilled",
            "tile",
            True,
            "distilled has none; ic_lora has it, from ltx-pipelines 1.4 on",
        ),
        (
            "ti2vid_two_stages",
            "temporal_upscalings",
            2,
            "ti2vid_two_stages has none; dfr_pipeline has it, from ltx-pipelines 1.3 on",
        ),
        (
            "dfr_pipeline",
            "spatial_upscalings",
            2,
            "dfr_pipeline of generation 1 has none; dfr_pipeline has it, from ltx-pipelines 1.3 on",
        ),
    ],
)
def test_an_option_that_the_pipeline_has_not_is_refused_where_it_is_written(
    shot: Shot, pipeline: str, option: str, value: Any, message: str
) -> None:
    found = fault(write(shot, {"pipeline": pipeline}, **{option: value}))
    assert found == f"{shot.name}:{shot.line(option)}: render.options.{option}: {message}"


def test_decoding_with_keyframes_needs_some(shot: Shot) -> None:
    message = fault(write(shot, FREE, decode_with_keyframes=True))
    assert "render.options: decode_with_keyframes needs generated_keyframes" in message


@pytest.mark.parametrize("value", [3, -1, "two"])
def test_a_number_that_ltx_has_not_is_refused(shot: Shot, value: Any) -> None:
    assert "render.options.temporal_upscalings" in fault(write(shot, DFR, temporal_upscalings=value))


def test_a_second_upscaling_wants_multiples_of_128(shot: Shot) -> None:
    shot.generations = {"dfr_pipeline": 3}
    size = DFR | {"width": 128, "height": 64}
    once = shot.write(render=size).compile().request
    assert (once.width, once.height) == (128, 64)
    twice = write(shot, size, spatial_upscalings=2).compile().request
    assert (twice.width, twice.height) == (128, 128)


def test_doubling_the_rate_rounds_the_length_up_to_what_it_makes(shot: Shot) -> None:
    shot.generations = {"dfr_pipeline": 3}
    length = DFR | {"duration": {"mode": "fixed", "seconds": 2.5}}  # 20 frames at 8 a second
    for rounds, frames in ((0, 25), (1, 33), (2, 33)):
        found = write(shot, length, temporal_upscalings=rounds).compile()
        assert found.request.frames == frames
        assert ("LTX_TEMPORAL_UPSAMPLER_PATH" in found.slots) == bool(rounds)


def test_a_picture_stands_where_the_rate_before_it_has_a_frame(shot: Shot) -> None:
    shot.generations = {"dfr_pipeline": 3}
    shot.film.write("k.png", picture((1, 2, 3)))
    keys = {"type": "i2v", "keyframes": [{"path": "k.png", "frame": 6}]}
    shot.write(render=DFR | {"options": {"temporal_upscalings": 2}}, inputs=keys)
    message = fault(shot)
    assert "inputs.keyframes.0.frame: 6: with temporal_upscalings 2 " in message
    assert message.endswith("a picture can stand at every 4th frame: 4 or 8")
    shot.write(render=DFR | {"options": {"temporal_upscalings": 1}}, inputs=keys)
    assert [image.frame for image in shot.compile().request.images] == [6]


def test_the_draft_and_the_storyboard_are_made_without_options(shot: Shot) -> None:
    shot.generations = {"dfr_pipeline": 3}
    shot.write(render=DFR)
    before = [shot.compile(draft=True).request, shot.compile(renderer="animatic").request]
    write(shot, DFR, spatial_upscalings=2, temporal_upscalings=2)
    assert [shot.compile(draft=True).request, shot.compile(renderer="animatic").request] == before
    assert any("render.options: the draft is rendered without them" in note for note in shot.compile(draft=True).notes)


def test_the_generation_decides_the_models_of_dfr(shot: Shot) -> None:
    shot.write(render=DFR)
    first = shot.compile()
    assert first.request.generation is None
    assert [model.slot for model in first.request.models] == [
        "LTX_CHECKPOINT_PATH",
        "LTX_GEMMA_ROOT",
        "LTX_SPATIAL_UPSAMPLER_PATH",
        "LTX_DISTILLED_LORA_PATH",
    ]
    shot.generations = {"dfr_pipeline": 3}
    third = shot.compile()
    assert third.request.generation == 3
    assert [model.slot for model in third.request.models] == [
        "LTX_DISTILLED_CHECKPOINT_PATH",
        "LTX_GEMMA_ROOT",
        "LTX_SPATIAL_UPSAMPLER_PATH",
        "LTX_DETAILING_LORA_PATH",
    ]
    assert third.slots["LTX_DETAILING_LORA_PATH"] == print_of("LTX_DETAILING_LORA_PATH")
    assert third.sources.texts()["generation"] == {"film.lock.yaml: generations.dfr_pipeline": "3"}


def test_a_pipeline_of_one_generation_has_none_in_its_request(shot: Shot) -> None:
    shot.generations = {"ti2vid_two_stages": 1}
    assert shot.write(render={"pipeline": "ti2vid_two_stages"}).compile().request.generation is None
