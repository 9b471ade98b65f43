"""What forks for :mod:`kit.warm`: ``python -m kit.warm_server FD`` serves the socket FD until its stdin ends."""

from __future__ import annotations

import atexit
import contextlib
import marshal
import os
import resource
import runpy
import select
import signal
import socket
import struct
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from kit.parsed import keep_parsed, parse_all
from kit.ready import make_ready
from kit.request import make_request
from kit.warm import LONGEST, RECORDING, added, has_shim, new_socket

IMPORTED = (
    *("snakemake.cli", "snakemake.assets", "snakemake.profiles", "snakemake.report.html_reporter", "snakemake.storage"),
    *("smart_open", "packaging.version", "multiprocessing.managers"),  # which Snakemake imports later
    *("numpy.fft", "numpy.random", "PIL.JpegImagePlugin", "PIL.PngImagePlugin"),  # and VTX
)
WITH_SHIM = ("ltx_pipelines", "ltx_pipelines.distilled", "vtx_app.render.ltx.worker.server")
_exit_codes: list[int] = []


def prepare() -> None:
    """Import all that runs may need, and make what each would make at its start: options, validators, expressions."""
    import snakemake.cli

    from vtx_app.render.animatic.reading.reader import read_shot

    with_ltx = has_shim(os.environ) and "COLD_RENDERS" not in os.environ
    for name in (*IMPORTED, *(WITH_SHIM if with_ltx else ())):
        import_module(name)
    snakemake.cli.get_argument_parser()  # looks for plugins in every folder of the path
    keep_parsed(parse_all())
    read_shot(make_request())
    make_ready()


def serve(requests: socket.socket, until: int) -> None:
    """Fork a watcher for each request, which forks the run, until ``until`` is readable: nobody can ask any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a watcher
    while requests in (ready := select.select([requests, until], [], [])[0]) and until not in ready:
        connection, _ = requests.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            requests.close()
            _watch(connection)
        connection.close()


def _watch(connection: socket.socket) -> None:
    """In a watcher: fork the run, pass signals on to it, and tell its exit status."""
    asking, _, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    data, files, _, _ = socket.recv_fds(connection, LONGEST, 8)
    if not data:  # who asked was killed before it did
        os._exit(0)
    request = marshal.loads(data)  # noqa: S302 - of the tests themselves
    child = os.fork()
    if child == 0:
        connection.close()
        if request.get("apart"):
            _apart(request, files)
        else:
            with contextlib.suppress(OSError):  # another session's, or gone
                os.setpgid(0, os.getpgid(asking))
        _run(request, files)
    for file in files:
        os.close(file)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        if request.get("apart"):
            connection.send(str(child).encode())
    ended = os.pidfd_open(child)
    while ended not in (ready := select.select([ended, connection], [], [])[0]):
        try:
            number = connection.recv(16) if ready else b""
        except OSError:  # who asked is gone, and had not read all
            number = b""
        os.kill(child, int(number) if number else signal.SIGKILL)
        if not number:
            break
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.send(str(code).encode())
    os._exit(0)


def _apart(request: dict[str, Any], files: Sequence[int]) -> None:
    """In the fork: lead a session of its own, with a server in it for what this process starts."""
    os.setsid()
    if size := request["file_size"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    name, leader = f"vtx-warm-{os.getpid()}", os.pidfd_open(os.getpid())
    with new_socket() as requests:
        requests.bind("\0" + name)
        requests.listen(64)
        if (first := os.fork()) == 0:
            if os.fork():
                os._exit(0)  # nobody in the session is to wait for the server
            os.setpgid(0, 0)  # what ends the group ends no watcher, which then tells how its run has ended
            for file in files:
                os.close(file)
            serve(requests, leader)
            os._exit(0)
        os.waitpid(first, 0)
    os.close(leader)
    request["env"]["WARM_SERVER"] = f"{name}:{sys.prefix}:session"


def _run(request: dict[str, Any], files: Sequence[int]) -> None:
    """In the fork: become what Python would be; the files get the numbers that they have where this was asked for."""
    program, *words = request["argv"]
    numbers = [0, 1, 2, *request.get("handles", ())]
    for number, file in zip(numbers, files, strict=True):
        if number != file:
            os.dup2(file, number)
            os.close(file)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    tempfile.tempdir = None  # it is looked up once
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        old = getattr(sys, name)
        whole_lines = number == 2 or "PYTHONUNBUFFERED" in os.environ
        opened = os.fdopen(number, old.mode, 1 if whole_lines else -1, old.encoding, old.errors, closefd=False)
        setattr(sys, name, opened)
    sys.path[0] = request["cwd"] if program == "-m" else str(Path(program).parent)
    sys.path[1:1] = added(request["env"]["PYTHONPATH"])
    if str(RECORDING) in request["env"]["PYTHONPATH"].split(os.pathsep):
        sys.path.insert(1, str(RECORDING))
        runpy.run_path(str(RECORDING / "sitecustomize.py"))
    sys.argv = [program, *words[program == "-m" :]]
    try:
        if program != "-m":
            runpy.run_path(program, run_name="__main__")
        else:
            if words[0].startswith("vtx_app."):  # Snakemake is a package, whose __main__ nobody has imported
                sys.modules.pop(words[0], None)
            runpy.run_module(words[0], run_name="__main__", alter_sys=True)
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
    atexit.register(_leave)  # before all others, so it is called after them
    prepare()
    serve(socket.socket(fileno=int(sys.argv[1])), sys.stdin.fileno())
