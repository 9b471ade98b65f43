"""The golden films: ``python tests/golden`` prints what they are made from, as JSON by film; ``--write`` keeps it.

``--later`` prints the commands of their takes for later versions of ltx-pipelines.

Kept data changes only with a reason, in the message of the commit: whatever differs is rendered again by everybody.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from golden.snapshot import DATA, FILMS, later_commands, snapshot, text_of


def main() -> None:
    """Print the data of every film, or write it to ``DATA``."""
    for name in list(os.environ):
        if name.startswith(("VTX_", "LTX_", "PROJECT_")):
            del os.environ[name]
    later = "--later" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        found: dict[str, Any] = {
            name: later_commands(name, Path(folder, name)) if later else snapshot(name, Path(folder, name))
            for name in FILMS
        }
        os.chdir(DATA.parent)
    if "--write" in sys.argv[1:]:
        DATA.mkdir(exist_ok=True)
        for name, data in found.items():
            (DATA / f"{name}.json").write_text(text_of(data), encoding="utf-8")
    else:
        print(json.dumps(found))


main()
