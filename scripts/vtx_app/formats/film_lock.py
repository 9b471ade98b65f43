"""``film.lock.yaml``: the models a film is rendered with, by content. Committed with the film."""

from typing import Annotated, Literal

from pydantic import Field

from vtx_app.formats.base import Format, Name

__all__ = ["FilmLock", "Quantization"]

Quantization = Literal["fp8-cast", "fp8-scaled-mm", "nvfp4-cast", "nvfp4-prequant"]

Fingerprint = Annotated[str, Field(pattern=r"^sha256-sampled:[0-9a-f]{64}$", description="of the file's content")]


class FilmLock(Format):
    """Slots are the variables of models.env (``LTX_CHECKPOINT_PATH``) and LoRA files (``path:<file>``)."""

    version: Annotated[Literal[1], Field(description="the format's version")] = 1
    quantization: Annotated[
        Quantization | None, Field(description="how the transformer's weights are stored; it changes pixels")
    ] = None
    models: Annotated[dict[Name, Fingerprint], Field(description="model slot or LoRA → fingerprint")] = {}
