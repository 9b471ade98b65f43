"""What rules run, each ``python -m vtx_app.jobs.<name>``.

Control-C reaches a job from the terminal at any moment. Until :func:`vtx_app.jobs.run.run` has it in hand, while the
job is still being imported, it ends the process without a traceback.
"""

from __future__ import annotations

import signal
import sys

if sys.argv[:1] == ["-m"] and signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a job, being found
    signal.signal(signal.SIGINT, signal.SIG_DFL)
