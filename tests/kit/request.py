"""A render request for tests, and the name of its take."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from vtx_app.compile.request import RenderRequest, request_digest

__all__ = ["make_request", "pending_take"]


def make_request(**changed: Any) -> RenderRequest:
    """A storyboard of nine frames of 64×64 pixels, with these fields ``changed``."""
    fields: dict[str, Any] = {
        "renderer": "animatic",
        "renderer_version": 1,
        "pipeline": "distilled",
        "input_type": "t2v",
        "prompt": "A quay.",
        "negative": "",
        "width": 64,
        "height": 64,
        "frames": 9,
        "rate": Fraction(8),
        "seed": 7,
    }
    return RenderRequest(**fields | changed)


def pending_take(folder: Path, request: RenderRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of the request's take, which is not made yet, in a film's ``folder`` with locks of its own."""
    monkeypatch.setenv("VTX_APP_HOME", str(folder / ".vtx"))
    return folder / "takes" / "A01_S01_SH001" / f"{request_digest(request)}.mp4"
