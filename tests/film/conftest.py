"""Films for tests: one that was never built, and a finished one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.build import write_short_film
from kit.film import Film, write_film


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """A film that was never built."""
    return write_film(tmp_path)


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Film:
    film = write_film(tmp_path_factory.mktemp("built"))
    film.build()
    return film


@pytest.fixture
def built(_built: Film, tmp_path: Path) -> Iterator[Film]:
    """A finished film, a copy of its own for each test."""
    shutil.copytree(_built.root, tmp_path / "film", symlinks=True)
    yield Film(tmp_path / "film")


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """A finished film of two clips, which no test changes."""
    film = write_short_film(tmp_path_factory.mktemp("finished"), seconds=2)
    film.build()
    return film


@pytest.fixture
def made(finished: Film, tmp_path: Path) -> Film:
    """A finished film of two clips, a copy of its own for each test."""
    shutil.copytree(finished.root, tmp_path / "film")
    return Film(tmp_path / "film")
