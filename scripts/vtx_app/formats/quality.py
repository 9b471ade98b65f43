"""``qc`` in ``metadata.yaml``: what is checked of takes, and what a build does where one fails."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from vtx_app.formats.base import WHOLE, Format

__all__ = ["CHECKS", "Check", "Quality"]

Check = Literal[
    "file",
    "black",
    "frozen",
    "flash",
    "cut",
    "glitch",
    "length",
    "silence",
    "clipping",
    "hum",
    "loudness",
    "drift",
    "seam",
]
CHECKS: tuple[Check, ...] = get_args(Check)


class Quality(Format):
    """What becomes of takes that fail a check."""

    policy: Annotated[
        Literal["warn", "fail", "reroll"],
        Field(
            description="warn: plan, status and builds say what failed; fail: the final isn't cut from takes that fail "
            "a check; reroll: the next seed is rendered for them. An approved or picked take is left alone"
        ),
    ] = "warn"
    seeds: Annotated[
        int, Field(ge=1, le=20, description="reroll: the most further seeds for one request. Left out: 2"), WHOLE
    ] = 2
    off: Annotated[list[Check], Field(description="checks that are not made: frozen, hum, …")] = []
