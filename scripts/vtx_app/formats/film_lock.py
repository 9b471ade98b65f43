"""``film.lock.yaml``: what a film is rendered with. Committed with the film.

A lock with models and without ``prompts`` is older: when the film was first rendered, prompts had no heading and a
clip's negative prompt replaced the package's own. The film stays so until ``vtx models lock`` moves it.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from vtx_app.formats.base import Format, Name, Text
from vtx_app.formats.generations import GENERATIONS

__all__ = ["NEWEST_PROMPTS", "FilmLock", "Quantization"]

NEWEST_PROMPTS: Literal[2] = 2
"""The version in which prompts of a film without a lock are compiled. 2: with the heading of the scene."""

Quantization = Literal["fp8-cast", "fp8-scaled-mm", "nvfp4-cast", "nvfp4-prequant"]

Fingerprint = Annotated[str, Field(pattern=r"^sha256-sampled:[0-9a-f]{64}$", description="of the file's content")]


def _known(generations: dict[str, int] | None) -> dict[str, int] | None:
    for name, number in (generations or {}).items():
        newest = GENERATIONS[name][-1].number if name in GENERATIONS else 1
        if not 1 <= number <= newest:
            known = f"1 to {newest}" if newest > 1 else "1 alone"
            raise ValueError(f"{number} of {name}: this VTX knows {known}; a newer VTX wrote this lock, update to it")
    return generations


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
        AfterValidator(_known),
    ] = None
    models: Annotated[dict[Name, Fingerprint], Field(description="model slot or LoRA → fingerprint")] = {}

    @property
    def prompt_version(self) -> int:
        """The version in which the film's prompts are compiled."""
        return self.prompts or (1 if self.models else NEWEST_PROMPTS)
