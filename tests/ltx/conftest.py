"""Tests that run the real ltx-pipelines: skipped, saying so, in a Python that has none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.ltx.film import LTX, run_with_ltx

TOGETHER = ("test_dissolves", "test_films", "test_warm", "test_own_parser", "test_tiny_models")
NONE = "ltx-pipelines is not installed in this Python; .ci/run installs it in an environment of its own"
WARM = "this ltx-pipelines has no registry of warm models and no --offload (they came with 1.2)"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "warm: needs ltx-pipelines 1.2 or newer")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With ``--dist loadgroup``, what some modules are made of is made once: one process runs all of their tests.

    xdist 3.8 would look for the groups in marks, and pytest 9.2 no longer lets it add them to the names of tests.
    """
    if config.getoption("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Modules(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            module = nodeid.partition("::")[0]
            return module if Path(module).stem in TOGETHER else nodeid

    return Modules(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Here, nothing is tested without the package, and some things only with its newer version.

    pytest hands over the items of the whole run, not of this folder alone.
    """
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        if not LTX:
            item.add_marker(pytest.mark.skip(reason=NONE))
        elif LTX < (1, 2) and item.get_closest_marker("warm"):
            item.add_marker(pytest.mark.skip(reason=WARM))


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Tiny random models by variable."""
    output = run_with_ltx("kit.ltx.tiny_models", str(tmp_path_factory.mktemp("models")))
    return {name: Path(value) for name, _, value in (line.partition("=") for line in output.splitlines())}
