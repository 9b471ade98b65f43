"""On PYTHONPATH of what ``kit.warm`` runs, Python imports this at its start: it hands its work over to the server.

The process stays, with its id, command line and process group: it waits for the one that runs in its place, forwards
signals to it and ends as it does. If it is killed, that one is killed too.

It is the start of every job, so it imports only what Python is made of.
"""

import os
import sys

_MODULES = ("vtx_app.cli", "vtx_app.jobs.", "snakemake")
_SCRIPTS = ("vtx", "snakemake")
_ASKING = "vtx_app.jobs.warm"
"""A job of a build's own warm process: starts at once by itself."""
_WARM = "vtx_app.jobs.warm_process"
"""Has an open file, whose number its command line ends with."""


def _hand_over(server: str, *, together: bool) -> None:
    """``together``: the process that runs is in this one's group, so it has Ctrl-C of its own."""
    import _signal as signal
    import _socket as socket
    import marshal
    from array import array

    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        connection.connect("\0" + server)
    except OSError:  # what started this is gone, and its server with it: this process does it by itself
        return
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    asked = {"argv": sys.orig_argv[1:], "cwd": os.getcwd(), "env": dict(os.environ)}  # noqa: PTH109
    numbers = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)

    def pass_on(number: int, _: object) -> None:
        try:  # noqa: SIM105
            connection.send(str(int(number)).encode())
        except OSError:  # it has ended, and how is being read
            pass

    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)  # none is passed on before what it is for
    for number in numbers:
        signal.signal(number, pass_on)
    if together:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    files = [0, 1, 2, *([int(sys.orig_argv[-1])] if sys.orig_argv[2:3] == [_WARM] else [])]
    connection.sendmsg([marshal.dumps(asked)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", files))])
    signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
    for file in files[3:]:
        os.close(file)  # else its name would be taken until this process ends
    try:
        told = connection.recv(16)
    except OSError:
        told = b""
    if not told:  # gone before it had begun
        for number in numbers:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        return
    code = int(told)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def _is_ours(program: str, *words: str) -> bool:
    if program == "-m":
        return words[0].startswith(_MODULES) and words[0] != _ASKING
    return program in [f"{sys.prefix}/bin/{name}" for name in _SCRIPTS]


_server, _prefix, _session = [*os.environ.get("WARM_SERVER", "").split(":"), "", ""][:3]
if sys.prefix == _prefix and sys.orig_argv[1:] and _is_ours(*sys.orig_argv[1:]):
    _hand_over(_server, together=bool(_session))
