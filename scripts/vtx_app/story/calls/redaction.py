"""Keep keys and passwords out of messages and files, and leave every other word as it is."""

from __future__ import annotations

import re

__all__ = ["Secrets"]

_LOOKS_SECRET = (
    (re.compile(r"\b(sk|sess|rk)-[\w*.-]+"), "[key]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[^\s'\",;]+"), r"\1 [key]"),
    (re.compile(r"(?i)(authorization\W{1,4})(?!bearer\b|basic\b)[^\s'\",;]+"), r"\1[key]"),
    (re.compile(r"(?<=://)[^/\s@]+@"), ""),
)
_SHORTEST = 16
"""Characters: a shorter key may also be a word of the story, such as ``test``, a common key for local servers."""


class Secrets:
    """Texts that must not be shown or written: the key, and the password in the server's address."""

    def __init__(self, *secrets: str | None) -> None:
        self._secrets = sorted({text for text in secrets if text}, key=len, reverse=True)

    def remove(self, text: str) -> str:
        """``text``, which may be the story's, without the secrets that can't be words of it."""
        for secret in self._secrets:
            if len(secret) >= _SHORTEST and not secret.isalpha():
                text = text.replace(secret, "[key]")
        return text

    def scrub(self, text: str) -> str:
        """``text`` for a message, without the secrets and anything that looks like one.

        A secret that may be a word is hidden only where it stands alone.
        """
        text = self.remove(text)
        for secret in self._secrets:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "[key]", text)
        for pattern, replacement in _LOOKS_SECRET:
            text = pattern.sub(replacement, text)
        return text
