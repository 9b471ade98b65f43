"""One clip of the film, to rewrite."""

from __future__ import annotations

import pytest

from kit.film import Film
from kit.shot import Shot


@pytest.fixture
def shot(film: Film) -> Shot:
    return Shot(film)
