"""How weights are stored, by headers made by hand: what the package could not use is told without loading it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.ltx.handmade import save
from vtx_app.errors import ModelError
from vtx_app.models.safetensors_header import Header, TensorInfo
from vtx_app.render.ltx.package import LtxPackage
from vtx_app.render.ltx.stored import has_diffusion_vae, require_stored_as

OLD, NEW = LtxPackage((1, 0)), LtxPackage((1, 2))
LAYER = "model.diffusion_model.transformer_blocks.0.attn1.to_q"
PLAIN = {f"{LAYER}.weight": "BF16"}
SCALED = {f"{LAYER}.weight": "F8_E4M3", f"{LAYER}.weight_scale": "F32"}


def header(tensors: dict[str, str]) -> Header:
    return Header({name: TensorInfo(dtype, (4, 4), 16) for name, dtype in tensors.items()}, {}, 0)


@pytest.mark.parametrize(
    ("quantization", "tensors", "package", "told"),
    [
        (None, PLAIN, NEW, ""),
        ("fp8-cast", PLAIN, NEW, ""),
        ("fp8-cast", PLAIN, OLD, ""),
        ("fp8-scaled-mm", SCALED, NEW, ""),
        ("fp8-cast", SCALED, NEW, ""),
        ("fp8-cast", SCALED, OLD, "THE_SLOT is stored in fp8 with scales, which this ltx-pipelines would leave out"),
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
def test_what_can_t_be_stored_so(
    quantization: str | None, tensors: dict[str, str], package: LtxPackage, told: str
) -> None:
    if not told:
        require_stored_as(quantization, header(tensors), "THE_SLOT", package)
        return
    with pytest.raises(ModelError, match=told):
        require_stored_as(quantization, header(tensors), "THE_SLOT", package)


def vae(path: Path, config: object) -> Path:
    return save(path, ["vae.decoder.a"], config=config if isinstance(config, str) else json.dumps(config))


def test_a_decoder_that_works_by_diffusion_is_known(tmp_path: Path) -> None:
    plain = [
        vae(tmp_path / "conv", {"vae": {"_class_name": "CausalVideoAutoencoder"}}),
        vae(tmp_path / "unsaid", {"vae": {}}),
        vae(tmp_path / "none", {}),
        *(vae(tmp_path / f"odd{index}", odd) for index, odd in enumerate(["[[", "[]", '{"vae": 5}', "[" * 9999])),
        tmp_path / "gone",
        tmp_path,
    ]
    assert not has_diffusion_vae(plain)
    assert has_diffusion_vae([*plain, vae(tmp_path / "diffusion", {"vae": {"_class_name": "CausalDiffusionVAE"}})])
