"""Random weights that depend on a seed and a name alone, and a safetensors file with the same bytes every time.

``safetensors.torch.save_file`` writes the metadata in the order of a hash map, which differs from process to process;
:func:`save` writes the same format in sorted order.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch

Tensors = dict[str, torch.Tensor]

_DTYPE_NAMES = {torch.bfloat16: "BF16", torch.uint8: "U8"}


def shapes_of(configurator: Any, config: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the model that one of ltx_core's configurators builds; nothing is allocated.

    1.0.0 calls the entry point ``from_config`` (the config alone); 1.2.0 ``from_metadata`` (the file's whole metadata).
    """
    with torch.device("meta"):
        if hasattr(configurator, "from_metadata"):
            model = configurator.from_metadata({"config": dict(config)})
        else:
            model = configurator.from_config(dict(config))
    return {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}


def fill(
    shapes: Mapping[str, tuple[int, ...]], *, seed: int, salt: str, gain: float = 1.0, norm: float = 1.0
) -> Tensors:
    """Random bfloat16 tensors of these shapes; the same (seed, salt, name) always gives the same values.

    gain: a weight's standard deviation is gain / sqrt(fan-in), so 1.0 about keeps the scale of what flows through.
    norm: the value of normalisation weights: 1, or 0 where the layer adds the one itself (Gemma).
    """
    return {name: _values(name, shape, f"{seed}/{salt}/{name}", gain, norm) for name, shape in shapes.items()}


def _values(name: str, shape: tuple[int, ...], key: str, gain: float, norm: float) -> torch.Tensor:
    if name.endswith("std-of-means"):
        return torch.ones(shape, dtype=torch.bfloat16)
    if name.endswith("mean-of-means"):
        return torch.zeros(shape, dtype=torch.bfloat16)
    if len(shape) == 1 and name.endswith("weight"):
        return torch.full(shape, norm, dtype=torch.bfloat16)
    if "scale_shift_table" in name:
        deviation = 0.5
    elif "learnable_registers" in name or "embed_tokens" in name:
        deviation = 1.0
    elif len(shape) < 2:
        deviation = 0.02
    else:
        deviation = gain / math.sqrt(math.prod(shape[1:]))
    generator = torch.Generator().manual_seed(int.from_bytes(hashlib.sha256(key.encode()).digest()[:7], "big"))
    return (torch.randn(shape, generator=generator) * deviation).to(torch.bfloat16)


def prefixed(prefix: str, tensors: Mapping[str, torch.Tensor]) -> Tensors:
    """The same tensors under longer names."""
    return {prefix + name: tensor for name, tensor in tensors.items()}


def save(path: Path, tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str] | None = None) -> Path:
    """Write a safetensors file: an 8-byte length, a JSON header padded to 8 bytes, then the values.

    Source: the format section of https://github.com/huggingface/safetensors. Only bfloat16 and uint8 are known here.
    """
    header: dict[str, Any] = {}
    if metadata:
        header["__metadata__"] = dict(sorted(metadata.items()))
    offset = 0
    names = _largest_dtype_first(tensors)
    for name in names:
        tensor = tensors[name]
        size = tensor.numel() * tensor.element_size()
        header[name] = {
            "dtype": _DTYPE_NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + size],
        }
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in names:
            file.write(tensors[name].contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
    return path


def _largest_dtype_first(tensors: Mapping[str, torch.Tensor]) -> list[str]:
    return sorted(tensors, key=lambda name: (-tensors[name].element_size(), name))


def lora(weights: Mapping[str, tuple[int, ...]], *, seed: int, salt: str, rank: int = 4, gain: float = 0.5) -> Tensors:
    """Low-rank pairs for these linear layers, named as ltx_pipelines reads them.

    weights: ``<module>.weight`` to (out, in). Gives ``diffusion_model.<module>.lora_A.weight`` (rank, in) and
    ``…lora_B.weight`` (out, rank); B @ A has about ``gain`` times the standard deviation of the weight it is added to.
    """
    tensors: Tensors = {}
    for name, (out_features, in_features) in _matrices(weights):
        module = "diffusion_model." + name.removesuffix(".weight")
        down = {f"{module}.lora_A.weight": (rank, in_features)}
        up = {f"{module}.lora_B.weight": (out_features, rank)}
        tensors |= fill(down, seed=seed, salt=salt) | fill(up, seed=seed, salt=salt, gain=gain)
    return tensors


def _matrices(shapes: Mapping[str, tuple[int, ...]]) -> Iterable[tuple[str, tuple[int, int]]]:
    for name, shape in shapes.items():
        if name.endswith(".weight") and len(shape) == 2:
            yield name, (shape[0], shape[1])
