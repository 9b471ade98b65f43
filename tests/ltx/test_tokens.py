"""Prompts are counted by the model's own tokenizer, without torch."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

pytest.importorskip("tokenizers", reason="the package tokenizers comes with ltx-pipelines")

from tokenizers import Tokenizer

from vtx_app.compile.prompt import MODEL_TOKENS
from vtx_app.compile.request import RenderRequest
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import LockedModels
from vtx_app.render.ltx.preflight.models import PlannedTake
from vtx_app.render.ltx.preflight.problems import find_problems
from vtx_app.render.ltx.preflight.tokens import count_tokens

WORDS = "Rain falls on the quay while Mara ties the ferry up, and nobody comes – «déjà vu», 映画館. "


@pytest.fixture(scope="module")
def gemma(models: dict[str, Path]) -> Path:
    return models["LTX_GEMMA_ROOT"]


@pytest.fixture(scope="module")
def tokenizer(gemma: Path) -> Tokenizer:
    """The tokenizer itself, which cuts nothing off."""
    found = Tokenizer.from_file(str(gemma / "tokenizer.json"))
    found.no_truncation()
    found.no_padding()
    return found


def words_of(tokenizer: Tokenizer, tokens: int) -> str:
    """A text of just so many tokens."""
    text = WORDS * (1 + tokens // 20)
    text = text[: bisect_right(range(len(text)), tokens, key=lambda end: len(tokenizer.encode(text[:end]).ids)) - 1]
    while len(tokenizer.encode(text).ids) < tokens:
        text += " q"
    assert len(tokenizer.encode(text).ids) == tokens
    return text


@pytest.mark.parametrize("length", [1024, 2000, 9000])
def test_every_token_counts(gemma: Path, tokenizer: Tokenizer, length: int) -> None:
    text = (WORDS * 100)[:length]
    assert count_tokens(text, gemma) == len(tokenizer.encode(text).ids)


def test_a_short_text_can_t_have_too_many(gemma: Path, tokenizer: Tokenizer) -> None:
    assert count_tokens("a" * (MODEL_TOKENS - 1), gemma) is None
    assert count_tokens("映" * (MODEL_TOKENS // 3 + 1), gemma) is not None  # three bytes each, and maybe tokens
    for text in ("a" * 1000, "映" * 300, "\n é" * 200, WORDS * 9):
        assert count_tokens(text, gemma) is None
        assert len(tokenizer.encode(text, add_special_tokens=False).ids) <= MODEL_TOKENS


def test_without_a_tokenizer_nothing_is_counted(tmp_path: Path) -> None:
    assert count_tokens(WORDS * 100, None) is None
    assert count_tokens(WORDS * 100, tmp_path / "none") is None
    (tmp_path / "tokenizer.json").write_text("{}")
    assert count_tokens(WORDS * 100, tmp_path) is None
    (tmp_path / "encoder.safetensors").write_bytes(b"cut short")
    assert count_tokens(WORDS * 100, tmp_path / "encoder.safetensors") is None


@pytest.mark.parametrize("where", ["LTX_TEXT_ENCODER_PATH", "below"])
def test_the_tokenizer_is_found_where_the_package_finds_it(
    models: dict[str, Path], gemma: Path, tokenizer: Tokenizer, tmp_path: Path, where: str
) -> None:
    """In the one file that LTX-2 packs the text encoder into, and in folders of the folder, as download tools make."""
    (tmp_path / "snapshots/0a1b").mkdir(parents=True)
    (tmp_path / "snapshots/0a1b/tokenizer.json").symlink_to(gemma / "tokenizer.json")
    encoder = models.get(where) if where != "below" else tmp_path
    if encoder is None:
        pytest.skip("this ltx-pipelines takes the text encoder as a folder alone")
    assert count_tokens(WORDS * 100, encoder) == len(tokenizer.encode(WORDS * 100).ids)


def planned(prompt: str, negative: str = "") -> PlannedTake:
    request = RenderRequest(
        renderer="ltx",
        renderer_version=1,
        pipeline="ti2vid_one_stage",
        input_type="t2v",
        prompt=prompt,
        negative=negative,
        width=128,
        height=96,
        frames=9,
        rate=Fraction(8),
        seed=1,
    )
    return PlannedTake(
        "quay.yaml", request, dict.fromkeys(("LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT"), "sha256-sampled:0")
    )


@pytest.mark.parametrize("what", ["prompt", "negative"])
def test_the_first_token_that_is_not_read_is_reported(
    models: dict[str, Path], tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setenv("VTX_APP_HOME", str(tmp_path / ".vtx"))
    here = LockedModels(tmp_path, FilmLock(), {name: str(path) for name, path in models.items()})

    def problems(tokens: int) -> list[str]:
        take = planned("A quay.")
        text = words_of(tokenizer, tokens)
        return find_problems([replace(take, request=replace(take.request, **{what: text}))], here)

    assert problems(MODEL_TOKENS) == []
    (line,) = problems(MODEL_TOKENS + 1)
    assert line.startswith(f"quay.yaml: the compiled {what} has 1,025 tokens and the model reads 1,024")
