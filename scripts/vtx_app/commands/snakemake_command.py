"""The Snakemake command behind a ``vtx`` command: its arguments, how it is printed, run and stopped."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from vtx_app.errors import ProjectError
from vtx_app.files import report
from vtx_app.project.paths import machine_variable

if TYPE_CHECKING:
    import subprocess

__all__ = [
    "change_to_snakefile",
    "dry_run_command",
    "keep_going",
    "max_gpus",
    "print_command",
    "quote",
    "run_snakemake",
    "snakefile_folder",
    "snakemake_command",
    "started_in",
    "storyboard_command",
]

_FLAGS = dict.fromkeys(("true", "1", "yes", "on"), True) | dict.fromkeys(("", "false", "0", "no", "off"), False)

_started_in: dict[Path, Path] = {}
"""Folder of a Snakefile → the folder that the ``vtx`` command was typed in."""


def snakefile_folder() -> Path:
    """The folder of the Snakefile: here, or the nearest above. Raises :class:`ProjectError` if there is none."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "Snakefile").is_file():
            return folder
    raise ProjectError(f"no Snakefile in {here} or above it: run vtx in the folder that you cloned VTX into")


def change_to_snakefile() -> None:
    """Change to the folder of the Snakefile, which all paths of films are relative to. Raises :class:`ProjectError`."""
    here, folder = Path.cwd(), snakefile_folder()
    if folder != here:
        _started_in[folder] = here
        os.chdir(folder)


def started_in() -> Path:
    """The folder that the command was typed in; a person's relative paths are relative to it."""
    return _started_in.get(Path.cwd(), Path.cwd())


def max_gpus() -> int:
    """How many takes render on GPUs at a time unless an option says so: ``VTX_MAX_PARALLEL_JOBS``, else 1.

    Raises :class:`ProjectError` for another value than a number from 1 on.
    """
    value = machine_variable("VTX_MAX_PARALLEL_JOBS") or "1"
    if re.fullmatch(r"[1-9][0-9]{0,5}", value) is None:
        raise ProjectError(f"VTX_MAX_PARALLEL_JOBS is {value!r}; expected a whole number from 1 on")
    return int(value)


def keep_going() -> bool:
    """Whether a build goes on with jobs that do not depend on a failed one: unless ``VTX_FAIL_FAST`` is true.

    Raises :class:`ProjectError` for another value than true or false.
    """
    value = machine_variable("VTX_FAIL_FAST") or ""
    if value.lower() not in _FLAGS:
        raise ProjectError(f"VTX_FAIL_FAST is {value!r}; expected true or false")
    return not _FLAGS[value.lower()]


def snakemake_command(
    targets: Sequence[str],
    *,
    config: Mapping[str, str] | None = None,
    dry_run: bool = False,
    cores: int | None = None,
    gpus: int | None = None,
    resources: Mapping[str, int] | None = None,
    extra: Sequence[str] | None = None,
) -> list[str]:
    """The Snakemake command as a list of arguments. Targets come first: options with many values would swallow them.

    ``cores``: jobs at a time, by default one for each core, at most 4. ``gpus``: by default :func:`max_gpus`.
    ``resources`` replace ``gpus``. ``extra``: options for Snakemake.
    Raises :class:`ProjectError`.
    """
    options = list(extra or ())
    if options and not options[0].startswith("-"):
        raise ProjectError(f"{options[0]!r} is one too many; options for Snakemake go after --")
    resources = {"gpu": gpus or max_gpus()} if resources is None else resources
    own = {
        "--resources": [f"{name}={amount}" for name, amount in resources.items()],
        "--config": [f"{name}={_yaml_text(value)}" for name, value in (config or {}).items()],
    }
    for names in (("--resources", "--res"), ("--config", "-C")):
        _merge_option(options, names, own)
    command = ["snakemake", *targets, "--cores", str(cores or min(4, os.cpu_count() or 1))]
    for option, values in own.items():
        command += [option, *values] if values else []
    command += ["--keep-going"] if keep_going() else []
    return [*command, *(["--dry-run"] if dry_run else []), *options]


def dry_run_command(target: str, slug: str) -> list[str]:
    """The shortest command that shows what a build of a film's named target would do."""
    return ["snakemake", target, "-n", "--config", f"project={_yaml_text(slug)}"]


def storyboard_command(slug: str) -> list[str]:
    """The command that builds a film's storyboard."""
    return ["snakemake", "animatic", "--cores", "4", "--config", f"project={_yaml_text(slug)}"]


def _yaml_text(value: str) -> str:
    """``value`` for ``--config``: Snakemake would read the name 2001 as a number, quoted or not."""
    with contextlib.suppress(ValueError):
        float(value)
        return f"!!str {value}"
    return value


def _merge_option(options: list[str], names: Sequence[str], own: dict[str, list[str]]) -> None:
    """Move our values of an option to where ``options`` last gives it too: Snakemake reads only the last one."""
    for index in range(len(options) - 1, -1, -1):
        name, equals, value = options[index].partition("=")
        if name in names:
            options[index : index + 1] = [name, *own[names[0]], *([value] if equals else [])]
            own[names[0]] = []
            return


def print_command(command: Sequence[str]) -> None:
    """Print a command on stderr as it can be typed in the folder that ``vtx`` was typed in."""
    folder = snakefile_folder()
    start = started_in()
    change = f"cd {quote(os.path.relpath(folder, start))} && " if folder != start else ""
    sys.stdout.flush()
    report(f"$ {change}{' '.join(map(quote, command))}")


def run_snakemake(command: Sequence[str], *, stdout: int | None = None) -> int:
    """Print the command, run it in the folder of the Snakefile, and return its exit code.

    ``stdout``: a file descriptor for its output, by default this process's. The exit code of a build that a signal
    ended is a shell's: 128 and the number of the signal.
    """
    import subprocess

    print_command(command)
    arguments = [sys.executable, "-m", *command]
    folder = snakefile_folder()
    with _forwarded_signals() as started, subprocess.Popen(arguments, cwd=folder, stdout=stdout) as process:
        started(process)
        code = process.wait()
    return code if code >= 0 else 128 - code


def quote(argument: str) -> str:
    """``argument`` as a shell reads it back; what a terminal would obey is escaped, in bash's ``$'…'``."""
    if argument.isprintable():
        return shlex.quote(argument)
    escaped = (
        {"\\": "\\\\", "'": "\\'"}.get(character, character)
        if character.isprintable()
        else "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))
        for character in argument
    )
    return f"$'{''.join(escaped)}'"


@contextlib.contextmanager
def _forwarded_signals() -> Iterator[Callable[[subprocess.Popen[bytes]], None]]:
    """Let Snakemake decide how a build ends: it stops its jobs first, and this process waits for it.

    A terminal sends Control-C to both; a SIGTERM reaches this process only, and is forwarded. Call what is yielded with
    the process of Snakemake: a signal that comes while it is being started is forwarded then.
    """
    running: list[subprocess.Popen[bytes]] = []
    early: list[int] = []

    def forward(number: int, _: FrameType | None) -> None:
        if not running:
            early.append(number)
        elif number != signal.SIGINT:
            running[0].send_signal(number)

    def started(process: subprocess.Popen[bytes]) -> None:
        running.append(process)
        for number in early:
            process.send_signal(number)

    obeyed = [number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, forward) for number in obeyed}  # what is ignored, Snakemake ignores too
    try:
        yield started
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
