"""The LTX-2 pipelines, a row each: what it needs, what it accepts, and the flag for each field of a request.

Read off the argument parsers of ltx-pipelines 1.0.0 and 1.2.0, upstream's changelog and the parsers of 1.3 and 1.4, and
off their code where a parser accepts what the pipeline then ignores. A pipeline would ignore any field that is not
among its flags. Another pipeline is another row here, and its name in ``formats/metadata.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "CHECKPOINTS",
    "DETAILING_LORA",
    "DISTILLED_LORA",
    "IC_LORA",
    "MAIN_MODELS",
    "MODEL_FLAGS",
    "MODEL_VARIABLES",
    "PIPELINES",
    "TEMPORAL_UPSAMPLER",
    "TRANSFORMERS",
    "Flag",
    "Pipeline",
    "Version",
    "model_slots",
    "pipeline_row",
    "pipelines_for",
    "version_text",
]

Version = tuple[int, ...]
"""Of ltx-pipelines, as (major, minor)."""

DISTILLED_LORA = "LTX_DISTILLED_LORA_PATH"
IC_LORA = "LTX_IC_LORA_PATH"
DETAILING_LORA = "LTX_DETAILING_LORA_PATH"
TEMPORAL_UPSAMPLER = "LTX_TEMPORAL_UPSAMPLER_PATH"
CHECKPOINTS = frozenset({"LTX_CHECKPOINT_PATH", "LTX_DISTILLED_CHECKPOINT_PATH"})
"""The variables of models that are one checkpoint."""

TRANSFORMERS = frozenset({"LTX_TRANSFORMER_PATH", "LTX_DISTILLED_TRANSFORMER_PATH"})
"""The variables of the transformers of split models, one file a part (from 1.2.0 on)."""

MAIN_MODELS = CHECKPOINTS | TRANSFORMERS
"""The variables of the files that hold a transformer."""

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
    TEMPORAL_UPSAMPLER: "--temporal-upsampler-path",
    DETAILING_LORA: "--detailing-lora",
}
"""Model variable → the flag for its path. The flags for other LoRAs also have a weight; that of the detailing LoRA is
fixed."""

MODEL_VARIABLES: tuple[str, ...] = (*MODEL_FLAGS, DISTILLED_LORA, IC_LORA)


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag of a pipeline's command line, in the versions from ``since`` on that come before ``until``."""

    name: str
    since: Version = (1, 0)
    until: Version | None = None

    def stands_in(self, version: Version) -> bool:
        """Return whether that version has it."""
        return self.since <= version and (self.until is None or version < self.until)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One pipeline of ``ltx_pipelines``.

    ``flags``: field of the render request → flag. ``options``: field of the spec's ``render.options`` → flag.
    ``multiple``: of pixels, for both sides of the canvas. ``needs``: fields it can't do without. ``min_images``: the
    fewest pictures it makes sense with. ``distilled``: runs on the distilled model. ``upsamples``: has a second stage,
    which needs the upsampler. ``distilled_lora``: the second stage uses the distilled LoRA, with the requested weight
    if ``lora_weight``. ``detailing_lora``: the second stage uses the detailing LoRA. ``since``, ``until``: the first
    version with this module, and the first without it. ``renamed``: model variable → its flag in some versions.
    """

    flags: Mapping[str, Flag]
    options: Mapping[str, Flag] = field(default_factory=dict)
    multiple: int = 64
    needs: tuple[str, ...] = ()
    min_images: int = 0
    distilled: bool = False
    upsamples: bool = True
    distilled_lora: bool = False
    lora_weight: bool = True
    detailing_lora: bool = False
    since: Version = (1, 0)
    until: Version | None = None
    renamed: Mapping[str, Flag] = field(default_factory=dict)

    @property
    def ignores_distilled_lora(self) -> bool:
        """Whether a clip that names the distilled LoRA, or a weight for it, changes nothing."""
        return self.distilled or not self.lora_weight

    def accepts(self, field: str) -> bool:
        """Return whether the pipeline uses that field of a request."""
        return field in self.flags

    def stands_in(self, version: Version) -> bool:
        """Return whether that version has the pipeline, and as it is here."""
        return self.since <= version and (self.until is None or version < self.until)

    def model_flag(self, slot: str, version: Version) -> str:
        """Return the flag for the path of a model in that version."""
        renamed = self.renamed.get(slot)
        return renamed.name if renamed is not None and renamed.stands_in(version) else MODEL_FLAGS[slot]


_COMMON = {
    "prompt": Flag("--prompt"),
    "seed": Flag("--seed"),
    "loras": Flag("--lora"),
    "quantization": Flag("--quantization"),
}
_SHAPE = {
    "width": Flag("--width"),
    "height": Flag("--height"),
    "frames": Flag("--num-frames"),
    "rate": Flag("--frame-rate"),
}
_UNGUIDED = {**_COMMON, **_SHAPE, "images": Flag("--image")}
_GUIDED = {
    **_UNGUIDED,
    "negative": Flag("--negative-prompt"),
    "guidance_scale": Flag("--video-cfg-guidance-scale"),
    "steps": Flag("--num-inference-steps"),
}
_CHUNKED = {"chunked": Flag("--chunked", (1, 4))}
_KEYFRAMES = {
    "generated_keyframes": Flag("--num-generated-keyframes", (1, 2)),
    "decode_with_keyframes": Flag("--decode-with-keyframes", (1, 4)),
}
_LATER_KEYFRAMES = {**_KEYFRAMES, "generated_keyframes": Flag("--num-generated-keyframes", (1, 4))}

PIPELINES: dict[str, Pipeline] = {
    "ti2vid_one_stage": Pipeline(_GUIDED, _KEYFRAMES, multiple=32, upsamples=False),
    "ti2vid_two_stages": Pipeline(_GUIDED, {**_KEYFRAMES, **_CHUNKED}, distilled_lora=True),
    # It has its own strengths for each stage, in place of the LoRA's weight.
    "ti2vid_two_stages_hq": Pipeline(_GUIDED, _KEYFRAMES, distilled_lora=True, lora_weight=False),
    "keyframe_interpolation": Pipeline(_GUIDED, distilled_lora=True, min_images=2),
    "distilled": Pipeline(_UNGUIDED, {**_KEYFRAMES, **_CHUNKED}, distilled=True),
    # References of half the size, which most IC-LoRAs need, must be whole in the first stage too: 64 twice.
    "ic_lora": Pipeline(
        {**_UNGUIDED, "video": Flag("--video-conditioning"), "mask": Flag("--conditioning-attention-mask")},
        {
            **_LATER_KEYFRAMES,
            **_CHUNKED,
            "stage_2_ic_lora": Flag("--stage-2-ic-lora", (1, 4)),
            "tile": Flag("--tile", (1, 4)),
        },
        multiple=128,
        needs=("video",),
        distilled=True,
    ),
    "a2vid_two_stage": Pipeline(
        {**_GUIDED, "audio": Flag("--audio-path"), "audio_start": Flag("--audio-start-time")},
        {**_LATER_KEYFRAMES, **_CHUNKED},
        needs=("audio",),
        distilled_lora=True,
    ),
    "retake": Pipeline(
        {
            **_COMMON,
            "loras": Flag("--lora", (1, 2)),  # 1.0 has --loras, and crashes on it
            "video": Flag("--video-path"),
            "retake_start": Flag("--start-time"),
            "retake_end": Flag("--end-time"),
        },
        multiple=32,
        needs=("video", "retake"),
        distilled=True,
        upsamples=False,
        renamed={"LTX_DISTILLED_CHECKPOINT_PATH": Flag("--checkpoint-path", until=(1, 2))},
    ),
    # It parses guidance, negative and steps, and ignores them.
    "dfr_pipeline": Pipeline(_UNGUIDED, distilled_lora=True, since=(1, 2), until=(1, 3)),
}
"""Each pipeline as its first generation (:mod:`vtx_app.formats.generations`) has it."""

_LATER: dict[str, dict[int, Pipeline]] = {
    "dfr_pipeline": {
        2: Pipeline(
            _UNGUIDED,
            {
                "temporal_upscalings": Flag("--temporal-upscalings", (1, 3)),
                "spatial_upscalings": Flag("--spatial-upscalings", (1, 3)),
            },
            distilled=True,
            detailing_lora=True,
            since=(1, 3),
        )
    }
}
"""Pipelines that take other models or flags from a generation on."""


def pipeline_row(pipeline: str, generation: int | None) -> Pipeline:
    """Return the row of a pipeline in a generation; None is the first."""
    later = [row for first, row in _LATER.get(pipeline, {}).items() if first <= (generation or 1)]
    return later[-1] if later else PIPELINES[pipeline]


def version_text(version: Version) -> str:
    """``(1, 4)`` → ``1.4``."""
    return ".".join(map(str, version))


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


def model_slots(
    pipeline: str, *, split: bool, generation: int | None = None, temporal: bool = False
) -> tuple[str, ...]:
    """Return the variables of ``config/models.env`` whose models a pipeline needs, without the LoRAs of clips.

    ``split`` is the layout of one file a part, from 1.2.0 on. ``temporal``: it doubles the frame rate.
    """
    row = pipeline_row(pipeline, generation)
    prefix = "LTX_DISTILLED_" if row.distilled else "LTX_"
    model = (f"{prefix}TRANSFORMER_PATH", *_SPLIT_PARTS) if split else (f"{prefix}CHECKPOINT_PATH", "LTX_GEMMA_ROOT")
    more = {
        _UPSAMPLER: row.upsamples,
        TEMPORAL_UPSAMPLER: temporal,
        DISTILLED_LORA: row.distilled_lora,
        DETAILING_LORA: row.detailing_lora,
    }
    return (*model, *(slot for slot, needed in more.items() if needed))
