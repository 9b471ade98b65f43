"""How many tokens a prompt has to the model, by the tokenizer that lies beside its weights."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from vtx_app.models.safetensors_header import read_tensor

__all__ = ["MODEL_TOKENS", "count_tokens"]

MODEL_TOKENS = 1024
"""What the text encoder reads; the rest is cut off without a word (ltx_core's tokenizer, max_length)."""

_FEWEST_CHARACTERS = 1024
"""A token is at least a byte long, so a shorter text has no more tokens than the model reads."""


def count_tokens(text: str, encoder: Path | None) -> int | None:
    """The tokens of ``text``; None where it is too short to matter, or no tokenizer is installed to count it.

    ``encoder`` is the folder of Gemma, or the one file that LTX-2 packs it into. The package ``tokenizers`` comes with
    ltx-pipelines.
    """
    if len(text.encode()) < _FEWEST_CHARACTERS or encoder is None:
        return None
    tokenizer = _tokenizer(encoder)
    return None if tokenizer is None else len(tokenizer.encode(text).ids)


@cache
def _tokenizer(encoder: Path) -> Any | None:
    try:
        from tokenizers import Tokenizer
    except ModuleNotFoundError:
        return None
    try:
        told = _packed(encoder) if encoder.is_file() else _in_folder(encoder)
        tokenizer = None if told is None else Tokenizer.from_buffer(told)
    except Exception:  # the library raises a bare Exception; a broken file is told by the check of models
        return None
    if tokenizer is not None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
    return tokenizer


def _packed(encoder: Path) -> bytes | None:
    """As ``gemma_assets.py`` of ltx-core 1.2.0 finds it: a tensor of bytes."""
    return read_tensor(encoder, "tokenizer_json")


def _in_folder(root: Path) -> bytes | None:
    """The nearest: LTX takes the first that it meets, anywhere below."""
    found = min(root.rglob("tokenizer.json"), key=lambda path: (len(path.parts), path), default=None)
    return found.read_bytes() if found is not None else None
