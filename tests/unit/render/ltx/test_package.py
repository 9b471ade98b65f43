"""Which ltx_pipelines there is, and what it can do."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vtx_app.errors import RenderError
from vtx_app.render.ltx.package import LtxPackage, installed

none_here = pytest.mark.skipif(
    importlib.util.find_spec("ltx_pipelines") is not None, reason="this Python has an ltx_pipelines"
)


@pytest.mark.parametrize(
    ("text", "version", "offloads"),
    [
        ("1.0.0", (1, 0), False),
        ("1.1.7", (1, 1), False),
        ("1.2.0", (1, 2), True),
        ("1.2.0.dev3+g400fd31", (1, 2), True),
        ("1.10", (1, 10), True),
        ("2.0rc1", (2, 0), True),
    ],
)
def test_a_version_is_two_numbers(text: str, version: tuple[int, int], offloads: bool) -> None:
    package = LtxPackage.parse(text)
    assert package == version
    assert package.offloads == offloads


@pytest.mark.parametrize("text", ["", "1", "unknown", "v1.2.0", "1.x"])
def test_what_is_no_version_is_told(text: str) -> None:
    with pytest.raises(RenderError) as caught:
        LtxPackage.parse(text)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize("version", ["1.0.0", "1.2.0"])
def test_what_is_installed_is_found_and_not_imported(install: Callable[..., None], version: str) -> None:
    install(version)
    before = sys.modules.get("ltx_pipelines")
    assert installed() == LtxPackage.parse(version)
    assert sys.modules.get("ltx_pipelines") is before


@none_here
def test_where_none_is_installed_both_ways_on_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RenderError) as caught:
        installed()
    for words in ("ltx_pipelines is not installed", "pip install 'ltx-pipelines==1.0.0'", "snakemake animatic"):
        assert words in str(caught.value)
    (tmp_path / "ltx_pipelines").mkdir()  # a folder of that name is no package
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(RenderError, match="is not installed"):
        installed()
