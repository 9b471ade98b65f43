"""What torch was built for is read off its own file, without importing it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vtx_app.render.ltx.torch_build import torch_is_for_cpus

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
    ("text", "cpus"),
    [
        (VERSION, True),
        (VERSION.replace("cuda: Optional[str] = None", "cuda: Optional[str] = '12.8'"), False),
        (VERSION.replace("cuda: Optional[str] = None", "cuda = '11.8'"), False),
        (VERSION.replace("hip: Optional[str] = None", "hip: Optional[str] = '6.2.41133'"), False),
        (VERSION.replace("xpu: Optional[str] = None", "xpu: Optional[str] = '20250101'"), False),
        ("", False),  # nobody knows
        (None, False),
    ],
)
def test_a_build_for_cpus_alone_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, cpus: bool
) -> None:
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch/__init__.py").write_text("raise ImportError('this is not to be imported')")
    if text is not None:
        (tmp_path / "torch/version.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert torch_is_for_cpus() == cpus


def test_without_torch_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert not torch_is_for_cpus()
