"""What a build's clips say, by what encodes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.ltx.requests import everything, fingerprint
from vtx_app.compile.request import ModelInput, RenderRequest
from vtx_app.formats.pipelines import PIPELINES
from vtx_app.render.ltx.build_takes import build_takes_path, encoder_models, prompt_groups, write_build_takes
from vtx_app.render.ltx.package import LtxPackage

NEW = LtxPackage((1, 2))
GUIDED = [name for name, row in PIPELINES.items() if row.takes("negative")]
FREE = [name for name in PIPELINES if name not in GUIDED]


def request(pipeline: str, prompt: str, negative: str = "", *, split: bool = False) -> RenderRequest:
    return replace(everything(pipeline, NEW, split=split), prompt=prompt, negative=negative)


def test_there_are_pipelines_of_both_kinds() -> None:
    assert len(GUIDED) > 2 and len(FREE) > 2


def test_what_is_told_for_an_encoder_is_what_its_clips_say(tmp_path: Path) -> None:
    one = request("ti2vid_one_stage", "Eins.", "blur")
    two = request("ti2vid_two_stages", "Zwei – ü.\n«drei»")  # the same encoder: it stands in the same checkpoint
    other = request("distilled", "Vier.")
    path = build_takes_path(tmp_path, "12-34")
    write_build_takes(path, [one, other, two, one])
    told = [["Eins.", "blur"], ["Zwei – ü.\n«drei»", None], ["Eins.", "blur"]]
    assert prompt_groups(path, encoder_models(one)) == told
    assert prompt_groups(path, encoder_models(two)) == told
    assert prompt_groups(path, encoder_models(other)) == [["Vier."]]
    assert prompt_groups(path, ("another",)) == []


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_a_negative_is_encoded_where_there_is_guidance(tmp_path: Path, pipeline: str) -> None:
    clip = request(pipeline, "Eins.")
    write_build_takes(tmp_path / "takes.json", [clip])
    groups = [["Eins.", None]] if pipeline in GUIDED else [["Eins."]]
    assert prompt_groups(tmp_path / "takes.json", encoder_models(clip)) == groups


@pytest.mark.parametrize("pipeline", PIPELINES)
@pytest.mark.parametrize("split", [False, True])
def test_an_encoder_is_all_that_changes_what_a_prompt_becomes(pipeline: str, split: bool) -> None:
    """The text encoder and the model that its connectors lie in; no upsampler, no VAE, no LoRA."""
    clip = request(pipeline, "Eins.", split=split)
    distilled = "DISTILLED_" if PIPELINES[pipeline].distilled else ""
    main = f"LTX_{distilled}{'TRANSFORMER' if split else 'CHECKPOINT'}_PATH"
    encoder = "LTX_TEXT_ENCODER_PATH" if split else "LTX_GEMMA_ROOT"
    assert sorted(encoder_models(clip)) == sorted([fingerprint(main), fingerprint(encoder)])
    for index, model in enumerate(clip.models):
        models = (*clip.models[:index], ModelInput(model.slot, "another"), *clip.models[index + 1 :])
        same = encoder_models(replace(clip, models=models)) == encoder_models(clip)
        assert same == (model.slot not in (main, encoder))


def test_each_build_has_a_file_of_its_own(tmp_path: Path) -> None:
    assert build_takes_path(tmp_path, "1-2") != build_takes_path(tmp_path, "1-3")
    assert build_takes_path(tmp_path, "1-2").is_relative_to(tmp_path)


@pytest.mark.parametrize("text", [None, "", "{", "[]", "5", "null", '{"a": 5}'])
def test_without_a_whole_file_nothing_is_known(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "takes.json"
    if text is not None:
        path.write_text(text)
    assert prompt_groups(path, ("a",)) == []


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.text(st.characters(exclude_categories=["Cs"])))))
def test_every_word_arrives(tmp_path_factory: pytest.TempPathFactory, clips: list[tuple[str, str]]) -> None:
    path = tmp_path_factory.getbasetemp() / "takes.json"
    base = request("distilled", "")
    encoders = {name: (ModelInput("LTX_GEMMA_ROOT", name),) for name, _ in clips}
    write_build_takes(path, [replace(base, prompt=text, models=encoders[name]) for name, text in clips])
    for name in encoders:
        assert prompt_groups(path, (name,)) == [[text] for each, text in clips if each == name]
