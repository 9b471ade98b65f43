"""How large a call's models are once they are loaded, from their headers: by what they are for, and file by file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from vtx_app.errors import ModelError
from vtx_app.models.safetensors_header import Header, read_header

__all__ = ["bytes_by_path", "file_bytes", "loaded_bytes", "weights_by_use"]

_FP8_CAST = tuple(
    f"{layer}.{part}"
    for layer in (".to_q", ".to_k", ".to_v", ".to_out.0", "ff.net.0.proj", "ff.net.2")
    for part in ("weight", "bias")
)
"""What fp8-cast stores in one byte a number (ltx_core.quantization.fp8_cast, 1.2.0)."""


def loaded_bytes(header: Header, quantization: str | None) -> int:
    """Bytes of a model's weights in memory, stored as ``quantization`` says. Other ways than fp8-cast keep what the
    file has, or make less of it."""
    if quantization != "fp8-cast":
        return sum(tensor.bytes for tensor in header.tensors.values())
    return sum(
        math.prod(tensor.shape) if "transformer_blocks." in name and name.endswith(_FP8_CAST) else tensor.bytes
        for name, tensor in header.tensors.items()
    )


def file_bytes(path: Path, quantization: str | None = None) -> int:
    """Bytes of the weights in ``path``, a file or a folder; of what is no model, its size. Raises :class:`OSError`."""
    total = 0
    for file in path.rglob("*.safetensors") if path.is_dir() else [path]:
        try:
            total += loaded_bytes(read_header(file), quantization)
        except ModelError:
            total += file.stat().st_size
    return total


def bytes_by_path(paths: Iterable[Path], quantization: str | None = None) -> dict[str, int]:
    """Absolute path → bytes of the weights there."""
    return {str(path.absolute()): file_bytes(path, quantization) for path in paths}


def weights_by_use(models: Mapping[str, Path], quantization: str | None) -> dict[str, int]:
    """Bytes of what has to be loaded, by what it is for, of model variable → path."""
    sizes = {"transformer": 0, "text_encoder": 0, "rest": 0}
    for slot, path in models.items():
        kind = "rest"
        if "CHECKPOINT" in slot or "TRANSFORMER" in slot:
            kind = "transformer"
        elif slot in ("LTX_GEMMA_ROOT", "LTX_TEXT_ENCODER_PATH"):
            kind = "text_encoder"
        sizes[kind] += file_bytes(path, quantization)
    return sizes
