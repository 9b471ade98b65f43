"""A film that was never built, in the folder that this process stands in, and none of this machine's variables."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.film import Film, write_film
from vtx_app.registry.db import use
from vtx_app.studio.sync import Synced, sync

Syncing = Callable[[], Synced]


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Film:
    for name in list(os.environ):
        if name.startswith(("VTX_", "LTX_", "PROJECT_")):
            monkeypatch.delenv(name)
    made = write_film(tmp_path)
    for path in (tmp_path / "config").glob("*.env"):
        path.unlink()
    monkeypatch.chdir(tmp_path)
    return made


@pytest.fixture
def synced(film: Film) -> Syncing:
    """Sync the registry, as it is some time after the last edit."""

    def run() -> Synced:
        time.sleep(0.05)
        return use(sync)

    return run
