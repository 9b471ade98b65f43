"""The digest: what decides pixels moves it, what does not never does."""

from __future__ import annotations

import json
import math
import unicodedata
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.compile.request import (
    ImageInput,
    Line,
    LoraInput,
    ModelInput,
    PipelineOptions,
    RenderRequest,
    StagedCharacter,
    StagedEarlier,
    StagedHeading,
    StagedLight,
    StagedPlace,
    StagedWeather,
    Staging,
    canonical_json,
    fold,
    request_digest,
)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
SPACES = st.text("  \t\n\r\u2003\u3000", min_size=1, max_size=4)

MARA = StagedCharacter("mara", "Mara", "A ferrywoman", "in an oilskin", "a low voice", "person")
STAGING = Staging("A quay.", (StagedPlace("quay", "Quay"),), (Line("Mara", "Nobody today."),), (MARA,))
OTHER_STAGING: dict[str, list[Any]] = {
    "action": ["A pier."],
    "locations": [(), (StagedPlace("quay", "Pier"),), (StagedPlace("quay", "Quay", "Granite"),)],
    "dialogue": [(), (Line("Ivo", "Nobody today."),), (Line("Mara", "Somebody today."),)],
    "characters": [
        (),
        (replace(MARA, id="ivo"),),
        (replace(MARA, name="Ivo"),),
        (replace(MARA, description="A boy"),),
        (replace(MARA, wardrobe=""),),
        (replace(MARA, voice=""),),
        (replace(MARA, kind=None),),
        (replace(MARA, seen=False),),
    ],
    "speakers": [("mara",)],
    "clip": ["A01_S01_SH001"],
    "heading": [StagedHeading("INT"), StagedHeading(time="night"), StagedHeading(weather="rain")],
    "size": ["wide"],
    "angle": ["low"],
    "movement": ["hold"],
    "profile": ["Dusk"],
    "film": ["35mm"],
    "earlier": [
        StagedEarlier(time="night"),
        StagedEarlier(weather=StagedWeather("rain")),
        StagedEarlier(weather=StagedWeather("rain", heavy=True)),
        StagedEarlier(weather=StagedWeather(over=True)),
        StagedEarlier(sky=("no moon",)),
        StagedEarlier(dark=True),
        StagedEarlier(lights=(StagedLight("candle", burns=True),)),
        StagedEarlier(lights=(StagedLight("candle", burns=False),)),
    ],
}

REQUEST = RenderRequest(
    renderer="ltx",
    renderer_version=1,
    pipeline="ti2vid_two_stages",
    input_type="i2v",
    prompt="A quay at dawn.",
    negative="blur",
    width=1920,
    height=832,
    frames=33,
    rate=Fraction(16),
    seed=7,
    guidance_scale=4.0,
    images=(ImageInput("a" * 64, 0, 1.0),),
    video="b" * 64,
    continue_from="c" * 64,
    continue_frame=31,
    loras=(LoraInput("sha256-sampled:d", 0.8),),
    models=(ModelInput("LTX_GEMMA_ROOT", "sha256-sampled:e"),),
    staging=STAGING,
    steps=30,
    continue_frames=9,
    video_strength=0.9,
    mask="d" * 64,
    mask_strength=0.5,
    audio="e" * 64,
    audio_start=1.5,
    retake_start=0.5,
    retake_end=1.0,
    quantization="fp8-cast",
)
OTHER: dict[str, list[Any]] = {
    "renderer": ["animatic"],
    "renderer_version": [2],
    "pipeline": ["distilled"],
    "input_type": ["t2v"],
    "prompt": ["A quay at dusk.", "A quay at dawn", "a quay at dawn."],
    "negative": ["", "blur, text"],
    "width": [1984],
    "height": [896],
    "frames": [41],
    "rate": [Fraction(24), Fraction(24000, 1001)],
    "seed": [8, 0],
    "guidance_scale": [4.5, None],
    "images": [
        (),
        (ImageInput("f" * 64, 0, 1.0),),
        (ImageInput("a" * 64, 1, 1.0),),
        (ImageInput("a" * 64, 0, 0.5),),
        (ImageInput("a" * 64, 0, 1.0), ImageInput("f" * 64, 8, 1.0)),
    ],
    "video": [None, "f" * 64],
    "continue_from": [None, "f" * 64],
    "continue_frame": [None, 30],
    "loras": [(), (LoraInput("sha256-sampled:d", 0.9),), (LoraInput("sha256-sampled:f", 0.8),)],
    "models": [(), (ModelInput("LTX_GEMMA_ROOT", "sha256-sampled:f"),), (ModelInput("LTX_X", "sha256-sampled:e"),)],
    "staging": [
        None,
        *(replace(STAGING, **{name: value}) for name, values in OTHER_STAGING.items() for value in values),
    ],
    "steps": [None, 20],
    "continue_frames": [None, 17],
    "video_strength": [None, 1.0],
    "mask": [None, "f" * 64],
    "mask_strength": [None, 1.0],
    "audio": [None, "f" * 64],
    "audio_start": [None, 2.0],
    "retake_start": [None, 0.0],
    "retake_end": [None, 1.5],
    "quantization": [None, "nvfp4-cast"],
    "head": [4, 12],
    "generation": [2],
    "options": [PipelineOptions(chunked=True), PipelineOptions(generated_keyframes=4)],
}


def test_every_deciding_field_moves_the_digest() -> None:
    assert set(OTHER_STAGING) == {field.name for field in fields(Staging)}
    assert set(OTHER) == {field.name for field in fields(RenderRequest)}
    variants = [replace(REQUEST, **{name: value}) for name, values in OTHER.items() for value in values]
    digests = {request_digest(each) for each in (REQUEST, *variants)}
    assert len(digests) == 1 + len(variants)
    assert all(len(digest) == 64 and int(digest, 16) >= 0 for digest in digests)


def test_what_a_digest_is_made_of_is_plain_json() -> None:
    data = json.loads(canonical_json(REQUEST))
    assert data["rate"] == "16/1"
    assert data["guidance_scale"] == 4
    assert "video" not in json.loads(canonical_json(replace(REQUEST, video=None)))


@given(st.lists(TEXTS, min_size=1, max_size=5), SPACES, SPACES, SPACES)
def test_white_space_and_unicode_form_are_no_matter(words: list[str], between: str, before: str, after: str) -> None:
    plain = replace(REQUEST, prompt=unicodedata.normalize("NFC", " ".join(words)))
    spaced = replace(REQUEST, prompt=before + unicodedata.normalize("NFD", between.join(words)) + after)
    assert request_digest(plain) == request_digest(spaced)


@given(TEXTS)
def test_folding_is_done_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert "\n" not in fold(text)


@given(TEXTS, TEXTS)
def test_two_texts_that_read_differently_are_two_takes(one: str, other: str) -> None:
    same = request_digest(replace(REQUEST, prompt=one)) == request_digest(replace(REQUEST, prompt=other))
    assert same == (fold(one) == fold(other))


@given(st.dictionaries(TEXTS, st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS, max_size=6))
def test_the_order_of_keys_is_no_matter(data: dict[str, Any]) -> None:
    unique = {fold(key): value for key, value in data.items()}
    assert canonical_json(unique) == canonical_json(dict(reversed(unique.items())))


@given(st.integers(-(2**53), 2**53))
def test_a_whole_number_is_one_number(number: int) -> None:
    assert canonical_json([number]) == canonical_json([float(number)]) == canonical_json((number,))
    assert request_digest(replace(REQUEST, seed=number)) == request_digest(
        replace(REQUEST, seed=float(number))  # type: ignore[arg-type]
    )


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_fraction_of_a_number_is_kept_exactly(number: float) -> None:
    assert json.loads(canonical_json(number)) == number


def test_true_is_not_one() -> None:
    assert canonical_json([True, 1]) == "[true,1]"


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_has_no_digest(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"weight": number})


def test_what_has_no_canonical_form_is_a_defect() -> None:
    with pytest.raises(TypeError, match="set has no canonical form"):
        canonical_json({"words": {"a"}})
