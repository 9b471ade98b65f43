"""What slugs and clip ids look like. Imports nothing: every command needs this, few need the formats."""

from __future__ import annotations

__all__ = ["CLIP_ID_PATTERN", "SLUG_PATTERN"]

CLIP_ID_PATTERN = r"^A\d{2,3}_S\d{2,3}_SH\d{3,4}[A-Z]?$"
SLUG_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,63}$"
