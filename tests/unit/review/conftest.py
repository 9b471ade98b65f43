"""A film all of whose takes are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.desk import planned
from kit.film import Film, write_film
from kit.film import Film as FilmFiles
from kit.locked_film import Machine, write_ltx_film
from kit.takes import write_take


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Film:
    """A film all of whose takes are there, with their records."""
    made = write_film(tmp_path)
    monkeypatch.chdir(tmp_path)
    for clip in planned().clips.values():
        write_take(clip.take)
    return made


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FilmFiles:
    """A film of two clips for LTX, on a machine without models."""
    return write_ltx_film(tmp_path, monkeypatch, "A01_S01_SH001", "A01_S01_SH002")


@pytest.fixture
def machine(files: FilmFiles) -> Machine:
    return Machine(files)
