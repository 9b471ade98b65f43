"""A queue for the plugin cluster-generic: each job is a process in a session of its own.

``process_queue.py submit <jobscript>`` prints the job's id, ``status <id>`` prints running, success or failed, and
``cancel <ids>`` kills. All jobs run at once, and there is one GPU.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

RUN = 'sh "$2"; echo $? >"$1/$$.part"; mv "$1/$$.part" "$1/$$.code"'


def main() -> None:
    """Do what the first argument says."""
    home = Path(os.environ["PROCESS_QUEUE"])
    home.mkdir(exist_ok=True)
    what, *words = sys.argv[1:]
    if what == "submit":
        script = words[-1]
        copy = home / f"{Path(script).parent.name}-{Path(script).name}"
        copy.write_bytes(Path(script).read_bytes())
        process = subprocess.Popen(
            ["sh", "-c", RUN, "sh", str(home), str(copy)],
            stdin=subprocess.DEVNULL,
            stdout=(home / "log").open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        print(process.pid)
    elif what == "status":
        code, runs = home / f"{words[0]}.code", Path(f"/proc/{words[0]}").exists()
        if code.exists():
            print("success" if code.read_text().strip() == "0" else "failed")
        else:
            print("running" if runs else "failed")
    else:
        for job in words:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(int(job), signal.SIGKILL)


if __name__ == "__main__":
    main()
