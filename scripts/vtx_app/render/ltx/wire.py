"""What take jobs and a worker say to each other: one JSON object a line, over a Unix socket of one user's own."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vtx_app.render.build_process import BuildProcess
from vtx_app.render.ltx.runner import Call

__all__ = ["Holder", "Lines", "call_of", "forget_address", "message", "new_address"]

_ADDRESS_BYTES = 100
"""Of a socket's path: the kernel takes 108 on Linux and 104 on macOS (unix(7))."""
_LINE_BYTES = 1 << 24
_FOLDER = "vtx-worker-"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a GPU, as it stands in the lease's lock file: a worker, where it listens, and for which build."""

    worker: str
    build: str
    python: str
    address: str

    def write(self, handle: int) -> None:
        """Write it into the lock file that is open as ``handle``."""
        data = json.dumps(asdict(self)).encode()
        os.ftruncate(handle, 0)
        os.pwrite(handle, data, 0)

    @classmethod
    def read(cls, path: Path) -> Holder | None:
        """The worker that the lock file names; None where it names none, or one that has ended."""
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            holder = cls(**{name: str(told[name]) for name in ("worker", "build", "python", "address")})
        except (OSError, ValueError, KeyError, TypeError):
            return None
        process = BuildProcess.parse(holder.worker)
        return holder if process is not None and process.alive() else None


def forget_address(path: Path) -> None:
    """Remove the socket of the worker that the lock file at ``path`` still names: it was killed."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        address = Path(json.loads(path.read_text(encoding="utf-8"))["address"])
        if address.parent.name.startswith(_FOLDER):
            address.unlink(missing_ok=True)
            address.parent.rmdir()


def new_address() -> Path:
    """A path for a socket in a new folder that only this user can enter, short enough for the kernel."""
    folder = Path(tempfile.mkdtemp(prefix=_FOLDER))
    if len(os.fsencode(folder / "s")) > _ADDRESS_BYTES:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix=_FOLDER, dir="/tmp"))
    return folder / "s"


class Lines:
    """Messages over a connected socket. The socket blocks; :meth:`ready` waits with other handles."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._rest = b""

    def fileno(self) -> int:
        """The socket's handle, for ``select``."""
        return self.connection.fileno()

    def send(self, **told: Any) -> None:
        """Send one message. Raises :class:`OSError` where nobody listens any more."""
        self.connection.sendall(json.dumps(told).encode() + b"\n")

    def receive(self) -> dict[str, Any] | None:
        """The next message, waited for; None where the other side has gone, or says what is no message."""
        while b"\n" not in self._rest:
            try:
                data = self.connection.recv(1 << 16)
            except OSError:
                return None
            if not data or len(self._rest) > _LINE_BYTES:
                return None
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            return None
        return told if isinstance(told, dict) else None

    def waiting(self) -> bool:
        """Whether a whole message has been received that was not asked for yet."""
        return b"\n" in self._rest

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


def message(call: Call) -> dict[str, Any]:
    """``call`` as plain JSON data."""
    return asdict(call) | {"out": str(call.out), "log": str(call.log) if call.log else None}


def call_of(told: dict[str, Any]) -> Call:
    """The call that :func:`message` told. Raises :class:`ValueError`, :class:`KeyError` or :class:`TypeError`."""
    return Call(
        pipeline=str(told["pipeline"]),
        words=tuple(str(word) for word in told["words"]),
        out=Path(told["out"]),
        log=Path(told["log"]) if told["log"] else None,
        memory=str(told["memory"]),
        weights={str(name): int(size) for name, size in told["weights"].items()},
        encoder=tuple(str(name) for name in told["encoder"]),
        files={str(name): int(size) for name, size in told["files"].items()},
        loras={str(name): int(size) for name, size in told["loras"].items()},
        quantization=None if told["quantization"] is None else str(told["quantization"]),
    )
