"""The prompts of a build's pending takes, by the encoder for them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.ltx.requests import everything, fingerprint
from vtx_app.compile.request import ModelInput, RenderRequest
from vtx_app.formats.pipelines import PIPELINES
from vtx_app.render.ltx.call import encoder_models
from vtx_app.render.ltx.package import LtxPackage
from vtx_app.render.ltx.pending_prompts import pending_prompts_path, read_pending_prompts, write_pending_prompts

NEW = LtxPackage((1, 2))
GUIDED = [name for name, row in PIPELINES.items() if row.accepts("negative")]
FREE = [name for name in PIPELINES if name not in GUIDED]


def request(pipeline: str, prompt: str, negative: str = "", *, split: bool = False) -> RenderRequest:
    return replace(everything(pipeline, NEW, split=split), prompt=prompt, negative=negative)


def test_there_are_pipelines_of_both_kinds() -> None:
    assert len(GUIDED) > 2 and len(FREE) > 2


def test_an_encoder_s_prompts_are_those_of_its_clips(tmp_path: Path) -> None:
    one = request("ti2vid_one_stage", "Eins.", "blur")
    two = request("ti2vid_two_stages", "Zwei – ü.\n«drei»")  # the same encoder: it is in the same checkpoint
    other = request("distilled", "Vier.")
    path = pending_prompts_path(tmp_path, "12-34")
    write_pending_prompts(path, [one, other, two, one])
    groups = [["Eins.", "blur"], ["Zwei – ü.\n«drei»", None], ["Eins.", "blur"]]
    assert read_pending_prompts(path, encoder_models(one)) == groups
    assert read_pending_prompts(path, encoder_models(two)) == groups
    assert read_pending_prompts(path, encoder_models(other)) == [["Vier."]]
    assert read_pending_prompts(path, ("another",)) == []


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_a_negative_is_encoded_for_pipelines_with_guidance(tmp_path: Path, pipeline: str) -> None:
    clip = request(pipeline, "Eins.")
    write_pending_prompts(tmp_path / "takes.json", [clip])
    groups = [["Eins.", None]] if pipeline in GUIDED else [["Eins."]]
    assert read_pending_prompts(tmp_path / "takes.json", encoder_models(clip)) == groups


@pytest.mark.parametrize("pipeline", PIPELINES)
@pytest.mark.parametrize("split", [False, True])
def test_an_encoder_is_all_that_a_prompt_s_encoding_depends_on(pipeline: str, split: bool) -> None:
    """The text encoder and the model with its connectors; no upsampler, no VAE, no LoRA."""
    clip = request(pipeline, "Eins.", split=split)
    distilled = "DISTILLED_" if PIPELINES[pipeline].distilled else ""
    main = f"LTX_{distilled}{'TRANSFORMER' if split else 'CHECKPOINT'}_PATH"
    encoder = "LTX_TEXT_ENCODER_PATH" if split else "LTX_GEMMA_ROOT"
    assert sorted(encoder_models(clip)) == sorted([fingerprint(main), fingerprint(encoder)])
    for index, model in enumerate(clip.models):
        models = (*clip.models[:index], ModelInput(model.slot, "another"), *clip.models[index + 1 :])
        same = encoder_models(replace(clip, models=models)) == encoder_models(clip)
        assert same == (model.slot not in (main, encoder))


def test_each_build_has_its_own_file(tmp_path: Path) -> None:
    assert pending_prompts_path(tmp_path, "1-2") != pending_prompts_path(tmp_path, "1-3")
    assert pending_prompts_path(tmp_path, "1-2").is_relative_to(tmp_path)


@pytest.mark.parametrize("text", [None, "", "{", "[]", "5", "null", '{"a": 5}'])
def test_without_a_readable_file_there_are_no_prompts(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "takes.json"
    if text is not None:
        path.write_text(text)
    assert read_pending_prompts(path, ("a",)) == []


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.text(st.characters(exclude_categories=["Cs"])))))
def test_every_prompt_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, clips: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "takes.json"
    base = request("distilled", "")
    encoders = {name: (ModelInput("LTX_GEMMA_ROOT", name),) for name, _ in clips}
    write_pending_prompts(path, [replace(base, prompt=text, models=encoders[name]) for name, text in clips])
    for name in encoders:
        assert read_pending_prompts(path, (name,)) == [[text] for each, text in clips if each == name]
