"""How weights are stored, by the headers of their files: their size once loaded, and whether LTX-2 can use them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

from vtx_app.errors import ModelError
from vtx_app.formats.pipelines import MAIN_MODELS
from vtx_app.models.safetensors_header import Header, model_config, read_header
from vtx_app.render.ltx.call import Part, Weights
from vtx_app.render.ltx.package import LtxPackage

__all__ = ["has_diffusion_vae", "measure_weights", "require_quantization"]

_FP8_CAST = tuple(
    f"{layer}.{part}"
    for layer in (".to_q", ".to_k", ".to_v", ".to_out.0", "ff.net.0.proj", "ff.net.2")
    for part in ("weight", "bias")
)
"""What fp8-cast stores in one byte a number (ltx_core.quantization.fp8_cast, 1.2.0)."""

_BLOCK = re.compile(r"\btransformer_blocks\.\d+\.|\blanguage_model\.(model\.)?layers\.\d+\.")
_STREAMED_BLOCKS = 2
"""What is streamed: the blocks of the transformer, the layers of the text encoder, so many at a time (``blocks_prefix``
in blocks.py of ltx-pipelines, ``_DEFAULT_GPU_SLOTS`` of ltx_core.block_streaming, 1.2.0)."""

_CONVOLUTIONAL = "CausalVideoAutoencoder"


def measure_weights(models: Mapping[str, Path], loras: Iterable[Path], quantization: str | None) -> tuple[Weights, ...]:
    """Return the weights of models (by variable) and LoRAs with their sizes. Raises :class:`OSError`."""
    return (
        *(Weights(str(path.absolute()), _part(slot), *_bytes(path, quantization)) for slot, path in models.items()),
        *(Weights(str(path.absolute()), "LoRA", _bytes(path, None)[0]) for path in loras),
    )


def _part(slot: str) -> Part:
    if slot in MAIN_MODELS:
        return "transformer"
    return "text encoder" if slot in ("LTX_GEMMA_ROOT", "LTX_TEXT_ENCODER_PATH") else "other"


def _bytes(path: Path, quantization: str | None) -> tuple[int, int]:
    """Return the bytes of the weights in a file or folder, and those on the GPU at a time when they are streamed.

    Of a file that is not a model, its size.
    """
    total = rest = largest = 0
    for file in path.rglob("*.safetensors") if path.is_dir() else [path]:
        try:
            blocks = _block_bytes(read_header(file), quantization)
        except ModelError:
            blocks = {"": file.stat().st_size}
        total += sum(blocks.values())
        rest += blocks.pop("", 0)
        largest = max(largest, *blocks.values(), 0)
    return total, min(total, rest + _STREAMED_BLOCKS * largest)


def _block_bytes(header: Header, quantization: str | None) -> dict[str, int]:
    """Return block → bytes of its weights in memory; ``""`` is all that is in no block that can be streamed.

    Only fp8-cast is counted smaller than the file.
    """
    blocks: dict[str, int] = {}
    for name, tensor in header.tensors.items():
        found = _BLOCK.search(name)
        block = found[0] if found else ""
        cast = quantization == "fp8-cast" and "transformer_blocks." in name and name.endswith(_FP8_CAST)
        blocks[block] = blocks.get(block, 0) + (math.prod(tensor.shape) if cast else tensor.bytes)
    return blocks


def has_diffusion_vae(paths: Iterable[Path]) -> bool:
    """Return whether one of these models decodes pictures by diffusion (``is_diffusion_video_vae`` of ltx-core 1.2.0).

    Such a decoder chooses its tiles by the GPU memory that is free when the take begins (``ensure_tiling_config`` of
    ltx-pipelines), and tiles show in the pixels: nothing may stay on the GPU between takes.
    """
    return any(_vae_class(path) not in (None, _CONVOLUTIONAL) for path in paths if path.is_file())


def _vae_class(path: Path) -> object:
    try:
        vae = model_config(read_header(path)).get("vae")
    except ModelError:
        return None
    return vae.get("_class_name") if isinstance(vae, dict) else None


def require_quantization(quantization: str | None, header: Header, slot: str, package: LtxPackage) -> None:
    """Raise :class:`ModelError` if ltx-pipelines can't render with the transformer stored as ``quantization``.

    The policies are those of ltx-core 1.2.0 and 1.0.0. They fail in each take after Python and torch are loaded; fp8
    weights without a policy fail in the first denoising step, and 1.0.0 silently ignores scales.
    """
    kind = quantization or ""
    scaled = _has_scaled_fp8(header)
    if not kind and _has_fp8_blocks(header):
        raise ModelError(
            f"{slot} is stored in fp8, and LTX-2 must be told so to render with it: set LTX_QUANTIZATION=fp8-cast, or "
            "use the model's bf16 file"
        )
    if not kind and any(name.endswith(".weight_scale_2") for name in header.tensors):
        raise ModelError(
            f"{slot} is stored in nvfp4: set LTX_QUANTIZATION=nvfp4-prequant, or use the model's bf16 file"
        )
    if kind == "fp8-cast" and scaled and not package.offloads:
        raise ModelError(
            f"{slot} is stored in fp8 with scales, which ltx-pipelines {package} ignores: install 1.2, or use the "
            "model's bf16 file"
        )
    if kind == "fp8-scaled-mm" and not package.offloads and find_spec("tensorrt_llm") is None:
        raise ModelError("LTX_QUANTIZATION=fp8-scaled-mm needs the package tensorrt_llm; install it, or use fp8-cast")
    if kind == "fp8-scaled-mm" and package.offloads and not scaled:
        raise ModelError(
            f"{slot} is not stored in fp8 with scales, as LTX_QUANTIZATION=fp8-scaled-mm needs it; use the model's "
            "fp8 file, or fp8-cast, which works with any file"
        )
    if kind.startswith("nvfp4") and find_spec("ltx_kernels") is None:
        raise ModelError(
            f"LTX_QUANTIZATION={kind} needs the package ltx-kernels, built on this machine from LTX-2's "
            "packages/ltx-kernels; install it, or use fp8-cast"
        )


def _has_fp8_blocks(header: Header) -> bool:
    return any(
        tensor.dtype.startswith("F8_E4M3") and "transformer_blocks." in name and name.endswith(".weight")
        for name, tensor in header.tensors.items()
    )


def _has_scaled_fp8(header: Header) -> bool:
    scaled = (name.removesuffix("_scale") for name in header.tensors if name.endswith(".weight_scale"))
    return any(name in header.tensors and header.tensors[name].dtype == "F8_E4M3" for name in scaled)
