"""Handles in a request: spare frames, and what stays at its frames of the shot."""

from __future__ import annotations

from typing import Any

import pytest

from kit.shot import Shot
from vtx_app.compile.clip_request import Parent
from vtx_app.compile.request import canonical_json, request_digest
from vtx_app.errors import SpecError

MARA = "A01_S01_SH002"


KEYS = [
    {"path": "inputs/reference_images/ivo.png", "frame": 0},
    {"path": "inputs/reference_images/ivo.png", "frame": 5, "strength": 0.5},
]


def with_handles(shot: Shot, head: int, tail: int, **parts: Any) -> Shot:
    return shot.write(render={"handles": {"head": head, "tail": tail}}, **parts)


def test_a_take_is_as_long_as_its_shot_with_both_handles(shot: Shot) -> None:
    request = with_handles(shot, 12, 10).compile().request
    assert (request.frames, request.head) == (33, 12)  # 12 + 8 + 10, rounded up to 8k+1
    assert with_handles(shot, 0, 10).compile().request.head is None


def test_a_request_without_handles_says_nothing_of_them(shot: Shot) -> None:
    before = shot.write().compile().request
    assert with_handles(shot, 0, 0).compile().request == before
    assert "head" not in canonical_json(before)
    assert with_handles(shot, 0, 1).compile().request == before  # its 8 frames are rendered as 9
    assert request_digest(with_handles(shot, 1, 0).compile().request) != request_digest(before)


def test_pictures_stay_at_their_frames_of_the_shot(shot: Shot) -> None:
    inputs = {"type": "keyframe_interpolation", "keyframes": KEYS}
    request = with_handles(shot, 12, 10, inputs=inputs).compile().request
    assert [(image.frame, image.strength) for image in request.images] == [(12, 1.0), (17, 0.5)]
    first = {"type": "i2v", "reference_image": "inputs/reference_images/ivo.png"}
    assert [image.frame for image in with_handles(shot, 12, 10, inputs=first).compile().request.images] == [12]
    with_handles(shot, 12, 10, inputs={"type": "i2v", "keyframes": [KEYS[0] | {"frame": 8}]})
    with pytest.raises(SpecError, match=r"keyframes\.0\.frame: 8: the clip has 8 frames \(0 to 7\)"):
        shot.compile()


def test_a_shot_that_continues_another_begins_its_take(shot: Shot) -> None:
    shot.film.edit("metadata.yaml", "fps: 8", "fps: 8\nhandles: {head: 12, tail: 10}")
    shot.write(inputs={"type": "i2v", "continue_from": MARA, "keyframes": KEYS[1:]})
    for draft in (False, True):
        request = shot.compile(parent=Parent("0" * 64, 19), draft=draft).request
        assert (request.frames, request.head, request.continue_frame) == (25, None, 19)
        assert [image.frame for image in request.images] == [5]


def test_a_draft_has_the_handles_of_the_final_and_a_storyboard_none(shot: Shot) -> None:
    inputs = {"type": "i2v", "reference_image": "inputs/reference_images/ivo.png"}
    draft = with_handles(shot, 12, 10, inputs=inputs).compile(draft=True).request
    assert (draft.frames, draft.head, [image.frame for image in draft.images]) == (33, 12, [12])
    storyboard = shot.compile(renderer="animatic").request
    assert storyboard == with_handles(shot, 0, 0, inputs=inputs).compile(renderer="animatic").request
    assert (storyboard.frames, storyboard.head) == (9, None)
