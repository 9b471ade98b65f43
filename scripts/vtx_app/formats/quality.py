"""``qc`` in ``metadata.yaml``: what is checked of takes, and what a build does where one fails."""

from typing import Annotated, Literal

from pydantic import Field

from vtx_app.formats.base import WHOLE, Flag, Format

__all__ = ["Check", "Quality"]

Check = Literal[
    "file",
    "black",
    "frozen",
    "flash",
    "cut",
    "glitch",
    "length",
    "silence",
    "words",
    "clipping",
    "hum",
    "loudness",
    "drift",
    "seam",
]


class Quality(Format):
    """What becomes of takes that fail a check."""

    policy: Annotated[
        Literal["warn", "fail", "reroll"],
        Field(
            description="warn: plan, status and builds report what failed; fail: nothing is cut from takes that fail a "
            "check; reroll: they are rendered with another seed. An approved or picked take stops nothing, and stays"
        ),
    ] = "warn"
    seeds: Annotated[int, Field(ge=1, le=20, description="reroll: how many more seeds a shot gets at most"), WHOLE] = 2
    words: Annotated[
        Flag,
        Field(
            description="true: words heard in takes of models are compared with the dialogue; needs the extra asr and "
            "VTX_ASR_MODEL"
        ),
    ] = False
    off: Annotated[list[Check], Field(description="checks that are not made: frozen, hum, …")] = []
