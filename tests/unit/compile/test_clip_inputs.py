"""Films, masks and sounds that a clip starts from: looked into while planning, so that a wrong one costs no render."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.shot import Shot, silent_sound, write_movie
from vtx_app.compile.duration import legal_frames
from vtx_app.errors import SpecError

FILM, MASK, SOUND = "inputs/source.mp4", "inputs/mask.mp4", "inputs/sound.wav"
V2V = {"type": "v2v", "input_video": FILM}
A2V = {"type": "a2v", "audio": SOUND}


def fault(shot: Shot) -> str:
    """The one line that says why the clip can't be rendered."""
    with pytest.raises(SpecError) as caught:
        shot.compile()
    assert len(caught.value.problems) == 1
    return str(caught.value)


def movie(shot: Shot, name: str, frames: int, width: int = 64, height: int = 64, rate: int = 8) -> str:
    """Write a film into the project; returns the sha256 of its bytes."""
    path = shot.film.folder / name
    write_movie(path, frames, width, height, rate)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sound(shot: Shot, seconds: float, channels: int = 2) -> str:
    path = shot.film.folder / SOUND
    silent_sound(path, seconds, channels)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def lasting(seconds: float) -> dict[str, Any]:
    return {"duration": {"mode": "fixed", "seconds": seconds}}


def test_a_source_film_is_in_the_request_by_content(shot: Shot) -> None:
    film, mask = movie(shot, FILM, 9), movie(shot, MASK, 9, 32, 32)
    inputs = V2V | {"strength": 0.5, "mask": MASK, "mask_strength": 0.25}
    done = shot.write(inputs=inputs).compile()
    request = done.request
    assert (request.video, request.video_strength) == (film, 0.5)
    assert (request.mask, request.mask_strength) == (mask, 0.25)
    assert {sha256: path.name for sha256, path in done.files.items()} == {film: "source.mp4", mask: "mask.mp4"}
    assert (request.width, request.height, request.frames) == (128, 128, 9)
    without = shot.write(inputs=V2V).compile().request
    assert (without.video_strength, without.mask, without.mask_strength) == (1.0, None, None)


def test_a_source_film_that_is_too_short_is_reported(shot: Shot) -> None:
    movie(shot, FILM, 8)
    shot.write(inputs=V2V)  # the clip has 8 frames, and its take 9
    assert fault(shot) == (
        f"{shot.name}:{shot.line('input_video:')}: inputs.input_video: '{FILM}' has 8 frames and the take has 9 "
        "(the clip's 8, rounded up to 8k+1): make the clip shorter or give a longer film"
    )


def test_a_mask_that_is_too_short_is_reported(shot: Shot) -> None:
    movie(shot, FILM, 17)
    movie(shot, MASK, 8)
    shot.write(inputs=V2V | {"mask": MASK})
    assert f"{shot.name}:{shot.line('mask:')}: inputs.mask: '{MASK}' has 8 frames and the take has 9" in fault(shot)


# The film is written anew for each example, which is what a fixture would do.
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frames=st.integers(1, 40), there=st.integers(1, 40))
def test_a_source_film_is_as_long_as_the_take(shot: Shot, frames: int, there: int) -> None:
    movie(shot, FILM, there)
    shot.write(inputs=V2V, render=lasting(frames / 8))
    if there >= legal_frames(frames):
        assert shot.compile().request.frames == legal_frames(frames)
    else:
        assert f"has {there} frames and the take has {legal_frames(frames)}" in fault(shot)


@pytest.mark.parametrize("data", [b"", b"words, not pictures"])
def test_a_source_that_is_no_film_is_reported(shot: Shot, data: bytes) -> None:
    shot.film.write(FILM, data)
    shot.write(inputs=V2V)
    assert fault(shot).startswith(
        f"{shot.name}:{shot.line('input_video:')}: inputs.input_video: projects/harbour/{FILM}"
    )


def test_a_sound_is_no_film_and_a_film_without_sound_no_sound(shot: Shot) -> None:
    sound(shot, 4.0)
    shot.write(inputs=V2V | {"input_video": SOUND})
    assert "there is no picture in it" in fault(shot)
    movie(shot, FILM, 9)
    shot.write(inputs=A2V | {"audio": FILM})
    assert f"{shot.name}:{shot.line('audio:')}: inputs.audio: projects/harbour/{FILM}: there is no sound" in fault(shot)


def retake(start: float = 0.0, end: float = 0.5) -> dict[str, Any]:
    return {"type": "retake", "input_video": FILM, "retake": {"start": start, "end": end}}


def test_a_retake_is_as_its_source(shot: Shot) -> None:
    film = movie(shot, FILM, 17, 96, 160, rate=24)
    request = shot.write(inputs=retake(0.25, 0.7)).compile().request
    assert (request.width, request.height, request.frames) == (96, 160, 17)
    assert (request.video, request.retake_start, request.retake_end) == (film, 0.25, 0.7)
    assert (request.video_strength, request.guidance_scale, request.steps) == (None, None, None)


@pytest.mark.parametrize(
    ("frames", "says"),
    [(1, "has 1 frames; a retake needs 8k+1"), (8, "has 8 frames; a retake needs 8k+1"), (16, "has 16 frames; a")],
)
def test_a_source_that_the_model_does_not_count_to_is_reported(shot: Shot, frames: int, says: str) -> None:
    movie(shot, FILM, frames)
    shot.write(inputs=retake(0.0, 0.1), render=lasting(0.125))
    assert f"{shot.name}:{shot.line('input_video:')}: inputs.input_video: '{FILM}' {says}" in fault(shot)


@pytest.mark.parametrize(("width", "height"), [(66, 64), (64, 48), (64, 80)])
def test_a_source_of_a_size_that_the_model_has_not_is_reported(shot: Shot, width: int, height: int) -> None:
    movie(shot, FILM, 9, width, height)
    shot.write(inputs=retake())
    assert f"'{FILM}' is {width}×{height}; both sides must be multiples of 32" in fault(shot)


def test_a_window_beyond_the_end_is_reported(shot: Shot) -> None:
    movie(shot, FILM, 9, rate=8)
    shot.write(inputs=retake(0.5, 1.126))
    at = f"{shot.name}:{shot.line('end:')}: inputs.retake.end"
    assert fault(shot) == f"{at}: 1.126 s: '{FILM}' ends at 1.125 s; move the window"
    assert shot.write(inputs=retake(0.5, 1.125)).compile().request.retake_end == 1.125


def test_a_clip_that_is_longer_than_its_source_is_reported(shot: Shot) -> None:
    movie(shot, FILM, 9)
    shot.write(inputs=retake(), render=lasting(1.25))
    assert f"'{FILM}' has 9 frames and the clip 10; make the clip shorter" in fault(shot)
    assert shot.write(inputs=retake(), render=lasting(1.125)).compile().request.frames == 9


@pytest.mark.parametrize("channels", [1, 2])
def test_a_sound_is_in_the_request_by_content(shot: Shot, channels: int) -> None:
    heard = sound(shot, 2.0, channels)
    request = shot.write(inputs=A2V | {"audio_start": 0.5}).compile().request
    assert (request.audio, request.audio_start) == (heard, 0.5)
    assert shot.write(inputs=A2V).compile().request.audio_start is None


def test_a_sound_that_ends_before_the_take_is_reported(shot: Shot) -> None:
    sound(shot, 1.1)  # the take's 9 frames last 1.125 s
    shot.write(inputs=A2V)
    assert fault(shot) == (
        f"{shot.name}:{shot.line('audio:')}: inputs.audio: '{SOUND}' lasts 1.100 s; from 0 s on the take needs 1.125 s "
        "of it: begin earlier, or make the clip shorter"
    )
    sound(shot, 1.125)
    assert shot.compile().request.frames == 9
    shot.write(inputs=A2V | {"audio_start": 0.01})
    assert "from 0.01 s on the take needs 1.125 s" in fault(shot)


def test_a_sound_is_as_long_as_the_take_at_the_rate_that_ltx_writes(shot: Shot) -> None:
    """At 23.976 frames a second the take is rendered at 24."""
    shot.film.edit("metadata.yaml", "fps: 8", "fps: 23.976")
    sound(shot, 25 / 24)
    assert shot.write(inputs=A2V).compile().request.frames == 25


def test_a_sound_of_many_channels_is_reported(shot: Shot) -> None:
    sound(shot, 2.0, channels=6)
    shot.write(inputs=A2V)
    assert f"{shot.name}:{shot.line('audio:')}: inputs.audio: '{SOUND}' has 6 channels; mix it down" in fault(shot)


def test_the_storyboard_needs_no_legal_films(shot: Shot) -> None:
    """It can be drawn before the source is cut to length."""
    movie(shot, FILM, 3)
    request = shot.write(inputs=V2V).compile(renderer="animatic").request
    assert (request.input_type, request.video_strength) == ("v2v", None)


def test_a_source_film_and_its_mask_are_as_long_as_the_shot_and_its_tail(shot: Shot) -> None:
    movie(shot, FILM, 17)
    render = {"handles": {"tail": 10}}
    shot.write(inputs=V2V, render=render)
    assert fault(shot) == (
        f"{shot.name}:{shot.line('input_video:')}: inputs.input_video: '{FILM}' has 17 frames and the take has 25 "
        "(the clip's 8 and a tail of 10, rounded up to 8k+1): make the clip shorter or its tail (render.handles.tail) "
        "or give a longer film"
    )
    movie(shot, FILM, 25)
    assert shot.compile().request.frames == 25
    movie(shot, MASK, 24)
    shot.write(inputs=V2V | {"mask": MASK}, render=render)
    assert f"'{MASK}' has 24 frames and the take has 25" in fault(shot)


def test_a_sound_lasts_as_long_as_the_shot_and_its_tail(shot: Shot) -> None:
    sound(shot, 3.1)  # the take's 25 frames last 3.125 s
    shot.write(inputs=A2V, render={"handles": {"tail": 10}})
    assert fault(shot).endswith("begin earlier, or make the clip shorter or its tail (render.handles.tail)")
    sound(shot, 3.125)
    request = shot.compile().request
    assert (request.frames, request.head, request.audio_start) == (25, None, None)


def test_a_retake_has_no_handles_whatever_the_film_has(shot: Shot) -> None:
    shot.film.edit("metadata.yaml", "fps: 8", "fps: 8\nhandles: {head: 12, tail: 10}")
    movie(shot, FILM, 9)
    request = shot.write(inputs=retake()).compile().request
    assert (request.frames, request.head) == (9, None)
