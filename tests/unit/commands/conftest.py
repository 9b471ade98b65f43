"""A film that was never built, in the folder that this process stands in, and none of this machine's variables."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kit.film import Film, write_film


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Film:
    for name in list(os.environ):
        if name.startswith(("VTX_", "LTX_", "PROJECT_", "OPENAI_")):
            monkeypatch.delenv(name)
    made = write_film(tmp_path)
    for path in (tmp_path / "config").glob("*.env"):
        path.unlink()
    monkeypatch.chdir(tmp_path)
    return made
