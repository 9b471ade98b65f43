"""The command of every request, checked against the recorded interfaces of four versions of the package."""

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
from kit.ltx.requests import (
    FIRST,
    SECOND,
    STYLES,
    everything,
    files_for,
    fingerprint,
    newest_row,
    one_field_less,
    parsed_options,
    supported,
)
from vtx_app.compile.request import ImageInput, LoraInput, PipelineOptions, RenderRequest
from vtx_app.errors import RenderError
from vtx_app.formats.pipelines import DISTILLED_LORA, PIPELINES
from vtx_app.render.ltx.call import LocalFiles, PipelineCall, Weights, compile_call, require_supported
from vtx_app.render.ltx.package import LtxPackage

CASES = [
    (version, pipeline, split)
    for version in VERSIONS
    for pipeline in PIPELINES
    for split in (False, True)
    if supported(pipeline, LtxPackage.parse(version), split=split)
]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> LocalFiles:
    return files_for(tmp_path_factory.mktemp("film"))


def command(request: RenderRequest, files: LocalFiles, version: str) -> tuple[list[str], Path]:
    """Return the arguments for a request, and the file that they write."""
    out = next(iter(files.models.values())).parent.parent / "renders" / ".take.part.mp4"
    return compile_call(request, files, out, LtxPackage.parse(version)).argv(), out


def flags_of(words: Sequence[str]) -> set[str]:
    return {word.partition("=")[0] for word in words if word.startswith("--")}


def parsed(request: RenderRequest, files: LocalFiles, version: str) -> dict[str, Any]:
    """Return what the module parses: exactly what the request states, and nothing that the module ignores."""
    words, out = command(request, files, version)
    module = request.pipeline
    found = parse(version, module, words)
    assert found == parsed_options(request, files, LtxPackage.parse(version), out)
    assert not set(found) & never_read(version, module)
    return found


@pytest.mark.parametrize(("version", "pipeline", "split"), CASES)
def test_the_module_parses_what_the_request_states(version: str, pipeline: str, split: bool, files: LocalFiles) -> None:
    full = everything(pipeline, LtxPackage.parse(version), split=split)
    found = parsed(full, files, version)
    row, package = newest_row(pipeline, LtxPackage.parse(version)), LtxPackage.parse(version)
    every = [*row.flags.values(), *(flag for flag in row.options.values() if flag.stands_in(package))]
    assert {dest(flag.name) for flag in every if flag.name != "--lora"} <= set(found)
    assert ("lora" in found) == bool(full.loras)
    for less in one_field_less(full):
        parsed(less, files, version)


@pytest.mark.parametrize(("version", "pipeline", "split"), CASES)
def test_required_options_are_always_given(version: str, pipeline: str, split: bool, files: LocalFiles) -> None:
    bare = replace(everything(pipeline, LtxPackage.parse(version), split=split), loras=(), images=(), negative="")
    words = command(bare, files, version)[0]
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
    row = newest_row(pipeline, LtxPackage.parse(version))
    names = [*STYLES, *([DISTILLED_LORA] if row.distilled_lora else [])]
    named = st.lists(st.sampled_from(names), unique=True, max_size=3)
    loras = tuple(LoraInput(fingerprint(name), draw(WEIGHTS)) for name in (draw(named) if full.loras else []))
    values: dict[str, Any] = {
        "prompt": draw(PROMPTS),
        "negative": draw(PROMPTS),
        "seed": draw(st.integers(0, 2**32 - 1)),
        "width": 64 * draw(st.integers(1, 64)),
        "height": 64 * draw(st.integers(1, 64)),
        "frames": 16 * draw(st.integers(1, 112)) + 1,
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
    more = {key: value for key, value in values.items() if row.accepts(key)}
    if full.video_strength is not None:
        more["video_strength"] = draw(st.none() | STRENGTHS)
    if full.mask is not None:
        more["mask_strength"] = draw(st.none() | STRENGTHS)
    return replace(full, **more)


@given(st.data())
def test_no_text_and_no_number_is_mistaken_for_another(files: LocalFiles, data: st.DataObject) -> None:
    version, pipeline, split = data.draw(st.sampled_from(CASES))
    parsed(data.draw(requests(version, pipeline, split)), files, version)


@given(PROMPTS, PROMPTS)
def test_a_person_s_text_is_one_argument(files: LocalFiles, prompt: str, negative: str) -> None:
    request = replace(everything("ti2vid_two_stages", LtxPackage((1, 2))), prompt=prompt, negative=negative)
    words = command(request, files, "1.2.0")[0]
    assert words.count(f"--prompt={prompt}") == 1
    assert words.count(f"--negative-prompt={negative}") == bool(negative)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_refining_lora_has_the_clip_s_weight(version: str, files: LocalFiles) -> None:
    refiner = LoraInput(fingerprint(DISTILLED_LORA), 0.35)
    full = everything("ti2vid_two_stages", LtxPackage.parse(version))
    at = str(files.models[DISTILLED_LORA].resolve())
    assert parsed(full, files, version)["distilled_lora"] == [(at, 0.8)]
    found = parsed(replace(full, loras=(*full.loras, refiner)), files, version)
    assert found["distilled_lora"] == [(at, 0.35)]
    assert at not in [path for path, _ in found["lora"]]


@pytest.mark.parametrize("version", VERSIONS)
def test_without_refinement_the_distilled_lora_is_a_plain_lora(version: str, files: LocalFiles) -> None:
    named = LoraInput(fingerprint(DISTILLED_LORA), 0.35)
    found = parsed(replace(everything("ti2vid_one_stage", LtxPackage.parse(version)), loras=(named,)), files, version)
    assert found["lora"] == [(str(files.models[DISTILLED_LORA].resolve()), 0.35)]
    assert "distilled_lora" not in found


@pytest.mark.parametrize(
    ("version", "flag"),
    [("1.0.0", "checkpoint_path"), *((version, "distilled_checkpoint_path") for version in VERSIONS[1:])],
)
def test_a_retake_uses_the_distilled_model_under_either_flag(version: str, flag: str, files: LocalFiles) -> None:
    found = parsed(everything("retake", LtxPackage.parse(version)), files, version)
    assert found[flag] == str(files.models["LTX_DISTILLED_CHECKPOINT_PATH"].resolve())
    assert str(files.models["LTX_CHECKPOINT_PATH"].resolve()) not in found.values()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_continued_clip_starts_from_its_parent_s_picture(version: str, files: LocalFiles, tmp_path: Path) -> None:
    first = tmp_path / "first.png"
    first.touch()
    full = everything("distilled", LtxPackage.parse(version))
    given_first = replace(files, first_frame=first)
    assert parsed(full, given_first, version)["image"][0] == (str(first.resolve()), 0, 1.0)
    assert len(parsed(full, given_first, version)["image"]) == 3
    assert parsed(replace(full, images=()), given_first, version)["image"] == [(str(first.resolve()), 0, 1.0)]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_parent_s_tail_is_the_source_film(version: str, files: LocalFiles, tmp_path: Path) -> None:
    tail = tmp_path / "tail.mp4"
    tail.touch()
    full = replace(everything("ic_lora", LtxPackage.parse(version)), video=None, mask=None, mask_strength=None)
    assert parsed(full, replace(files, tail=tail), version)["video_conditioning"] == [(str(tail.resolve()), 0.6)]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_stereo_version_of_a_sound_is_used(version: str, files: LocalFiles, tmp_path: Path) -> None:
    stereo = tmp_path / "stereo.wav"
    stereo.touch()
    full = everything("a2vid_two_stage", LtxPackage.parse(version))
    assert parsed(full, replace(files, sound=stereo), version)["audio_path"] == str(stereo.resolve())


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
def test_a_command_uses_one_model_layout(split: bool, files: LocalFiles) -> None:
    package = LtxPackage((1, 2))
    for pipeline in PIPELINES:
        words, _ = command(everything(pipeline, package, split=split), files, "1.2.0")
        other, _ = command(everything(pipeline, package, split=not split), files, "1.2.0")
        with pytest.raises(Refused, match="one checkpoint and one file a part"):
            parse("1.2.0", pipeline, [*words, *other])


@pytest.mark.parametrize(
    ("request_of", "message"),
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
def test_requests_that_1_0_can_t_render_are_refused(request_of: Any, message: str, files: LocalFiles) -> None:
    older, newer = LtxPackage((1, 0)), LtxPackage((1, 2))
    request = request_of(older)
    for check in (lambda: require_supported(request, older), lambda: command(request, files, "1.0.0")):
        with pytest.raises(RenderError, match=message):
            check()
    require_supported(request, newer)
    parsed(request, files, "1.2.0")


@pytest.mark.parametrize(
    ("request_of", "version", "message"),
    [
        (
            lambda: everything("dfr_pipeline", LtxPackage((1, 2))),
            "1.3.0",
            r"dfr_pipeline of ltx-pipelines 1\.3 takes other models than that of 1\.2, which the film is locked to",
        ),
        (lambda: everything("dfr_pipeline", LtxPackage((1, 4))), "1.2.0", r"dfr_pipeline is not in ltx-pipelines 1\.2"),
        (
            lambda: everything("dfr_pipeline", LtxPackage((1, 3))),
            "1.4.0",
            r"as its generation 2 and ltx-pipelines 1\.4 makes 3",
        ),
        (
            lambda: replace(everything("distilled", LtxPackage((1, 2))), generation=2),
            "1.3.0",
            r"as its generation 2 and ltx-pipelines 1\.3 makes 1",
        ),
        (
            lambda: replace(everything("distilled", LtxPackage((1, 2))), options=PipelineOptions(chunked=True)),
            "1.3.0",
            r"render\.options\.chunked needs ltx-pipelines 1\.4 or newer, and 1\.3 is here",
        ),
        (
            lambda: replace(
                everything("ti2vid_one_stage", LtxPackage((1, 0))), options=PipelineOptions(generated_keyframes=2)
            ),
            "1.0.0",
            r"render\.options\.generated_keyframes needs ltx-pipelines 1\.2 or newer, and 1\.0 is here",
        ),
    ],
)
def test_another_version_than_the_request_is_for_is_refused(
    request_of: Any, version: str, message: str, files: LocalFiles
) -> None:
    with pytest.raises(RenderError, match=message):
        command(request_of(), files, version)


@pytest.mark.parametrize("generation", [None, 2])
def test_both_generations_of_distilled_are_one_command(generation: int | None, files: LocalFiles) -> None:
    """Which of them a take is, the checkpoint decides."""
    request = replace(everything("distilled", LtxPackage((1, 4))), generation=generation)
    assert parsed(request, files, "1.4.0")["chunked"] is True


@pytest.mark.parametrize(("rounds", "frames", "rate", "picture"), [(1, 25, 24.0, 8), (2, 13, 12.0, 4)])
def test_doubling_the_rate_asks_for_the_frames_before_it(
    rounds: int, frames: int, rate: float, picture: int, files: LocalFiles
) -> None:
    full = everything("dfr_pipeline", LtxPackage((1, 4)))
    images = (ImageInput(FIRST, 16, 1.0),)
    options = PipelineOptions(temporal_upscalings=rounds)
    request = replace(full, frames=49, rate=Fraction(48), images=images, options=options)
    found = parsed(request, files, "1.4.0")
    assert (found["num_frames"], found["frame_rate"], found["image"][0][1]) == (frames, rate, picture)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_supported_pipelines_are_the_version_s_modules(version: str, files: LocalFiles) -> None:
    package = LtxPackage.parse(version)
    assert {pipeline for pipeline in PIPELINES if supported(pipeline, package, split=False)} == {
        pipeline for pipeline in PIPELINES if pipeline in modules(version)
    }
    assert interface(version)["_meta"]["ltx_pipelines_version"] == version
    for pipeline in set(PIPELINES) & set(modules(version)):
        request = everything(pipeline, package)
        require_supported(request, package)
        assert compile_call(request, files, Path("take.mp4"), package).module == f"ltx_pipelines.{pipeline}"


def test_arguments_can_be_recorded_without_paths_of_this_machine(files: LocalFiles) -> None:
    package = LtxPackage((1, 2))
    request = replace(everything("distilled", package), prompt=str(files.models["LTX_GEMMA_ROOT"]))
    call = compile_call(request, files, Path("/film/take.mp4"), package)
    paths = [*files.models.values(), *files.loras.values(), *files.inputs.values(), Path("/film/take.mp4")]
    arguments = call.argv(names={str(path): f"<{path.name}>" for path in paths})
    assert "--output-path=<take.mp4>" in arguments
    assert arguments[arguments.index("--gemma-root") + 1] == "<ltx_gemma_root>"
    assert arguments[0] == f"--prompt={request.prompt}"  # text is never replaced
    assert [each for each in arguments[1:] if "/" in each] == []


def test_offloading_is_added_to_the_arguments() -> None:
    call = PipelineCall("distilled", Path("/a.mp4"), "A quay.")
    assert call.argv(offload="disk") == [*call.argv(), "--offload", "disk"]


def test_the_size_of_weights_by_what_they_are_for() -> None:
    weights = (Weights("/a", "transformer", 5), Weights("/b", "other", 3), Weights("/c", "other", 4))
    call = PipelineCall("distilled", Path("/a.mp4"), "A quay.", weights=weights)
    assert (call.size("transformer"), call.size("text encoder"), call.size("other")) == (5, 0, 7)
    assert not call.has_loras
    assert replace(call, weights=(*weights, Weights("/d", "LoRA", 1))).has_loras
