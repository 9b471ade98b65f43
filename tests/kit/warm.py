"""Snakemake without its imports: a process that has made them forks for every command line that it is handed.

Every run is a process of its own, with its own folder, environment and output, as ``python -m snakemake`` is; but that
takes two thirds of its time to import what it needs. ``python -m kit.warm FD`` serves the socket FD.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

__all__ = ["snakemake"]

TESTS = Path(__file__).resolve().parents[1]
IMPORTED = ("snakemake.cli", "snakemake.assets", "snakemake.profiles", "snakemake.report.html_reporter")
_AT_START = ("PYTHON", "LANG", "LC_")
_LONGEST = 1 << 20


def snakemake(arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run ``snakemake <arguments>``; stdout and stderr are one.

    Where variables that Python itself reads at its start are others than here, it is started in the usual way.
    """
    if any(env.get(name) != os.environ.get(name) for name in {*env, *os.environ} if name.startswith(_AT_START)):
        return subprocess.run(
            [sys.executable, "-m", "snakemake", *arguments],
            cwd=cwd,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    read_output, write_output = os.pipe()
    read_status, write_status = os.pipe()
    request = json.dumps({"arguments": list(arguments), "cwd": str(cwd), "env": dict(env)}).encode()
    socket.send_fds(_server(), [request], [write_output, write_status])
    os.close(write_output)
    os.close(write_status)
    with os.fdopen(read_output, errors="replace") as output, os.fdopen(read_status) as status:
        text = output.read()
        code = int(status.read())
    return subprocess.CompletedProcess(["snakemake", *arguments], code, text)


@cache
def _server() -> socket.socket:
    """The socket of this process's server, which ends with this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LONGEST)
    argv = [sys.executable, "-m", "kit.warm", str(theirs.fileno())]
    process = subprocess.Popen(argv, cwd=TESTS, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    theirs.close()

    @atexit.register
    def end() -> None:
        ours.close()
        process.wait()

    return ours


def _serve(requests: socket.socket) -> None:
    """Fork a watcher for each request, which forks Snakemake, until nobody can ask any more."""
    for name in IMPORTED:
        import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a watcher
    while True:
        request, files, _, _ = socket.recv_fds(requests, _LONGEST, 2)
        if not request:
            return
        output, status = files
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            requests.close()
            _watch(json.loads(request), output, status)
        os.close(output)
        os.close(status)


def _watch(request: dict[str, object], output: int, status: int) -> None:
    """In a watcher: run Snakemake in a fork and tell its exit status."""
    child = os.fork()
    if child == 0:
        os.close(status)
        _run(request, output)
    os.close(output)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with contextlib.suppress(BrokenPipeError):
        os.write(status, str(code).encode())
    os._exit(0)


def _run(request: dict[str, object], output: int) -> None:
    """In the fork: become the process that ``python -m snakemake`` would be."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    os.chdir(str(request["cwd"]))
    os.environ.clear()
    os.environ.update(request["env"])
    sys.path[0] = str(request["cwd"])
    sys.argv = ["snakemake", *request["arguments"]]
    from snakemake.cli import main

    sys.exit(main())


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
