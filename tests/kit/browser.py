"""A real Chromium that plays a film: what it says about picture and sound, told to a server on this machine.

The page plays the film from its beginning, seeks to given times and looks at the picture there, and decodes all of its
sound. Debian's Chromium has the codecs of films; others may lack them.
"""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # root has none
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--mute-audio",
    "--autoplay-policy=no-user-gesture-required",
)
"""Of a browser without a window."""

LONGEST = 600
"""Seconds in which a browser must have played a short film."""

PAGE = """<!doctype html><meta charset="utf-8"><title>film</title><video id="film" preload="auto"></video><script>
const times = TIMES, film = document.getElementById("film");
const tell = (report) => fetch("/report", {method: "POST", body: JSON.stringify(report)});
const once = (name) => new Promise((done, fail) => {
  film.addEventListener(name, done, {once: true});
  film.addEventListener("error", () => fail(new Error(film.error.message || "error " + film.error.code)), {once: true});
});
function seen() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 8;
  const pen = canvas.getContext("2d", {willReadFrequently: true});
  pen.drawImage(film, 0, 0, 8, 8);
  const pixels = pen.getImageData(0, 0, 8, 8).data, sum = [0, 0, 0];
  for (let i = 0; i < pixels.length; i += 4) for (let c = 0; c < 3; c++) sum[c] += pixels[i + c] / 64;
  return sum;
}
async function look(time) {
  const there = once("seeked");
  film.currentTime = time;
  await there;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return seen();
}
async function sound() {
  const data = await (await fetch("/film")).arrayBuffer();
  const heard = await new OfflineAudioContext(2, 48000, 48000).decodeAudioData(data);
  let peak = 0, energy = 0;
  for (let c = 0; c < heard.numberOfChannels; c++)
    for (const value of heard.getChannelData(c)) { peak = Math.max(peak, Math.abs(value)); energy += value * value; }
  return {samples: heard.length, channels: heard.numberOfChannels, peak,
          rms: Math.sqrt(energy / heard.length / heard.numberOfChannels)};
}
(async () => {
  const ready = once("canplaythrough"), end = once("ended");
  film.src = "/film";
  await ready;
  await film.play();
  await end;
  const report = {width: film.videoWidth, height: film.videoHeight, seconds: film.duration, played: film.currentTime,
                  frames: film.getVideoPlaybackQuality().totalVideoFrames,
                  sound_bytes: film.webkitAudioDecodedByteCount};
  report.colours = [];
  for (const time of times) report.colours.push(await look(time));
  report.sound = await sound();
  await tell(report);
})().catch((error) => tell({fault: String(error)}));
</script>"""


@dataclass(frozen=True)
class Played:
    """What a browser found: pixels, seconds, how far it played, frames that it showed or dropped on the way, bytes of
    sound that it decoded meanwhile; the mean (red, green, blue) at each asked time; of all sound the samples at 48 kHz,
    channels, peak and root mean square."""

    width: int
    height: int
    seconds: float
    played: float
    frames: int
    sound_bytes: int
    colours: list[list[float]]
    samples: int
    channels: int
    peak: float
    rms: float


def chromium() -> str:
    """The browser's program; skips the test if there is none."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    return found


def play(film: Path, times: Sequence[float] = ()) -> Played:
    """Play ``film`` to its end, then look at it at ``times`` (seconds). Fails if the browser can't play it."""
    program = chromium()
    reports: queue.Queue[dict[str, object]] = queue.Queue()
    with _served(film, times, reports) as address, TemporaryDirectory() as profile, _browser(program, profile, address):
        try:
            report = reports.get(timeout=LONGEST)
        except queue.Empty:
            pytest.fail(f"Chromium did not play {film.name} within {LONGEST} s")
    if "fault" in report:
        pytest.fail(f"Chromium can't play {film.name}: {report['fault']}")
    report |= report.pop("sound")  # type: ignore[operator]
    return Played(**report)  # type: ignore[arg-type]


@contextmanager
def _browser(program: str, profile: str, address: str) -> Iterator[None]:
    process = subprocess.Popen(
        [program, *OPTIONS, f"--user-data-dir={profile}", address],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ | {"HOME": profile},
    )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def _served(film: Path, times: Sequence[float], reports: queue.Queue[dict[str, object]]) -> Iterator[str]:
    """Serve the page and the film, in ranges as browsers ask for them; yields the page's address."""
    page = PAGE.replace("TIMES", json.dumps([*times])).encode()
    content = film.read_bytes()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/film":
                self._send(200 if self.path == "/" else 404, "text/html", page if self.path == "/" else b"")
                return
            asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            if asked is None:
                self._send(200, "video/mp4", content)
                return
            first, last = int(asked[1]), min(int(asked[2] or len(content) - 1), len(content) - 1)
            part = content[first : last + 1]
            self._send(206, "video/mp4", part, {"Content-Range": f"bytes {first}-{last}/{len(content)}"})

        def do_POST(self) -> None:
            reports.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._send(204, "text/plain", b"")

        def _send(self, status: int, kind: str, body: bytes, more: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {
                "Content-Type": kind,
                "Content-Length": str(len(body)),
                "Accept-Ranges": "bytes",
                **(more or {}),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:  # the browser has seen enough of it
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
