"""The tokens that calls use, and what they cost as far as the prices are known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vtx_app.formats.check import load_format
from vtx_app.formats.prices import Prices
from vtx_app.text import plural

__all__ = ["PRICES", "Usage", "cost", "read_prices", "usage_line"]

PRICES = Path("config/prices.yaml")


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens: ``input`` sent, ``cached`` the part of them that the server had cached, ``output`` written, reasoning
    included. All zero if the server doesn't count.
    """

    input: int = 0
    cached: int = 0
    output: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.input + other.input, self.cached + other.cached, self.output + other.output)

    @classmethod
    def from_json(cls, record: Any) -> Usage:
        """Read the fields as files hold them. Raises :class:`ValueError` for anything else."""
        if not isinstance(record, dict) or record.keys() != {"input", "cached", "output"}:
            raise ValueError("usage is not input, cached and output tokens")
        if not all(type(count) is int and count >= 0 for count in record.values()):
            raise ValueError("usage is not in whole tokens")
        return cls(**record)


def read_prices(path: Path = PRICES) -> Prices:
    """Read the prices; none if there is no file. Raises :class:`vtx_app.errors.SpecError`."""
    return load_format(path, Prices) if path.exists() else Prices()


def cost(usage: Usage, model: str, prices: Prices) -> float | None:
    """US dollars; None if the model isn't listed or the server counted no tokens.

    A dated model (a snapshot: https://developers.openai.com/api/docs/models) costs what the name without its date
    costs, unless it is listed itself.
    """
    price = prices.models.get(model) or prices.models.get(re.sub(r"-\d{4}-\d{2}-\d{2}$", "", model))
    if price is None or usage == Usage():
        return None
    cached = min(usage.cached, usage.input)
    cached_price = price.input if price.cached_input is None else price.cached_input
    return ((usage.input - cached) * price.input + cached * cached_price + usage.output * price.output) / 1_000_000


def usage_line(stage: str, calls: int, usage: Usage, model: str, prices: Prices) -> str:
    """``shotlist: 3 calls, 4,210 tokens in (1,024 cached), 1,800 out, $0.02 (gpt-4.1)``."""
    if not calls:
        return f"{stage}: no calls"
    cached = f" ({usage.cached:,} cached)" if usage.cached else ""
    tokens = f"{usage.input:,} tokens in{cached}, {usage.output:,} out"
    return f"{stage}: {plural(calls, 'call')}, {tokens}, {_dollars(cost(usage, model, prices))} ({model})"


def _dollars(amount: float | None) -> str:
    if amount is None:
        return "cost unknown"
    return "less than $0.01" if 0 < amount < 0.005 else f"${amount:,.2f}"
