"""A tiny package ``ltx_pipelines`` of any version, in place of the real one: for this process and those it starts."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from vtx_app.models.default_negative import package_negative
from vtx_app.render.ltx.package import installed

__all__ = ["install_standin", "python_path", "write_standin"]

_HERE = Path(__file__).parent


def write_standin(folder: Path, version: str = "1.2.0", *, numbered: bool = False) -> Path:
    """Write the package with what tells its version into ``folder``, a folder for ``PYTHONPATH``.

    ``numbered``: its pipelines write films whose frames tell their numbers.
    """
    for source in ("standin", *(["numbered"] if numbered else [])):
        shutil.copytree(
            _HERE / source / "ltx_pipelines",
            folder / "ltx_pipelines",
            ignore=shutil.ignore_patterns("__pycache__"),
            dirs_exist_ok=True,
        )
    told = folder / f"ltx_pipelines-{version}.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: ltx-pipelines\nVersion: {version}\n")
    return folder


def python_path(folder: Path) -> str:
    """``PYTHONPATH`` with ``folder`` before all others."""
    return os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))


def install_standin(folder: Path, monkeypatch: pytest.MonkeyPatch, version: str = "1.2.0") -> None:
    """Let this process, and those it starts, find the stand-in until the test ends."""
    monkeypatch.syspath_prepend(str(write_standin(folder, version)))
    monkeypatch.setenv("PYTHONPATH", python_path(folder))
    installed.cache_clear()
    package_negative.cache_clear()
