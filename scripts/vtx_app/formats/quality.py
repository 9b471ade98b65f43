"""``qc`` in ``metadata.yaml``: what is checked of takes, and what a build does where one fails."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from vtx_app.formats.base import Format

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
        Literal["warn", "fail"],
        Field(
            description="warn: plan, status and builds report what failed; fail: nothing is cut from takes that fail a "
            "check. An approved or picked take stops nothing"
        ),
    ] = "warn"
    off: Annotated[list[Check], Field(description="checks that are not made: frozen, hum, …")] = []
