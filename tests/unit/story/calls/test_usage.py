"""Token usage and its cost by ``config/prices.yaml``, or unknown."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from vtx_app.errors import SpecError
from vtx_app.formats.prices import Price, Prices
from vtx_app.story.calls.usage import PRICES, Usage, cost, read_prices, usage_line

REPO = Path(__file__).resolve().parents[4]
TABLE = Prices(
    models={
        "gpt-4.1": Price(input=2.0, cached_input=0.5, output=8.0),
        "old": Price(input=10.0, output=30.0),
        "gpt-4o": Price(input=2.5, cached_input=1.25, output=10.0),
        "gpt-4o-2024-05-13": Price(input=5.0, output=15.0),
    }
)
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("usage", "model", "dollars"),
    [
        (Usage(MILLION, 0, 0), "gpt-4.1", 2.0),
        (Usage(MILLION, MILLION, 0), "gpt-4.1", 0.5),
        (Usage(0, 0, MILLION), "gpt-4.1", 8.0),
        (Usage(2 * MILLION, MILLION, MILLION), "gpt-4.1", 10.5),
        (Usage(MILLION, MILLION, 0), "old", 10.0),
        (Usage(MILLION, 9 * MILLION, 0), "gpt-4.1", 0.5),
        (Usage(MILLION, 0, 0), "gpt-4.1-2025-04-14", 2.0),
        (Usage(MILLION, 0, 0), "gpt-4o-2024-08-06", 2.5),
        (Usage(MILLION, 0, 0), "gpt-4o-2024-05-13", 5.0),
        (Usage(MILLION, 0, 0), "gpt-4.1-mini", None),
        (Usage(MILLION, 0, 0), "gpt-4.1-2025", None),
        (Usage(MILLION, 0, 0), "", None),
        (Usage(), "gpt-4.1", None),
    ],
)
def test_cost(usage: Usage, model: str, dollars: float | None) -> None:
    assert cost(usage, model, TABLE) == (None if dollars is None else pytest.approx(dollars))


@pytest.mark.parametrize(
    ("calls", "usage", "model", "line"),
    [
        (3, Usage(4210, 1024, 1800), "gpt-4.1", "3 calls, 4,210 tokens in (1,024 cached), 1,800 out, $0.02 (gpt-4.1)"),
        (1, Usage(100, 0, 10), "gpt-4.1", "1 call, 100 tokens in, 10 out, less than $0.01 (gpt-4.1)"),
        (1234, Usage(9 * MILLION, 0, MILLION), "old", "1,234 calls, 9,000,000 tokens in, 1,000,000 out, $120.00 (old)"),
        (2, Usage(100, 0, 10), "other", "2 calls, 100 tokens in, 10 out, cost unknown (other)"),
        (2, Usage(), "gpt-4.1", "2 calls, 0 tokens in, 0 out, cost unknown (gpt-4.1)"),
        (0, Usage(), "gpt-4.1", "no calls"),
    ],
)
def test_usage_line(calls: int, usage: Usage, model: str, line: str) -> None:
    assert usage_line("shotlist", calls, usage, model, TABLE) == f"shotlist: {line}"


def test_free_model_costs_nothing() -> None:
    free = Prices(models={"own": Price(input=0.0, output=0.0)})
    assert usage_line("outline", 1, Usage(9, 0, 9), "own", free) == "outline: 1 call, 9 tokens in, 9 out, $0.00 (own)"


def test_shipped_prices() -> None:
    prices = read_prices(REPO / PRICES)
    assert cost(Usage(MILLION, 0, MILLION), "gpt-4.1", prices) == pytest.approx(10)
    for name, price in prices.models.items():
        assert price.output > price.input > (price.cached_input or 0) >= 0, name


def test_no_price_file_is_no_prices(tmp_path: Path) -> None:
    assert read_prices(tmp_path / "prices.yaml") == Prices()


@pytest.mark.parametrize(
    "text",
    [
        "models: {a: {input: 1}}",
        "models: {a: {input: -1, output: 1}}",
        "models: {a: 1}",
        "model: {}",
        "models: {a: {input: .inf, output: 1}}",
    ],
)
def test_invalid_prices_are_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=r"prices\.yaml:1: model"):
        read_prices(path)


def test_usage_adds_up() -> None:
    assert Usage(1, 2, 3) + Usage(10, 20, 30) == Usage(11, 22, 33) == Usage.from_json(asdict(Usage(11, 22, 33)))
