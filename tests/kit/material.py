"""Material for an edit: four clips in two acts."""

from __future__ import annotations

from typing import Any

from vtx_app.cut.timeline import Material

A, B, C, D = "A01_S01_SH001", "A01_S01_SH002", "A01_S02_SH001", "A02_S01_SH001"
IDS = (A, B, C, D)


def material(clip_id: str, frames: int = 24, **parts: Any) -> Material:
    return Material(clip_id, int(clip_id[1:3]), int(clip_id[5:7]), frames, **parts)
