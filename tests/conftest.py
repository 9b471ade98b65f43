"""What holds for all tests."""

from __future__ import annotations

import signal
from collections import Counter

import pytest
from hypothesis import settings

# A property is true or false, never late: the machine may be busy. The same examples every time.
settings.register_profile("vtx", deadline=None, derandomize=True)
settings.load_profile("vtx")

# What a script starts in the background ignores Ctrl-C, and so would every process that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was skipped and why, a line for each reason."""
    skipped = terminalreporter.stats.get("skipped", ())
    reasons = Counter(str(report.longrepr[2]) for report in skipped if isinstance(report.longrepr, tuple))
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count} {reason[:1].lower()}{reason[1:]}")
