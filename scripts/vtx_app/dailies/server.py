"""The dailies on this machine alone, with decisions: the page, its pictures and films, and a small API for the page.

Whoever has the address may decide, so it holds a random token. Requests of other pages in the same browser are refused
by their ``Host`` (DNS rebinding) and ``Origin``; nothing is changed by GET.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import re
import secrets
import sys
import threading
from collections.abc import Callable, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from vtx_app.dailies.actions import ACTIONS
from vtx_app.dailies.live_film import LiveFilm
from vtx_app.errors import ProjectError, VtxError
from vtx_app.files import explain_write_error
from vtx_app.project.paths import is_inside

__all__ = ["ReviewServer", "serve"]

_ADDRESS = "127.0.0.1"
_POLL_MILLISECONDS = 2000
_MOST_BYTES = 1_000_000
"""The largest body of a request."""
_BLOCK = 1 << 18

_TIER = r"(?:animatic/|draft/)?"
_FILES = re.compile(
    rf"renders/(?:dailies/thumbs/[0-9a-f]{{64}}\.jpg|takes/A\d+_S\d+_SH\d+[A-Z]?/[0-9a-f]{{64}}\.mp4"
    rf"|{_TIER}clips/[A-Za-z0-9_-]+\.mp4|{_TIER}final/[a-z0-9_-]+\.mp4)"
)
"""The files of a film that the page shows."""
_KINDS = {".mp4": "video/mp4", ".jpg": "image/jpeg"}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class ReviewServer(ThreadingHTTPServer):
    """Serves the film ``slug`` in ``tier``. ``render(takes)`` starts a build of takes by their paths; ``building()``
    tells whether one runs. Port 0 is any free one. Raises :class:`ProjectError` if the port is taken."""

    daemon_threads = True

    def __init__(
        self, film: LiveFilm, render: Callable[[Sequence[Path]], None], building: Callable[[], bool], port: int = 0
    ) -> None:
        self.film, self.render, self.building = film, render, building
        self.token = secrets.token_urlsafe(24)
        self.writing = threading.Lock()
        try:
            super().__init__((_ADDRESS, port), _Handler)
        except OSError as error:
            raise ProjectError(
                f"port {port} of this machine can't be used: {error.strerror}; --port 0 takes any"
            ) from error

    @property
    def hosts(self) -> tuple[str, str]:
        """What browsers may call this server."""
        return f"{_ADDRESS}:{self.server_port}", f"localhost:{self.server_port}"

    @property
    def address(self) -> str:
        """The page's address, token included."""
        return f"http://{self.hosts[0]}/{self.token}/{self.film.page}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of a film is no error; others are printed."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: ReviewServer
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "vtx", ""
    timeout = 30  # seconds without a word, after which a connection is closed

    def do_GET(self) -> None:
        if (inner := self._checked()) is None:
            return
        film = self.server.film
        try:
            if inner == film.page:
                self._send(HTTPStatus.OK, "text/html; charset=utf-8", film.html(self._live()).encode())
            elif inner == "api/data":
                self._send(HTTPStatus.OK, "application/json", film.text().encode())
            elif inner == "api/state":
                state = {"digest": film.digest(), "building": self.server.building()}
                self._json(HTTPStatus.OK, state)
            elif _FILES.fullmatch(inner):
                self._file(film.folder / inner)
            else:
                self._refuse(HTTPStatus.NOT_FOUND, "there is no such page")
        except VtxError as error:  # a faulty file of the film: the page says so, and shows what it had
            self._refuse(HTTPStatus.CONFLICT, str(error))

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def do_POST(self) -> None:
        if (inner := self._checked()) is None:
            return
        if self.headers.get("Origin") not in {f"http://{host}" for host in self.server.hosts}:
            self._refuse(HTTPStatus.FORBIDDEN, "another page sent this", close=True)
            return
        action = ACTIONS.get(inner.removeprefix("api/")) if inner.startswith("api/") else None
        if action is None:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such action", close=True)
            return
        if (body := self._body()) is None:
            return
        film = self.server.film
        try:
            with self.server.writing:
                done = action(film.slug, film.tier, body)
            if done.render:
                self.server.render(done.render)
        except (VtxError, OSError) as error:
            message = str(error) if isinstance(error, VtxError) else explain_write_error(error) or str(error)
            self._refuse(HTTPStatus.CONFLICT, message)
            return
        self._json(HTTPStatus.OK, {"message": done.message})

    def _checked(self) -> str | None:
        """What is asked for, behind the token; None if the request was refused."""
        origin = self.headers.get("Origin")
        known = self.server.hosts
        if self.headers.get("Host") not in known or (origin and origin not in {f"http://{host}" for host in known}):
            self._refuse(HTTPStatus.FORBIDDEN, "this server answers its own page alone", close=True)
            return None
        _, _, path = urlsplit(self.path).path.partition("/")
        token, _, inner = path.partition("/")
        if not hmac.compare_digest(token.encode(), self.server.token.encode()):
            self._refuse(HTTPStatus.FORBIDDEN, "the address is not the one that vtx review printed", close=True)
            return None
        return unquote(inner)

    def _body(self) -> dict[str, Any] | None:
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip()
        length = self.headers.get("Content-Length", "")
        if kind != "application/json" or not re.fullmatch(r"\d{1,9}", length) or int(length) > _MOST_BYTES:
            self._refuse(HTTPStatus.BAD_REQUEST, "expected JSON of at most a megabyte", close=True)
            return None
        try:
            data = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            self._refuse(HTTPStatus.BAD_REQUEST, "expected a JSON object")
            return None
        return data

    def _live(self) -> dict[str, Any]:
        """What the program in the page needs to reach this server."""
        api = f"/{self.server.token}/api"
        return {"api": api, "every": _POLL_MILLISECONDS, "digest": self.server.film.digest()}

    def _file(self, path: Path) -> None:
        """Send a file, or the range of it that was asked for."""
        if not is_inside(path, self.server.film.folder):
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such page")
            return
        try:
            file = path.open("rb")
        except OSError:
            self._refuse(HTTPStatus.NOT_FOUND, "the file is not there any more")
            return
        with file:
            size = file.seek(0, 2)
            asked = _RANGE.fullmatch(self.headers.get("Range", ""))
            first, last = 0, size - 1
            if asked and asked[1]:
                first, last = int(asked[1]), min(int(asked[2] or last), last)
            elif asked and asked[2]:
                first = max(0, size - int(asked[2]))
            if asked and first > last:
                self._head(
                    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "text/plain", 0, {"Content-Range": f"bytes */{size}"}
                )
                return
            status = HTTPStatus.PARTIAL_CONTENT if asked else HTTPStatus.OK
            more = {"Content-Range": f"bytes {first}-{last}/{size}"} if asked else {}
            self._head(status, _KINDS[path.suffix], last - first + 1, more | {"Accept-Ranges": "bytes"})
            if self.command != "HEAD":
                file.seek(first)
                self._copy(file, last - first + 1)

    def _copy(self, file: BinaryIO, left: int) -> None:
        while left and (block := file.read(min(_BLOCK, left))):
            self.wfile.write(block)
            left -= len(block)

    def _json(self, status: HTTPStatus, data: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(data).encode())

    def _refuse(self, status: HTTPStatus, why: str, *, close: bool = False) -> None:
        if close:
            length = self.headers.get("Content-Length", "")
            if re.fullmatch(r"\d{1,9}", length) and int(length) <= _MOST_BYTES:
                self.rfile.read(int(length))  # else the answer is lost with what was not read
            self.close_connection = True
        self._json(status, {"error": why})

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self._head(status, kind, len(body), {})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: HTTPStatus, kind: str, length: int, more: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(length),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Content-Security-Policy": "frame-ancestors 'none'",
            **more,
        }.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the address holds the token."""


def serve(server: ReviewServer) -> None:
    """Serve until Control-C."""
    with contextlib.suppress(KeyboardInterrupt), server:
        server.serve_forever(poll_interval=0.2)
