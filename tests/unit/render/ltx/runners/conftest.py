"""A place for takes that processes of their own render."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.ltx.process_place import Place


@pytest.fixture
def place(tmp_path: Path, install: Callable[..., None]) -> Place:
    install()
    return Place(tmp_path)
