"""What the tests of plans share."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.film import Film, write_film
from kit.takes import make_takes, planned


@pytest.fixture
def rendered_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Film:
    """A film all of whose takes are there, with their records."""
    made = write_film(tmp_path)
    monkeypatch.chdir(tmp_path)
    make_takes(planned())
    return made
