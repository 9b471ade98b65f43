"""``film.lock.yaml``: what a film is rendered with. Committed with the film.

A lock that has models and no ``prompts`` is of a film that was first rendered when prompts had no heading and a clip's
negative prompt replaced the package's own: it stays so until ``vtx models lock`` moves it.
"""

from typing import Annotated, Literal

from pydantic import Field

from vtx_app.formats.base import Format, Name, Text

__all__ = ["NEWEST_PROMPTS", "FilmLock", "Quantization"]

NEWEST_PROMPTS: Literal[2] = 2
"""The version in which the words of a film without a lock are compiled. 2: with the heading of the scene."""

Quantization = Literal["fp8-cast", "fp8-scaled-mm", "nvfp4-cast", "nvfp4-prequant"]

Fingerprint = Annotated[str, Field(pattern=r"^sha256-sampled:[0-9a-f]{64}$", description="of the file's content")]


class FilmLock(Format):
    """Slots are the variables of models.env (``LTX_CHECKPOINT_PATH``) and LoRA files (``path:<file>``)."""

    version: Annotated[Literal[1], Field(description="the format's version")] = 1
    prompts: Annotated[
        Literal[1, 2] | None, Field(description="the version in which prompts are compiled; 2 has the scene's heading")
    ] = None
    negative_prompt: Annotated[
        Text | None,
        Field(description="LTX-2's own negative prompt, before the film's; left out: the film's replaces it"),
    ] = None
    quantization: Annotated[
        Quantization | None, Field(description="how the transformer's weights are stored; it changes pixels")
    ] = None
    generations: Annotated[
        dict[Name, int] | None,
        Field(
            description="pipeline → its generation: what of LTX-2's version and checkpoint decides pixels; left out in "
            "a lock that has models: 1"
        ),
    ] = None
    models: Annotated[dict[Name, Fingerprint], Field(description="model slot or LoRA → fingerprint")] = {}

    @property
    def prompt_version(self) -> int:
        """The version in which the film's prompts are compiled."""
        return self.prompts or (1 if self.models else NEWEST_PROMPTS)
