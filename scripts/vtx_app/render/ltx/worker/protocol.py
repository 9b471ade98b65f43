"""How take jobs and a worker find each other and talk: one JSON object a line, over a Unix socket of one user.

A job sends ``{"call": …}``, or ``{"release": <its build>}`` to ask an idle worker for its GPU. The worker answers
``{"accepted": true}`` or ``{"busy": true}``, then ``{"step": …}`` until ``{"done": …}`` or ``{"failed": …}``; or
``{"unfit": reason}`` if it can't hook the installed package, and then ends.
"""

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
from vtx_app.render.ltx.call import PipelineCall, Weights

__all__ = ["Connection", "LeaseHolder", "call_from_json", "call_to_json", "new_address", "remove_address"]

_ADDRESS_BYTES = 100
"""Of a socket's path: the kernel takes 108 on Linux and 104 on macOS (unix(7))."""
_MESSAGE_BYTES = 1 << 24
_FOLDER = "vtx-worker-"


@dataclass(frozen=True, slots=True)
class LeaseHolder:
    """The worker that holds a GPU, as its lock file states: its process, build and Python, and its socket."""

    worker: str
    build: str
    python: str
    address: str

    def write(self, handle: int) -> None:
        """Write it into the lock file that is open as ``handle``."""
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(asdict(self)).encode(), 0)

    @classmethod
    def read(cls, path: Path, *, ended: bool = False) -> LeaseHolder | None:
        """Return the worker that the lock file names, also one that has ``ended``; None if it names none."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            holder = cls(**{name: str(data[name]) for name in ("worker", "build", "python", "address")})
        except (OSError, ValueError, KeyError, TypeError):
            return None
        process = BuildProcess.parse(holder.worker)
        return holder if ended or (process is not None and process.alive()) else None


def new_address() -> Path:
    """Return a path for a socket, in a new folder that only this user can enter, short enough for the kernel."""
    folder = Path(tempfile.mkdtemp(prefix=_FOLDER))
    if len(os.fsencode(folder / "s")) > _ADDRESS_BYTES:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix=_FOLDER, dir="/tmp"))
    return folder / "s"


def remove_address(path: Path) -> None:
    """Remove the socket of the killed worker that the lock file at ``path`` names."""
    holder = LeaseHolder.read(path, ended=True)
    if holder is not None and (address := Path(holder.address)).parent.name.startswith(_FOLDER):
        with contextlib.suppress(OSError):
            address.unlink(missing_ok=True)
            address.parent.rmdir()


class Connection:
    """Messages over a connected socket."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._reader = connection.makefile("rb")

    @classmethod
    def open(cls, address: str) -> Connection | None:
        """Connect to the worker at ``address``; None if nobody listens there."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            return None
        return cls(connection)

    def fileno(self) -> int:
        """Return the socket's handle, for ``select``."""
        return self.socket.fileno()

    def send(self, **message: Any) -> None:
        """Send one message. Raises :class:`OSError` if the other side has gone."""
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def receive(self) -> dict[str, Any] | None:
        """Wait for the next message; None if the other side has gone, or sends something else."""
        try:
            line = self._reader.readline(_MESSAGE_BYTES)
            message = json.loads(line) if line.endswith(b"\n") else None
        except (OSError, ValueError, RecursionError):
            return None
        return message if isinstance(message, dict) else None

    def close(self) -> None:
        """Close the socket."""
        self._reader.close()
        self.socket.close()


def call_to_json(call: PipelineCall) -> dict[str, Any]:
    """Return ``call`` as JSON data."""
    return asdict(call) | {"output": str(call.output), "log": str(call.log) if call.log else None}


def call_from_json(data: dict[str, Any]) -> PipelineCall:
    """Return the call. Raises :class:`ValueError`, :class:`KeyError` or :class:`TypeError` for other data."""
    typed = {
        "output": Path(data["output"]),
        "options": tuple(map(tuple, data["options"])),
        "media": tuple(map(tuple, data["media"])),
        "encoder": tuple(data["encoder"]),
        "weights": tuple(Weights(**each) for each in data["weights"]),
        "log": Path(data["log"]) if data["log"] else None,
        "peaks": tuple(map(tuple, data["peaks"])),
    }
    return PipelineCall(**data | typed)
