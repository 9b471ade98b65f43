"""The commands that rules run, each ``python -m vtx_app.jobs.<name>``.

Ctrl-C may reach a job at any moment. While it is still being imported, before :func:`vtx_app.jobs.run.run` handles the
signal, it must end the process without a traceback.
"""

from __future__ import annotations

import signal
import sys

if sys.argv[:1] == ["-m"] and signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # python -m, importing
    signal.signal(signal.SIGINT, signal.SIG_DFL)
