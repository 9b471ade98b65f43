"""``vtx review``: the dailies on this machine, with buttons for decisions."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from vtx_app.commands.options import Slug, Tier, require_tier
from vtx_app.commands.output import print_line
from vtx_app.commands.snakemake_command import print_command, snakefile_folder, snakemake_command

__all__ = ["review"]


class _Builds:
    """The builds of takes that the page asked for."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []
        self._ended = False
        self._lock = threading.Lock()  # every request has a thread of its own

    def start(self, takes: Sequence[Path]) -> None:
        """Render takes, beside what is being rendered: builds share GPUs and leave each other's takes alone."""
        command = snakemake_command([take.as_posix() for take in takes])
        words, folder = [sys.executable, "-m", *command], snakefile_folder()
        with self._lock:
            if self._ended:  # while this was asked for
                return
            print_command(command)
            process = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=sys.stderr)
            self._running.append(process)

    def running(self) -> bool:
        """Whether one is at work."""
        with self._lock:
            self._running = [process for process in self._running if process.poll() is None]
            return bool(self._running)

    def end(self) -> None:
        """Stop them all and wait; a terminal's Control-C has reached them already."""
        with self._lock:
            self._ended, running = True, self._running
        for process in running:
            if process.poll() is None:
                process.terminate()
        for process in running:
            process.wait()


def review(
    slug: Slug,
    tier: Tier = "final",
    port: Annotated[int, typer.Option(min=0, max=65535, help="of this machine; 0: any that is free")] = 0,
    browser: Annotated[bool, typer.Option("--open", help="open it in the browser")] = False,
) -> None:
    """Show the dailies with buttons: approve, pick, reject, note, trim, another seed. Ends with Control-C."""
    from vtx_app.dailies.live_film import LiveFilm
    from vtx_app.dailies.server import ReviewServer, serve

    film, builds = LiveFilm(slug, require_tier(tier)), _Builds()
    film.data()  # faulty files are reported here
    server = ReviewServer(film, builds.start, builds.running, port)
    print_line(f"{slug}: {server.address}")
    print_line("Whoever has this address can decide. Control-C ends it.")
    sys.stdout.flush()
    if browser:
        import webbrowser

        webbrowser.open(server.address)
    try:
        serve(server)
    finally:
        builds.end()
