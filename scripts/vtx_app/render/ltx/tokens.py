"""How many tokens a prompt has to the model, by the tokenizer that lies beside its weights."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["MODEL_TOKENS", "count_tokens"]

MODEL_TOKENS = 1024
"""What the text encoder reads; the rest is cut off without a word (ltx_core's tokenizer, max_length)."""

_FEWEST_CHARACTERS = 1024
"""A token is at least a byte long, so a shorter text has no more tokens than the model reads."""


def count_tokens(text: str, gemma_root: Path | None) -> int | None:
    """The tokens of ``text``; None where it is too short to matter, or no tokenizer is installed to count it.

    The package ``tokenizers`` comes with ltx-pipelines.
    """
    if len(text.encode()) < _FEWEST_CHARACTERS or gemma_root is None:
        return None
    tokenizer = _tokenizer(gemma_root / "tokenizer.json")
    return None if tokenizer is None else len(tokenizer.encode(text).ids)


@cache
def _tokenizer(path: Path) -> Any | None:
    try:
        from tokenizers import Tokenizer
    except ModuleNotFoundError:
        return None
    if not path.is_file():
        return None
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception:  # the library raises a bare Exception; a broken file is told by the check of models
        return None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
