"""What calls cost, as far as the prices are known, and the line that says so."""

from __future__ import annotations

import re
from pathlib import Path

from vtx_app.formats.check import load_format
from vtx_app.formats.prices import Prices
from vtx_app.story.calls.usage import Usage
from vtx_app.text import plural

__all__ = ["PRICES", "cost", "read_prices", "summary"]

PRICES = Path("config/prices.yaml")


def read_prices(path: Path = PRICES) -> Prices:
    """The prices in the file, none where there is no file. Raises :class:`vtx_app.errors.SpecError`."""
    return load_format(path, Prices, path.as_posix()) if path.exists() else Prices()


def cost(usage: Usage, model: str, prices: Prices) -> float | None:
    """US dollars, or None: the model is not listed, or the server counted no tokens.

    A model with a date after its name (https://developers.openai.com/api/docs/models calls it a snapshot) costs what
    the name without it costs, unless it is listed itself.
    """
    price = prices.models.get(model) or prices.models.get(re.sub(r"-\d{4}-\d{2}-\d{2}$", "", model))
    if price is None or usage == Usage():
        return None
    cached = min(usage.cached, usage.input)
    kept = price.input if price.cached_input is None else price.cached_input
    return ((usage.input - cached) * price.input + cached * kept + usage.output * price.output) / 1_000_000


def summary(stage: str, called: int, usage: Usage, model: str, prices: Prices) -> str:
    """``shotlist: 3 calls, 4,210 tokens in (1,024 cached), 1,800 out, $0.02 (gpt-4.1)``."""
    if not called:
        return f"{stage}: no calls"
    cached = f" ({usage.cached:,} cached)" if usage.cached else ""
    tokens = f"{usage.input:,} tokens in{cached}, {usage.output:,} out"
    return f"{stage}: {plural(called, 'call')}, {tokens}, {_dollars(cost(usage, model, prices))} ({model})"


def _dollars(amount: float | None) -> str:
    if amount is None:
        return "cost unknown"
    return "less than $0.01" if 0 < amount < 0.005 else f"${amount:,.2f}"
