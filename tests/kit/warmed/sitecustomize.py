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
_WORKER = "vtx_app.render.ltx.worker.server"
"""Has two open files, whose numbers are the third and fourth word after it."""
_SHIM = f"{os.path.dirname(os.path.dirname(__file__))}/ltx/shim"  # noqa: PTH120
"""On PYTHONPATH of films for the real LTX-2. Where COLD_RENDERS is set, Python starts what renders them."""


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
    handles = _handles(*sys.orig_argv[2:])
    asked = {"argv": sys.orig_argv[1:], "cwd": os.getcwd(), "env": dict(os.environ), "handles": handles}  # noqa: PTH109
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
    files = [0, 1, 2, *handles]
    connection.sendmsg([marshal.dumps(asked)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", files))])
    signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
    for file in handles:
        os.close(file)  # else the name of a socket, or a lock, would be taken until this process ends
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


def _handles(module: str = "", *words: str) -> list[int]:
    """The numbers of the open files that a command line names."""
    return [int(word) for word in (words[-1:] if module == _WARM else words[2:4] if module == _WORKER else ())]


def _start_as_without_this() -> None:
    """Run the ``sitecustomize`` that Python would have run if this one were not before it."""
    sys.path.remove(os.path.dirname(__file__))  # noqa: PTH120
    this = sys.modules.pop("sitecustomize")
    try:
        import sitecustomize  # noqa: F401
    except ModuleNotFoundError:
        sys.modules["sitecustomize"] = this


def _is_ours(program: str, *words: str) -> bool:
    if program == "-m":
        return words[0].startswith(_MODULES) and words[0] != _ASKING
    return program in [f"{sys.prefix}/bin/{name}" for name in _SCRIPTS]


def _renders(program: str, module: str = "", *_: str) -> bool:
    """Whether this renders with LTX-2. It has been given a session of its own."""
    with_shim = _SHIM in os.environ["PYTHONPATH"].split(os.pathsep)
    return program == "-m" and with_shim and (module == _WORKER or module.startswith("ltx_pipelines."))


_server, _prefix, _session = [*os.environ.get("WARM_SERVER", "").split(":"), "", ""][:3]
if sys.prefix == _prefix and sys.orig_argv[1:]:
    if _is_ours(*sys.orig_argv[1:]):
        _hand_over(_server, together=bool(_session))
    elif _renders(*sys.orig_argv[1:]):
        if "COLD_RENDERS" not in os.environ:
            _hand_over(_server, together=False)
        _start_as_without_this()
