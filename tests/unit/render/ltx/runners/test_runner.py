"""The settings of runners."""

from __future__ import annotations

import pytest

from vtx_app.errors import RenderError
from vtx_app.render.ltx.runners.runner import runner_settings


@pytest.mark.parametrize(
    ("variables", "settings"),
    [
        ({}, ("worker", 120.0, 600.0)),
        ({"VTX_RUNNER": "", "VTX_WORKER_IDLE_SECONDS": ""}, ("worker", 120.0, 600.0)),
        ({"VTX_RUNNER": "process", "VTX_WORKER_IDLE_SECONDS": "0.5"}, ("process", 0.5, 600.0)),
        ({"VTX_WORKER_TURN_SECONDS": "0"}, ("worker", 120.0, 0.0)),
    ],
)
def test_the_settings_of_runners(variables: dict[str, str], settings: tuple[str, float, float]) -> None:
    assert runner_settings(variables) == settings


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("VTX_RUNNER", "Worker", "VTX_RUNNER is 'Worker'; expected worker or process"),
        ("VTX_WORKER_IDLE_SECONDS", "-1", "VTX_WORKER_IDLE_SECONDS is '-1'; expected seconds"),
        ("VTX_WORKER_TURN_SECONDS", "ten", "VTX_WORKER_TURN_SECONDS is 'ten'; expected seconds, such as 600"),
        ("VTX_WORKER_IDLE_SECONDS", "1e9", "VTX_WORKER_IDLE_SECONDS is '1e9'; expected seconds"),
    ],
)
def test_invalid_settings_are_refused(name: str, value: str, message: str) -> None:
    with pytest.raises(RenderError, match=message):
        runner_settings({name: value})
