"""Tests that run the real ltx-pipelines: skipped, saying so, in a Python that has none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kit.film import TESTS
from kit.ltx.film import LTX

TOGETHER = ("test_dissolves", "test_films", "test_warm", "test_own_parser", "test_tiny_models")
NONE = "ltx-pipelines is not installed in this Python; .ci/run installs it in an environment of its own"
WARM = "this ltx-pipelines has no registry of warm models and no --offload (they came with 1.2)"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "warm: needs ltx-pipelines 1.2 or newer")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Here, nothing is tested without the package, and some things only with its newer version.

    pytest hands over the items of the whole run, not of this folder alone.
    """
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        if item.path.stem in TOGETHER:  # with --dist loadgroup, what it is made of is made once
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
        if not LTX:
            item.add_marker(pytest.mark.skip(reason=NONE))
        elif LTX < (1, 2) and item.get_closest_marker("warm"):
            item.add_marker(pytest.mark.skip(reason=WARM))


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Tiny random models by variable, made in a process of its own (torch warns on import, which is not ours)."""
    folder = tmp_path_factory.mktemp("models")
    argv = [sys.executable, "-m", "kit.ltx.tiny_models", str(folder)]
    output = subprocess.run(argv, cwd=TESTS, check=True, capture_output=True, text=True).stdout
    return {name: Path(value) for name, _, value in (line.partition("=") for line in output.splitlines())}
