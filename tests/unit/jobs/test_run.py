"""How jobs end, as processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path


def test_control_c_while_a_job_is_still_imported_leaves_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "yaml.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n", encoding="utf-8")
    words = [
        sys.executable,
        "-m",
        "vtx_app.jobs.take",
        "--project",
        "harbour",
        "--tier",
        "final",
        "--clip",
        "x",
        "--digest",
        "y",
    ]
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    restored = (
        "import signal, os, sys; signal.signal(signal.SIGINT, signal.default_int_handler); os.execv({0!r}, {1!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", restored.format(sys.executable, words)],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
