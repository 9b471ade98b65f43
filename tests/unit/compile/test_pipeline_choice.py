"""Which pipeline a clip is rendered by, and what is told where its spec asks for what that pipeline does not do."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.film import Film as FilmFiles
from kit.film import picture
from kit.shot import Shot, silent_sound, write_movie
from vtx_app.compile.clip_request import Compiled, Parent
from vtx_app.compile.pipeline_choice import clip_pipeline, ignored_settings, left_out_of_draft, wrong_pipeline
from vtx_app.compile.request import request_digest
from vtx_app.errors import SpecError
from vtx_app.formats.clip_spec import ClipSpec, InputType
from vtx_app.formats.pipelines import PIPELINES, pipelines_for
from vtx_app.project.load import load_film

STILL = "inputs/reference_images/ivo.png"
PARENT = Parent("a" * 64, 7)


def inputs_of(kind: str, film: FilmFiles) -> dict[str, Any]:
    """Inputs that are enough for a clip of that type, with their files."""
    write_movie(film.folder / "inputs/source.mp4", 25)
    silent_sound(film.folder / "inputs/sound.wav", 4.0)
    film.write("inputs/end.png", picture((9, 9, 9)))
    by_type: dict[str, dict[str, Any]] = {
        "t2v": {},
        "i2v": {"reference_image": STILL},
        "keyframe_interpolation": {
            "keyframes": [{"path": STILL, "frame": 0}, {"path": "inputs/end.png", "frame": 7}],
        },
        "v2v": {"input_video": "inputs/source.mp4"},
        "a2v": {"audio": "inputs/sound.wav"},
        "retake": {"input_video": "inputs/source.mp4", "retake": {"start": 0.25, "end": 0.75}},
    }
    return {"type": kind} | by_type[kind]


def fault(shot: Shot, parent: Parent | None = None) -> str:
    """The one line that says why the clip can't be rendered."""
    with pytest.raises(SpecError) as caught:
        shot.compile(parent=parent)
    assert len(caught.value.problems) == 1
    return str(caught.value)


@pytest.mark.parametrize("kind", get_args(InputType))
def test_a_type_of_input_implies_its_pipeline(shot: Shot, kind: str) -> None:
    request = shot.write(inputs=inputs_of(kind, shot.film)).compile().request
    assert request.pipeline in pipelines_for(kind)
    # The film's own default is taken where it does for the type, as it does for words, pictures and keyframes.
    wanted = "ti2vid_one_stage" if "ti2vid_one_stage" in pipelines_for(kind) else pipelines_for(kind)[0]
    assert request.pipeline == wanted
    assert request.input_type == kind


@pytest.mark.parametrize("kind", get_args(InputType))
@pytest.mark.parametrize("pipeline", sorted(PIPELINES))
def test_a_pipeline_is_right_for_a_type_or_is_reported(shot: Shot, kind: str, pipeline: str) -> None:
    shot.write(inputs=inputs_of(kind, shot.film), render={"pipeline": pipeline})
    stills = {"i2v": 1, "keyframe_interpolation": 2}.get(kind, 0)
    if pipeline in pipelines_for(kind) and stills >= PIPELINES[pipeline].min_images:
        assert shot.compile().request.pipeline == pipeline
    elif kind == "i2v" and pipeline == "keyframe_interpolation":
        assert "goes between pictures and needs 2 or more; the clip has 1" in fault(shot)
    else:
        at = f"{shot.name}:{shot.line('pipeline:')}: render.pipeline: {pipeline} "
        assert fault(shot).startswith(at)
        suggested = re.findall(r"\w+", fault(shot).removeprefix(at))
        assert set(suggested) & set(pipelines_for(kind))


def test_an_order_for_this_run_is_reported_like_the_specs_own(shot: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    shot.write(inputs=inputs_of("retake", shot.film))
    monkeypatch.setenv("VTX_CONFIG", '{"project": "harbour", "pipeline": "distilled"}')
    film = load_film("harbour")
    assert clip_pipeline(film.clips[shot.clip_id], film) == "distilled"
    assert "render.pipeline: distilled does not make clips of inputs.type retake; retake does" in fault(shot)


def test_a_film_whose_default_makes_no_such_clip_still_makes_it(shot: Shot) -> None:
    shot.film.edit("metadata.yaml", "default_pipeline: ti2vid_one_stage", "default_pipeline: distilled")
    assert shot.write(inputs=inputs_of("a2v", shot.film)).compile().request.pipeline == "a2vid_two_stage"
    assert shot.write(inputs=inputs_of("keyframe_interpolation", shot.film)).compile().request.pipeline == "distilled"
    assert shot.write(inputs=inputs_of("t2v", shot.film)).compile().request.pipeline == "distilled"


def test_a_picture_that_would_be_ignored_is_reported(shot: Shot) -> None:
    spec = ClipSpec.model_validate(
        {"clip_id": "A01_S01_SH001", "title": "t", "act": 1, "scene": 1, "shot": 1, "prompt": {"positive": "p"}}
        | {"inputs": {"type": "i2v", "reference_image": STILL}}
    )
    no_pictures = [name for name, row in PIPELINES.items() if not row.accepts("images")]
    assert no_pictures
    for name in no_pictures:
        assert next(iter(wrong_pipeline(spec, name)))[0] == ("render", "pipeline")


def test_two_first_frames_are_reported(shot: Shot) -> None:
    chained = {"continue_from": "A01_S01_SH002", "type": "i2v"}
    shot.write(inputs=chained | {"reference_image": STILL})
    told = fault(shot, PARENT)
    assert told.startswith(f"{shot.name}:{shot.line('reference_image:')}: inputs.reference_image: the clip continues")
    shot.write(inputs=chained | {"keyframes": [{"path": STILL, "frame": 5}, {"path": STILL, "frame": 0}]})
    told = fault(shot, PARENT)
    assert told.startswith(f"{shot.name}:{shot.line('frame: 0')}: inputs.keyframes.1.frame: 0: the clip continues")
    request = shot.write(inputs=chained | {"keyframes": [{"path": STILL, "frame": 5}]}).compile(parent=PARENT).request
    assert [image.frame for image in request.images] == [5]
    assert (request.continue_from, request.continue_frame) == ("a" * 64, 7)


def test_a_tail_leaves_the_first_frame_to_a_picture(shot: Shot) -> None:
    tail = {"type": "v2v", "continue_from": "A01_S01_SH002", "continue_frames": 9, "reference_image": STILL}
    request = shot.write(inputs=tail).compile(parent=PARENT).request
    assert (request.pipeline, request.continue_frames, request.video) == ("ic_lora", 9, None)
    assert [image.frame for image in request.images] == [0]


def test_continuing_counts_as_a_picture(shot: Shot) -> None:
    chained = {"type": "keyframe_interpolation", "continue_from": "A01_S01_SH002"}
    shot.write(
        inputs=chained | {"keyframes": [{"path": STILL, "frame": 7}]}, render={"pipeline": "keyframe_interpolation"}
    )
    assert shot.compile(parent=PARENT).request.pipeline == "keyframe_interpolation"


WORDS: dict[str, dict[str, Any]] = {"guidance_scale": {"guidance_scale": 6.0}, "steps": {"steps": 9}}


def _digest(done: Compiled) -> str:
    return request_digest(done.request)


@pytest.mark.parametrize("pipeline", ["distilled", "ic_lora", "retake", "dfr_pipeline"])
def test_words_that_a_pipeline_ignores_are_noted_and_decide_nothing(shot: Shot, pipeline: str) -> None:
    kind = {"ic_lora": "v2v", "retake": "retake"}.get(pipeline, "t2v")
    start = inputs_of(kind, shot.film)
    plain = shot.write(inputs=start, render={"pipeline": pipeline}).compile()
    assert plain.notes == ()
    for key, render in WORDS.items():
        done = shot.write(inputs=start, render={"pipeline": pipeline} | render).compile()
        assert done.request == plain.request
        line = shot.line(f"{key}:")
        assert done.notes == (f"{shot.name}:{line}: render.{key}: {pipeline} has none and ignores it",)
    done = shot.write(inputs=start, render={"pipeline": pipeline}, prompt={"negative": "fog"}).compile()
    assert done.request == plain.request
    assert done.notes == (f"{shot.name}:{shot.line('negative:')}: prompt.negative: {pipeline} has none and ignores it",)
    shot.film.edit("prompts/style_bible.yaml", 'global_negative: "text, watermark"', 'global_negative: "letters"')
    shot.film.edit("prompts/style_bible.yaml", 'negative: "night"', 'negative: "dusk"')
    assert _digest(shot.compile()) == _digest(plain)


def test_words_that_a_pipeline_reads_decide(shot: Shot) -> None:
    plain = shot.write().compile()
    for render in WORDS.values():
        done = shot.write(render=render).compile()
        assert _digest(done) != _digest(plain)
        assert done.notes == ()
    assert _digest(shot.write(prompt={"negative": "fog"}).compile()) != _digest(plain)
    shot.write()
    shot.film.edit("prompts/style_bible.yaml", 'global_negative: "text, watermark"', 'global_negative: "letters"')
    assert _digest(shot.compile()) != _digest(plain)


RENDER = st.fixed_dictionaries({}, optional={"guidance_scale": st.floats(0, 50), "steps": st.integers(1, 200)})


@given(st.sampled_from(sorted(PIPELINES)), RENDER, st.text(max_size=9) | st.just(" \n"))
def test_what_is_ignored_is_what_the_row_does_not_take(pipeline: str, render: dict[str, Any], negative: str) -> None:
    spec = ClipSpec.model_validate(
        {"clip_id": "A01_S01_SH001", "title": "t", "act": 1, "scene": 1, "shot": 1, "render": render}
        | {"prompt": {"positive": "p", "negative": negative}}
    )
    given_words = {*render, *(["negative"] if negative.strip() else [])}
    ignored = {keys[-1] for keys, _ in ignored_settings(spec, pipeline)}
    assert ignored == {word for word in given_words if not PIPELINES[pipeline].accepts(word)}


def test_the_storyboard_keeps_its_words(shot: Shot) -> None:
    """The storyboard's takes were planned with them, and must not be drawn anew."""
    shot.write(render={"pipeline": "distilled", "guidance_scale": 6.0}, prompt={"negative": "fog"})
    request = shot.compile(renderer="animatic").request
    assert request.guidance_scale == 6.0
    assert request.negative.endswith("fog")


def test_a_draft_is_distilled_small_and_legal(shot: Shot) -> None:
    shot.write(render={"width": 100, "height": 70})
    done = shot.compile(draft=True)
    assert done.request.pipeline == "distilled"
    assert (done.request.width, done.request.height) == (64, 64)
    shot.film.edit("metadata.yaml", "{width: 128, height: 96}", "{width: 1536, height: 864}")
    request = shot.write().compile(draft=True).request
    assert (request.width, request.height) == (768, 448)
    assert {model.slot for model in request.models} == {
        "LTX_DISTILLED_CHECKPOINT_PATH",
        "LTX_GEMMA_ROOT",
        "LTX_SPATIAL_UPSAMPLER_PATH",
    }
    assert (request.frames, request.seed) == (9, 7)
    assert request.rate == 8


@pytest.mark.parametrize(
    ("kind", "keys"), [("v2v", {"input_video"}), ("a2v", {"audio"}), ("retake", {"input_video", "retake"})]
)
def test_a_draft_is_made_without_films_and_sounds_and_reports_it(shot: Shot, kind: str, keys: set[str]) -> None:
    done = shot.write(inputs=inputs_of(kind, shot.film)).compile(draft=True)
    request = done.request
    assert (request.video, request.audio, request.retake_start, request.video_strength) == (None, None, None, None)
    assert (request.width, request.height, request.frames) == (64, 64, 9)
    lines = {key: shot.line("start:" if key == "retake" else f"{key}:") for key in keys}
    assert set(done.notes) == {
        f"{shot.name}:{line}: inputs.{key}: the draft is rendered without it" for key, line in lines.items()
    }


def test_a_draft_keeps_pictures_and_where_it_continues(shot: Shot) -> None:
    done = shot.write(inputs=inputs_of("i2v", shot.film)).compile(draft=True)
    assert [image.frame for image in done.request.images] == [0]
    assert done.notes == ()
    tail = {"type": "v2v", "continue_from": "A01_S01_SH002", "continue_frames": 9}
    done = shot.write(inputs=tail).compile(draft=True, parent=PARENT)
    assert (done.request.continue_from, done.request.continue_frame) == ("a" * 64, 7)
    assert done.request.continue_frames is None
    assert [note.partition(": ")[2] for note in done.notes] == [
        "inputs.continue_frames: the draft starts from the last frame alone"
    ]


def test_a_draft_is_planned_where_the_final_can_not_be(shot: Shot) -> None:
    """The source of the final may be another film than the one that is there while drafting."""
    write_movie(shot.film.folder / "inputs/short.mp4", 3)
    shot.write(inputs={"type": "v2v", "input_video": "inputs/short.mp4"})
    assert "has 3 frames" in fault(shot)
    assert shot.compile(draft=True).request.pipeline == "distilled"


def test_a_mask_is_left_out_of_a_draft_too(shot: Shot) -> None:
    write_movie(shot.film.folder / "inputs/mask.mp4", 25)
    shot.write(inputs=inputs_of("v2v", shot.film) | {"mask": "inputs/mask.mp4"})
    spec = load_film("harbour").clips[shot.clip_id].spec
    assert [keys for keys, _ in left_out_of_draft(spec)] == [("inputs", "input_video"), ("inputs", "mask")]
    assert shot.compile(draft=True).request.mask is None
