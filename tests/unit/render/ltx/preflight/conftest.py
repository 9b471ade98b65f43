"""The machine that preflight tests look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.ltx.machine import Machine


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, install: Callable[..., None]) -> Machine:
    """With a stand-in for ltx_pipelines 1.2.0, all models, and no GPU."""
    install()
    monkeypatch.setenv("VTX_APP_HOME", str(tmp_path / ".vtx"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return Machine(tmp_path)
