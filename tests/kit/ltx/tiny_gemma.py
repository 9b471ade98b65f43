"""A tiny Gemma 3 folder: random weights, and a tokenizer that takes any text.

The files and names are those of the published Gemma 3 models (config.json, tokenizer.json, preprocessor_config.json …),
so that both ltx-pipelines 1.0.0 (transformers 4.57) and 1.2.0 (transformers 5) read it as they read the real one.
"""

from __future__ import annotations

import json
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import torch

from kit.ltx import tiny_weights as tw

_SPECIAL = [
    "<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>",
    "<start_of_image>", "<image_soft_token>", "<end_of_image>",
]  # fmt: skip
_SPACE = "Ġ"  # how byte-level BPE writes a space
HIDDEN_SIZE = 32
LAYERS = 2
IMAGE_SIZE, PATCH_SIZE, IMAGE_TOKENS = 56, 14, 4

# Gemma's own turn format, as far as the prompt enhancer needs it.
_CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<start_of_turn>{{ message['role'] }}\n"
    "{% if message['content'] is string %}{{ message['content'] }}"
    "{% else %}{% for item in message['content'] %}"
    "{% if item['type'] == 'image' %}<start_of_image>{% else %}{{ item['text'] }}{% endif %}{% endfor %}{% endif %}"
    "<end_of_turn>\n{% endfor %}{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)


def _byte_alphabet() -> list[str]:
    """The 256 characters that byte-level BPE writes bytes with, in the order of the bytes.

    Printable bytes stand for themselves, the others for the characters from U+0100 on (the GPT-2 table).
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    table = {byte: chr(byte) for byte in printable} | {byte: chr(0x100 + i) for i, byte in enumerate(others)}
    return [table[byte] for byte in range(256)]


def _tokenizer() -> dict[str, Any]:
    """tokenizer.json: bytes, plus every pair of lower-case letters and of a space and a letter.

    No text is unknown, and English takes about half as many tokens as bytes: the packages cut a prompt silently after
    1,024 tokens, which is about 2,000 characters here.
    """
    pairs = [(first, second) for first in [_SPACE, *ascii_lowercase] for second in ascii_lowercase]
    words = [*_SPECIAL, *_byte_alphabet(), *("".join(pair) for pair in pairs)]
    bos = _SPECIAL.index("<bos>")
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": index, "content": text, "single_word": False,
                "lstrip": False, "rstrip": False, "normalized": False, "special": True,
            }
            for index, text in enumerate(_SPECIAL)
        ],
        "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "<bos>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {"<bos>": {"id": "<bos>", "ids": [bos], "tokens": ["<bos>"]}},
        },
        "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "model": {
            "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
            "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
            "vocab": {word: index for index, word in enumerate(words)},
            "merges": [list(pair) for pair in pairs],
        },
    }  # fmt: skip


def _config(vocab_size: int, scale: int) -> dict[str, Any]:
    """config.json of a Gemma 3 whose layers are sliding-window and full attention in turn."""
    return {
        "architectures": ["Gemma3ForConditionalGeneration"],
        "model_type": "gemma3",
        "boi_token_index": _SPECIAL.index("<start_of_image>"),
        "eoi_token_index": _SPECIAL.index("<end_of_image>"),
        "image_token_index": _SPECIAL.index("<image_soft_token>"),
        "bos_token_id": _SPECIAL.index("<bos>"),
        "pad_token_id": _SPECIAL.index("<pad>"),
        "eos_token_id": [_SPECIAL.index("<eos>"), _SPECIAL.index("<end_of_turn>")],
        "mm_tokens_per_image": IMAGE_TOKENS,
        "initializer_range": 0.02,
        "torch_dtype": "bfloat16",
        "text_config": {
            "model_type": "gemma3_text",
            "hidden_size": HIDDEN_SIZE * scale,
            "intermediate_size": 2 * HIDDEN_SIZE * scale,
            "num_hidden_layers": LAYERS * scale,
            "num_attention_heads": 2,
            "num_key_value_heads": 1,
            "head_dim": 16,
            "query_pre_attn_scalar": 16,
            "rope_scaling": {"factor": 8.0, "rope_type": "linear"},
            "rope_theta": 1000000,
            "rope_local_base_freq": 10000,
            "sliding_window": 512,
            "sliding_window_pattern": 2,
            "layer_types": ["sliding_attention", "full_attention"] * scale,
            "vocab_size": vocab_size,
        },
        "vision_config": {
            "model_type": "siglip_vision_model",
            "hidden_size": 16,
            "intermediate_size": 32,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "image_size": IMAGE_SIZE,
            "patch_size": PATCH_SIZE,
            "num_channels": 3,
            "vision_use_head": False,
        },
    }


def _checkpoint_name(name: str) -> str | None:
    """A parameter's name in the published files; None for the output layer, which shares the input embeddings."""
    if name.startswith("lm_head."):
        return None
    name = name.removeprefix("model.")
    if name.startswith("language_model."):
        return name.replace("language_model.", "language_model.model.", 1)
    if name.startswith("vision_tower."):  # transformers 5 dropped the inner "vision_model"
        return "vision_tower.vision_model." + name.removeprefix("vision_tower.").removeprefix("vision_model.")
    return name


def _weights(config: dict[str, Any], seed: int) -> tw.Tensors:
    from transformers import Gemma3Config, Gemma3ForConditionalGeneration

    with torch.device("meta"):
        model = Gemma3ForConditionalGeneration(Gemma3Config.from_dict(config))
    shapes = {
        name: tuple(tensor.shape)
        for key, tensor in model.state_dict().items()
        if tensor.is_floating_point() and (name := _checkpoint_name(key)) is not None
    }
    tensors = tw.fill(shapes, seed=seed, salt="gemma", norm=0.0)
    for name, tensor in tensors.items():  # SigLIP's LayerNorm, unlike Gemma's, does not add the one
        if name.startswith("vision_tower.") and tensor.ndim == 1 and name.endswith("weight"):
            tensors[name] = torch.ones_like(tensor)
    return tensors


def make_gemma(folder: Path, *, seed: int, scale: int = 1) -> Path:
    """Write a Gemma 3 root (the value of ``--gemma-root``) and return it; ``scale`` multiplies width and layers."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer()
    config = _config(len(tokenizer["model"]["vocab"]), scale)
    images = {"boi_token": "<start_of_image>", "eoi_token": "<end_of_image>", "image_token": "<image_soft_token>"}
    image_processor = {
        "image_processor_type": "Gemma3ImageProcessor",
        "processor_class": "Gemma3Processor",
        "do_resize": True,
        "do_rescale": True,
        "do_normalize": True,
        "do_convert_rgb": None,
        "do_pan_and_scan": None,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
        "image_seq_length": IMAGE_TOKENS,
        "rescale_factor": 1 / 255,
        "resample": 2,
        "size": {"height": IMAGE_SIZE, "width": IMAGE_SIZE},
    }
    documents: dict[str, Any] = {
        "config.json": config,
        "tokenizer.json": tokenizer,
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": "<bos>",
            "eos_token": "<eos>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "model_max_length": 1024,
            "clean_up_tokenization_spaces": False,
            "chat_template": _CHAT_TEMPLATE,
            "extra_special_tokens": images,
        },
        "processor_config.json": {"processor_class": "Gemma3Processor", "image_seq_length": IMAGE_TOKENS},
        "preprocessor_config.json": image_processor,
        "generation_config.json": {"eos_token_id": config["eos_token_id"], "pad_token_id": config["pad_token_id"]},
    }
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "tokenizer.model").write_bytes(b"")  # 1.0.0 looks for the name, and reads tokenizer.json beside it
    tw.save(folder / "model.safetensors", _weights(config, seed), {"format": "pt"})
    return folder
