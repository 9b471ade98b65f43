"""``python -m`` without its imports: a process that has made them forks for every command line that it is handed.

Every run is a process of its own, with its own folder, environment and output, but a start takes most of its time to
import what it needs. What a run starts in turn, as Snakemake does its jobs, is forked too: ``warmed/sitecustomize.py``.
With :data:`SHIM` on the path, so is what renders with LTX-2, whose imports take six seconds of processor time.
"""

from __future__ import annotations

import atexit
import marshal
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO

__all__ = ["RECORDING", "SHIM", "Started", "added", "environment", "has_shim", "run", "snakemake", "start"]

TESTS = Path(__file__).resolve().parents[1]
WARMED = Path(__file__).parent / "warmed"
RECORDING = Path(__file__).parent / "recording"
"""What Python would find on its path and run at its start, and a fork runs at its own."""
SHIM = Path(__file__).parent / "ltx" / "shim"
"""What films for LTX-2 have on their path. They have a server of their own, which has run it and imported LTX-2."""

LONGEST = 1 << 20
_AT_START = ("PYTHON", "LANG", "LC_")
_HERE = dict(os.environ)


def snakemake(arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run ``snakemake <arguments>``; stdout and stderr are one."""
    return run(["snakemake", *arguments], cwd, env)


def run(words: Sequence[str], cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run ``python -m <words>``; stdout and stderr are one.

    Where variables that Python itself reads at its start are others than here, it is started in the usual way.
    """
    argv = [sys.executable, "-m", *words]
    if not _fits(env):
        return subprocess.run(
            argv,
            cwd=cwd,
            env=env,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    connection, output = _ask(words, cwd, env)
    with connection, os.fdopen(output, errors="replace") as said:
        text = said.read()
        code = int(connection.recv(16))
    return subprocess.CompletedProcess(argv, code, text)


@dataclass
class Started:
    """A process at work, as :class:`subprocess.Popen` has it: ``stdout`` is all that it and its jobs say."""

    pid: int
    stdout: IO[bytes]
    _connection: socket.socket
    _code: int | None = field(default=None, init=False)

    def poll(self) -> int | None:
        """Its exit status, minus the signal that ended it; None while it runs."""
        if self._code is None:
            self._connection.setblocking(False)
            try:
                self._code = int(self._connection.recv(16))
            except BlockingIOError:
                return None
            self._connection.close()
        return self._code

    def wait(self) -> int:
        """Wait for its end; its exit status."""
        if self._code is None:
            self._connection.setblocking(True)
            self._code = int(self._connection.recv(16))
            self._connection.close()
        return self._code


def start(words: Sequence[str], cwd: Path, env: Mapping[str, str], file_size: int | None = None) -> Started | None:
    """Start ``python -m <words>`` as leader of a session of its own, in which all its jobs run, each in the process
    group of what started it. None of them writes files of more than ``file_size`` bytes. None where that can't be."""
    if not _fits(env):
        return None
    connection, output = _ask(words, cwd, env, {"apart": True, "file_size": file_size})
    return Started(int(connection.recv(16)), os.fdopen(output, "rb", 0), connection)


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """``env``, in which ``vtx``, ``snakemake`` and ``python -m`` of both are forked, whatever starts them."""
    if not _fits(env):
        return dict(env)
    path = os.pathsep.join(filter(None, [str(WARMED), env.get("PYTHONPATH")]))
    return {**env, "PYTHONPATH": path, "WARM_SERVER": f"{_server(has_shim(env)).name}:{sys.prefix}:"}


def has_shim(env: Mapping[str, str]) -> bool:
    """Whether this is the environment of a film for LTX-2."""
    return str(SHIM) in env.get("PYTHONPATH", "").split(os.pathsep)


def _ask(
    words: Sequence[str], cwd: Path, env: Mapping[str, str], how: Mapping[str, object] | None = None
) -> tuple[socket.socket, int]:
    """Hand over a command line; the connection that tells its end, and where its output can be read."""
    request = marshal.dumps({"argv": ["-m", *words], "cwd": str(cwd), "env": environment(env), **(how or {})})
    connection, (read_output, write_output) = new_socket(), os.pipe()
    connection.connect("\0" + _server(has_shim(env)).name)
    with Path(os.devnull).open() as nothing, os.fdopen(write_output, "w"):
        socket.send_fds(connection, [request], [nothing.fileno(), write_output, write_output])
    return connection, read_output


@dataclass
class _Server:
    """The process ends when ``process.stdin`` is closed."""

    name: str
    process: subprocess.Popen[bytes]


def _fits(env: Mapping[str, str]) -> bool:
    return _at_start(env) == _at_start(_HERE)


def added(python_path: str) -> list[str]:
    """The folders of a ``PYTHONPATH`` that a fork can take in: what they have, nothing has imported before."""
    folders = filter(None, python_path.split(os.pathsep))
    return [each for each in folders if each == str(TESTS) or _has_only_standin(each)]


@cache
def _has_only_standin(folder: str) -> bool:
    place = Path(folder)
    return place.is_dir() and {each.name.partition("-")[0] for each in place.iterdir()} == {"ltx_pipelines"}


def _at_start(env: Mapping[str, str]) -> dict[str, str]:
    known = ("", str(RECORDING), str(SHIM), *added(env.get("PYTHONPATH", "")))
    path = [each for each in env.get("PYTHONPATH", "").split(os.pathsep) if each not in known]
    others = {name: value for name, value in env.items() if name.startswith(_AT_START) and name != "PYTHONPATH"}
    return others | {"PYTHONPATH": os.pathsep.join(path)}


def new_socket() -> socket.socket:
    """A socket that keeps messages apart, and takes long ones."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LONGEST)
    return made


@cache
def _server(shim: bool) -> _Server:
    """This process's server, which ends with this process; with ``shim``, the one for LTX-2."""
    name = f"vtx-warm-{os.getpid()}{'-ltx' * shim}"
    with new_socket() as listening:
        listening.bind("\0" + name)
        listening.listen(64)
        argv = [sys.executable, "-m", "kit.warm_server", str(listening.fileno())]
        python_path = os.pathsep.join(filter(None, [str(SHIM) * shim, _HERE.get("PYTHONPATH")]))
        one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # of several, a fork has only one
        process = subprocess.Popen(
            argv,
            cwd=TESTS,
            env=_HERE | one_thread | ({"PYTHONPATH": python_path} if shim else {}),
            pass_fds=[listening.fileno()],
            stdin=subprocess.PIPE,
        )

    @atexit.register
    def end() -> None:
        process.communicate()

    return _Server(name, process)
