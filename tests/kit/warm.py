"""``python -m`` without its imports: a process that has made them forks for every command line that it is handed.

Every run is a process of its own, with its own folder, environment and output, but a start takes most of its time to
import what it needs. What a run starts in turn, as Snakemake does its jobs, is forked too: ``warmed/sitecustomize.py``.
``python -m kit.warm FD`` serves the listening socket FD until its stdin ends.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["run", "snakemake"]

TESTS = Path(__file__).resolve().parents[1]
WARMED = Path(__file__).parent / "warmed"
IMPORTED = (
    *("snakemake.cli", "snakemake.assets", "snakemake.profiles", "snakemake.report.html_reporter", "snakemake.storage"),
    *("smart_open", "packaging.version", "multiprocessing.managers"),  # which Snakemake imports later
    *("numpy.fft", "numpy.random", "PIL.JpegImagePlugin", "PIL.PngImagePlugin", "openai"),  # and VTX
)
_AT_START = ("PYTHON", "LANG", "LC_")
_LONGEST = 1 << 20
_exit_codes: list[int] = []


def snakemake(arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run ``snakemake <arguments>``; stdout and stderr are one."""
    return run(["snakemake", *arguments], cwd, env)


def run(words: Sequence[str], cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run ``python -m <words>``; stdout and stderr are one.

    Where variables that Python itself reads at its start are others than the server's, it is started in the usual way.
    """
    server = _server()
    if _at_start(env) != server.at_start:
        return subprocess.run(
            [sys.executable, "-m", *words],
            cwd=cwd,
            env=env,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    path = os.pathsep.join(filter(None, [str(WARMED), env.get("PYTHONPATH")]))
    warmed = {**env, "PYTHONPATH": path, "WARM_SERVER": f"{server.name}:{sys.prefix}"}
    request = json.dumps({"argv": list(words), "cwd": str(cwd), "env": warmed}).encode()
    read_output, write_output = os.pipe()
    with _socket() as connection, os.fdopen(read_output, errors="replace") as output:
        connection.connect("\0" + server.name)
        with Path(os.devnull).open() as nothing, os.fdopen(write_output, "w"):
            socket.send_fds(connection, [request], [nothing.fileno(), write_output, write_output])
        text = output.read()
        code = int(connection.recv(16))
    return subprocess.CompletedProcess([sys.executable, "-m", *words], code, text)


@dataclass
class _Server:
    """``at_start``: the variables that Python read at its start. The process ends when ``process.stdin`` is closed."""

    name: str
    at_start: dict[str, str]
    process: subprocess.Popen[bytes]


def _at_start(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith(_AT_START)}


def _socket() -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LONGEST)
    return made


@cache
def _server() -> _Server:
    """This process's server, which ends with this process."""
    name = f"vtx-warm-{os.getpid()}"
    with _socket() as listening:
        listening.bind("\0" + name)
        listening.listen(64)
        argv = [sys.executable, "-m", "kit.warm", str(listening.fileno())]
        one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # of several, a fork has only one
        process = subprocess.Popen(
            argv,
            cwd=TESTS,
            env=os.environ | one_thread,
            pass_fds=[listening.fileno()],
            stdin=subprocess.PIPE,
        )

    @atexit.register
    def end() -> None:
        process.communicate()

    return _Server(name, _at_start(os.environ), process)


def _import() -> None:
    """Import all that runs may need. What a run itself begins with is imported again, by the run."""
    import vtx_app

    for name in (*IMPORTED, *(each.name for each in pkgutil.walk_packages(vtx_app.__path__, "vtx_app."))):
        import_module(name)
    for name in [name for name in sys.modules if name == "vtx_app.cli" or name.startswith("vtx_app.jobs")]:
        del sys.modules[name]
    gc.collect()
    gc.freeze()


def _serve(requests: socket.socket) -> None:
    """Fork a watcher for each request, which forks the run, until nobody can ask any more."""
    atexit.register(_leave)  # before all others, so it is called after them
    _import()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a watcher
    while requests in select.select([requests, sys.stdin], [], [])[0]:
        connection, _ = requests.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            requests.close()
            _watch(connection)
        connection.close()


def _watch(connection: socket.socket) -> None:
    """In a watcher: fork the run, pass signals on to it, and tell its exit status."""
    data, files, _, _ = socket.recv_fds(connection, _LONGEST, 3)
    child = os.fork()
    if child == 0:
        connection.close()
        _run(json.loads(data), files)
    for file in files:
        os.close(file)
    ended = os.pidfd_open(child)
    while ended not in (ready := select.select([ended, connection], [], [])[0]):
        number = connection.recv(16) if ready else b""
        os.kill(child, int(number) if number else signal.SIGKILL)
        if not number:
            break
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.send(str(code).encode())
    os._exit(0)


def _run(request: dict[str, Any], files: Sequence[int]) -> None:
    """In the fork: become the process that ``python -m`` would be."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        old = getattr(sys, name)
        opened = os.fdopen(number, old.mode, 1 if number == 2 else -1, old.encoding, old.errors, closefd=False)
        setattr(sys, name, opened)
    sys.path[0] = request["cwd"]
    module, *words = request["argv"]
    sys.argv = ["-m", *words]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        sys.exit()
    except SystemExit as end:
        _exit_codes.append(end.code if isinstance(end.code, int) else int(end.code is not None))
        raise
    except BaseException as fault:
        _exit_codes.append(-signal.SIGINT if isinstance(fault, KeyboardInterrupt) else 1)
        raise


def _leave() -> None:
    """End a run as Python does, but for taking apart what it shares with the server, which takes longest."""
    for code in _exit_codes:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        if code < 0:
            signal.signal(-code, signal.SIG_DFL)
            os.kill(os.getpid(), -code)
        os._exit(code)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
