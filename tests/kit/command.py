"""``vtx`` as a person types it, in the folder of a film's build."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from kit import warm
from kit.film import Film


def start(
    film: Film, *words: str, env: dict[str, str] | None = None, before: Callable[[], None] | None = None
) -> subprocess.Popen[str]:
    """Start a ``vtx`` command, stdout and stderr together; its process calls ``before`` first."""
    return subprocess.Popen(
        [sys.executable, "-m", "vtx_app.cli", *words],
        cwd=film.root,
        env=film.environment(env) if before else warm.environment(film.environment(env)),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=before,
    )


def vtx(film: Film, *words: str, code: int = 0, env: dict[str, str] | None = None) -> str:
    """The output of a ``vtx`` command, which must exit with ``code``."""
    done = warm.run(["vtx_app.cli", *words], film.root, film.environment(env))
    assert done.returncode == code, done.stdout
    assert "Traceback" not in done.stdout
    return done.stdout


def vtx_json(film: Film, *words: str, env: dict[str, str] | None = None) -> Any:
    """The JSON that a command prints, after its lines of progress where it takes long."""
    lines = vtx(film, *words, "--json", env=env).splitlines()
    begin = next(at for at, line in enumerate(lines) if line[:1] in ("{", "["))
    return json.loads("\n".join(lines[begin:]))


def listed_films(film: Film) -> dict[str, Any]:
    """The films of ``vtx projects list``, by slug."""
    return {each["slug"]: each for each in vtx_json(film, "projects", "list")}
