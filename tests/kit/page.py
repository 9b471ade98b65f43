"""A real Chromium that shows a page: loads it, runs scripts in it, presses keys.

It is driven by the browser's own protocol (https://chromedevtools.github.io/devtools-protocol/) over two pipes
(``--remote-debugging-pipe``: messages of JSON, each ended by a zero byte), so no package is needed for it.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kit.browser import OPTIONS, chromium

LONGEST = 600.0
"""Seconds in which the browser must answer, or a page come to be as it is waited for."""

KEYS = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Enter": 13, "Escape": 27, "Tab": 9}

HERE = ("--hide-scrollbars", "--remote-debugging-pipe")
"""Options besides those of :mod:`kit.browser`."""


class Page:
    """One page of the browser. ``faults``: what it reported (errors of scripts, of the content policy, of loading)."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back = to, back
        self._numbers = itertools.count(1)
        self._rest = b""
        self._session: str | None = None
        self.faults: list[str] = []
        self.requests: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        answer = self._ask(method, parameters)
        assert "error" not in answer, f"{method}: {answer['error']}"
        return dict(answer["result"])

    def _ask(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == number:
                return answer
            self._note(answer)

    def _read(self) -> dict[str, Any]:
        until = time.monotonic() + LONGEST
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._back], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"Chromium did not answer within {LONGEST:.0f} s"
            part = os.read(self._back, 1 << 20)
            assert part, "Chromium ended"
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(message))

    def _note(self, event: dict[str, Any]) -> None:
        method, told = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = told["exceptionDetails"]
            self.faults.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.faults.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")
        elif method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])

    def size(self, width: int, height: int, *, phone: bool = False) -> None:
        """Give the page this many pixels, those of a phone with a touch screen if so."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone)

    def load(self, address: str) -> None:
        """Load a page and wait until it is complete."""
        self.call("Page.navigate", url=address)
        self.wait(f"document.readyState === 'complete' && location.href !== 'about:blank' /* {address[:40]} */")

    def run(self, script: str) -> Any:
        """The value of an expression in the page, awaited if it is a promise."""
        result = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=True
        )
        assert "exceptionDetails" not in result, (script[:200], result["exceptionDetails"])
        return result["result"].get("value")

    def wait(self, condition: str) -> None:
        """Wait until an expression is true in the page, also in one that is only just loaded."""
        until = time.monotonic() + LONGEST
        look = f"const look = () => ({condition}) ? done(true) : setTimeout(look, 20); look()"
        script = f"new Promise((done) => {{ {look}; setTimeout(() => done(false), 5000); }})"
        while True:
            answer = self._ask("Runtime.evaluate", {"expression": script, "returnByValue": True, "awaitPromise": True})
            if answer.get("result", {}).get("result", {}).get("value"):  # else false, or the page went away under it
                return
            assert time.monotonic() < until, f"it never came: {condition}; {self.faults}"

    def press(self, key: str) -> None:
        """Press and release a key: a character, or one of :data:`KEYS`."""
        code = KEYS.get(key) or ord(key.upper())
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if text and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **more)

    def click(self, selector: str) -> None:
        """Click in the middle of the first element of a selector, as a mouse does."""
        x, y = self._place(selector)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def hover(self, selector: str) -> None:
        """Move the mouse over the first element of a selector."""
        x, y = self._place(selector)
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def _place(self, selector: str) -> tuple[float, float]:
        box = (
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'center', behavior: 'instant'}); const b = e.getBoundingClientRect();"
            "return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        x, y = self.run(box)
        return x, y


@contextmanager
def browser_page(width: int = 1440, height: int = 900, *, phone: bool = False) -> Iterator[Page]:
    """A fresh browser with one empty page; skips the test if there is none here."""
    program = chromium()
    commands, answers = os.pipe(), os.pipe()
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile, Path(os.devnull).open("r+b") as nothing:
        # It reads commands from descriptor 3 and writes to 4. Neither end may be one of them already, and between fork
        # and exec runs no Python code: there may be threads.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (commands[0], answers[1])]
        given = [*[nothing.fileno()] * 3, *ends]
        process = os.posix_spawn(
            program,
            [program, *OPTIONS, *HERE, f"--user-data-dir={profile}", "about:blank"],
            os.environ | {"HOME": profile},
            file_actions=[(os.POSIX_SPAWN_DUP2, end, number) for number, end in enumerate(given)],
            setsid=True,
        )
        for end in (commands[0], answers[1], *ends):
            os.close(end)
        try:
            page = Page(commands[1], answers[0])
            page.size(width, height, phone=phone)
            yield page
        finally:
            os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)
            os.close(commands[1])
            os.close(answers[0])
