"""``vtx config show``: every setting of a film, and the file and line that said it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from vtx_app.commands.options import Json, Slug
from vtx_app.commands.showing import as_json, say, table, telling

if TYPE_CHECKING:
    from vtx_app.project.film import Film

__all__ = ["app"]

app = typer.Typer(help="Settings, and where they come from.", no_args_is_help=True)

_RUN_VARIABLES = ("LTX_OFFLOAD", "LTX_QUANTIZATION", "VTX_RUNNER", "VTX_WORKER_IDLE_SECONDS", "VTX_MAX_PARALLEL_JOBS")
_SECRETS = ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY")
_STORY_VARIABLES = ("OPENAI_BASE_URL", "OPENAI_PROJECT", "OPENAI_ORG")


@app.callback()
def _group() -> None:
    """Settings, and where they come from."""


@app.command()
def show(slug: Slug, json: Json = False) -> None:
    """Print each setting of a film with the layer it comes from. Secrets are said to be set or not, never shown."""
    with telling():
        from vtx_app.project.load import load_film

        rows = _rows(load_film(slug))
        if json:
            as_json([{"setting": name, "value": value, "from": source} for name, value, source in rows])
            return
        table(("setting", "value", "from"), [(name, _shown(value), source) for name, value, source in rows])
        say("later wins: built-in, config/global.env, config/models.env, metadata.yaml, project.env, the clip's spec, ")
        say("the process environment, --config")


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rows(film: Film) -> list[tuple[str, Any, str]]:
    from vtx_app.project.paths import app_home, projects_root
    from vtx_app.project.settings import said_at
    from vtx_app.story.models import story_model
    from vtx_app.story.sources import Sources
    from vtx_app.story.stage import STAGES

    files = _files(film.folder)
    rows: list[tuple[str, Any, str]] = []
    for name, setting in sorted(film.settings.values.items()):
        plain = setting.source in ("built-in", "environment", "--config") or "(" in setting.source
        rows.append((name, setting.value, setting.source if plain else said_at(film.folder, name, setting)))
    models = [name for name in sorted(film.variables) if name.startswith("LTX_") and name.endswith(("_PATH", "_ROOT"))]
    rows += [(name, film.variables[name] or "not set", _source(name, files)) for name in models]
    rows += [(name, film.variables[name], _source(name, files)) for name in _RUN_VARIABLES if film.variables.get(name)]
    sources = Sources(film.slug)
    rows.append(("story writer", sources.writer, "metadata.yaml" if film.metadata.story.writer else "built-in"))
    rows += [(f"story model, {stage}", story_model(stage, film.folder, film.metadata), "") for stage in STAGES]
    rows += [
        (name, film.variables[name], _source(name, files)) for name in _STORY_VARIABLES if film.variables.get(name)
    ]
    rows += [(name, "set" if film.variables.get(name) else "not set", _source(name, files)) for name in _SECRETS[:1]]
    rows += [("projects root", projects_root().as_posix(), ""), ("app home", app_home().as_posix(), "")]
    return rows


def _files(folder: Path) -> list[tuple[str, dict[str, str]]]:
    from vtx_app.project.env_files import read_env

    names = [Path("config/global.env"), Path("config/models.env"), folder / "project.env"]
    return [(path.as_posix(), read_env(path)) for path in names]


def _source(name: str, files: list[tuple[str, dict[str, str]]]) -> str:
    import os

    from vtx_app.project.env_files import variable_line

    if os.environ.get(name):
        return "environment"
    for path, variables in reversed(files):
        if name in variables:
            return f"{path}:{variable_line(Path(path), name)}"
    return ""
