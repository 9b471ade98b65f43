"""The tags of a media file as exiftool reads them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

__all__ = ["exiftool"]


def exiftool(path: Path) -> dict[str, Any]:
    """The tags of the file by group and name; skips the test if exiftool is not installed."""
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed: apt-get install libimage-exiftool-perl")
    done = subprocess.run(["exiftool", "-json", "-G1", path], capture_output=True, text=True, check=True)
    (found,) = json.loads(done.stdout)
    return dict(found)
