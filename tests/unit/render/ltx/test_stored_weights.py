"""How weights are stored, by headers made by hand: their sizes, and what the package can't use."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from kit.ltx.handmade import save
from vtx_app.errors import ModelError
from vtx_app.models.safetensors_header import Header, TensorInfo
from vtx_app.render.ltx.call import Weights
from vtx_app.render.ltx.package import LtxPackage
from vtx_app.render.ltx.stored_weights import has_diffusion_vae, measure_weights, require_quantization

OLD, NEW = LtxPackage((1, 0)), LtxPackage((1, 2))
LAYER = "model.diffusion_model.transformer_blocks.0.attn1.to_q"
PLAIN = {f"{LAYER}.weight": "BF16"}
SCALED = {f"{LAYER}.weight": "F8_E4M3", f"{LAYER}.weight_scale": "F32"}


def header(tensors: dict[str, str]) -> Header:
    return Header({name: TensorInfo(dtype, (4, 4), 16) for name, dtype in tensors.items()}, {}, 0)


@pytest.mark.parametrize(
    ("quantization", "tensors", "package", "message"),
    [
        (None, PLAIN, NEW, ""),
        ("fp8-cast", PLAIN, NEW, ""),
        ("fp8-cast", PLAIN, OLD, ""),
        ("fp8-scaled-mm", SCALED, NEW, ""),
        ("fp8-cast", SCALED, NEW, ""),
        ("fp8-cast", SCALED, OLD, "THE_SLOT is stored in fp8 with scales, which ltx-pipelines 1.0 ignores"),
        (None, SCALED, NEW, "THE_SLOT is stored in fp8, .* set LTX_QUANTIZATION=fp8-cast"),
        (None, {f"{LAYER}.weight": "F8_E4M3"}, OLD, "THE_SLOT is stored in fp8, .* set LTX_QUANTIZATION=fp8-cast"),
        (
            None,
            {f"{LAYER}.weight": "U8", f"{LAYER}.weight_scale_2": "F32"},
            NEW,
            "THE_SLOT is stored in nvfp4: set LTX_QUANTIZATION=nvfp4-prequant",
        ),
        (None, {"vae.decoder.a.weight": "F8_E4M3"}, NEW, ""),
        ("fp8-scaled-mm", PLAIN, NEW, "THE_SLOT is not stored in fp8 with scales"),
        ("fp8-scaled-mm", PLAIN | {f"{LAYER}.weight_scale": "F32"}, NEW, "THE_SLOT is not stored in fp8 with scales"),
        ("fp8-scaled-mm", {f"{LAYER}.weight": "F8_E4M3"}, NEW, "THE_SLOT is not stored in fp8 with scales"),
        ("fp8-scaled-mm", PLAIN, OLD, "needs the package tensorrt_llm"),
        ("nvfp4-cast", PLAIN, NEW, "LTX_QUANTIZATION=nvfp4-cast needs the package ltx-kernels"),
        ("nvfp4-prequant", PLAIN, NEW, "LTX_QUANTIZATION=nvfp4-prequant needs the package ltx-kernels"),
    ],
)
def test_a_quantization_that_the_file_or_the_package_excludes(
    quantization: str | None, tensors: dict[str, str], package: LtxPackage, message: str
) -> None:
    if not message:
        require_quantization(quantization, header(tensors), "THE_SLOT", package)
        return
    with pytest.raises(ModelError, match=message):
        require_quantization(quantization, header(tensors), "THE_SLOT", package)


def vae(path: Path, config: object) -> Path:
    return save(path, ["vae.decoder.a"], config=config if isinstance(config, str) else json.dumps(config))


def test_a_diffusion_decoder_is_recognized(tmp_path: Path) -> None:
    plain = [
        vae(tmp_path / "conv", {"vae": {"_class_name": "CausalVideoAutoencoder"}}),
        vae(tmp_path / "empty", {"vae": {}}),
        vae(tmp_path / "none", {}),
        *(vae(tmp_path / f"odd{index}", odd) for index, odd in enumerate(["[[", "[]", '{"vae": 5}', "[" * 9999])),
        tmp_path / "gone",
        tmp_path,
    ]
    assert not has_diffusion_vae(plain)
    assert has_diffusion_vae([*plain, vae(tmp_path / "diffusion", {"vae": {"_class_name": "CausalDiffusionVAE"}})])


# -- sizes -------------------------------------------------------------------------------------------------

BLOCK = "model.diffusion_model.transformer_blocks.0"


def write_model(path: Path, *tensors: tuple[str, str, int]) -> Path:
    """A whole file of these tensors: name, type, count of numbers."""
    sizes, document, at = {"BF16": 2, "F32": 4, "F8_E4M3": 1}, {}, 0
    for name, dtype, count in tensors:
        document[name] = {"dtype": dtype, "shape": [count], "data_offsets": [at, at + count * sizes[dtype]]}
        at += count * sizes[dtype]
    text = json.dumps(document).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(at))
    return path


def test_the_linears_of_the_blocks_take_a_byte_a_number_in_fp8(tmp_path: Path) -> None:
    names = ("attn1.to_q.weight", "audio_attn2.to_out.0.bias", "ff.net.0.proj.weight", "audio_ff.net.2.weight")
    cast = [(f"{BLOCK}.{name}", "BF16", 100) for name in names]
    whole = [
        (f"{BLOCK}.attn1.to_gate_logits.weight", "BF16", 100),
        (f"{BLOCK}.attn1.q_norm.weight", "F32", 100),
        ("model.diffusion_model.patchify_proj.weight", "BF16", 100),
        ("vae.decoder.up.to_q.weight", "BF16", 100),
        (f"{BLOCK}.attn2.to_k.weight", "F8_E4M3", 100),
    ]
    path = write_model(tmp_path / "m.safetensors", *cast, *whole)

    def loaded(quantization: str | None) -> int:
        (weights,) = measure_weights({"LTX_CHECKPOINT_PATH": path}, [], quantization)
        return weights.size

    assert loaded(None) == 800 + 200 + 400 + 200 + 200 + 100
    assert loaded("fp8-scaled-mm") == loaded(None)
    assert loaded("fp8-cast") == 400 + 200 + 400 + 200 + 200 + 100


def test_a_folder_counts_for_all_its_weights(tmp_path: Path) -> None:
    for name in ("a", "b/c"):
        write_model(tmp_path / f"gemma/{name}.safetensors", ("language_model.x", "BF16", 50))
    (tmp_path / "gemma/tokenizer.json").write_text("{}")
    (tmp_path / "gemma/cut.safetensors").write_bytes(bytes(7))  # counted by its size
    checkpoint = write_model(tmp_path / "checkpoint.safetensors", (f"{BLOCK}.attn1.to_q.weight", "BF16", 1000))
    upsampler = write_model(tmp_path / "upsampler.safetensors", ("x", "BF16", 10))
    models = {
        "LTX_CHECKPOINT_PATH": checkpoint,
        "LTX_GEMMA_ROOT": tmp_path / "gemma",
        "LTX_SPATIAL_UPSAMPLER_PATH": upsampler,
    }
    gemma = str(tmp_path / "gemma")
    assert measure_weights(models, [upsampler], "fp8-cast") == (
        Weights(str(checkpoint), "transformer", 1000, streamed=1000),
        Weights(gemma, "text encoder", 207, streamed=207),
        Weights(str(upsampler), "other", 20, streamed=20),
        Weights(str(upsampler), "LoRA", 20),
    )
    assert [weights.size for weights in measure_weights(models, [], None)] == [2000, 207, 20]


def test_one_file_a_part_is_known_by_its_variables(tmp_path: Path) -> None:
    part = write_model(tmp_path / "part.safetensors", ("x", "BF16", 1))
    names = ("DISTILLED_TRANSFORMER", "TEXT_ENCODER", "VIDEO_VAE", "AUDIO_VAE")
    models = {f"LTX_{name}_PATH": part for name in names}
    parts = ["transformer", "text encoder", "other", "other"]
    assert measure_weights(models, [], None) == tuple(Weights(str(part), name, 2, streamed=2) for name in parts)


def test_two_blocks_of_a_streamed_model_lie_on_the_gpu_and_all_that_is_in_none(tmp_path: Path) -> None:
    blocks = [(f"model.diffusion_model.transformer_blocks.{n}.attn1.to_q.weight", "BF16", 100 + n) for n in range(12)]
    rest = ("model.diffusion_model.patchify_proj.weight", "BF16", 7)
    checkpoint = write_model(tmp_path / "checkpoint.safetensors", *blocks, rest)
    layers = [(f"language_model.model.layers.{n}.mlp.up_proj.weight", "BF16", 50) for n in range(12)]
    rest = ("language_model.model.embed_tokens.weight", "BF16", 9)
    write_model(tmp_path / "gemma/a.safetensors", *layers[:6], rest)
    write_model(tmp_path / "gemma/b.safetensors", *layers[6:])
    models = {"LTX_CHECKPOINT_PATH": checkpoint, "LTX_GEMMA_ROOT": tmp_path / "gemma"}
    assert [each.streamed for each in measure_weights(models, [], None)] == [2 * (7 + 2 * 111), 2 * (9 + 2 * 50)]
    assert [each.streamed for each in measure_weights(models, [], "fp8-cast")] == [14 + 2 * 111, 2 * (9 + 2 * 50)]
