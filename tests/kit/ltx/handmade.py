"""Models made by hand: files that say they hold what a model holds, and a few bytes of it."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

__all__ = ["LAYER", "handmade_models", "save"]

LAYER = "transformer_blocks.0.attn1.to_q"
_TRANSFORMER = f"model.diffusion_model.{LAYER}.weight"
_VAES = ("vae.encoder.a", "vae.decoder.a", "audio_vae.decoder.a", "vocoder.conv_pre.weight")


def save(path: Path, names: Iterable[str], **metadata: str) -> Path:
    """A whole safetensors file with these tensors, 4×4 bytes each."""
    document: dict[str, object] = {"__metadata__": metadata}
    size = math.prod((4, 4))
    for index, name in enumerate(names):
        document[name] = {"dtype": "U8", "shape": (4, 4), "data_offsets": [index * size, (index + 1) * size]}
    text = json.dumps(document).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(size * (len(document) - 1)))
    return path


def lora(layer: str = LAYER) -> list[str]:
    """The tensors of a LoRA for one layer."""
    return [f"diffusion_model.{layer}.lora_{side}.weight" for side in "AB"]


def handmade_models(folder: Path, version: str = "2.3.0") -> Mapping[str, Path]:
    """Variable → model, all of one ``model_version``, and a LoRA that fits."""
    gemma = folder / "gemma"
    save(gemma / "model.safetensors", ["language_model.model.embed_tokens.weight"])
    (gemma / "config.json").write_text('{"model_type": "gemma3"}')
    for name in ("tokenizer.json", "preprocessor_config.json"):
        (gemma / name).write_text("{}")
    whole, part = (_TRANSFORMER, *_VAES), {"model_version": version}
    return {
        "LTX_CHECKPOINT_PATH": save(folder / "checkpoint.safetensors", whole, **part),
        "LTX_DISTILLED_CHECKPOINT_PATH": save(folder / "distilled.safetensors", (*whole, "a"), **part),
        "LTX_GEMMA_ROOT": gemma,
        "LTX_SPATIAL_UPSAMPLER_PATH": save(folder / "upsampler.safetensors", ["post_upsample_res_blocks.0.conv1.w"]),
        "LTX_DISTILLED_LORA_PATH": save(folder / "lora.safetensors", lora()),
        "LTX_IC_LORA_PATH": save(folder / "ic.safetensors", lora(), reference_downscale_factor="2"),
    }
