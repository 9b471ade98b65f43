"""The container file, by hadolint: its rules, no image is built."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.film import REPO

HADOLINT = shutil.which("hadolint", path=str(Path(sys.executable).parent))


@pytest.mark.skipif(HADOLINT is None, reason="hadolint is not installed")
def test_the_container_file_is_clean_and_copies_what_there_is() -> None:
    file = REPO / "envs/Containerfile"
    done = subprocess.run([str(HADOLINT), str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    copied = [line.split()[1:-1] for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("COPY ")]
    assert copied
    assert all((REPO / name).exists() for names in copied for name in names)
