"""Every command that a request becomes, held against the recorded interfaces of both versions of the package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.ltx.recorded import VERSIONS, Refused, dest, interface, modules, never_read, parse, required
from kit.ltx.requests import FIRST, SECOND, STYLES, able, everything, files_for, fingerprint, one_field_less, said
from vtx_app.compile.request import ImageInput, LoraInput, RenderRequest
from vtx_app.errors import RenderError
from vtx_app.formats.pipelines import DISTILLED_LORA, PIPELINES
from vtx_app.render.ltx.command import Material, arguments, module_name, require_able
from vtx_app.render.ltx.package import LtxPackage

CASES = [
    (version, pipeline, split)
    for version in VERSIONS
    for pipeline in PIPELINES
    for split in (False, True)
    if able(pipeline, LtxPackage.parse(version), split=split)
]


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return files_for(tmp_path_factory.mktemp("film"))


def command(request: RenderRequest, material: Material, version: str) -> tuple[list[str], Path]:
    """The words of a request, and the file that they write."""
    out = next(iter(material.models.values())).parent.parent / "renders" / ".take.part.mp4"
    return arguments(request, material, out, LtxPackage.parse(version)), out


def flags_of(words: Sequence[str]) -> set[str]:
    return {word.partition("=")[0] for word in words if word.startswith("--")}


def hold(request: RenderRequest, material: Material, version: str) -> dict[str, Any]:
    """The command of the request is read as the request says it, to the letter, and nothing of it is read in vain."""
    words, out = command(request, material, version)
    module = request.pipeline
    found = parse(version, module, words)
    assert found == said(request, material, LtxPackage.parse(version), out)
    assert not set(found) & never_read(version, module)
    return found


@pytest.mark.parametrize(("version", "pipeline", "split"), CASES)
def test_a_request_is_read_as_it_was_meant(version: str, pipeline: str, split: bool, material: Material) -> None:
    full = everything(pipeline, LtxPackage.parse(version), split=split)
    found = hold(full, material, version)
    assert {dest(flag) for flag in PIPELINES[pipeline].flags.values() if flag != "--lora"} <= set(found)
    assert ("lora" in found) == bool(full.loras)
    for less in one_field_less(full):
        hold(less, material, version)


@pytest.mark.parametrize(("version", "pipeline", "split"), CASES)
def test_what_a_module_must_have_is_always_said(version: str, pipeline: str, split: bool, material: Material) -> None:
    bare = replace(everything(pipeline, LtxPackage.parse(version), split=split), loras=(), images=(), negative="")
    words = command(bare, material, version)[0]
    assert required(version, pipeline) <= flags_of(words)
    for flag in sorted(required(version, pipeline)):
        without = [word for word in words if word.partition("=")[0] != flag]
        with pytest.raises(Refused):
            parse(version, pipeline, without)


# Python 3.11's argparse makes nothing of a bare "--"; a compiled prompt never is one.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60).filter(lambda text: text != "--")
PROMPTS = TEXTS | st.sampled_from(
    [
        "-foo",
        "--seed",
        "--seed=1",
        "--.",
        "-1",
        "",
        "=",
        "\"Nobody\" says: 'no'",
        "a\nb\r\n\tc",
        "$HOME `id` ; rm -rf *",
        "灯台 🌊 \u202e",
        "@file",
        "%s %(prog)s",
    ]
)
STRENGTHS = st.floats(0, 1)
WEIGHTS = st.floats(-4, 4)
RATES = st.sampled_from([Fraction(8), Fraction(24000, 1001), Fraction(30000, 1001), Fraction(25), Fraction(60)])


@st.composite
def requests(draw: st.DrawFn, version: str, pipeline: str, split: bool) -> RenderRequest:
    """Any request that a spec can become."""
    full = everything(pipeline, LtxPackage.parse(version), split=split)
    names = [*STYLES, *([DISTILLED_LORA] if PIPELINES[pipeline].refines else [])]
    named = st.lists(st.sampled_from(names), unique=True, max_size=3)
    loras = tuple(LoraInput(fingerprint(name), draw(WEIGHTS)) for name in (draw(named) if full.loras else []))
    values: dict[str, Any] = {
        "prompt": draw(PROMPTS),
        "negative": draw(PROMPTS),
        "seed": draw(st.integers(0, 2**32 - 1)),
        "width": 64 * draw(st.integers(1, 64)),
        "height": 64 * draw(st.integers(1, 64)),
        "frames": 8 * draw(st.integers(1, 225)) + 1,
        "rate": draw(RATES),
        "loras": loras,
        "guidance_scale": draw(st.none() | st.floats(0, 50)),
        "steps": draw(st.none() | st.integers(1, 200)),
        "images": tuple(
            ImageInput(sha256, frame, draw(STRENGTHS))
            for sha256, frame in zip(
                (FIRST, SECOND), draw(st.lists(st.integers(0, 1800), unique=True, max_size=2)), strict=False
            )
        ),
        "audio_start": draw(st.none() | st.floats(0, 86400)),
        "retake_start": draw(st.floats(0, 15)),
        "retake_end": draw(st.floats(0, 15)),
        "quantization": draw(st.sampled_from([None, "fp8-cast", "fp8-scaled-mm"])),
    }
    more = {key: value for key, value in values.items() if PIPELINES[pipeline].takes(key)}
    if full.video_strength is not None:
        more["video_strength"] = draw(st.none() | STRENGTHS)
    if full.mask is not None:
        more["mask_strength"] = draw(st.none() | STRENGTHS)
    return replace(full, **more)


@given(st.data())
def test_no_words_and_no_numbers_are_taken_for_others(material: Material, data: st.DataObject) -> None:
    version, pipeline, split = data.draw(st.sampled_from(CASES))
    hold(data.draw(requests(version, pipeline, split)), material, version)


@given(PROMPTS, PROMPTS)
def test_every_word_of_a_person_is_one_argument(material: Material, prompt: str, negative: str) -> None:
    request = replace(everything("ti2vid_two_stages", LtxPackage((1, 2))), prompt=prompt, negative=negative)
    words = command(request, material, "1.2.0")[0]
    assert words.count(f"--prompt={prompt}") == 1
    assert words.count(f"--negative-prompt={negative}") == bool(negative)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_lora_that_refines_has_the_weight_that_the_clip_gives_it(version: str, material: Material) -> None:
    refiner = LoraInput(fingerprint(DISTILLED_LORA), 0.35)
    full = everything("ti2vid_two_stages", LtxPackage.parse(version))
    at = str(material.models[DISTILLED_LORA].resolve())
    assert hold(full, material, version)["distilled_lora"] == [(at, 0.8)]
    found = hold(replace(full, loras=(*full.loras, refiner)), material, version)
    assert found["distilled_lora"] == [(at, 0.35)]
    assert at not in [path for path, _ in found["lora"]]


@pytest.mark.parametrize("version", VERSIONS)
def test_where_nothing_refines_a_lora_is_a_lora(version: str, material: Material) -> None:
    named = LoraInput(fingerprint(DISTILLED_LORA), 0.35)
    found = hold(replace(everything("ti2vid_one_stage", LtxPackage.parse(version)), loras=(named,)), material, version)
    assert found["lora"] == [(str(material.models[DISTILLED_LORA].resolve()), 0.35)]
    assert "distilled_lora" not in found


@pytest.mark.parametrize(("version", "flag"), [("1.0.0", "checkpoint_path"), ("1.2.0", "distilled_checkpoint_path")])
def test_a_retake_runs_on_the_distilled_model_under_either_name(version: str, flag: str, material: Material) -> None:
    found = hold(everything("retake", LtxPackage.parse(version)), material, version)
    assert found[flag] == str(material.models["LTX_DISTILLED_CHECKPOINT_PATH"].resolve())
    assert str(material.models["LTX_CHECKPOINT_PATH"].resolve()) not in found.values()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_continued_clip_starts_from_the_picture_before_its_own(
    version: str, material: Material, tmp_path: Path
) -> None:
    first = tmp_path / "first.png"
    first.touch()
    full = everything("distilled", LtxPackage.parse(version))
    given_first = replace(material, first=first)
    assert hold(full, given_first, version)["image"][0] == (str(first.resolve()), 0, 1.0)
    assert len(hold(full, given_first, version)["image"]) == 3
    assert hold(replace(full, images=()), given_first, version)["image"] == [(str(first.resolve()), 0, 1.0)]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_tail_of_another_clip_is_the_source_film(version: str, material: Material, tmp_path: Path) -> None:
    tail = tmp_path / "tail.mp4"
    tail.touch()
    full = replace(everything("ic_lora", LtxPackage.parse(version)), video=None, mask=None, mask_strength=None)
    assert hold(full, replace(material, tail=tail), version)["video_conditioning"] == [(str(tail.resolve()), 0.6)]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_sound_that_is_heard_is_the_one_in_stereo(version: str, material: Material, tmp_path: Path) -> None:
    stereo = tmp_path / "stereo.wav"
    stereo.touch()
    full = everything("a2vid_two_stage", LtxPackage.parse(version))
    assert hold(full, replace(material, sound=stereo), version)["audio_path"] == str(stereo.resolve())


@pytest.mark.parametrize(("version", "pipeline", "split"), CASES)
def test_paths_are_absolute(
    version: str, pipeline: str, split: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = files_for(Path("film"))
    words, _ = command(everything(pipeline, LtxPackage.parse(version), split=split), here, version)
    at = str(tmp_path)
    assert not [word for word in words if "film/" in word and not word.removeprefix("--output-path=").startswith(at)]


@pytest.mark.parametrize("split", [False, True])
def test_a_command_says_one_layout(split: bool, material: Material) -> None:
    package = LtxPackage((1, 2))
    for pipeline in PIPELINES:
        words, _ = command(everything(pipeline, package, split=split), material, "1.2.0")
        other, _ = command(everything(pipeline, package, split=not split), material, "1.2.0")
        with pytest.raises(Refused, match="one checkpoint and one file a part"):
            parse("1.2.0", pipeline, [*words, *other])


@pytest.mark.parametrize(
    ("request_of", "says"),
    [
        (lambda package: everything("dfr_pipeline", package), r"dfr_pipeline is not in ltx-pipelines 1\.0; .* 1\.2"),
        (lambda package: everything("distilled", package, split=True), "takes one checkpoint, not one file a part"),
        (
            lambda package: replace(everything("retake", package), loras=(LoraInput(fingerprint(STYLES[0]), 1.0),)),
            "the retake of ltx-pipelines 1.0 fails with any LoRA",
        ),
        (
            lambda package: replace(everything("distilled", package), quantization="nvfp4-cast"),
            "ltx-pipelines 1.0 has no nvfp4-cast",
        ),
    ],
)
def test_what_the_older_version_can_not_do_is_told(request_of: Any, says: str, material: Material) -> None:
    older, newer = LtxPackage((1, 0)), LtxPackage((1, 2))
    request = request_of(older)
    for told in (lambda: require_able(request, older), lambda: command(request, material, "1.0.0")):
        with pytest.raises(RenderError, match=says):
            told()
    require_able(request, newer)
    hold(request, material, "1.2.0")


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_able_is_what_the_version_has(version: str) -> None:
    package = LtxPackage.parse(version)
    assert {pipeline for pipeline in PIPELINES if able(pipeline, package, split=False)} == {
        pipeline for pipeline in PIPELINES if pipeline in modules(version)
    }
    assert interface(version)["_meta"]["ltx_pipelines_version"] == version
    for pipeline in set(PIPELINES) & set(modules(version)):
        request = everything(pipeline, package)
        require_able(request, package)
        assert module_name(request) == f"ltx_pipelines.{pipeline}"
