"""How commands build: they say which Snakemake command they stand for, and run it. No build logic lives here."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from vtx_app.commands.showing import say
from vtx_app.errors import ProjectError

__all__ = ["argv", "snakemake", "workdir"]


def workdir() -> Path:
    """The folder of the Snakefile: here, or the nearest above. Raises :class:`ProjectError` where there is none."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "Snakefile").is_file():
            return folder
    raise ProjectError(f"no Snakefile in {here} or above it: run vtx in the folder that you cloned VTX into")


def argv(
    targets: Sequence[str],
    *,
    config: Mapping[str, str] | None = None,
    dry_run: bool = False,
    cores: int | None = None,
    resources: Mapping[str, int] | None = None,
    extra: Sequence[str] = (),
) -> list[str]:
    """The words of the Snakemake command, targets first: options that take many values would swallow them."""
    words = ["snakemake", *targets, "--cores", str(cores or min(4, os.cpu_count() or 1))]
    given = {"gpu": int(os.environ.get("VTX_MAX_PARALLEL_JOBS") or 1), **(resources or {})}
    words += ["--resources", *(f"{name}={amount}" for name, amount in given.items())]
    if config:
        words += ["--config", *(f"{name}={value}" for name, value in config.items())]
    if os.environ.get("VTX_FAIL_FAST", "").lower() in ("false", "0", "no", "off"):
        words.append("--keep-going")
    return [*words, *(["--dry-run"] if dry_run else []), *extra]


def snakemake(words: Sequence[str]) -> int:
    """Say the command that :func:`argv` made, run it, and return its exit code."""
    folder = workdir()
    say(f"$ {shlex.join(words)}", err=True)
    return subprocess.run([sys.executable, "-m", *words], cwd=folder, check=False).returncode
