"""On PYTHONPATH of what ``kit.warm`` runs, Python imports this at its start: it hands ``python -m`` over to the server.

The process stays, with its id, command line and process group: it waits for the one that runs in its place, forwards
signals to it and ends as it does. If it is killed, that one is killed too.
"""

import os
import sys

_COMMANDS = ("vtx_app.cli", "vtx_app.jobs.", "snakemake")
_THEMSELVES = "vtx_app.jobs.warm"
"""What keeps jobs warm in the build itself, and is given an open file."""


def _hand_over(server: str) -> None:
    import json
    import signal
    import socket

    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.connect("\0" + server)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    request = {"argv": sys.orig_argv[2:], "cwd": os.getcwd(), "env": dict(os.environ)}  # noqa: PTH109 (quicker)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: connection.send(str(int(number)).encode()))
    socket.send_fds(connection, [json.dumps(request).encode()], [0, 1, 2])
    code = int(connection.recv(16))
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


_server, _, _prefix = os.environ.get("WARM_SERVER", "").partition(":")
if sys.prefix == _prefix and sys.orig_argv[1:2] == ["-m"]:
    _module = sys.orig_argv[2]
    if _module.startswith(_COMMANDS) and not _module.startswith(_THEMSELVES):
        _hand_over(_server)
