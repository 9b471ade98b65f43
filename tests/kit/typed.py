"""``vtx`` in this process, where the test stands."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from click.testing import Result
from typer.testing import CliRunner

from vtx_app.commands.app import app


def vtx(*words: str, code: int = 0) -> Result:
    """A command that must exit with ``code``, some time after the last edit. What it prints, any terminal can show."""
    time.sleep(0.05)
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, done.output
    assert done.output.replace("\n", "").isprintable()
    return done


def vtx_json(*words: str) -> Any:
    """The JSON that a command prints, in ASCII."""
    said = vtx(*words, "--json").stdout
    assert said.isascii()
    return json.loads(said)


def noted_words(ran: Path) -> list[str]:
    """What Snakemake's stand-in was told (the fixture ``ran``): targets and options."""
    return ran.read_text(encoding="utf-8").splitlines()[2:]
