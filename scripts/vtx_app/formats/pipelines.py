"""The LTX-2 pipelines, a row each: what it needs, what it accepts, and the option for each field of a request.

Read off the argument parsers of ltx-pipelines 1.0.0 and 1.2.0, and off their code where a parser accepts what the
pipeline then ignores. A pipeline would ignore any field that is not among its flags. Another pipeline is another row
here, and its name in ``formats/metadata.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = [
    "CHECKPOINTS",
    "DISTILLED_LORA",
    "IC_LORA",
    "MODEL_FLAGS",
    "MODEL_VARIABLES",
    "PIPELINES",
    "TRANSFORMERS",
    "Pipeline",
    "model_slots",
    "pipelines_for",
]

DISTILLED_LORA = "LTX_DISTILLED_LORA_PATH"
IC_LORA = "LTX_IC_LORA_PATH"
CHECKPOINTS = frozenset({"LTX_CHECKPOINT_PATH", "LTX_DISTILLED_CHECKPOINT_PATH"})
"""The variables of models that are one checkpoint."""

TRANSFORMERS = frozenset({"LTX_TRANSFORMER_PATH", "LTX_DISTILLED_TRANSFORMER_PATH"})
"""The variables of the transformers of split models, one file a part (from 1.2.0 on)."""

_UPSAMPLER = "LTX_SPATIAL_UPSAMPLER_PATH"
_SPLIT_PARTS = ("LTX_TEXT_ENCODER_PATH", "LTX_VIDEO_VAE_PATH", "LTX_AUDIO_VAE_PATH")

MODEL_FLAGS: dict[str, str] = {
    "LTX_CHECKPOINT_PATH": "--checkpoint-path",
    "LTX_DISTILLED_CHECKPOINT_PATH": "--distilled-checkpoint-path",
    "LTX_GEMMA_ROOT": "--gemma-root",
    "LTX_TRANSFORMER_PATH": "--transformer-path",
    "LTX_DISTILLED_TRANSFORMER_PATH": "--transformer-path",
    "LTX_TEXT_ENCODER_PATH": "--text-encoder-path",
    "LTX_VIDEO_VAE_PATH": "--video-vae-path",
    "LTX_AUDIO_VAE_PATH": "--audio-vae-path",
    _UPSAMPLER: "--spatial-upsampler-path",
}
"""Model variable → the option for its path. The options for LoRAs also have a weight."""

MODEL_VARIABLES: tuple[str, ...] = (*MODEL_FLAGS, DISTILLED_LORA, IC_LORA)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One pipeline of ``ltx_pipelines``.

    ``flags``: field of the render request → option. ``multiple``: of pixels, for both sides of the canvas. ``needs``:
    fields it can't do without. ``min_images``: the fewest pictures it makes sense with. ``distilled``: runs on the
    distilled model. ``upsamples``: has a second stage, which needs the upsampler. ``distilled_lora``: the second stage
    uses the distilled LoRA, with the requested weight if ``lora_weight``. ``since``: the first version that has it.
    """

    flags: Mapping[str, str]
    multiple: int = 64
    needs: tuple[str, ...] = ()
    min_images: int = 0
    distilled: bool = False
    upsamples: bool = True
    distilled_lora: bool = False
    lora_weight: bool = True
    since: tuple[int, ...] = (1, 0)

    @property
    def ignores_distilled_lora(self) -> bool:
        """Whether a clip that names the distilled LoRA, or a weight for it, changes nothing."""
        return self.distilled or not self.lora_weight

    def accepts(self, field: str) -> bool:
        """Return whether the pipeline uses that field of a request."""
        return field in self.flags


_COMMON = {"prompt": "--prompt", "seed": "--seed", "loras": "--lora", "quantization": "--quantization"}
_SHAPE = {"width": "--width", "height": "--height", "frames": "--num-frames", "rate": "--frame-rate"}
_UNGUIDED = {**_COMMON, **_SHAPE, "images": "--image"}
_GUIDED = {
    **_UNGUIDED,
    "negative": "--negative-prompt",
    "guidance_scale": "--video-cfg-guidance-scale",
    "steps": "--num-inference-steps",
}

PIPELINES: dict[str, Pipeline] = {
    "ti2vid_one_stage": Pipeline(_GUIDED, multiple=32, upsamples=False),
    "ti2vid_two_stages": Pipeline(_GUIDED, distilled_lora=True),
    # It has its own strengths for each stage, in place of the LoRA's weight.
    "ti2vid_two_stages_hq": Pipeline(_GUIDED, distilled_lora=True, lora_weight=False),
    "keyframe_interpolation": Pipeline(_GUIDED, distilled_lora=True, min_images=2),
    "distilled": Pipeline(_UNGUIDED, distilled=True),
    # References of half the size, which most IC-LoRAs need, must be whole in the first stage too: 64 twice.
    "ic_lora": Pipeline(
        {**_UNGUIDED, "video": "--video-conditioning", "mask": "--conditioning-attention-mask"},
        multiple=128,
        needs=("video",),
        distilled=True,
    ),
    "a2vid_two_stage": Pipeline(
        {**_GUIDED, "audio": "--audio-path", "audio_start": "--audio-start-time"},
        needs=("audio",),
        distilled_lora=True,
    ),
    "retake": Pipeline(
        {**_COMMON, "video": "--video-path", "retake_start": "--start-time", "retake_end": "--end-time"},
        multiple=32,
        needs=("video", "retake"),
        distilled=True,
        upsamples=False,
    ),
    # It parses guidance, negative and steps, and ignores them.
    "dfr_pipeline": Pipeline(_UNGUIDED, distilled_lora=True, since=(1, 2)),
}

_FOR_INPUT = {
    "v2v": ("ic_lora",),
    "keyframe_interpolation": (
        "keyframe_interpolation",
        "ti2vid_two_stages",
        "ti2vid_two_stages_hq",
        "ti2vid_one_stage",
        "distilled",
        "dfr_pipeline",
    ),
    "a2v": ("a2vid_two_stage",),
    "retake": ("retake",),
}


def pipelines_for(input_type: str) -> tuple[str, ...]:
    """Return the pipelines for clips of an input type, the usual one first.

    For t2v and i2v these are all that need neither a film nor a sound nor several pictures.
    """
    if input_type in _FOR_INPUT:
        return _FOR_INPUT[input_type]
    return tuple(name for name, row in PIPELINES.items() if not row.needs and not row.min_images)


def model_slots(pipeline: str, *, split: bool) -> tuple[str, ...]:
    """Return the variables of ``config/models.env`` whose models the pipeline needs, without the LoRAs of clips.

    ``split`` is the layout of one file a part, from 1.2.0 on.
    """
    row = PIPELINES[pipeline]
    prefix = "LTX_DISTILLED_" if row.distilled else "LTX_"
    model = (f"{prefix}TRANSFORMER_PATH", *_SPLIT_PARTS) if split else (f"{prefix}CHECKPOINT_PATH", "LTX_GEMMA_ROOT")
    upsampler = (_UPSAMPLER,) if row.upsamples else ()
    return (*model, *upsampler, *((DISTILLED_LORA,) if row.distilled_lora else ()))
