"""A shot that is read for nobody, in a process from which jobs are forked: each job then has the reader's expressions.

Nothing is drawn: memory that a process has used costs its forks more than new memory.
"""

from __future__ import annotations

from fractions import Fraction

from vtx_app.compile.request import Line, RenderRequest, StagedCharacter, StagedHeading, StagedPlace, Staging
from vtx_app.formats.renderers import RENDERERS
from vtx_app.render.animatic.reading.reader import read_shot
from vtx_app.render.animatic.sound.voice import syllables, voice_of

__all__ = ["rehearse"]

_SHOT = RenderRequest(
    renderer="animatic",
    renderer_version=RENDERERS["animatic"].version,
    pipeline="ti2vid_two_stages",
    input_type="t2v",
    prompt="",
    negative="",
    width=64,
    height=64,
    frames=9,
    rate=Fraction(24),
    seed=0,
    staging=Staging(
        "Anna walks down the street in the rain and looks at Ben. Wide, track right.",
        (StagedPlace("street", "Street", "A street of old houses by the sea, with a lamp"),),
        (Line("Anna", "Not today."),),
        (
            StagedCharacter("anna", "Anna", "Anna, a woman of sixty with grey hair", "in a long yellow coat", "low"),
            StagedCharacter("ben", "Ben", "Ben, a boy with a cap", "a red jacket", "high"),
        ),
        ("anna",),
        "A01_S01_SH001",
        StagedHeading("EXT", "STREET", "NIGHT", "RAIN"),
    ),
)


def rehearse() -> None:
    """Compile the expressions that Python compiles at first use and that hold no name."""
    read_shot(_SHOT)
    voice_of("", "", None)
    syllables("Not today.")
