"""The process that runs a build's jobs as forks of itself: ``python -m vtx_app.jobs.warm_process <build> <socket>``.

It is started by :mod:`vtx_app.jobs.warm` and holds imported libraries, nothing of any film. Each fork runs one job,
with the directory, environment, standard streams and process group of the process that waits for it. So a signal to the
group reaches both. If the waiting process alone is killed, the job is asked to end. This process ends with the build,
however that ends, once its last job has.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import marshal
import os
import runpy
import selectors
import signal
import socket
import struct
import sys
import time
from importlib import import_module
from typing import Any, NoReturn

from vtx_app.files import report
from vtx_app.formats.app_config import AppConfig
from vtx_app.formats.bibles import Characters, Locations, Loras, StyleBible
from vtx_app.formats.clip_spec import CharacterRef, ClipSpec
from vtx_app.formats.edit import Edit
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.metadata import Metadata
from vtx_app.formats.select import Select
from vtx_app.formats.shot_list import ShotList
from vtx_app.jobs.warm import GO, NUMBER, from_this_user, received
from vtx_app.render.animatic.reading.vocabulary import Words
from vtx_app.render.animatic.rehearsal import rehearse
from vtx_app.render.build_process import BuildProcess

__all__ = ["LIBRARIES", "WarmProcess", "serve"]

LIBRARIES = (
    *(f"vtx_app.jobs.{job}" for job in ("take", "clip", "insert", "mix", "cut", "poster", "subtitles")),
    "vtx_app.cut.conform",
    "vtx_app.cut.insert",
    "vtx_app.cut.join",
    "vtx_app.cut.poster",
    "vtx_app.cut.slate",
    "vtx_app.render.animatic.cast_of",
    "vtx_app.render.animatic.earlier_shots",
    "vtx_app.render.animatic.renderer",
    "vtx_app.sound.mix",
    "vtx_app.subtitles.cues",
    "vtx_app.subtitles.film",
    "vtx_app.subtitles.takes",
    *("av.subtitles.stream", "encodings.utf_8_sig", "numpy.fft", "numpy.random"),  # which load at their first use
)
"""What the jobs of storyboards and cuts import, at their start or after planning."""

_FORMATS = (
    *(AppConfig, Characters, CharacterRef, ClipSpec, Edit, FilmLock),
    *(Locations, Loras, Metadata, Select, ShotList, StyleBible),
)
"""The files of a film that every job reads: their validators are built here, not in each."""

_PATIENCE = 10.0
"""Seconds within which a request must have arrived: it is sent all at once."""
_PAUSE = 0.05
"""Seconds between two tries to accept a connection while the system has no room for one."""
_HELD = {signal.SIGINT, signal.SIGTERM}
"""Signals that wait until a fork has its own answer to them."""


class WarmProcess:
    """Forks a job for each connection to ``listening``, until the build is gone and the last job has ended."""

    def __init__(self, listening: socket.socket, build: BuildProcess) -> None:
        self._listening, self._build = listening, build
        self._jobs: dict[int, socket.socket] = {}
        self._held: dict[int, int] = {}
        self._selector = selectors.DefaultSelector()
        self._wake, woken = os.pipe()
        for end in (self._wake, woken):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _awake)
        for number in _HELD:  # they are meant for jobs; this process ends with the build
            signal.signal(number, signal.SIG_IGN)
        self._selector.register(self._wake, selectors.EVENT_READ)
        self._selector.register(listening, selectors.EVENT_READ)

    def serve(self) -> None:
        """Fork jobs. Returns in this process only: a job ends in its own."""
        with self._build.watched() as ended:
            if ended is not None:
                self._selector.register(ended, selectors.EVENT_READ)
            while self._jobs or self._build.alive():
                waited = self._selector.select(None if ended is not None else 0.5)
                if ended is not None and not self._build.alive():
                    with contextlib.suppress(KeyError):
                        self._selector.unregister(ended)
                for key, _ in waited:
                    if key.fileobj is self._listening:
                        self._accept()
                    elif key.fileobj == self._wake:
                        self._reap()
                    elif isinstance(key.data, int):
                        self._heard(key.data)

    def _accept(self) -> None:
        try:
            connection, _ = self._listening.accept()
        except OSError:  # too many open files
            time.sleep(_PAUSE)
            return
        asking = from_this_user(connection)
        question = None if asking is None else _question(connection)
        if asking is None or question is None:
            connection.close()
            return
        (module, arguments, environment, folder, ignored), streams = question
        try:
            group = os.getpgid(asking)
        except ProcessLookupError:
            group = 0
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
        job: int | None = None
        with contextlib.suppress(OSError):  # no memory, too many processes: the process that asks runs the job itself
            go, told = os.pipe()
            try:
                job = os.fork()
            except OSError:
                os.close(go)
                os.close(told)
                raise
        if job == 0:
            try:
                for end in (told, *self._held.values()):
                    os.close(end)
                if not os.read(go, 1):  # who asked is gone, or this process's parent
                    os._exit(1)
                os.close(go)
                connection.close()
                self._be_a_job(group, streams, environment, folder, ignored)
                signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            except BaseException:
                sys.excepthook(*sys.exc_info())
                os._exit(1)
            _run(module, arguments)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for stream in streams:
            os.close(stream)
        if job is None:
            connection.close()
            return
        with contextlib.suppress(OSError):  # both do it, so that it is done when the answer arrives
            os.setpgid(job, group)
        os.close(go)
        self._jobs[job], self._held[job] = connection, told
        self._selector.register(connection, selectors.EVENT_READ, job)
        self._tell(job, job)

    def _be_a_job(
        self, group: int, streams: list[int], environment: dict[str, str], folder: str, ignored: bool
    ) -> None:
        with contextlib.suppress(OSError):  # who asked may be gone, and its group with it
            os.setpgid(0, group)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN if ignored else signal.SIG_DFL)
        self._selector.close()
        self._listening.close()
        for connection in self._jobs.values():
            connection.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake, 4096)
        for job in list(self._jobs):
            found, status = os.waitpid(job, os.WNOHANG)
            if found:
                self._tell(job, os.waitstatus_to_exitcode(status))
                connection = self._jobs.pop(job)
                if job in self._held:
                    os.close(self._held.pop(job))
                with contextlib.suppress(KeyError):
                    self._selector.unregister(connection)
                connection.close()

    def _heard(self, job: int) -> None:
        """The process that asked for ``job`` has it begin, or is gone: then the job ends."""
        if job not in self._jobs:
            return
        try:
            begin = self._jobs[job].recv(len(GO)) == GO
        except OSError:
            begin = False
        if job in self._held:
            told = self._held.pop(job)
            with contextlib.suppress(BrokenPipeError):  # it was killed
                if begin:
                    os.write(told, GO)
            os.close(told)
        if not begin:
            self._selector.unregister(self._jobs[job])
            os.kill(job, signal.SIGTERM)  # not reaped yet, so the number is its own
            os.kill(job, signal.SIGCONT)

    def _tell(self, job: int, number: int) -> None:
        with contextlib.suppress(OSError):
            self._jobs[job].sendall(NUMBER.pack(number))


def _question(connection: socket.socket) -> tuple[Any, list[int]] | None:
    """The request, with the standard streams of its sender; None if the sender went away."""
    connection.settimeout(_PATIENCE)
    streams: list[int] = []
    try:
        head, streams, _, _ = socket.recv_fds(connection, NUMBER.size, 3)
        (size,) = NUMBER.unpack(head)
        asked = marshal.loads(received(connection, size))  # noqa: S302  # of the same user
        module, arguments, environment, folder, ignored = asked
    except (OSError, EOFError, TypeError, ValueError, struct.error):
        for stream in streams:
            os.close(stream)
        return None
    return (module, arguments, environment, folder, ignored), streams


def _run(module: str, arguments: list[str]) -> NoReturn:
    """Run ``module`` as ``python -m`` does, and end the process."""
    code = 1
    try:
        sys.argv = [module, *arguments]
        sys.modules.pop(module, None)
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ended:
        if ended.code is not None and not isinstance(ended.code, int):
            report(str(ended.code))
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        with contextlib.suppress(BaseException):
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code & 0xFF)


def _awake(*_: object) -> None:
    """A child has ended; the signal's number is in the pipe that is watched."""


def prepare() -> None:
    """Import :data:`LIBRARIES`, build validators, compile the words of the storyboard's reader, rehearse a shot."""
    for name in LIBRARIES:
        import_module(name)
    with contextlib.suppress(ImportError):  # a film's own Python may lack sqlite3
        import_module("vtx_app.registry.database")
    for model in _FORMATS:
        model.model_rebuild()
    Words.compile_all()
    rehearse()
    gc.collect()
    gc.freeze()  # a fork's search for garbage would copy all that is shared


def serve(build: BuildProcess, listening: socket.socket) -> None:
    """Fork jobs when all is prepared."""
    prepare()
    WarmProcess(listening, build).serve()


if __name__ == "__main__":
    named = BuildProcess.parse(sys.argv[1])
    if named is not None:
        serve(named, socket.socket(fileno=int(sys.argv[2])))
