"""The installed ltx-pipelines and torch, and what they can do."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vtx_app.errors import RenderError
from vtx_app.render.ltx.package import LtxPackage, installed, torch_is_cpu_only

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
    assert LtxPackage.parse(str(package)) == package


@pytest.mark.parametrize("text", ["", "1", "unknown", "v1.2.0", "1.x"])
def test_a_text_that_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(RenderError) as caught:
        LtxPackage.parse(text)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize("version", ["1.0.0", "1.2.0"])
def test_the_installed_version_is_found_without_an_import(install: Callable[..., None], version: str) -> None:
    install(version)
    before = sys.modules.get("ltx_pipelines")
    assert installed() == LtxPackage.parse(version)
    assert sys.modules.get("ltx_pipelines") is before


@none_here
def test_a_missing_package_is_reported_with_both_ways_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RenderError) as caught:
        installed()
    for words in ("ltx_pipelines is not installed", "pip install 'ltx-pipelines==1.0.0'", "snakemake animatic"):
        assert words in str(caught.value)
    (tmp_path / "ltx_pipelines").mkdir()  # a folder of that name is no package
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(RenderError, match="is not installed"):
        installed()


# -- torch -------------------------------------------------------------------------------------------------

VERSION = """\
from typing import Optional

__all__ = ['__version__', 'debug', 'cuda', 'git_version', 'hip', 'rocm', 'xpu']
__version__ = '2.13.0'
debug = False
cuda: Optional[str] = None
git_version = 'cf30153c'
hip: Optional[str] = None
rocm: Optional[str] = None
xpu: Optional[str] = None
"""


@pytest.mark.parametrize(
    ("text", "cpu_only"),
    [
        (VERSION, True),
        (VERSION.replace("cuda: Optional[str] = None", "cuda: Optional[str] = '12.8'"), False),
        (VERSION.replace("cuda: Optional[str] = None", "cuda = '11.8'"), False),
        (VERSION.replace("hip: Optional[str] = None", "hip: Optional[str] = '6.2.41133'"), False),
        (VERSION.replace("xpu: Optional[str] = None", "xpu: Optional[str] = '20250101'"), False),
        ("", False),  # unknown
        (None, False),
    ],
)
def test_a_build_without_gpu_support_is_recognized(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, cpu_only: bool
) -> None:
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch/__init__.py").write_text("raise ImportError('this is not to be imported')")
    if text is not None:
        (tmp_path / "torch/version.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert torch_is_cpu_only() == cpu_only


def test_a_missing_torch_is_not_a_cpu_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert not torch_is_cpu_only()


@pytest.mark.parametrize(
    ("version", "knowledge", "warm"),
    [
        ((1, 0), "tried with VTX", "Python, torch and the encodings of prompts stay warm; from 1.2 on, models too"),
        ((1, 2), "tried with VTX", "models and the encodings of prompts stay warm"),
        ((1, 3), "known to VTX by its interface, not tried", "if its interfaces are as VTX knows them"),
        ((1, 4), "known to VTX by its interface, not tried", "if its interfaces are as VTX knows them"),
        ((1, 5), "unknown to VTX", "if its interfaces are as VTX knows them"),
    ],
)
def test_a_version_is_tried_or_read_or_unknown(version: tuple[int, int], knowledge: str, warm: str) -> None:
    package = LtxPackage(version)
    assert package.knowledge == knowledge
    assert warm in package.warm
