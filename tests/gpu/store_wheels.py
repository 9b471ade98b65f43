"""Rewrite the wheels of a folder without compression, so that xz can compress them together: by a third better.

``python store_wheels.py FOLDER``. Left out of PuLP are the solvers for other machines than x86-64 Linux.
"""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

LEFT_OUT = re.compile(r"pulp/solverdir/cbc/(osx|win|linux/(?!i64))")


def store(wheel: Path) -> None:
    """Rewrite one wheel."""
    stored = wheel.with_suffix(".stored")
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            if LEFT_OUT.match(entry.filename):
                continue
            data = old.read(entry)
            if entry.filename.endswith(".dist-info/RECORD"):
                lines = data.decode().splitlines(keepends=True)
                data = "".join(line for line in lines if not LEFT_OUT.match(line)).encode()
            entry.compress_type = zipfile.ZIP_STORED
            new.writestr(entry, data)
    stored.replace(wheel)


for path in Path(sys.argv[1]).glob("*.whl"):
    store(path)
