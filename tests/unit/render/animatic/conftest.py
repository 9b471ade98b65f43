from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from vtx_app.compile.request import Line, RenderRequest, StagedPlace, Staging

Ask = Callable[..., RenderRequest]


@pytest.fixture
def ask() -> Ask:
    """Makes small requests: ``ask("A slow push in.", locations=("pier",), dialogue=(("Mara", "No."),), frames=9)``."""

    def made(
        action: str, locations: tuple[str, ...] = (), dialogue: tuple[tuple[str, str], ...] = (), **more: Any
    ) -> RenderRequest:
        request = RenderRequest(
            renderer="animatic",
            renderer_version=1,
            pipeline="one",
            input_type="t2v",
            prompt=f"Quiet 35mm film. {action}",
            negative="",
            width=128,
            height=64,
            frames=9,
            rate=Fraction(16),
            seed=1,
            staging=Staging(
                action, tuple(StagedPlace(name, name) for name in locations), tuple(Line(*line) for line in dialogue)
            ),
        )
        return replace(request, **more)

    return made
