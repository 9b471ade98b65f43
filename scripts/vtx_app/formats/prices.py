"""``config/prices.yaml``: what models cost, for an estimate of what a story has cost."""

from typing import Annotated, Literal

from pydantic import Field

from vtx_app.formats.base import Format, Name, Number

__all__ = ["Price", "Prices"]

Dollars = Annotated[Number, Field(ge=0, le=1_000_000)]


class Price(Format):
    """The price of one model, in US dollars per million tokens."""

    input: Annotated[Dollars, Field(description="of what is sent")]
    cached_input: Annotated[
        Dollars | None, Field(description="of that part of it which the server still had; left out: as any input")
    ] = None
    output: Annotated[Dollars, Field(description="of what is written, thinking included")]


class Prices(Format):
    """Prices by model. A model that is not listed costs an unknown amount."""

    version: Annotated[Literal[1], Field(description="the format's version")] = 1
    models: Annotated[
        dict[Name, Price],
        Field(description="by the model's name; a dated one (gpt-4.1-2025-04-14) that is not listed costs as gpt-4.1"),
    ] = {}
