"""What a server turned out to support, for the next build: ``VTX_APP_HOME/servers/<key>.json``.

State of the machine, not of a film. If you delete it, VTX tries the server's features again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from vtx_app.files import write_text
from vtx_app.story.calls.api import Features

__all__ = ["ServerMemory"]

_VERSION = 1


@dataclass(frozen=True, slots=True)
class ServerMemory:
    """What is remembered in ``folder`` of the server at ``address``, which holds no password, and of its models."""

    folder: Path
    address: str

    def path(self, model: str) -> Path:
        """The file of one model of the server."""
        key = hashlib.sha256(f"{self.address}\n{model}".encode()).hexdigest()
        return self.folder / f"{key[:16]}.json"

    def read(self, model: str) -> Features | None:
        """What worked last; None if nothing is known, or the file is not one of this version."""
        try:
            record = json.loads(self.path(model).read_bytes())
            features = Features(**record["features"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        whole = all(type(value) is bool for value in asdict(features).values())
        return features if whole and record.get("version") == _VERSION else None

    def write(self, model: str, features: Features) -> None:
        """Remember what worked. If the disk can't be written, the next build makes a few more calls."""
        record = {"version": _VERSION, "server": self.address, "model": model, "features": asdict(features)}
        with contextlib.suppress(OSError):
            if features == Features():
                self.path(model).unlink(missing_ok=True)
            else:
                write_text(self.path(model), json.dumps(record, indent=2) + "\n")
