"""A Kubernetes API server of one namespace, whose pods are processes on this machine.

It answers what Snakemake's plugin asks: secrets, jobs and their state. ``jobs`` are the manifests as they were sent.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

__all__ = ["PodServer", "pod_server"]

CONFIGURATION = """
apiVersion: v1
kind: Config
current-context: here
contexts: [{{name: here, context: {{cluster: here, user: here}}}}]
clusters: [{{name: here, cluster: {{server: "http://127.0.0.1:{port}"}}}}]
users: [{{name: here, user: {{}}}}]
"""


class PodServer(ThreadingHTTPServer):
    """``jobs`` are the manifests in the order they came; ``cwd`` is where their processes start."""

    daemon_threads = True

    def __init__(self, cwd: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.cwd = cwd
        self.jobs: list[dict[str, Any]] = []
        self.secrets: dict[str, dict[str, str]] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, job: dict[str, Any]) -> None:
        """Run the job's container, with what its secrets hold and nothing else of this environment."""
        container = job["spec"]["template"]["spec"]["containers"][0]
        env = {"PATH": os.environ["PATH"]}
        for variable in container.get("env", []):
            key = variable["valueFrom"]["secretKeyRef"]
            env[variable["name"]] = base64.b64decode(self.secrets[key["name"]][key["key"]]).decode()
        self.jobs.append(job)
        self.processes[job["metadata"]["name"]] = subprocess.Popen(
            [*container["command"], *container["args"]], cwd=self.cwd, env=env, stdin=subprocess.DEVNULL
        )

    def state(self, name: str) -> dict[str, int]:
        """The state of a job as Kubernetes tells it."""
        code = self.processes[name].poll()
        return {"active": 1} if code is None else {"failed" if code else "succeeded": 1}


class _Handler(BaseHTTPRequestHandler):
    server: PodServer

    def do_POST(self) -> None:
        data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith("/secrets"):
            self.server.secrets[data["metadata"]["name"]] = data["data"]
        else:
            self.server.start(data)
        self._answer(data)

    def do_GET(self) -> None:
        parts = self.path.partition("?")[0].split("/")
        if parts[-1] == "status":
            self._answer({"metadata": {"name": parts[-2]}, "status": self.server.state(parts[-2])})
        else:
            self._answer({"items": []})  # pods: the state of the job tells all

    def do_DELETE(self) -> None:
        self._answer({"status": "Success"})

    def _answer(self, data: dict[str, Any]) -> None:
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def pod_server(folder: Path) -> Iterator[tuple[PodServer, Path]]:
    """The server, and the file for ``KUBECONFIG`` that leads to it. Pods start in a folder of their own."""
    empty = folder / "pod"
    empty.mkdir()
    with PodServer(empty) as server:
        configuration = folder / "kubeconfig"
        configuration.write_text(CONFIGURATION.format(port=server.server_port), encoding="utf-8")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server, configuration
        finally:
            server.shutdown()
            for process in server.processes.values():
                process.kill()
                process.wait()
