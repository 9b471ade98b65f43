"""How commands build: they say which Snakemake command they stand for, and run it. No build logic lives here."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType

import typer

from vtx_app.errors import ProjectError

__all__ = [
    "argv",
    "at_snakefile",
    "dry_run",
    "gpus",
    "keeps_going",
    "quoted",
    "say_command",
    "snakemake",
    "storyboard",
    "workdir",
]

_FLAGS = dict.fromkeys(("true", "1", "yes", "on"), True) | dict.fromkeys(("", "false", "0", "no", "off"), False)

_MANY = 300
"""Clips from which on Snakemake's own scheduler plans its queue noticeably longer than its greedy one."""

_typed_in: dict[Path, Path] = {}
"""Folder of a Snakefile → the folder that the command was typed in, once :func:`at_snakefile` has left it."""


def workdir() -> Path:
    """The folder of the Snakefile: here, or the nearest above. Raises :class:`ProjectError` where there is none."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "Snakefile").is_file():
            return folder
    raise ProjectError(f"no Snakefile in {here} or above it: run vtx in the folder that you cloned VTX into")


def at_snakefile() -> None:
    """Go to the folder of the Snakefile, which every path of a film is relative to. Raises :class:`ProjectError`."""
    here, folder = Path.cwd(), workdir()
    if folder != here:
        _typed_in[folder] = here
        os.chdir(folder)


def gpus() -> int:
    """Takes on GPUs at a time, where no option says it: ``VTX_MAX_PARALLEL_JOBS``, else 1.

    Raises :class:`ProjectError` for what is no such number.
    """
    said = _machine_variable("VTX_MAX_PARALLEL_JOBS") or "1"
    if re.fullmatch(r"[1-9][0-9]{0,5}", said) is None:
        raise ProjectError(f"VTX_MAX_PARALLEL_JOBS is {said!r}; expected a whole number from 1 on")
    return int(said)


def keeps_going() -> bool:
    """Whether a build goes on with what does not need a job that failed: unless ``VTX_FAIL_FAST`` is true.

    Raises :class:`ProjectError` for a word that is neither true nor false.
    """
    said = _machine_variable("VTX_FAIL_FAST") or ""
    if said.lower() not in _FLAGS:
        raise ProjectError(f"VTX_FAIL_FAST is {said!r}; expected true or false")
    return not _FLAGS[said.lower()]


def _machine_variable(name: str) -> str | None:
    """A variable of this machine: from the process environment, else ``config/global.env``."""
    from vtx_app.project.env_files import read_env

    path = Path(os.path.relpath(workdir() / "config/global.env"))  # as messages show it
    return os.environ.get(name) or read_env(path).get(name)


def argv(
    targets: Sequence[str],
    *,
    config: Mapping[str, str] | None = None,
    dry_run: bool = False,
    cores: int | None = None,
    resources: Mapping[str, int] | None = None,
    clips: int = 0,
    extra: Sequence[str] = (),
) -> list[str]:
    """The words of the Snakemake command, targets first: options that take many values would swallow them.

    ``cores``: jobs at a time, else the machine's, at most 4. ``resources``: else the GPUs that :func:`gpus` allows.
    ``clips`` of the films that are built. ``extra`` are options for Snakemake. Raises :class:`ProjectError`.
    """
    if extra and not extra[0].startswith("-"):
        raise ProjectError(f"{extra[0]!r} is one too many; options for Snakemake go after --")
    given = {"gpu": gpus()} if resources is None else resources
    ours = {
        "--resources": [f"{name}={amount}" for name, amount in given.items()],
        "--config": [f"{name}={_text(value)}" for name, value in (config or {}).items()],
    }
    for names in (("--resources", "--res"), ("--config", "-C")):
        extra = _joined(extra, names, ours)
    words = ["snakemake", *targets, "--cores", str(cores or min(4, os.cpu_count() or 1))]
    for option, values in ours.items():
        words += [option, *values] if values else []
    words += ["--keep-going"] if keeps_going() else []
    if clips >= _MANY and not any(word.partition("=")[0] == "--scheduler" for word in extra):
        words += ["--scheduler", "greedy"]
    return [*words, *(["--dry-run"] if dry_run else []), *extra]


def dry_run(target: str, slug: str) -> list[str]:
    """The words of the shortest command that says what building a film's named target would do."""
    return ["snakemake", target, "-n", "--config", f"project={_text(slug)}"]


def storyboard(slug: str) -> list[str]:
    """The words of the command that builds a film's storyboard."""
    return ["snakemake", "animatic", "--cores", "4", "--config", f"project={_text(slug)}"]


def _text(value: str) -> str:
    """A text for ``--config``: a film may be called 2001, and Snakemake would read a number, in quotes or without."""
    with contextlib.suppress(ValueError):
        float(value)
        return f"!!str {value}"  # YAML's own way to say that it is text
    return value


def _joined(extra: Sequence[str], names: Sequence[str], ours: dict[str, list[str]]) -> list[str]:
    """``extra`` with our values of an option that it gives too: Snakemake knows only the last it is given."""
    words = list(extra)
    for at in range(len(words) - 1, -1, -1):
        name, equals, value = words[at].partition("=")
        if name in names:
            words[at : at + 1] = [name, *ours[names[0]], *([value] if equals else [])]
            ours[names[0]] = []
            break
    return words


def say_command(words: Sequence[str]) -> None:
    """Say the command that :func:`argv` made, as it can be typed where the ``vtx`` command was."""
    folder = workdir()
    home = _typed_in.get(folder, Path.cwd())
    go = f"cd {quoted(os.path.relpath(folder, home))} && " if folder != home else ""
    sys.stdout.flush()
    typer.secho(f"$ {go}{' '.join(map(quoted, words))}", dim=True, err=True)


def snakemake(words: Sequence[str], *, out: int | None = None) -> int:
    """Say the command that :func:`argv` made, run it where the Snakefile is, and return its exit code.

    ``out``: where its standard output goes, else to this process's. A build that a signal ended has the exit code
    that a shell gives it: 128 and the signal's number.
    """
    say_command(words)
    command = [sys.executable, "-m", *words]
    with subprocess.Popen(command, cwd=workdir(), stdout=out) as process, _passing_on(process):
        code = process.wait()
    return code if code >= 0 else 128 - code


def quoted(word: str) -> str:
    """``word`` as a shell reads it back; what a terminal would obey is written out, in bash's ``$'…'``."""
    if word.isprintable():
        return shlex.quote(word)
    written = (
        {"\\": "\\\\", "'": "\\'"}.get(letter, letter)
        if letter.isprintable()
        else "".join(f"\\x{byte:02x}" for byte in letter.encode("utf-8", "surrogateescape"))
        for letter in word
    )
    return f"$'{''.join(written)}'"


@contextlib.contextmanager
def _passing_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Leave it to Snakemake how a build ends: it winds up its jobs first, and this waits for it.

    Control-C reaches it from the terminal; a SIGTERM is for this process alone, and is handed on.
    """

    def hand_on(number: int, _: FrameType | None) -> None:
        process.send_signal(number)

    before = {signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN)}
    before[signal.SIGTERM] = signal.signal(signal.SIGTERM, hand_on)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
