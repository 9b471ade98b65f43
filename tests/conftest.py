"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# A property is true or false, never late: the machine may be busy. The same examples every time.
settings.register_profile("vtx", deadline=None, derandomize=True)
settings.load_profile("vtx")
