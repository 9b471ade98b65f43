"""The tiny models are the same bytes every time, and small. (That they render is tested with the renderer.)"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from kit.film import TESTS
from kit.ltx.film import run_with_ltx

pytest.importorskip("ltx_pipelines", reason="the tiny models are built from ltx-pipelines, which is not installed")


def _paths(output: str) -> dict[str, Path]:
    """What the generator printed, by variable."""
    return {name: Path(value) for name, _, value in (line.partition("=") for line in output.splitlines())}


def _digests(folder: Path) -> dict[str, str]:
    """Path in the folder to SHA-256, for every file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_seed_fixes_every_byte(models: dict[str, Path], tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "kit.ltx.tiny_models", str(tmp_path)]  # torch's warnings at its start are not ours
    again = _paths(subprocess.run(argv, cwd=TESTS, check=True, capture_output=True, text=True).stdout)
    assert again.keys() == models.keys()
    assert _digests(tmp_path) == _digests(models["LTX_CHECKPOINT_PATH"].parent)


def test_another_seed_gives_other_weights(models: dict[str, Path], tmp_path: Path) -> None:
    other = _paths(run_with_ltx("kit.ltx.tiny_models", str(tmp_path), "--seed", "1"))
    for variable in ("LTX_CHECKPOINT_PATH", "LTX_STYLE_A_LORA", "LTX_SPATIAL_UPSAMPLER_PATH"):
        assert other[variable].read_bytes() != models[variable].read_bytes()


def test_no_two_models_are_alike(models: dict[str, Path]) -> None:
    contents = [path.read_bytes() for path in models.values() if path.is_file()]
    assert len(set(contents)) == len(contents)


def test_they_are_small(models: dict[str, Path]) -> None:
    sizes = {name: path.stat().st_size for name, path in models.items() if path.is_file()}
    assert max(sizes.values()) < 10e6
    assert sum(sizes.values()) < 30e6
