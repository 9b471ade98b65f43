"""The LTX-2 pipelines, a row each: what it needs, what it takes, and the flag that each field of a request becomes.

Read off the argument parsers of ltx-pipelines 1.0.0 and 1.2.0, and off their code where a parser takes what the
pipeline then never reads. A field that is not in a row's flags is one that the pipeline would ignore. Another
pipeline is another row here, and its name in ``formats/metadata.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = [
    "DISTILLED_LORA",
    "IC_LORA",
    "MODEL_FLAGS",
    "MODEL_VARIABLES",
    "PIPELINES",
    "SPLIT",
    "WHOLE",
    "Pipeline",
    "for_input",
    "model_slots",
]

Version = tuple[int, ...]

DISTILLED_LORA = "LTX_DISTILLED_LORA_PATH"
IC_LORA = "LTX_IC_LORA_PATH"
WHOLE = frozenset({"LTX_CHECKPOINT_PATH", "LTX_DISTILLED_CHECKPOINT_PATH"})
"""The variables of models that come as one checkpoint."""

SPLIT = frozenset({"LTX_TRANSFORMER_PATH", "LTX_DISTILLED_TRANSFORMER_PATH"})
"""The variables of models that come as one file a part (from 1.2.0 on)."""

_UPSAMPLER = "LTX_SPATIAL_UPSAMPLER_PATH"

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
"""Model variable → the flag that takes its path alone. The LoRAs among the variables have a weight besides."""

MODEL_VARIABLES: tuple[str, ...] = (*MODEL_FLAGS, DISTILLED_LORA, IC_LORA)
"""Every model variable there is."""

_SPLIT_PARTS = ("LTX_TEXT_ENCODER_PATH", "LTX_VIDEO_VAE_PATH", "LTX_AUDIO_VAE_PATH")


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One pipeline of ``ltx_pipelines``.

    ``multiple``: pixels that both sides of its canvas are multiples of. ``flags``: field of the render request →
    flag. ``needs``: fields it can't do without. ``images_from``: the fewest pictures it makes sense with.
    ``distilled``: runs on the distilled model. ``upsamples``: has a second stage, and so needs the upsampler;
    ``refines``: refines there by the distilled LoRA, ``weighs`` by the weight that is asked for. ``since``: the
    first version of the package that has it.
    """

    flags: Mapping[str, str]
    multiple: int = 64
    needs: tuple[str, ...] = ()
    images_from: int = 0
    distilled: bool = False
    upsamples: bool = True
    refines: bool = False
    weighs: bool = True
    since: Version = (1, 0)

    @property
    def passes_over_refiner(self) -> bool:
        """Whether the distilled LoRA and its weight, where a clip names them, decide nothing."""
        return self.distilled or not self.weighs

    def takes(self, field: str) -> bool:
        """Whether the pipeline makes anything of that field of a request."""
        return field in self.flags


_WORDS = {"prompt": "--prompt", "seed": "--seed", "loras": "--lora", "quantization": "--quantization"}
_SHAPE = {"width": "--width", "height": "--height", "frames": "--num-frames", "rate": "--frame-rate"}
_FREE = {**_WORDS, **_SHAPE, "images": "--image"}
_GUIDED = {
    **_FREE,
    "negative": "--negative-prompt",
    "guidance_scale": "--video-cfg-guidance-scale",
    "steps": "--num-inference-steps",
}

PIPELINES: dict[str, Pipeline] = {
    "ti2vid_one_stage": Pipeline(_GUIDED, multiple=32, upsamples=False),
    "ti2vid_two_stages": Pipeline(_GUIDED, refines=True),
    # It has strengths of its own for each stage, in place of the LoRA's weight.
    "ti2vid_two_stages_hq": Pipeline(_GUIDED, refines=True, weighs=False),
    "keyframe_interpolation": Pipeline(_GUIDED, refines=True, images_from=2),
    "distilled": Pipeline(_FREE, distilled=True),
    # References of half the size, as most IC-LoRAs want them, must be whole in the first stage too: 64 twice.
    "ic_lora": Pipeline(
        {**_FREE, "video": "--video-conditioning", "mask": "--conditioning-attention-mask"},
        multiple=128,
        needs=("video",),
        distilled=True,
    ),
    "a2vid_two_stage": Pipeline(
        {**_GUIDED, "audio": "--audio-path", "audio_start": "--audio-start-time"}, needs=("audio",), refines=True
    ),
    "retake": Pipeline(
        {**_WORDS, "video": "--video-path", "retake_start": "--start-time", "retake_end": "--end-time"},
        multiple=32,
        needs=("video", "retake"),
        distilled=True,
        upsamples=False,
    ),
    # It parses guidance, negative and steps, and reads none of them.
    "dfr_pipeline": Pipeline(_FREE, refines=True, since=(1, 2)),
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


def for_input(kind: str) -> tuple[str, ...]:
    """The pipelines that make clips of the input type ``kind``, the usual one first; for t2v and i2v any that
    start from words or a picture."""
    if kind in _FOR_INPUT:
        return _FOR_INPUT[kind]
    return tuple(name for name, row in PIPELINES.items() if not row.needs and not row.images_from)


def model_slots(pipeline: str, *, split: bool) -> tuple[str, ...]:
    """The variables of ``config/models.env`` whose models the pipeline needs; LoRAs that clips name besides.

    ``split`` is the layout of one file a part, which is there from 1.2.0 on.
    """
    row = PIPELINES[pipeline]
    if split:
        slots = [f"LTX_{'DISTILLED_' if row.distilled else ''}TRANSFORMER_PATH", *_SPLIT_PARTS]
    else:
        slots = [f"LTX_{'DISTILLED_' if row.distilled else ''}CHECKPOINT_PATH", "LTX_GEMMA_ROOT"]
    more: Iterable[tuple[bool, str]] = ((row.upsamples, _UPSAMPLER), (row.refines, DISTILLED_LORA))
    return (*slots, *(slot for wanted, slot in more if wanted))
