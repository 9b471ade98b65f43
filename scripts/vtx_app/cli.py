"""The entry point of ``vtx``.

Two commands answer without Typer, whose import takes many times as long as they do.
"""

from __future__ import annotations

import io
import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command on the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of another encoding shows what it can of a title
    try:
        _run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads the output any more, as after `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _run(arguments: list[str]) -> None:
    match arguments:
        case ["--version"]:
            from vtx_app import __version__

            print(f"vtx {__version__}")  # noqa: T201
        case ["projects", "list", *flags] if set(flags) <= {"--json", "--no-sync"}:
            from vtx_app.commands.film_list import print_films

            print_films(json="--json" in flags, sync="--no-sync" not in flags)
        case _:
            from vtx_app.commands.app import app

            app()


if __name__ == "__main__":
    main()
