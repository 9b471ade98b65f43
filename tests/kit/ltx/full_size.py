"""Models of full size that take no room: real headers, and holes in the place of weights."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path

__all__ = ["full_size_models", "save_sparse"]

GB, GIB = 10**9, 2**30
BLOCKS = 48


def save_sparse(path: Path, tensors: Mapping[str, int], **metadata: str) -> Path:
    """A safetensors file of bfloat16 tensors, name → bytes, that takes no room on the disk."""
    document: dict[str, object] = {"__metadata__": metadata}
    begin = 0
    for name, size in tensors.items():
        document[name] = {"dtype": "BF16", "shape": [size // 2], "data_offsets": [begin, begin + size // 2 * 2]}
        begin += size // 2 * 2
    text = json.dumps(document).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + begin)
    return path


def full_size_models(folder: Path) -> dict[str, Path]:
    """LTX-2.5 in parts, as users report its sizes: transformer 35.4 GB, 18.1 GB as fp8-cast; text encoder 22.3 GiB.

    The video autoencoder decodes by diffusion, as that of 2.5 does. The sizes of the other parts are guesses.
    """
    cast = 2 * (35.4 - 18.1) * GB
    blocks = {
        f"model.diffusion_model.transformer_blocks.{n}.ff.net.2.weight": round(cast / BLOCKS) for n in range(BLOCKS)
    }
    rest = {"model.diffusion_model.patchify_proj.weight": round(35.4 * GB - cast)}
    layers = {f"language_model.model.layers.{n}.mlp.weight": round(22.3 * GIB / BLOCKS) for n in range(BLOCKS)}
    part = {"model_version": "2.5.0"}
    vae = json.dumps({"vae": {"_class_name": "DiffusionVideoAutoencoder"}})
    paths = {
        "LTX_TRANSFORMER_PATH": save_sparse(folder / "transformer.safetensors", blocks | rest, **part),
        "LTX_TEXT_ENCODER_PATH": save_sparse(folder / "encoder.safetensors", layers, **part),
        "LTX_VIDEO_VAE_PATH": save_sparse(folder / "vae.safetensors", {"vae.decoder.a": GB}, config=vae, **part),
        "LTX_AUDIO_VAE_PATH": save_sparse(folder / "audio.safetensors", {"audio_vae.decoder.a": GB // 2}, **part),
        "LTX_SPATIAL_UPSAMPLER_PATH": save_sparse(
            folder / "up.safetensors", {"post_upsample_res_blocks.0.conv1.w": GB}
        ),
        "LTX_DISTILLED_LORA_PATH": save_sparse(folder / "lora.safetensors", {"diffusion_model.a.lora_A.weight": GB}),
    }
    paths["LTX_DISTILLED_TRANSFORMER_PATH"] = paths["LTX_TRANSFORMER_PATH"]
    return paths
