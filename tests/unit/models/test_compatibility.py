"""Which kind of model a file is, and what belongs together."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import get_args

import pytest

from vtx_app.errors import ModelError
from vtx_app.models.compatibility import (
    Kind,
    require_kind,
    require_lora_fits,
    require_same_generation,
    unmatched_lora_keys,
)
from vtx_app.models.safetensors_header import read_header

T = "model.diffusion_model."
Q, V = "transformer_blocks.0.attn1.to_q", "transformer_blocks.0.attn1.to_v"
TRANSFORMER = [f"{T}{Q}.weight", f"{T}{V}.weight", f"{T}video_embeddings_connector.x.weight"]
VIDEO, AUDIO = ["vae.encoder.a", "vae.decoder.a", "vae.per_channel_statistics.x"], ["audio_vae.decoder.a"]
VOCODER = ["vocoder.conv_pre.weight"]
GEMMA = ["language_model.model.embed_tokens.weight"]
LORA = [f"diffusion_model.{Q}.lora_A.weight", f"diffusion_model.{Q}.lora_B.weight"]
UPSAMPLER = ["initial_conv.weight", "post_upsample_res_blocks.0.conv1.weight"]
TEMPORAL = {"config": '{"spatial_upsample": false, "temporal_upsample": true}'}


def save(path: Path, names: Sequence[str] | Mapping[str, tuple[int, ...]], dtype: str = "U8", **metadata: str) -> Path:
    """A safetensors file with these tensors: 4×4 zeros, or of the shape given."""
    shapes = names if isinstance(names, Mapping) else dict.fromkeys(names, (4, 4))
    document: dict[str, object] = {"__metadata__": metadata}
    end = 0
    for name, shape in shapes.items():
        document[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + math.prod(shape)]}
        end += math.prod(shape)
    text = json.dumps(document).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"\1" * end)
    return path


def refusal(act: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(ModelError) as caught:
        act(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


MODELS: dict[str, tuple[list[str], dict[str, str], set[Kind]]] = {
    "monolith": (
        [*TRANSFORMER, *VIDEO, *AUDIO, *VOCODER, "text_embedding_projection.a.weight"],
        {},
        {"checkpoint", "transformer", "video_vae", "audio_vae"},
    ),
    "transformer": (TRANSFORMER, {}, {"transformer"}),
    "video": (VIDEO, {}, {"video_vae"}),
    "bare video": (["encoder.a", "decoder.a", "per_channel_statistics.x"], {}, {"video_vae"}),
    "audio": ([*AUDIO, *VOCODER], {}, {"audio_vae"}),
    "upsampler": (UPSAMPLER, {}, {"upsampler"}),
    "upsampler with odd config": (UPSAMPLER, {"config": "[["}, {"upsampler"}),
    "temporal": (UPSAMPLER, TEMPORAL, {"temporal_upsampler"}),
    "text": ([*GEMMA, "tokenizer_json", "text_embedding_projection.a"], {"gemma_config": "{}"}, {"text_encoder"}),
    "lora": (LORA, {}, {"lora"}),
    "kohya lora": (["lora_unet_x.lora_down.weight", "lora_unet_x.lora_up.weight"], {}, {"lora"}),
    "bare gemma": (GEMMA, {}, set()),
    "image VAE": (["decoder.conv_in.weight", "encoder.conv_in.weight"], {}, set()),
    "other layout": ([f"diffusion_model.{Q}.weight"], {}, set()),
    "connectors": ([f"{T}audio_embeddings_connector.x.weight"], {}, set()),
    "nothing": ([], {}, set()),
}


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize("model", MODELS)
def test_each_kind_is_distinguished_from_every_other(tmp_path: Path, model: str, kind: Kind) -> None:
    names, metadata, usable = MODELS[model]
    path = save(tmp_path / "m.safetensors", names, **metadata)
    if kind in usable:
        require_kind(path, kind)
    else:
        assert refusal(require_kind, path, kind).startswith(f"{path} ")


@pytest.mark.parametrize(
    ("model", "kind", "message"),
    [
        ("lora", "checkpoint", "is a LoRA, not an LTX-2 checkpoint; give the path of an LTX-2 checkpoint"),
        ("monolith", "lora", "is a whole LTX-2 checkpoint, not a LoRA"),
        ("transformer", "checkpoint", "holds a transformer, but no video VAE and no audio VAE and no vocoder"),
        ("temporal", "upsampler", "is a temporal upsampler, not a spatial latent upsampler"),
        ("upsampler", "temporal_upsampler", "is a latent upsampler, not a temporal latent upsampler"),
        ("bare gemma", "text_encoder", "is bare Gemma without its configuration and tokenizer, not a text encoder"),
        ("other layout", "transformer", "is a transformer in the layout of another program, not an LTX-2 transformer"),
        ("nothing", "lora", "is of no kind that VTX knows, not a LoRA"),
    ],
)
def test_the_message_names_what_it_is_and_what_is_needed(tmp_path: Path, model: str, kind: Kind, message: str) -> None:
    names, metadata, _ = MODELS[model]
    assert message in refusal(require_kind, save(tmp_path / "m.safetensors", names, **metadata), kind)


def test_a_text_encoder_goes_by_its_name(tmp_path: Path) -> None:
    names, metadata, _ = MODELS["text"]
    assert "must be named .safetensors" in refusal(
        require_kind, save(tmp_path / "m.sft", names, **metadata), "text_encoder"
    )


@pytest.fixture
def gemma(tmp_path: Path) -> Path:
    root = tmp_path / "gemma"
    root.mkdir()
    (root / "config.json").write_text('{"model_type": "gemma3"}')
    for name in ("tokenizer.json", "preprocessor_config.json"):
        (root / name).write_text("{}")
    for number in (1, 2, 3):
        save(root / f"model-0000{number}-of-00003.safetensors", GEMMA)
    return root


def index(root: Path, document: object) -> None:
    (root / "model.safetensors.index.json").write_text(json.dumps(document))


def test_a_gemma_folder_flat_nested_or_in_one_file(gemma: Path) -> None:
    require_kind(gemma, "gemma_root")
    require_kind(gemma.parent, "gemma_root")
    index(gemma, {"weight_map": {"a": "model-00001-of-00003.safetensors"}})
    require_kind(gemma, "gemma_root")
    for file in gemma.glob("model*"):
        file.unlink()
    save(gemma / "model.safetensors", GEMMA)
    require_kind(gemma, "gemma_root")


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        ("config.json", "has no config.json"),
        ("tokenizer.json", "has no tokenizer.json or tokenizer.model"),
        ("preprocessor_config.json", "has no preprocessor_config.json or processor_config.json"),
        ("model-00002-of-00003.safetensors", "lacks 'model-00002-of-00003.safetensors' of Gemma's weights"),
        ("model-0000*", "has no model*.safetensors"),
    ],
)
def test_a_gemma_folder_lacks_a_file(gemma: Path, gone: str, message: str) -> None:
    for file in gemma.glob(gone):
        file.unlink()
    assert message in refusal(require_kind, gemma, "gemma_root")


def test_the_index_names_missing_weights(gemma: Path) -> None:
    for file in gemma.glob("model-*"):
        file.unlink()
    index(gemma, {"weight_map": {"a": "model-a.safetensors", "b": "model-b.safetensors", "c": "model-b.safetensors"}})
    assert "lacks 'model-a.safetensors' and 1 more of Gemma" in refusal(require_kind, gemma, "gemma_root")
    wrong: list[object] = [[], {"weight_map": {}}, {"weight_map": 5}]
    for damaged in wrong:
        index(gemma, damaged)
        assert "fetch it again" in refusal(require_kind, gemma, "gemma_root")


def test_every_gemma_file_is_whole(gemma: Path) -> None:
    shard = gemma / "model-00003-of-00003.safetensors"
    shard.write_bytes(shard.read_bytes()[:-1])
    assert f"{shard}: the file has" in refusal(require_kind, gemma, "gemma_root")
    shard.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    assert "git-lfs pointer" in refusal(require_kind, gemma, "gemma_root")
    (gemma / "config.json").write_text("version https://git-lfs.github.com/spec/v1\n")
    assert "config.json can't be read as JSON" in refusal(require_kind, gemma, "gemma_root")


@pytest.mark.parametrize("kind", ["llama", "gemma2", "gemma3_text", None])
def test_a_folder_of_another_model(gemma: Path, kind: str | None) -> None:
    (gemma / "config.json").write_text(json.dumps({"model_type": kind}))
    assert f"holds a model of type {kind!r}" in refusal(require_kind, gemma, "gemma_root")


def test_no_gemma_folder(tmp_path: Path) -> None:
    assert "is a file; give the path of the folder" in refusal(
        require_kind, save(tmp_path / "m.safetensors", GEMMA), "gemma_root"
    )
    assert "there is no folder" in refusal(require_kind, tmp_path / "none", "gemma_root")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    names = {f"{T}{Q}.weight": (8, 4), f"{T}{V}.weight": (8, 4)}
    return save(tmp_path / "model.safetensors", names, dtype="F8_E4M3")


def layers(*names: str, a: tuple[int, ...] = (2, 4), b: tuple[int, ...] = (8, 2)) -> dict[str, tuple[int, ...]]:
    return {f"{name}.lora_{side}.weight": shape for name in names for side, shape in (("A", a), ("B", b))}


def test_a_lora_that_fits(tmp_path: Path, model: Path) -> None:
    for prefix in ("diffusion_model.", ""):
        lora = save(tmp_path / "lora.safetensors", layers(prefix + Q, prefix + V))
        require_lora_fits(lora, model)
        assert unmatched_lora_keys(read_header(lora), read_header(model)) == ([], 2)


def test_the_text_side_of_a_lora_is_not_counted(tmp_path: Path, model: Path) -> None:
    text = ("text_embedding_projection.aggregate_embed", "diffusion_model.video_embeddings_connector.x")
    lora = save(tmp_path / "a.safetensors", layers(f"diffusion_model.{Q}", f"diffusion_model.{text[0]}", *text))
    require_lora_fits(lora, model)
    assert unmatched_lora_keys(read_header(lora), read_header(model)) == ([], 1)
    only = save(tmp_path / "b.safetensors", layers(*text))
    assert "changes only the text side" in refusal(require_lora_fits, only, model)


@pytest.mark.parametrize("prefix", ["transformer.", "model.diffusion_model.", "base_model.model.", "unet_"])
def test_a_lora_that_would_have_no_effect(tmp_path: Path, model: Path, prefix: str) -> None:
    lora = save(tmp_path / "lora.safetensors", layers(prefix + Q, prefix + V))
    text = refusal(require_lora_fits, lora, model)
    assert f"{lora}: none of its 2 layers is in {model}: it would have no effect (first: '" in text
    assert unmatched_lora_keys(read_header(lora), read_header(model))[1] == 2


def test_a_lora_of_which_a_part_would_have_no_effect(tmp_path: Path, model: Path) -> None:
    names = layers(f"diffusion_model.{Q}", "diffusion_model.patchify_proj") | {
        f"diffusion_model.{V}.lora_A.weight": (2, 4)
    }
    lora = save(tmp_path / "lora.safetensors", names)
    assert unmatched_lora_keys(read_header(lora), read_header(model)) == (["patchify_proj", V], 3)
    text = refusal(require_lora_fits, lora, model)
    assert "2 of its 3 layers are not in" in text and "(first: 'patchify_proj')" in text


@pytest.mark.parametrize("form", ["lora_down.weight", "lora_A.default.weight", "lokr_w1"])
def test_a_lora_of_another_form(tmp_path: Path, model: Path, form: str) -> None:
    lora = save(tmp_path / "lora.safetensors", [f"diffusion_model.{Q}.{form}"])
    assert f"this has 'diffusion_model.{Q}.{form}'" in refusal(require_lora_fits, lora, model)
    assert unmatched_lora_keys(read_header(lora), read_header(model)) == ([Q], 1)


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ((2, 5), (8, 2), f"is for another model: '{Q}' is 8×5 there and 8×4 in"),
        ((2, 4), (9, 2), f"is for another model: '{Q}' is 9×4 there and 8×4 in"),
        ((2, 4), (8, 3), "is damaged: lora_A (2, 4) and lora_B (8, 3)"),
        ((4,), (8, 2), "is damaged"),
    ],
)
def test_a_lora_of_other_shapes(
    tmp_path: Path, model: Path, a: tuple[int, ...], b: tuple[int, ...], message: str
) -> None:
    lora = save(tmp_path / "lora.safetensors", layers(f"diffusion_model.{Q}", a=a, b=b))
    assert message in refusal(require_lora_fits, lora, model)


def test_packed_weights_have_no_shape_to_compare(tmp_path: Path) -> None:
    packed = save(tmp_path / "model.safetensors", {f"{T}{Q}.weight": (8, 2)}, dtype="U8")
    require_lora_fits(save(tmp_path / "lora.safetensors", layers(f"diffusion_model.{Q}")), packed)


def test_only_loras_fit_only_transformers(tmp_path: Path, model: Path) -> None:
    lora = save(tmp_path / "lora.safetensors", layers(f"diffusion_model.{Q}"))
    assert "not a LoRA" in refusal(require_lora_fits, model, model)
    assert "not an LTX-2 transformer" in refusal(require_lora_fits, lora, lora)


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("2.3.0", "2.3.1", True),
        ("2.3.0", "2.3.rc1", True),
        ("2.3.0", "2.4-rc2", False),
        ("2.5.0", "2.3", False),
        ("2.3.0", "", True),
        ("", "2.3.0", True),
        ("2.3.0", "2", True),
        ("2.3.0", "1.1.0", True),  # an edition of the file itself
    ],
)
def test_generations(tmp_path: Path, ours: str, theirs: str, same: bool) -> None:
    checkpoint = save(tmp_path / "checkpoint", TRANSFORMER, model_version=ours)
    other = save(tmp_path / "other", LORA, model_version=theirs)
    if same:
        require_same_generation(checkpoint, other)
    else:
        text = refusal(require_same_generation, checkpoint, other)
        assert text.startswith(f"{other} is for LTX 2.") and f"use the file made for LTX {ours[:3]}" in text
