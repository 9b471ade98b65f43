"""Whether models can render a take, by the headers of hand-made files."""

from __future__ import annotations

import json
import re

import pytest

from kit.ltx.handmade import handmade_models, lora, save
from kit.ltx.machine import CHECKPOINT, Machine
from vtx_app.compile.request import PipelineOptions
from vtx_app.formats.pipelines import DISTILLED_LORA, IC_LORA


def test_a_model_that_no_variable_names(machine: Machine) -> None:
    del machine.models[CHECKPOINT]
    problem = machine.problem()
    assert problem.startswith(f"{CHECKPOINT} is not set; set it in config/models.env")
    assert "snakemake animatic --cores 4 --config project=harbour" in problem


def test_a_model_that_is_not_where_its_variable_says(machine: Machine) -> None:
    machine.models[CHECKPOINT].unlink()
    problem = machine.problem()
    assert problem.startswith(f"{CHECKPOINT} is '{machine.models[CHECKPOINT]}', and there is no such file; correct it")
    assert "snakemake animatic" in problem


def test_a_lora_of_the_film_s_own_that_is_not_there(machine: Machine) -> None:
    assert machine.problem(loras=("path:look.safetensors",)).startswith("look.safetensors: no such file in")
    save(machine.film / "look.safetensors", lora())
    assert machine.problems(loras=("path:look.safetensors",)) == []


def test_every_missing_model_is_one_problem_however_many_takes_need_it(machine: Machine) -> None:
    del machine.models[CHECKPOINT], machine.models["LTX_GEMMA_ROOT"], machine.models[IC_LORA]
    problem = machine.problems("ti2vid_one_stage", "ti2vid_two_stages", "ic_lora", "dfr_pipeline", loras=(IC_LORA,))
    assert sorted(line.partition(" ")[0] for line in problem) == [CHECKPOINT, "LTX_GEMMA_ROOT", IC_LORA]


@pytest.mark.parametrize("slot", [CHECKPOINT, DISTILLED_LORA, "LTX_SPATIAL_UPSAMPLER_PATH"])
def test_a_model_whose_download_was_cut_short(machine: Machine, slot: str) -> None:
    place = machine.models[slot]
    place.write_bytes(place.read_bytes()[:-1])
    problem = machine.problem("ti2vid_two_stages")
    assert problem.startswith(f"{slot}: {place}: the file has ")
    assert "the download was cut short; fetch it again" in problem


def test_a_gemma_that_is_not_whole(machine: Machine) -> None:
    (machine.models["LTX_GEMMA_ROOT"] / "tokenizer.json").unlink()
    assert "has no tokenizer.json or tokenizer.model" in machine.problem()


def test_a_model_of_another_kind(machine: Machine) -> None:
    machine.models[CHECKPOINT] = machine.models[DISTILLED_LORA]
    problem = machine.problem()
    assert problem.startswith(f"{CHECKPOINT}: {machine.models[DISTILLED_LORA]} is a LoRA, not an LTX-2 checkpoint")
    machine.models = dict(handmade_models(machine.film / "models"))
    machine.models[DISTILLED_LORA] = machine.models[CHECKPOINT]
    assert "is a whole LTX-2 checkpoint, not a LoRA" in "\n".join(machine.problems("ti2vid_two_stages"))


def test_a_lora_that_fits_nothing(machine: Machine) -> None:
    save(machine.models[DISTILLED_LORA], lora("transformer_blocks.0.attn9.to_q"))
    problem = machine.problem("ti2vid_two_stages")
    assert problem.startswith(f"{DISTILLED_LORA}: {machine.models[DISTILLED_LORA]}: none of its 1 layers is in ")
    assert "it would have no effect" in problem


def test_a_model_of_another_generation(machine: Machine) -> None:
    save(machine.models[DISTILLED_LORA], lora(), model_version="2.5.0")
    problem = machine.problem("ti2vid_two_stages")
    assert f"{machine.models[DISTILLED_LORA]} is for LTX 2.5, but {machine.models[CHECKPOINT]} is LTX 2.3" in problem


def test_problems_of_two_models_are_reported_together(machine: Machine) -> None:
    del machine.models["LTX_GEMMA_ROOT"]
    save(machine.models[DISTILLED_LORA], lora("other"))
    problem = machine.problems("ti2vid_two_stages")
    assert sorted(line.partition(" ")[0].rstrip(":") for line in problem) == [DISTILLED_LORA, "LTX_GEMMA_ROOT"]


# -- what a model's own settings rule out ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factor", "size", "step"),
    [("2", (192, 128), 128), ("4", (256, 384), 256), ("1", (96, 64), 64), ("x", (96, 64), 64), ("0", (96, 64), 64)],
)
def test_a_canvas_that_a_reference_does_not_fit(
    machine: Machine, factor: str, size: tuple[int, int], step: int
) -> None:
    save(machine.models[IC_LORA], lora(), reference_downscale_factor=factor)
    width, height = size
    problem = machine.problem("ic_lora", loras=(IC_LORA,), width=width, height=height)
    assert problem.startswith(f"clip0.yaml: {IC_LORA} needs references at ")
    assert f"multiples of {step}, and it is {width}×{height}" in problem
    assert machine.problems("ic_lora", loras=(IC_LORA,), width=step * 2, height=step) == []


def test_generated_keyframes_need_a_checkpoint_that_was_made_for_them(machine: Machine) -> None:
    problem = machine.problem("ti2vid_one_stage", options=PipelineOptions(generated_keyframes=2))
    assert problem == (
        "clip0.yaml: render.options.generated_keyframes needs a checkpoint made for generated keyframes; "
        f"{CHECKPOINT} is none"
    )


def test_a_checkpoint_that_was_not_made_for_keyframes(machine: Machine) -> None:
    problem = machine.problem("dfr_pipeline")
    assert problem == f"clip0.yaml: dfr_pipeline needs a checkpoint made for generated keyframes; {CHECKPOINT} is none"
    names = re.findall(r'"([a-z][\w.]+)": \{"dtype"', machine.models[CHECKPOINT].read_bytes().decode(errors="replace"))
    config = json.dumps({"transformer": {"use_keyframes_abs_pos_embedding": True}})
    save(machine.models[CHECKPOINT], names, model_version="2.3.0", config=config)
    assert machine.problems("dfr_pipeline") == []
    for damaged in ("[[", "[]", "{}", '{"transformer": null}', "[" * 10_000):
        save(machine.models[CHECKPOINT], names, model_version="2.3.0", config=damaged)
        assert machine.problem("dfr_pipeline") == problem
