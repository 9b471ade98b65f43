"""A model call as pure data. What decides the answer is in its key; what it is for is not."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Request"]


@dataclass(frozen=True, slots=True)
class Request:
    """One model call, as pure data; its key is the SHA-256 of its canonical JSON.

    ``stage`` (outline, treatment, characters, locations, screenplay, shotlist, clips) and ``subject``
    (``A01_S03``) say what it is for, to people and in file names, and are not in the key; nor is
    ``schema_name``, 1 to 64 of ``a-z A-Z 0-9 _ -``. ``schema`` is one that
    :func:`vtx_app.story.calls.strict_schema.strict_schema` made.
    """

    stage: str
    subject: str
    model: str
    instructions: str
    input: str
    schema_name: str
    schema: Mapping[str, Any]

    @property
    def key(self) -> str:
        """64 hexadecimal digits, the same for what reads the same: keys sorted, Unicode composed (NFC)."""
        asked = {
            "model": self.model,
            "instructions": self.instructions,
            "input": self.input,
            "schema": dict(self.schema),
        }
        text = json.dumps(asked, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def title(self) -> str:
        """How messages call it: ``shotlist A01_S03``."""
        return f"{self.stage} {self.subject}".rstrip()
