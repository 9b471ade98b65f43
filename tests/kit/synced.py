"""The registry, brought up to date with the films that are there."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from kit.film import Film
from vtx_app.registry.database import use
from vtx_app.studio.sync import Synced, sync

Syncing = Callable[[], Synced]


@pytest.fixture
def synced(film: Film) -> Syncing:
    """Sync the registry, as it is some time after the last edit."""

    def run() -> Synced:
        time.sleep(0.05)
        return use(sync)

    return run
