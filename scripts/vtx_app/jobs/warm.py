"""Run a job in a process that has its libraries already: ``python -m vtx_app.jobs.warm vtx_app.jobs.clip --project …``.

The jobs of a build import the same libraries, which takes longer than much of what they do. So the first one starts a
process that imports them once (:mod:`vtx_app.jobs.warm_process`) and forks itself for each job. This process waits for
its job and ends as it does. Without a build, or on another system than Linux, it runs the job itself.

Only what the request needs is imported here: every job starts with it.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import signal
import socket
import struct
import sys
import time
import zlib
from types import FrameType

from vtx_app.render.build_process import BuildProcess, this_build

__all__ = ["GO", "NUMBER", "from_this_user", "received", "run_job"]

NUMBER = struct.Struct("!q")
"""A request begins with its length. The answers are the job's process id and, when the job has ended, its exit code
(minus the number of the signal that killed it)."""
GO = b"1"
"""Sent by a process that knows the job's process id and passes signals on to it; then the job begins."""

_STANDARD = (0, 1, 2)
_QUEUE = 1024
_TRIES, _SECONDS = 500, 0.002
_PATIENCE = 10
"""Seconds that connecting and asking may take."""
_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(1 << 28),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
"""mallopt(3): a job makes frame after frame of the same size. It keeps their memory, where glibc would give it back and
have the system clear it for each: a twentieth of a job's time at 1280×720. The tunable (glibc 2.35; older ones know
none of this name) asks for pages of 2 MB, where the system gives them to those who ask: another twentieth."""
_MARKING = ("PYTHON", "LD_", "OMP_", "OPENBLAS_", "MKL_")
"""Variables that matter while Python and its libraries start: jobs that differ in them have processes of their own."""


def run_job(module: str, arguments: list[str]) -> int:
    """Run ``module`` as ``python -m`` does with ``arguments``; return the exit code, or raise :class:`SystemExit`."""
    build = this_build(os.environ)
    if sys.platform == "linux" and build.pid != os.getpid():
        connection = _connect(build)
        if connection is not None:
            with connection:
                code = _ask(connection, module, arguments)
            if code is not None:
                return code
    import runpy  # most jobs don't need it

    sys.argv = [sys.argv[0], *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return 0


def _connect(build: BuildProcess) -> socket.socket | None:
    """A connection to the build's warm process, which is started if there is none; None if that fails."""
    name, connection, asked = _name(build), socket.socket(socket.AF_UNIX), False
    # Another user may hold the name and never accept: no call waits for longer, and the job runs by itself.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _PATIENCE, 0))
    for _ in range(_TRIES):
        try:
            connection.connect(name)
        except ConnectionRefusedError:  # nobody listens, or a job beside this one is about to
            if asked:
                time.sleep(_SECONDS)
            asked = True
            try:
                _start(build, name)
            except OSError:
                break
        except OSError:
            break
        else:
            if from_this_user(connection) is not None:
                return connection
            break
    connection.close()
    return None


def from_this_user(connection: socket.socket) -> int | None:
    """The id of the process at the other end if it is of the same user, else None."""
    size = struct.calcsize("3i")
    pid, user, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return int(pid) if user == os.getuid() else None


def _name(build: BuildProcess) -> str:
    """The name of the build's socket, in Linux's abstract namespace: it is gone with the last process that has it."""
    marking = sorted((name, value) for name, value in os.environ.items() if name.startswith(_MARKING))
    own = repr((sys.executable, sys.prefix, sys.path, marking)).encode(errors="surrogateescape")
    return f"\0vtx-{os.getuid()}-{build}-{zlib.crc32(own):08x}-{zlib.adler32(own):08x}"


def _start(build: BuildProcess, name: str) -> None:
    """Start the build's warm process, unless a job beside this one has its name. Connections wait while it imports."""
    with socket.socket(socket.AF_UNIX) as listening:
        try:
            listening.bind(name)
        except OSError:
            return
        listening.listen(_QUEUE)
        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            os.set_inheritable(listening.fileno(), True)
            words = [sys.executable, "-m", "vtx_app.jobs.warm_process", str(build), str(listening.fileno())]
            streams = [(os.POSIX_SPAWN_DUP2, nothing, number) for number in _STANDARD]
            os.posix_spawn(sys.executable, words, {**_MEMORY, **os.environ}, file_actions=streams, setpgroup=0)
        finally:
            os.close(nothing)


def received(connection: socket.socket, size: int) -> bytes:
    """The next ``size`` bytes; fewer if the other end is closed before. Raises :class:`OSError`."""
    data = b""
    while len(data) < size and (more := connection.recv(size - len(data))):
        data += more
    return data


def received_number(connection: socket.socket) -> int | None:
    """The next number; None if the other end is closed before. Raises :class:`OSError`."""
    data = received(connection, NUMBER.size)
    return int(NUMBER.unpack(data)[0]) if len(data) == NUMBER.size else None


def _ask(connection: socket.socket, module: str, arguments: list[str]) -> int | None:
    """Have the job run and return its exit code; None if it has not begun."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    question = marshal.dumps((module, arguments, dict(os.environ), os.getcwd(), ignored))  # noqa: PTH109
    try:
        socket.send_fds(connection, [NUMBER.pack(len(question))], _STANDARD)
        connection.sendall(question)
        job = received_number(connection)
    except OSError:
        return None
    if job is None:
        return None
    process = BuildProcess.of(job)

    def end_job(number: int, _: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(job, number)

    # The job is in this process's group, so it has Ctrl-C of its own; SIGTERM may be meant for this process alone.
    signal.signal(signal.SIGTERM, end_job)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):  # the job waits for this
        connection.sendall(GO)
    code = received_number(connection)
    if code is None:  # the warm process was killed
        end_job(signal.SIGTERM, None)
        if process is not None:
            process.wait()
        return 128 + signal.SIGKILL
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(run_job(sys.argv[1], sys.argv[2:]))
