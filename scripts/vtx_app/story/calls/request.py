"""A model call as pure data."""

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
    """One model call. Its key is the SHA-256 of everything that decides the answer, as canonical JSON.

    ``stage`` and ``subject`` (``A01_S03``) tell people what it is for; they are not in the key, nor is ``schema_name``,
    1 to 64 of ``a-z A-Z 0-9 _ -``. ``schema`` is made by :func:`vtx_app.story.calls.strict_schema.strict_schema`.
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
        """64 hexadecimal digits, equal for requests that read the same: keys are sorted, Unicode is composed (NFC)."""
        content = {
            "model": self.model,
            "instructions": self.instructions,
            "input": self.input,
            "schema": dict(self.schema),
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def title(self) -> str:
        """The name of the call in messages: ``shotlist A01_S03``."""
        return f"{self.stage} {self.subject}".rstrip()
