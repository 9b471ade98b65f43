"""What a check found in a take."""

from __future__ import annotations

from dataclasses import dataclass

from vtx_app.formats.quality import Check

__all__ = ["Finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """The take ``digest`` of ``clip_id`` fails ``check``: ``message`` says how, without the clip's name.

    ``first`` and ``end``: the frames of the take (from 0, end exclusive) at which it shows; None where it is no matter
    of frames.
    """

    check: Check
    clip_id: str
    digest: str
    message: str
    first: int | None = None
    end: int | None = None

    def __str__(self) -> str:
        """``A01_S02_SH003: nothing moves in its first 0.8 s (frozen)``."""
        return f"{self.clip_id}: {self.message} ({self.check})"
