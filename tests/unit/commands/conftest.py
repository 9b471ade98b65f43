"""What the tests of commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.film import Film
from kit.machine import python_noting_arguments


@pytest.fixture
def ran(film: Film, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which a stand-in for ``python -m snakemake`` notes its arguments, a line each."""
    return python_noting_arguments(film.root, monkeypatch)
