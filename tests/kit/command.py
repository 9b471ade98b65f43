"""``vtx`` as a person types it, in the folder of a film's build."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from kit.film import Film


def start(
    film: Film, *words: str, env: dict[str, str] | None = None, before: Callable[[], None] | None = None
) -> subprocess.Popen[str]:
    """A ``vtx`` command that runs, stdout and stderr together; its process does ``before`` first."""
    return subprocess.Popen(
        [sys.executable, "-m", "vtx_app.cli", *words],
        cwd=film.root,
        env=film.environment(env),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=before,
    )


def vtx(film: Film, *words: str, code: int = 0, env: dict[str, str] | None = None) -> str:
    """What a ``vtx`` command says; it must end with ``code``."""
    done = start(film, *words, env=env)
    said, _ = done.communicate()
    assert done.returncode == code, said
    assert "Traceback" not in said
    return said


def told(film: Film, *words: str) -> Any:
    """What a command tells a script."""
    return json.loads(vtx(film, *words, "--json"))


def listed(film: Film) -> dict[str, Any]:
    """The list of films, by slug."""
    return {each["slug"]: each for each in told(film, "projects", "list")}
