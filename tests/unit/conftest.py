"""A film that was never built, in the folder where this process stands, on a machine that says nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.film import Film, write_film
from kit.machine import forget, without_settings


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Film:
    without_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)
    forget()
    return write_film(tmp_path)
