"""The number of tokens of a prompt, by the tokenizer beside the model's weights."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from vtx_app.compile.prompt import MODEL_TOKENS
from vtx_app.models.safetensors_header import read_tensor

__all__ = ["count_tokens"]


def count_tokens(text: str, encoder: Path | None) -> int | None:
    """Return the tokens of ``text``; None if they fit anyway, or no tokenizer is installed to count them.

    A token is at least one byte. ``encoder`` is the folder of Gemma, or the one file that LTX-2 packs it into. The
    package ``tokenizers`` comes with ltx-pipelines.
    """
    if len(text.encode()) < MODEL_TOKENS or encoder is None:
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
        data = _tokenizer_file(encoder)
        tokenizer = None if data is None else Tokenizer.from_buffer(data)
    except Exception:  # the library raises a bare Exception; the check of models reports a broken file
        return None
    if tokenizer is not None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
    return tokenizer


def _tokenizer_file(encoder: Path) -> bytes | None:
    if encoder.is_file():  # a tensor of bytes, where gemma_assets.py of ltx-core 1.2.0 finds it
        return read_tensor(encoder, "tokenizer_json")
    # The nearest: LTX takes the first it finds anywhere below.
    found = min(encoder.rglob("tokenizer.json"), key=lambda path: (len(path.parts), path), default=None)
    return found.read_bytes() if found is not None else None
