"""What commands share: how they are registered, their arguments and options, and the shell's completion of these.

Completion reads only the names of files, so it is quick.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from vtx_app.commands.output import exit_on_error
from vtx_app.commands.snakemake_command import change_to_snakefile
from vtx_app.errors import ProjectError, VtxError
from vtx_app.project.paths import SPECS, TIERS, project_folder, projects_root

__all__ = [
    "ClipId",
    "Cores",
    "DryRun",
    "Extra",
    "Gpus",
    "Json",
    "MaybeSlug",
    "Projects",
    "Slug",
    "Take",
    "Tier",
    "Yes",
    "command",
    "complete_part",
    "complete_tier",
    "group",
    "part_of",
    "require_tier",
]

_DIGITS = 12
"""How much of a digest completion offers."""


def group(help: str, cls: type[TyperGroup] | None = None) -> typer.Typer:
    """A group of commands; ``cls`` finds them by the words on the command line."""
    return typer.Typer(help=help, no_args_is_help=True, cls=cls)


def command(
    app: typer.Typer, name: str | None = None, *, help: str | None = None, anywhere: bool = False
) -> Callable[[Callable[..., int | None]], Callable[..., int | None]]:
    """Register a function as a command of ``app``: it runs in the folder of the Snakefile unless it works ``anywhere``.

    Errors end it with their message and exit code 1, else the exit code is the one it returns, 0 for None.
    """

    def register(function: Callable[..., int | None]) -> Callable[..., int | None]:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> None:
            with exit_on_error():
                if not anywhere:
                    change_to_snakefile()
                code = function(*args, **kwargs)
            raise SystemExit(code or 0)

        app.command(name, help=help)(run)
        return function

    return register


def require_tier(tier: str) -> str:
    """Return ``tier``. Raises :class:`ProjectError` if it is none."""
    if tier not in TIERS:
        raise ProjectError(f"--tier {tier!r}: expected {', '.join(sorted(TIERS))}")
    return tier


def part_of(clip_id: str, kind: str) -> str:
    """The id of the clip, scene or act (``kind``) that the clip is part of."""
    return "_".join(clip_id.split("_")[: {"clip": 3, "scene": 2, "act": 1}[kind]])


def _completion(candidates: Callable[[typer.Context], list[str]]) -> Callable[[typer.Context, str], list[str]]:
    """A completion function for Typer: the sorted candidates, none if the film can't be found."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        try:
            change_to_snakefile()
            found = dict.fromkeys(sorted(candidates(ctx)))
        except (VtxError, OSError):
            return []
        return [candidate for candidate in found if candidate.startswith(incomplete)]

    return complete


def _slugs(_: typer.Context) -> list[str]:
    return [path.parent.name for path in projects_root().glob("*/metadata.yaml")]


def complete_part(kind: str) -> Callable[[typer.Context, str], list[str]]:
    """Complete the ids of the clips, scenes or acts of the film that is already on the command line."""

    def parts(ctx: typer.Context) -> list[str]:
        specs = (project_folder(str(ctx.params.get("slug"))) / SPECS).glob("A*_S*_SH*__*.yaml")
        return [part_of(path.stem.partition("__")[0], kind) for path in specs]

    return _completion(parts)


def _takes(ctx: typer.Context) -> list[str]:
    from vtx_app.takes.records import take_digests

    folder = project_folder(str(ctx.params.get("slug")))
    return [digest[:_DIGITS] for digest in take_digests(folder, str(ctx.params.get("clip_id")))]


def _clip_id(text: str) -> str:
    """The clip id in ``text``, which may be the name of its spec: A01_S02_SH003__title."""
    return text.partition("__")[0]


Slug = Annotated[str, typer.Argument(help="the film", autocompletion=_completion(_slugs))]
MaybeSlug = Annotated[str | None, typer.Argument(help="a film; default: all", autocompletion=_completion(_slugs))]
Projects = Annotated[
    list[str] | None,
    typer.Option("--project", "-p", help="this film; may be repeated", autocompletion=_completion(_slugs)),
]
ClipId = Annotated[
    str, typer.Argument(help="the clip, as in A01_S02_SH003", autocompletion=complete_part("clip"), callback=_clip_id)
]
Take = Annotated[
    str | None,
    typer.Argument(
        help="the first characters of a take; default: the take that is shown", autocompletion=_completion(_takes)
    ),
]
complete_tier = _completion(lambda _: list(TIERS))
Tier = Annotated[str, typer.Option(help="final, draft or animatic", autocompletion=complete_tier)]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]
DryRun = Annotated[bool, typer.Option("-n", "--dry-run", help="show what would be done")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="do not ask")]
Cores = Annotated[int | None, typer.Option("-c", "--cores", min=1, help="jobs at a time; default: up to 4")]
Gpus = Annotated[int | None, typer.Option(min=1, help="GPUs to render on; default: VTX_MAX_PARALLEL_JOBS, else 1")]
Extra = Annotated[list[str] | None, typer.Argument(help="after --: options for Snakemake")]
