"""How large models are once they are loaded, by headers made by hand."""

from __future__ import annotations

import json
import struct
from pathlib import Path

from vtx_app.models.safetensors_header import read_header
from vtx_app.render.ltx.loaded import bytes_by_path, loaded_bytes, weights_by_use

BLOCK = "model.diffusion_model.transformer_blocks.0"


def model(path: Path, *tensors: tuple[str, str, int]) -> Path:
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
    header = read_header(model(tmp_path / "m.safetensors", *cast, *whole))
    assert loaded_bytes(header, None) == 800 + 200 + 400 + 200 + 200 + 100
    assert loaded_bytes(header, "fp8-scaled-mm") == loaded_bytes(header, None)
    assert loaded_bytes(header, "fp8-cast") == 400 + 200 + 400 + 200 + 200 + 100


def test_a_folder_counts_for_all_its_weights(tmp_path: Path) -> None:
    for name in ("a", "b/c"):
        model(tmp_path / f"gemma/{name}.safetensors", ("language_model.x", "BF16", 50))
    (tmp_path / "gemma/tokenizer.json").write_text("{}")
    (tmp_path / "gemma/cut.safetensors").write_bytes(bytes(7))  # told elsewhere; here its size is all that is known
    checkpoint = model(tmp_path / "checkpoint.safetensors", (f"{BLOCK}.attn1.to_q.weight", "BF16", 1000))
    upsampler = model(tmp_path / "upsampler.safetensors", ("x", "BF16", 10))
    models = {
        "LTX_CHECKPOINT_PATH": checkpoint,
        "LTX_GEMMA_ROOT": tmp_path / "gemma",
        "LTX_SPATIAL_UPSAMPLER_PATH": upsampler,
    }
    assert weights_by_use(models, "fp8-cast") == {"transformer": 1000, "text_encoder": 207, "rest": 20}
    assert bytes_by_path(models.values()) == {str(checkpoint): 2000, str(tmp_path / "gemma"): 207, str(upsampler): 20}


def test_one_file_a_part_is_known_by_its_variables(tmp_path: Path) -> None:
    part = model(tmp_path / "part.safetensors", ("x", "BF16", 1))
    names = ("DISTILLED_TRANSFORMER", "TEXT_ENCODER", "VIDEO_VAE", "AUDIO_VAE")
    models = {f"LTX_{name}_PATH": part for name in names}
    assert weights_by_use(models, None) == {"transformer": 2, "text_encoder": 2, "rest": 4}
