# ruff: noqa: E501 - a table of messages
"""What a shot starts from: which input goes with which type, as a person writes it, and what is told of the rest."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.errors import SpecError
from vtx_app.formats.check import load_format
from vtx_app.formats.clip_spec import ClipSpec, Inputs, InputType

CLIP = """\
clip_id: A01_S02_SH003
title: The door
act: 1
scene: 2
shot: 3
prompt: {positive: A door.}
inputs:
"""
FIRST_LINE = CLIP.count("\n") + 1
KEY = "{path: a.png, frame: 8}"


def load(folder: Path, inputs: str) -> Inputs:
    path = Path("clip.yaml")
    with contextlib.chdir(folder):
        path.write_text(CLIP + "".join(f"  {line}\n" for line in inputs.splitlines()), encoding="utf-8")
        return load_format(path, ClipSpec).inputs


def faults(folder: Path, inputs: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        load(folder, inputs)
    return caught.value.problems


@pytest.mark.parametrize(
    "inputs",
    [
        "type: t2v",
        "type: t2v\ncontinue_from: A01_S01_SH001",
        "type: i2v\nreference_image: a.png\nstrength: 0.5",
        f"type: i2v\nkeyframes: [{KEY}]",
        "type: i2v\ncontinue_from: A01_S01_SH001",
        f"type: keyframe_interpolation\nkeyframes: [{KEY}, {{path: b.png, frame: 0, strength: 0}}]",
        f"type: keyframe_interpolation\nreference_image: b.png\nkeyframes: [{KEY}]",
        f"type: keyframe_interpolation\ncontinue_from: A01_S01_SH001\nkeyframes: [{KEY}]",
        "type: v2v\ninput_video: a.mp4\nmask: m.mp4\nmask_strength: 0.5\nreference_image: a.png",
        "type: v2v\ncontinue_from: A01_S01_SH001\ncontinue_frames: 17",
        "type: v2v\ncontinue_from: A01_S01_SH001\ninput_video: a.mp4",
        "type: a2v\naudio: a.wav\naudio_start: 3.5\nreference_image: a.png",
        "type: a2v\naudio: a.wav\ncontinue_from: A01_S01_SH001",
        "type: retake\ninput_video: a.mp4\nretake: {start: 0, end: 0.5}",
    ],
)
def test_what_goes_together_is_taken(tmp_path: Path, inputs: str) -> None:
    written = yaml.safe_load(inputs)
    found = load(tmp_path, inputs).model_dump(exclude_unset=True)
    assert found.keys() == written.keys()
    assert found["type"] == written["type"]


@pytest.mark.parametrize(
    ("inputs", "line", "message"),
    [
        ("type: i2v", 0, "inputs: type i2v needs reference_image or continue_from"),
        ("type: v2v", 0, "inputs: type v2v needs input_video"),
        ("type: v2v\ncontinue_from: A01_S01_SH001", 0, "inputs: type v2v needs input_video"),
        ("type: a2v", 0, "inputs: type a2v needs audio"),
        ("type: retake\nretake: {start: 0, end: 1}", 0, "inputs: type retake needs input_video"),
        ("type: retake\ninput_video: a.mp4", 0, "inputs: type retake needs retake"),
        (f"type: keyframe_interpolation\nkeyframes: [{KEY}]", 0, "inputs: type keyframe_interpolation needs two or more keyframes"),
        ("reference_image: a.png", 0, "inputs: type t2v starts from words alone and would ignore reference_image"),
        (f"keyframes: [{KEY}]", 0, "inputs: type t2v starts from words alone and would ignore keyframes"),
        ("type: t2v\ninput_video: a.mp4", 0, "inputs: type t2v starts from words alone and would ignore input_video"),
        ("type: i2v\nreference_image: a.png\nmask: m.mp4", 0, "inputs: type i2v does not use it and would ignore mask"),
        ("type: i2v\nreference_image: a.png\naudio: a.wav", 0, "inputs: type i2v does not use it and would ignore audio"),
        ("type: a2v\naudio: a.wav\ninput_video: a.mp4", 0, "inputs: type a2v does not use it and would ignore input_video"),
        (
            "type: retake\ninput_video: a.mp4\nretake: {start: 0, end: 1}\nreference_image: a.png",
            0,
            "inputs: type retake does not use it and would ignore reference_image",
        ),
        (
            "type: v2v\ninput_video: a.mp4\nretake: {start: 0, end: 1}",
            0,
            "inputs: type v2v does not use it and would ignore retake; say the type it is for",
        ),
        (
            "type: retake\ninput_video: a.mp4\nretake: {start: 0, end: 1}\ncontinue_from: A01_S01_SH001",
            0,
            "inputs: type retake works on input_video; it can't continue from a clip besides",
        ),
        ("type: retake\ninput_video: a.mp4\nretake:\n  start: 2\n  end: 1.5", 3, "inputs.retake: start 2 s is not before end 1.5 s"),
        ("type: retake\ninput_video: a.mp4\nretake: {start: 1, end: 1}", 2, "inputs.retake: start 1 s is not before end 1 s"),
        ("type: retake\ninput_video: a.mp4\nretake: {start: -1, end: 1}", 2, "inputs.retake.start: -1: expected greater than or equal to 0"),
        ("type: retake\ninput_video: a.mp4\nretake: {start: 1}", 2, "inputs.retake.end: missing; seconds into the source"),
        ("continue_frames: 9", 0, "inputs: continue_frames needs continue_from, the clip whose last frames they are"),
        ("type: v2v\ncontinue_from: A01_S01_SH001\ncontinue_frames: 8", 0, "inputs: continue_frames 8: 1, or 8k+1 (9, 17, 25, …)"),
        ("type: v2v\ncontinue_from: A01_S01_SH001\ncontinue_frames: 0", 2, "inputs.continue_frames: 0: expected greater than"),
        (
            "type: v2v\ncontinue_from: A01_S01_SH001\ncontinue_frames: 9\ninput_video: a.mp4",
            0,
            "inputs: a tail of more than one frame is the source of type v2v, in place of input_video",
        ),
        (
            "type: i2v\ncontinue_from: A01_S01_SH001\ncontinue_frames: 9",
            0,
            "inputs: a tail of more than one frame is the source of type v2v",
        ),
        ("type: i2v\nreference_image: a.png\nstrength: 2.5", 2, "inputs.strength: 2.5: expected less than or equal to 1"),
        ("type: v2v\ninput_video: a.mp4\nmask: m.mp4\nmask_strength: -0.1", 3, "inputs.mask_strength: -0.1: expected greater than"),
        ("type: i2v\nkeyframes:\n- path: a.png\n  frame: 3\n  strength: 1.5", 4, "inputs.keyframes.0.strength: 1.5: expected less"),
        ("type: i2v\nkeyframes:\n- path: a.png\n  frame: -1", 3, "inputs.keyframes.0.frame: -1: expected greater than or equal to 0"),
        ("type: a2v\naudio: a.wav\naudio_start: -0.5", 2, "inputs.audio_start: -0.5: expected greater than or equal to 0"),
        ("type: i2i", 0, "inputs.type: 'i2i' is not one of t2v, i2v, v2v"),
        ("type: a2v\naudoi: a.wav", 1, "inputs.audoi: unknown key, did you mean 'audio'?"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_reported(tmp_path: Path, inputs: str, line: int, message: str) -> None:
    found = faults(tmp_path, inputs)
    assert [each.startswith(f"clip.yaml:{FIRST_LINE + line}: {message}") for each in found] == [True], found


FILLED: dict[str, Any] = {
    "reference_image": "a.png",
    "input_video": "a.mp4",
    "mask": "m.mp4",
    "keyframes": [{"path": "a.png", "frame": 8}, {"path": "b.png", "frame": 16}],
    "audio": "a.wav",
    "retake": {"start": 0.0, "end": 1.0},
    "continue_from": "A01_S01_SH001",
}


@given(st.sampled_from(get_args(InputType)), st.sets(st.sampled_from(sorted(FILLED))))
def test_nothing_that_is_given_is_passed_over(
    tmp_path_factory: pytest.TempPathFactory, kind: str, keys: set[str]
) -> None:
    """Whatever is accepted is of a type that uses it; whatever is refused says which key it is about."""
    folder = tmp_path_factory.getbasetemp()
    try:
        found = load(folder, yaml.safe_dump({"type": kind} | {key: FILLED[key] for key in sorted(keys)}))
    except SpecError as error:
        assert len(error.problems) == 1
        assert str(error).startswith(f"clip.yaml:{FIRST_LINE}: inputs: ")
        assert f"type {kind}" in str(error) or "continue" in str(error)
        return
    used = {"a2v": {"audio"}, "v2v": {"input_video", "mask"}, "retake": {"input_video", "retake"}}.get(kind, set())
    if kind not in ("t2v", "retake"):
        used = used | {"reference_image", "keyframes"}
    assert keys - {"continue_from"} <= used
    assert found.type == kind


@given(st.integers(1, 300))
def test_a_tail_is_one_frame_or_as_the_model_counts(tmp_path_factory: pytest.TempPathFactory, frames: int) -> None:
    kind = "v2v" if frames > 1 else "i2v"
    text = f"type: {kind}\ncontinue_from: A01_S01_SH001\ncontinue_frames: {frames}"
    if frames == 1 or (frames % 8 == 1 and frames <= 257):
        assert load(tmp_path_factory.getbasetemp(), text).continue_frames == frames
    else:
        assert "continue_frames" in faults(tmp_path_factory.getbasetemp(), text)[0]
