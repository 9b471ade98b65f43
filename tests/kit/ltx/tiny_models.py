"""Tiny random models that the real ltx-pipelines (1.0.0 or 1.2.0) renders with, on a CPU, in seconds.

``python -m kit.ltx.tiny_models FOLDER`` (in ``tests``) writes them and prints ``VARIABLE=path`` lines.

Every model is built from ltx_core's own configurators on the meta device and filled with seeded random bfloat16, so the
files hold exactly the names and shapes that the installed version asks for. The pictures are noise, but they change
with the prompt, the seed, the conditioning and the LoRAs, and the same request always gives the same pictures.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from kit.ltx import tiny_gemma
from kit.ltx import tiny_weights as tw

MODEL_VERSION = "2.3.0"

_HEADS, _HEAD_DIM, _AUDIO_HEAD_DIM, _LAYERS = 4, 16, 8, 2


def _transformer_config(scale: int) -> dict[str, Any]:
    """A 2.3 transformer: gated attention, AdaLN on cross attention, the text projection in the text encoder.

    The literal values in the first block are the ones that ltx_core checks. ``use_keyframes_abs_pos_embedding`` is what
    dfr_pipeline (1.2.0) demands of a checkpoint; 1.0.0 does not know it.
    """
    heads, layers = _HEADS * scale, _LAYERS * scale
    return {
        "dropout": 0.0,
        "attention_bias": True,
        "num_vector_embeds": None,
        "activation_fn": "gelu-approximate",
        "num_embeds_ada_norm": 1000,
        "use_linear_projection": False,
        "only_cross_attention": False,
        "cross_attention_norm": True,
        "double_self_attention": False,
        "upcast_attention": False,
        "standardization_norm": "rms_norm",
        "norm_elementwise_affine": False,
        "qk_norm": "rms_norm",
        "positional_embedding_type": "rope",
        "use_audio_video_cross_attention": True,
        "share_ff": False,
        "av_cross_ada_norm": True,
        "use_middle_indices_grid": True,
        # sizes
        "num_attention_heads": heads,
        "attention_head_dim": _HEAD_DIM,
        "cross_attention_dim": heads * _HEAD_DIM,
        "audio_num_attention_heads": heads,
        "audio_attention_head_dim": _AUDIO_HEAD_DIM,
        "audio_cross_attention_dim": heads * _AUDIO_HEAD_DIM,
        "num_layers": layers,
        "in_channels": 128,
        "out_channels": 128,
        "audio_in_channels": 128,
        "audio_out_channels": 128,
        "norm_eps": 1e-6,
        # positions and timesteps
        "rope_type": "split",
        "frequencies_precision": "float64",
        "positional_embedding_theta": 10000.0,
        "positional_embedding_max_pos": [20, 2048, 2048],
        "audio_positional_embedding_max_pos": [20],
        "timestep_scale_multiplier": 1000,
        "av_ca_timestep_scale_multiplier": 1000,
        # the 2.3 layout
        "apply_gated_attention": True,
        "cross_attention_adaln": True,
        "use_keyframes_abs_pos_embedding": True,
        "caption_proj_before_connector": True,
        "caption_projection_first_linear": False,
        "caption_proj_input_norm": False,
        "caption_projection_second_linear": False,
        # the connectors between the text encoder and the transformer
        "connector_num_attention_heads": heads,
        "connector_attention_head_dim": _HEAD_DIM,
        "connector_num_layers": 1,
        "connector_apply_gated_attention": True,
        "connector_positional_embedding_max_pos": [1024],
        "audio_connector_num_attention_heads": heads,
        "audio_connector_attention_head_dim": _AUDIO_HEAD_DIM,
        "audio_connector_num_layers": 1,
    }


# Three halvings of time and space after patches of 4: the 8 × 32 × 32 layout. 1.0.0 takes the decoder's widest layer to
# be 8 × decoder_base_channels, so the three multipliers must make 8. The encoder is never narrower than 128 channels.
_VIDEO_VAE_CONFIG: dict[str, Any] = {
    "_class_name": "CausalVideoAutoencoder",
    "dims": 3,
    "in_channels": 3,
    "out_channels": 3,
    "latent_channels": 128,
    "patch_size": 4,
    "norm_layer": "pixel_norm",
    "latent_log_var": "uniform",
    "spatial_padding_mode": "zeros",
    "causal_decoder": False,
    "timestep_conditioning": False,
    "decoder_base_channels": 4,
    "encoder_blocks": [["compress_all_res", {"multiplier": 1}]] * 3,
    "decoder_blocks": [["compress_all", {"multiplier": 2, "residual": False}]] * 3,
}

# 128 channels (8 latent × 16 bins), two halvings and 64 mel bins are fixed by ltx_core; no residual blocks beyond the
# ones that it always builds.
_AUDIO_VAE_CONFIG: dict[str, Any] = {
    "model": {
        "params": {
            "sampling_rate": 16000,
            "ddconfig": {
                "ch": 128,
                "ch_mult": [1, 1, 1],
                "in_channels": 2,
                "out_ch": 2,
                "z_channels": 8,
                "double_z": True,
                "num_res_blocks": 0,
                "attn_resolutions": [],
                "mid_block_add_attention": False,
                "resolution": 256,
                "mel_bins": 64,
                "norm_type": "pixel",
                "causality_axis": "height",
                "dropout": 0.0,
            },
        }
    },
    "preprocessing": {
        "stft": {"filter_length": 1024, "hop_length": 160, "causal": True},
        "mel": {"n_mel_channels": 64},
    },
}

# The flat vocoder (the one with bandwidth extension does not run on a CPU): 100 mel frames a second × 480 = 48 kHz.
_VOCODER_CONFIG: dict[str, Any] = {
    "resblock": "1",
    "stereo": True,
    "upsample_initial_channel": 32,
    "upsample_rates": [8, 6, 10],
    "upsample_kernel_sizes": [16, 12, 20],
    "resblock_kernel_sizes": [3],
    "resblock_dilation_sizes": [[1, 3, 5]],
    "output_sampling_rate": 48000,
}

_UPSAMPLER_CONFIG: dict[str, Any] = {
    "_class_name": "LatentUpsampler",
    "in_channels": 128,
    "mid_channels": 32,
    "num_blocks_per_stage": 1,
    "dims": 3,
    "spatial_upsample": True,
    "temporal_upsample": False,
}


def _config(scale: int) -> dict[str, Any]:
    """The ``config`` of a checkpoint's metadata."""
    return {
        "transformer": _transformer_config(scale),
        "vae": _VIDEO_VAE_CONFIG,
        "audio_vae": _AUDIO_VAE_CONFIG,
        "vocoder": _VOCODER_CONFIG,
    }


def _transformer_shapes(config: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    from ltx_core.model.transformer import LTXModelConfigurator

    return tw.shapes_of(LTXModelConfigurator, config)


def _transformer(config: dict[str, Any], seed: int, salt: str) -> tw.Tensors:
    """The transformer and the two connectors that feed it, as a checkpoint names them."""
    from ltx_core.text_encoders.gemma.embeddings_connector import (
        AudioEmbeddings1DConnectorConfigurator,
        Embeddings1DConnectorConfigurator,
    )

    parts = {
        "": _transformer_shapes(config),
        "video_embeddings_connector.": tw.shapes_of(Embeddings1DConnectorConfigurator, config),
        "audio_embeddings_connector.": tw.shapes_of(AudioEmbeddings1DConnectorConfigurator, config),
    }
    tensors: tw.Tensors = {}
    for prefix, shapes in parts.items():
        tensors |= tw.prefixed(f"model.diffusion_model.{prefix}", tw.fill(shapes, seed=seed, salt=salt + prefix))
    return tensors


def _text_projection(config: dict[str, Any], seed: int, scale: int) -> tw.Tensors:
    """What maps Gemma's hidden states (the embeddings and every layer, side by side) to the connectors' widths."""
    transformer = config["transformer"]
    heads = transformer["num_attention_heads"]
    features = tiny_gemma.HIDDEN_SIZE * scale * (tiny_gemma.LAYERS * scale + 1)
    shapes: dict[str, tuple[int, ...]] = {}
    for kind, width in (
        ("video", heads * transformer["attention_head_dim"]),
        ("audio", heads * transformer["audio_attention_head_dim"]),
    ):
        shapes[f"text_embedding_projection.{kind}_aggregate_embed.weight"] = (width, features)
        shapes[f"text_embedding_projection.{kind}_aggregate_embed.bias"] = (width,)
    return tw.fill(shapes, seed=seed, salt="text-projection")


def _autoencoder(
    name: str, encoder: dict[str, tuple[int, ...]], decoder: dict[str, tuple[int, ...]], seed: int
) -> tw.Tensors:
    """An encoder and a decoder that share one set of per-channel statistics."""
    tensors: tw.Tensors = {}
    for side, shapes in (("encoder", encoder), ("decoder", decoder)):
        for key, tensor in tw.fill(shapes, seed=seed, salt=f"{name}.{side}").items():
            tensors[f"{name}." + (key if key.startswith("per_channel_statistics.") else f"{side}.{key}")] = tensor
    return tensors


def _video_vae(config: dict[str, Any], seed: int) -> tw.Tensors:
    from ltx_core.model.video_vae import VideoDecoderConfigurator, VideoEncoderConfigurator

    encoder, decoder = (tw.shapes_of(part, config) for part in (VideoEncoderConfigurator, VideoDecoderConfigurator))
    return _autoencoder("vae", encoder, decoder, seed)


def _audio_vae(config: dict[str, Any], seed: int) -> tw.Tensors:
    """The audio autoencoder and the vocoder."""
    from ltx_core.model.audio_vae import AudioDecoderConfigurator, AudioEncoderConfigurator, VocoderConfigurator

    encoder, decoder = (tw.shapes_of(part, config) for part in (AudioEncoderConfigurator, AudioDecoderConfigurator))
    tensors = _autoencoder("audio_vae", encoder, decoder, seed)
    vocoder = tw.fill(tw.shapes_of(VocoderConfigurator, config), seed=seed, salt="vocoder")
    return tensors | tw.prefixed("vocoder.", vocoder)


def _adapted_layers(config: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """The attention and feed-forward layers of every block: what LTX's LoRAs are trained on."""
    shapes = _transformer_shapes(config)
    return {
        name: shape
        for name, shape in shapes.items()
        if name.startswith("transformer_blocks.") and (".to_" in name or "ff.net" in name) and "gate" not in name
    }


def is_split_known() -> bool:
    """Whether the installed ltx-pipelines takes a model in parts (1.2.0)."""
    from importlib.util import find_spec

    return find_spec("ltx_pipelines.utils.model_paths") is not None


def make_models(
    folder: Path, *, seed: int = 0, scale: int = 1, encoder_scale: int = 1, one_checkpoint: bool = False
) -> dict[str, Path]:
    """Write the models for the installed ltx-pipelines and return the variables that name them.

    seed: another seed, other weights; the same seed, the same bytes.
    scale, encoder_scale: multiply the width and the number of layers of the transformer, and of the text encoder.
    one_checkpoint: the distilled checkpoint is the base's own file, and there is no split layout.
    """
    config = _config(scale)
    metadata = {"config": json.dumps(config), "model_version": MODEL_VERSION, "format": "pt"}
    base = _transformer(config, seed, "base")
    distilled = base if one_checkpoint else _transformer(config, seed, "distilled")
    projection = _text_projection(config, seed, encoder_scale)
    video_vae = _video_vae(config, seed)
    audio_vae = _audio_vae(config, seed)
    shared = projection | video_vae | audio_vae  # a base and its distilled twin differ in the transformer alone
    gemma = tiny_gemma.make_gemma(folder / "gemma", seed=seed, scale=encoder_scale)
    checkpoint = tw.save(folder / "ltx-base.safetensors", base | shared, metadata)
    paths = {
        "LTX_CHECKPOINT_PATH": checkpoint,
        "LTX_DISTILLED_CHECKPOINT_PATH": checkpoint
        if one_checkpoint
        else tw.save(folder / "ltx-distilled.safetensors", distilled | shared, metadata),
        "LTX_GEMMA_ROOT": gemma,
        "LTX_SPATIAL_UPSAMPLER_PATH": _upsampler(folder / "spatial-upsampler.safetensors", seed),
    }
    layers = _adapted_layers(config)
    for variable, name, extra in (
        ("LTX_DISTILLED_LORA_PATH", "distilled-lora", {}),
        ("LTX_IC_LORA_PATH", "ic-lora", {"reference_downscale_factor": "2"}),
        ("LTX_STYLE_A_LORA", "style-a-lora", {}),
        ("LTX_STYLE_B_LORA", "style-b-lora", {}),
    ):
        tensors = tw.lora(layers, seed=seed, salt=name)
        paths[variable] = tw.save(folder / f"{name}.safetensors", tensors, {"format": "pt", **extra})
    if is_split_known() and not one_checkpoint:
        text_encoder, text_metadata = _text_encoder(gemma, projection)
        paths |= {
            "LTX_TRANSFORMER_PATH": tw.save(folder / "split-transformer.safetensors", base, metadata),
            "LTX_DISTILLED_TRANSFORMER_PATH": tw.save(folder / "split-distilled.safetensors", distilled, metadata),
            "LTX_TEXT_ENCODER_PATH": tw.save(folder / "split-text-encoder.safetensors", text_encoder, text_metadata),
            "LTX_VIDEO_VAE_PATH": tw.save(folder / "split-video-vae.safetensors", video_vae, metadata),
            "LTX_AUDIO_VAE_PATH": tw.save(folder / "split-audio-vae.safetensors", audio_vae, metadata),
        }
    return paths


def _upsampler(path: Path, seed: int) -> Path:
    from ltx_core.model.upsampler import LatentUpsamplerConfigurator

    shapes = tw.shapes_of(LatentUpsamplerConfigurator, _UPSAMPLER_CONFIG)
    return tw.save(path, tw.fill(shapes, seed=seed, salt="upsampler"), {"config": json.dumps(_UPSAMPLER_CONFIG)})


def _text_encoder(gemma: Path, projection: tw.Tensors) -> tuple[tw.Tensors, dict[str, str]]:
    """A Gemma root and the text projection packed into one file, by ltx_core's own packer."""
    from ltx_core.text_encoders.gemma.gemma_assets import build_text_encoder_tensors_from_gemma_root

    tensors, metadata = build_text_encoder_tensors_from_gemma_root(str(gemma), projection)
    return tensors, metadata


def main() -> None:
    """Write the models into a folder and print where each one is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=int, default=1, help="multiplies the transformer's width and layers")
    parser.add_argument("--encoder-scale", type=int, default=1, help="multiplies the text encoder's width and layers")
    parser.add_argument("--one-checkpoint", action="store_true", help="no distilled twin, no split layout")
    args = parser.parse_args()
    options = {"scale": args.scale, "encoder_scale": args.encoder_scale, "one_checkpoint": args.one_checkpoint}
    for variable, path in make_models(args.folder.resolve(), seed=args.seed, **options).items():
        print(f"{variable}={path}")


if __name__ == "__main__":
    main()
