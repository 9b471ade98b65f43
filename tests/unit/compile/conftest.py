"""The tiny film in a folder of its own, and one clip of it to rewrite."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kit.film import Film as FilmFiles
from kit.film import write_film
from kit.shot import Shot, forget


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FilmFiles:
    for name in list(os.environ):
        if name.startswith(("VTX_", "LTX_", "PROJECT_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    forget()
    return write_film(tmp_path)


@pytest.fixture
def shot(film: FilmFiles) -> Shot:
    return Shot(film)
