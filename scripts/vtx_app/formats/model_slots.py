"""Which models each pipeline needs, by the variable of config/models.env that holds the path."""

from __future__ import annotations

__all__ = ["MODEL_SLOTS", "MODEL_VARIABLES"]

_TWO_STAGES = ("LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT", "LTX_DISTILLED_LORA_PATH", "LTX_SPATIAL_UPSAMPLER_PATH")
_DISTILLED = ("LTX_DISTILLED_CHECKPOINT_PATH", "LTX_GEMMA_ROOT", "LTX_SPATIAL_UPSAMPLER_PATH")

MODEL_SLOTS: dict[str, tuple[str, ...]] = {
    "ti2vid_two_stages": _TWO_STAGES,
    "ti2vid_two_stages_hq": _TWO_STAGES,
    "keyframe_interpolation": _TWO_STAGES,
    "a2vid_two_stage": _TWO_STAGES,
    "ti2vid_one_stage": ("LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT"),
    "distilled": _DISTILLED,
    "ic_lora": (*_DISTILLED, "LTX_IC_LORA_PATH"),
    "retake": ("LTX_DISTILLED_CHECKPOINT_PATH", "LTX_GEMMA_ROOT"),
    "dfr_pipeline": ("LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT"),
}
"""The variables of models.env that each pipeline needs (read off each module's own argument parser)."""

MODEL_VARIABLES: tuple[str, ...] = tuple(dict.fromkeys(slot for slots in MODEL_SLOTS.values() for slot in slots))
"""Every model variable there is."""
