"""A server of S3 in a process of its own, spoken to over HTTP, and a proxy that stops answering in the middle."""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["KEY", "MISSING", "S3", "SECRET", "running_s3", "stalling"]

KEY, SECRET = "AKIDOFNOBODYATALL123", "s3cr3tThatMustNotBeShown/of+nobody00000"

NEEDED = ("s3fs", "moto", "flask", "flask_cors")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]
"""What is not installed of what a server of S3 and its client need."""


@dataclass
class S3:
    """A server of S3 at ``endpoint`` with a bucket ``studio``."""

    endpoint: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to reach it."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
        }

    def client(self) -> Any:
        """A client of its own, which caches nothing."""
        import s3fs

        return s3fs.S3FileSystem(
            key=KEY,
            secret=SECRET,
            endpoint_url=self.endpoint,
            use_listings_cache=False,
            skip_instance_cache=True,
        )

    def files(self, folder: str) -> dict[str, bytes]:
        """The bytes of every file below ``studio/<folder>``, by name."""
        client = self.client()
        start = f"studio/{folder}/"
        return {path.removeprefix(start): client.cat_file(path) for path in client.find(start)}


@contextlib.contextmanager
def running_s3() -> Iterator[S3]:
    """Start a server with an empty bucket ``studio``; it ends with the block."""
    argv = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    env = os.environ | {"NO_COLOR": "1", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(argv, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if match := re.search(r"http://127\.0\.0\.1:\d+", line):
                    break
            else:
                raise AssertionError("moto's server did not start")
            threading.Thread(target=process.stdout.read, daemon=True).start()  # else the pipe fills up
            server = S3(match[0])
            server.client().mkdir("studio")
            yield server
        finally:
            process.kill()


class _Stalling(ThreadingHTTPServer):
    daemon_threads = False  # it is closed when all that it forwarded has arrived

    def __init__(self, upstream: str, method: str, served: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = upstream.removeprefix("http://")
        self.method, self.left = method, served
        self.lock = threading.Lock()
        self.stalled, self.released = threading.Event(), threading.Event()

    def stalls(self, method: str, path: str) -> bool:
        """Whether a request is one too many; then this returns when nobody waits for its answer any more."""
        if method != self.method or not path.partition("?")[0].endswith(".mp4"):
            return False
        with self.lock:
            self.left -= 1
            stalls = self.left < 0
        if stalls:
            self.stalled.set()
            self.released.wait()
        return stalls


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Stalling

    def forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.stalls(self.command, self.path):
            self.close_connection = True
            return
        with contextlib.closing(http.client.HTTPConnection(self.server.upstream)) as connection:
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            data = answer.read()
        with contextlib.suppress(ConnectionError):
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "connection", "date", "server", "content-length"):
                    self.send_header(name, value)
            length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(data))
            self.send_header("Content-Length", length or "0")
            self.end_headers()
            self.wfile.write(data)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = forward  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def stalling(server: S3, method: str, served: int) -> Iterator[tuple[S3, threading.Event]]:
    """``server`` behind a proxy that answers ``served`` requests with ``method`` for films, and no more.

    Yields how to reach it, and an event that is set when somebody waits for an answer in vain. After the block nothing
    is on its way to ``server`` any more.
    """
    proxy = _Stalling(server.endpoint, method, served)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        yield S3(f"http://127.0.0.1:{proxy.server_port}"), proxy.stalled
    finally:
        proxy.shutdown()
        proxy.released.set()
        proxy.server_close()
