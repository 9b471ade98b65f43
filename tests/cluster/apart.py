"""The suite apart from the rest of the machine: processes, mounts and network of its own (namespaces(7)).

Slurm's jobs find their configuration in ``/etc/slurm`` alone, because the plugin for Snakemake takes ``SLURM_CONF`` out
of a job's environment: inside, that is a folder of the suite's. When the first process inside ends, however it ends,
the kernel kills all the others; it ends with the process outside.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

__all__ = ["folder_for_one_run", "processor_seconds", "reason_not_to_be_apart", "run_apart", "serve_as_init"]

_UNSHARE = ("unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc")
_PREFIX = "vtx-cluster."
_SET_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36  # of prctl(2)
_SET_FLAGS, _SET_ADDRESS, _UP = 0x8914, 0x8916, 0x49  # of netdevice(7): up, running, loopback


def reason_not_to_be_apart() -> str:
    """Why the suite can't have namespaces of its own; ``""`` if it can."""
    if shutil.which(_UNSHARE[0]) is None:
        return "not installed: unshare (Debian: util-linux)"
    tried = subprocess.run([*_UNSHARE, "true"], capture_output=True, text=True, check=False)
    return tried.stderr.strip() or f"unshare: exit {tried.returncode}" if tried.returncode else ""


@contextlib.contextmanager
def folder_for_one_run() -> Iterator[Path]:
    """A folder that is removed afterwards; also those of runs that were killed. Others may enter: munge has a user."""
    for old in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError), (old / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        with (folder / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            folder.chmod(0o755)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_apart(words: Sequence[str]) -> int:
    """Run ``python <words>`` in namespaces of its own; its exit code. A signal to this process kills all of it."""
    _prctl(_SET_CHILD_SUBREAPER, 1)  # the first process inside is this one's, once that between them has been killed
    process = subprocess.Popen(
        [*_UNSHARE, sys.executable, *words], preexec_fn=lambda: _prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    )

    def kill(number: int, _: FrameType | None) -> None:
        process.kill()
        with contextlib.suppress(ChildProcessError):
            while True:
                os.wait()  # the first process inside ends after all the others
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, kill)
    return process.wait()


def serve_as_init(run: Callable[[], int]) -> int:
    """Call ``run`` in a child of this process, the first one inside; its exit code.

    Meanwhile this process waits for all whose parents have ended, as a first process must.
    """
    _raise_loopback()
    child = os.fork()
    if child == 0:
        os._exit(_flushed(run()))
    while True:
        ended, status = os.wait()
        if ended == child:
            return os.waitstatus_to_exitcode(status)


def processor_seconds() -> float:
    """Seconds of processor time of this process, its ended children, and all that the first process has waited for."""
    own = os.times()
    ticks = os.sysconf("SC_CLK_TCK")
    fields = Path("/proc/1/stat").read_text().rpartition(")")[2].split()
    return own.user + own.system + own.children_user + own.children_system + sum(map(int, fields[13:15])) / ticks


def bind(folder: Path, over: Path) -> None:
    """Have ``over`` show ``folder`` to the processes inside. Raises :class:`OSError` if that can't be."""
    done = subprocess.run(["mount", "--bind", str(folder), str(over)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(done.stderr.strip())


def _flushed(code: int) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _raise_loopback() -> None:
    """Have the network work: its one interface is down, and a daemon looks for an address that is not 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo", _UP))
        address = struct.pack("16sHH4s8x", b"lo:1", socket.AF_INET, 0, socket.inet_aton("10.0.0.1"))
        fcntl.ioctl(any_socket, _SET_ADDRESS, address)
