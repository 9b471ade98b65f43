"""The golden films: ``python tests/golden`` prints what they are made from, as JSON by film; ``--write`` keeps it.

Kept data changes only with a reason, in the message of the commit: whatever differs is rendered again by everybody.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from golden.snapshot import DATA, FILMS, snapshot, text_of


def main() -> None:
    """Print the data of every film, or write it to ``DATA``."""
    for name in list(os.environ):
        if name.startswith(("VTX_", "LTX_", "PROJECT_")):
            del os.environ[name]
    with tempfile.TemporaryDirectory() as folder:
        found = {name: snapshot(name, Path(folder, name)) for name in FILMS}
        os.chdir(DATA.parent)
    if "--write" in sys.argv[1:]:
        DATA.mkdir(exist_ok=True)
        for name, data in found.items():
            (DATA / f"{name}.json").write_text(text_of(data), encoding="utf-8")
    else:
        print(json.dumps(found))


main()
