"""The dailies on loopback: decisions are those of ``vtx take``, and nobody else can make them."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from kit.dailies import HOSTILE, faults_for_readers
from kit.desk import CLIP, NOTES, SELECT, decide, note, planned, the_clip
from kit.film import IDS, Film
from kit.page import Page, browser_page
from vtx_app.dailies.live_film import LiveFilm
from vtx_app.dailies.server import ReviewServer
from vtx_app.errors import ProjectError
from vtx_app.formats.check import load_format
from vtx_app.formats.select import Select
from vtx_app.project.notes import read_notes
from vtx_app.review import decisions

THUMBNAILS = f"document.querySelectorAll('.card img').length === {len(IDS) - 1}"
"""All that can be made are on the page."""


@dataclass
class Reviewed:
    """A film that is served. ``rendered``: the takes whose build the page asked for."""

    server: ReviewServer
    rendered: list[Path] = field(default_factory=list)

    @property
    def host(self) -> str:
        return urlsplit(self.server.address).netloc

    def path(self, inner: str) -> str:
        return f"/{self.server.token}/{inner}"

    def ask(
        self, method: str, path: str, body: object = None, **headers: str | None
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an answer; a header given as None is left out."""
        sent = {"Host": self.host, "Origin": f"http://{self.host}", "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}  # type: ignore[misc]
        connection = http.client.HTTPConnection(self.host, timeout=600)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        for name, value in (({"Content-Length": str(len(data))} if data is not None else {}) | sent).items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(data)
        answer = connection.getresponse()
        try:
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def action(self, name: str, **body: Any) -> dict[str, str]:
        """What the server says of an action on the clip, which must succeed."""
        status, _, told = self.ask("POST", self.path(f"api/{name}"), {"clip": CLIP, **body})
        assert status == 200, told
        return dict(json.loads(told))


@contextmanager
def served(slug: str = "harbour") -> Iterator[Reviewed]:
    """Serve a film. Nothing of it goes on after the block: the next test stands in another folder."""
    before = set(threading.enumerate())
    rendered: list[Path] = []

    def render(takes: Sequence[Path]) -> None:
        rendered.extend(takes)

    server = ReviewServer(LiveFilm(slug, "final"), render, lambda: False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield Reviewed(server, rendered)
    finally:
        server.shutdown()
        server.server_close()
        while started := set(threading.enumerate()) - before:  # it, requests, and what makes thumbnails
            started.pop().join()


def test_each_deed_is_what_the_command_does(played: Film) -> None:
    take = the_clip().take.digest
    (other,) = (name for name, _ in the_clip().choice.candidates)
    with served() as desk:
        desk.action("approve", take=take)
        assert (the_clip().choice.state, the_clip().choice.shown) == ("approved", take)
        desk.action("pick", take=other)
        assert (the_clip().choice.state, the_clip().choice.shown) == ("picked", other)
        desk.action("unfreeze")
        assert the_clip().choice.state == "open"
        desk.action("reject", take=other)
        assert load_format(played.folder / SELECT, Select).rejected == [other]
        desk.action("note", take=take, text=HOSTILE)
        (noted,) = read_notes(played.folder / NOTES)
        assert (noted.text, noted.take) == (HOSTILE, take[:12])
        desk.action("reroll", seeds=2)
        assert len(desk.rendered) == 2
        assert set(desk.rendered) == {each.path for each in the_clip().candidates}
        told = desk.action("trim", **{"in": 2, "out": 6})
        assert (the_clip().delivery.start, the_clip().delivery.frames) == (2, 4)
        assert "0 takes to render" in told["message"]
        desk.action("trim", clear=True)
        assert (the_clip().delivery.start, the_clip().delivery.frames) == (0, 8)


def test_what_can_not_be_done_is_told_and_changes_nothing(played: Film) -> None:
    bodies: list[tuple[str, dict[str, Any], str]] = [
        ("approve", {"take": "ffff"}, "there is no such take"),
        ("approve", {"take": 1}, "take: expected a text"),
        ("approve", {"take": the_clip().take.digest, "clip": "A09_S09_SH009"}, "no clip 'A09_S09_SH009'"),
        ("approve", {"take": the_clip().take.digest, "clip": "../../../x"}, "no clip '../../../x'"),
        ("note", {"text": " "}, "the note is empty"),
        ("reroll", {"seeds": 900}, "seeds: expected a whole number from 1 to 8"),
        ("trim", {"in": 7, "out": 3}, CLIP),
    ]
    before = {path: path.read_bytes() for path in played.folder.rglob("*.yaml")}
    with served() as desk:
        for name, body, told in bodies:
            status, _, answer = desk.ask("POST", desk.path(f"api/{name}"), {"clip": CLIP, **body})
            assert (status, told in json.loads(answer)["error"]) == (409, True), answer
    assert {path: path.read_bytes() for path in played.folder.rglob("*.yaml")} == before


def test_nobody_else_may_ask(played: Film) -> None:
    body = {"clip": CLIP, "take": the_clip().take.digest}
    with served() as desk:
        approve, page = desk.path("api/approve"), desk.path("renders/dailies/index.html")
        refused = [
            desk.ask("POST", approve, body, Origin="http://evil.example"),
            desk.ask("POST", approve, body, Origin="null"),
            desk.ask("POST", approve, body, Origin=None),
            desk.ask("POST", approve, body, Host="evil.example"),
            desk.ask("POST", approve, body, Host=None),
            desk.ask("POST", approve, body, Content_Type="text/plain"),
            desk.ask("POST", "/api/approve", body),
            desk.ask("POST", f"/{'x' * 32}/api/approve", body),
            desk.ask("GET", page, Origin="http://evil.example"),
            desk.ask("GET", page, Host="evil.example:80"),
            desk.ask("GET", "/renders/dailies/index.html"),
            desk.ask("GET", approve),
            desk.ask("PUT", approve, body),
            desk.ask("POST", approve, b"[" * 100_000),
            desk.ask("POST", approve, b"", Content_Length="2000000"),
        ]
        assert all(status in (400, 403, 404, 501) for status, _, _ in refused), [status for status, _, _ in refused]
        assert not (played.folder / SELECT).read_text(encoding="utf-8").count("approved")
        _, headers, _ = desk.ask("GET", page)
        assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"
        assert desk.server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "inner",
    [
        "metadata.yaml",
        "renders/../metadata.yaml",
        "renders/takes/../../metadata.yaml",
        "renders/takes/%2e%2e/%2e%2e/metadata.yaml",
        "renders/takes/A01_S01_SH001/" + "0" * 64 + ".json",
        "renders/clips/..%2f..%2fmetadata.mp4",
        "renders/clips/linked.mp4",
        "//etc/passwd",
    ],
)
def test_no_file_but_the_films_and_pictures_is_sent(played: Film, tmp_path: Path, inner: str) -> None:
    (tmp_path / "secret.mp4").write_bytes(b"secret")
    (played.folder / "renders/clips").mkdir()
    (played.folder / "renders/clips/linked.mp4").symlink_to(tmp_path / "secret.mp4")
    with served() as desk:
        status, _, body = desk.ask("GET", desk.path(inner))
        assert (status, b"secret" in body) == (404, False)


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [(None, 200, 0, -1), ("bytes=10-19", 206, 10, 19), ("bytes=100-", 206, 100, -1), ("bytes=-7", 206, -7, -1)],
)
def test_a_film_is_sent_in_the_ranges_that_players_ask_for(
    played: Film, asked: str | None, status: int, first: int, last: int
) -> None:
    take = the_clip().take.path
    whole = take.read_bytes()
    with served() as desk:
        path = desk.path(take.relative_to(Path("projects/harbour")).as_posix())
        got, headers, body = desk.ask("GET", path, Range=asked)
        start, end = first % len(whole), last % len(whole)
        assert (got, body) == (status, whole[start : end + 1])
        if asked:
            assert headers["Content-Range"] == f"bytes {start}-{end}/{len(whole)}"
        assert desk.ask("GET", path, Range=f"bytes={len(whole)}-")[0] == 416


def test_a_port_that_is_taken_is_told(played: Film) -> None:
    with served() as desk, pytest.raises(ProjectError, match="can't be used: Address already in use"):
        ReviewServer(LiveFilm("harbour", "final"), lambda _: None, lambda: False, desk.server.server_port)


def test_a_shot_is_approved_by_keyboard_alone(played: Film) -> None:
    at = "(document.activeElement.dataset.action || '')"
    with served() as desk, browser_page() as page:
        page.load(f"{desk.server.address}#{CLIP}")
        page.wait("document.querySelector('[data-action=approve]')")
        for _ in range(40):
            page.press("Tab")
            if page.run(at) == "approve":
                break
        page.press("Enter")
        page.wait("/approved/.test(document.querySelector('.message').textContent)")
        assert the_clip().choice.state == "approved"
        assert page.run(at) == "approve"  # the next key goes on from there
        assert page.faults == []


QUICK = """
const later = setTimeout, real = fetch;
window.setTimeout = (work, milliseconds, ...more) => later(work, Math.min(milliseconds, 50), ...more);
window.fetch = async (...asked) => {
    const answer = await real(...asked);
    if (window.hold && asked[0].endsWith("/data")) {
        window.hold = false;
        await new Promise((go) => { window.go = go; });
    }
    return answer;
};
"""
"""A page that soon looks for what has changed; with ``hold``, the next answer arrives only at ``go()``."""
SHOT = "document.querySelector('#shot-id').textContent"
LIVE = "document.querySelector('#live').textContent"


@contextmanager
def quick_page(address: str) -> Iterator[Page]:
    with browser_page() as page:
        page.call("Page.addScriptToEvaluateOnNewDocument", source=QUICK)
        page.load(address)
        page.wait(THUMBNAILS)
        yield page
        assert page.faults == []


def test_an_answer_that_comes_late_changes_nothing_that_was_done_meanwhile(played: Film) -> None:
    with served() as desk, quick_page(f"{desk.server.address}#{CLIP}") as page:

        def hold(text: str) -> None:
            page.run("window.go = null; window.hold = true")
            note(text)
            page.wait("window.go")

        def let_go() -> None:
            page.run(f"{LIVE} = 'held'; go()")
            page.wait(f"{LIVE} === 'live'")

        hold("one")
        page.press("ArrowRight")
        let_go()
        assert page.run(SHOT) == IDS[2]
        page.press("ArrowLeft")
        hold("two")
        page.run("document.querySelector('[data-action=approve]').click()")
        page.wait("document.querySelector('#shot-state').textContent === 'approved'")
        let_go()
        assert page.run("document.querySelector('#shot-state').textContent") == "approved"
        hold("three")
        page.press("Escape")
        let_go()
        assert page.run("document.activeElement.hash") == f"#{CLIP}"
        page.press("ArrowRight")  # among the shots
        assert not page.run("document.querySelector('#viewer').open")
        assert page.run("document.activeElement.hash") == f"#{IDS[2]}"


def test_the_keyboard_and_what_is_typed_stay_when_the_page_is_drawn_again(played: Film) -> None:
    with served() as desk, quick_page(f"{desk.server.address}#{CLIP}") as page:

        def require_kept(place: str) -> None:
            page.run(f"document.querySelector({place!r}).focus()")
            page.run(f"document.querySelector('#card-{CLIP}').old = true")
            note(place)
            page.wait(f"!document.querySelector('#card-{CLIP}').old")
            assert page.run(f"document.activeElement.matches({place!r})"), place

        page.run("document.querySelector('#note').value = 'half a sen'")
        page.run("document.querySelector('#trim-out').value = 6")
        for place in ("[data-action=approve]", "[data-take='2']", "#trim-in", "#note"):
            require_kept(place)
            assert page.run("document.querySelector('#note').value") == "half a sen"
            assert page.run("document.querySelector('#trim-out').value") == "6"
        page.run("document.activeElement.blur()")
        page.press("Escape")
        for place in (f"#card-{CLIP} a", "[data-only=planned]"):
            require_kept(place)


def test_two_browsers_and_a_command_lose_nothing(played: Film) -> None:
    """Decisions on three shots at once, and what another did appears by itself."""
    with served() as desk, browser_page() as one, browser_page() as two:
        for page, clip_id in ((one, IDS[0]), (two, CLIP)):
            page.load(f"{desk.server.address}#{clip_id}")
            page.wait("document.querySelector('[data-action=approve]')")
            page.wait(THUMBNAILS)  # the page is drawn again when they are made, and not under what looks at it
        assert faults_for_readers(one) == []
        for page in (one, two):
            page.run("document.querySelector('[data-action=approve]').click()")
        plan = planned()
        third = decisions.find_clip(plan.clips, IDS[2])
        with decisions.lock_selects(played.folder):
            decisions.save(plan.film, decisions.approve(plan.film, third, third.take.digest))
        states = (
            "[...document.querySelectorAll('.card')].slice(0, 3).map((c) => c.querySelector('.state').dataset.state)"
        )
        for page in (one, two):
            page.wait(f"{states}.join() === 'approved,approved,approved'")
            assert page.run(f"document.querySelector('#card-{CLIP} .title').textContent") == HOSTILE
            assert page.faults == []
        decide(decisions.reject, the_clip().take.digest)
        two.wait("document.querySelector('#shot-state').textContent !== 'approved'")
        one.wait(f"document.querySelector('#card-{CLIP} .state').dataset.state !== 'approved'")  # drawn no more
        one.run("document.querySelector('#note').value = 'by the page'")
        one.click("[data-action=note]")
        one.wait("/noted/.test(document.querySelector('.message').textContent)")
        assert [each.text for each in read_notes(played.folder / f"review/notes/{IDS[0]}.md")] == ["by the page"]
