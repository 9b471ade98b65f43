"""What the tests of the LTX renderer share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kit.ltx.standin_package import install_standin
from vtx_app.render.ltx.package import installed

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs the stand-in for ``ltx_pipelines``, of version 1.2.0 or another, for one test."""

    def install(version: str = "1.2.0") -> None:
        install_standin(tmp_path / "standin", monkeypatch, version)

    yield install
    monkeypatch.undo()
    installed.cache_clear()
