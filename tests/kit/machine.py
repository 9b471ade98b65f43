"""The machine that a test runs on: its settings, what a process has looked up, and a stand-in for its Python."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest

from kit.film import SETTINGS
from vtx_app.media.reader import picture_facts, sound_facts
from vtx_app.models.default_negative import package_negative
from vtx_app.models.fingerprint import file_sha256, model_fingerprint

__all__ = ["forget", "python_noting_arguments", "without_settings"]


def without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take this machine's settings out of the environment."""
    for name in list(os.environ):
        if name.startswith(SETTINGS):
            monkeypatch.delenv(name)


def forget() -> None:
    """Look up again what a process looks up once: every test's film has the same name."""
    for looked_up in (file_sha256, model_fingerprint, picture_facts, sound_facts, package_negative):
        looked_up.cache_clear()


def python_noting_arguments(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program in the place of this process's Python that notes its arguments, a line each, and exits with 3.

    Returns the file in which they are noted.
    """
    program, note = folder / "python", folder / "arguments"
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {shlex.quote(str(note))}\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    return note
