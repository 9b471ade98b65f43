"""What a model's header says of how its weights are stored, and what that asks of a render."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from vtx_app.errors import ModelError
from vtx_app.models.safetensors_header import Header, read_header
from vtx_app.render.ltx.package import LtxPackage

__all__ = ["has_diffusion_vae", "require_stored_as"]

_CONVOLUTIONAL = "CausalVideoAutoencoder"


def has_diffusion_vae(paths: Iterable[Path]) -> bool:
    """Whether one of these models decodes its pictures by diffusion (``is_diffusion_video_vae`` of ltx-core 1.2.0).

    Such a decoder cuts the picture into tiles by what is free on the card when the take begins
    (``ensure_tiling_config`` of ltx-pipelines), and tiles show in the pixels: nothing may be kept there between takes.
    """
    return any(_vae_class(path) not in (None, _CONVOLUTIONAL) for path in paths if path.is_file())


def _vae_class(path: Path) -> object:
    try:
        vae = json.loads(read_header(path).metadata.get("config", "{}")).get("vae", {})
    except (ModelError, ValueError, AttributeError, RecursionError):
        return None
    return vae.get("_class_name") if isinstance(vae, dict) else None


def require_stored_as(quantization: str | None, header: Header, slot: str, package: LtxPackage) -> None:
    """Raise :class:`ModelError` where ltx-pipelines could not render with that transformer as ``quantization`` says.

    As the policies of ltx-core 1.2.0 and 1.0.0 have it. They find out in each take when Python and torch are loaded;
    fp8 weights that nothing is said of fail in the first step of denoising, and 1.0.0 leaves scales out, silently.
    """
    kind = quantization or ""
    scaled = _has_scaled_fp8(header)
    if not kind and _has_fp8_blocks(header):
        raise ModelError(
            f"{slot} is stored in fp8, which LTX-2 can only render with where it is told so: set "
            "LTX_QUANTIZATION=fp8-cast, or take the model's bf16 file"
        )
    if not kind and any(name.endswith(".weight_scale_2") for name in header.tensors):
        raise ModelError(
            f"{slot} is stored in nvfp4: set LTX_QUANTIZATION=nvfp4-prequant, or take the model's bf16 file"
        )
    if kind == "fp8-cast" and scaled and not package.offloads:
        raise ModelError(
            f"{slot} is stored in fp8 with scales, which this ltx-pipelines would leave out: install 1.2, or take the "
            "model's bf16 file"
        )
    if kind == "fp8-scaled-mm" and not package.offloads and find_spec("tensorrt_llm") is None:
        raise ModelError("LTX_QUANTIZATION=fp8-scaled-mm needs the package tensorrt_llm; install it, or take fp8-cast")
    if kind == "fp8-scaled-mm" and package.offloads and not scaled:
        raise ModelError(
            f"{slot} is not stored in fp8 with scales, as LTX_QUANTIZATION=fp8-scaled-mm needs it; take the model's "
            "fp8 file, or fp8-cast, which any file can be made into"
        )
    if kind.startswith("nvfp4") and find_spec("ltx_kernels") is None:
        raise ModelError(
            f"LTX_QUANTIZATION={kind} needs the package ltx-kernels, built on this machine from LTX-2's "
            "packages/ltx-kernels; install it, or take fp8-cast"
        )


def _has_fp8_blocks(header: Header) -> bool:
    return any(
        tensor.dtype.startswith("F8_E4M3") and "transformer_blocks." in name and name.endswith(".weight")
        for name, tensor in header.tensors.items()
    )


def _has_scaled_fp8(header: Header) -> bool:
    scaled = (name.removesuffix("_scale") for name in header.tensors if name.endswith(".weight_scale"))
    return any(name in header.tensors and header.tensors[name].dtype == "F8_E4M3" for name in scaled)
