"""The dailies as the build makes them, and Snakemake's own report of a film."""

from __future__ import annotations

import http.client
import json
import re
import signal
import time
from pathlib import Path
from urllib.parse import urlsplit

from kit.command import start
from kit.film import Film, write_film
from kit.page import Page, browser_page

PAGE = "renders/dailies/index.html"


def files(film: Film) -> dict[str, int]:
    """Every file that the build has made but logs, by name, with the time of its last change."""
    made = (path for path in (film.folder / "renders").rglob("*") if path.is_file())
    return {path.relative_to(film.folder).as_posix(): path.stat().st_mtime_ns for path in made}


def press(page: Page, words: str) -> None:
    """Click on what is named so, when it is there."""
    named = f"[...document.querySelectorAll('a, button')].find((each) => each.innerText.trim() === {words!r})"
    page.wait(named)
    page.run(f"{named}.click()")


def test_a_film_of_which_nothing_is_rendered_has_its_page_and_nothing_is_rendered_for_it(film: Film) -> None:
    film.build("dailies")
    assert [name for name in files(film) if not name.startswith("renders/dailies/")] == []
    assert film.dry_run("dailies").nothing
    film.edit_clip("A01_S01_SH001__empty_quay", "Empty quay", "Full quay")
    film.build("dailies")
    assert "Full quay" in film.read(PAGE)
    assert film.dry_run("dailies").nothing


def test_the_page_follows_the_film_and_the_report_has_all_that_is_looked_at(built: Film, tmp_path: Path) -> None:
    built.build("dailies")
    before = files(built)
    assert sum(name.startswith("renders/dailies/thumbs/") for name in before) == 6
    assert '"current":true' in built.read(PAGE)
    built.edit_clip("A01_S01_SH002__mara", "looks out to sea", "looks at the sky")
    asked = built.dry_run("dailies")
    assert (asked.takes, asked.clips, asked.final) == ([], [], False)
    built.build("final", "dailies")  # the page is written last
    after = files(built)
    assert '"current":true' in built.read(PAGE)
    assert "looks at the sky" in built.read(PAGE)
    thumbs = {name: at for name, at in before.items() if name.startswith("renders/dailies/thumbs/")}
    assert {name: after[name] for name in thumbs} == thumbs
    assert built.dry_run("final", "dailies").nothing

    built.build("final", "dailies", "board", "qc")  # the page is written after what it shows and counts
    assert built.dry_run("final", "dailies", "board", "qc").nothing
    report = tmp_path / "report.html"
    done = built.snakemake("--report", str(report), "final", "dailies", "board", "qc")
    assert done.returncode == 0, done.stdout
    with browser_page() as page:
        for category, names in (
            ("Film", ("final cut", "manifest")),
            ("Review", ("dailies", "board", "contact sheet", "checks of takes")),
        ):
            page.load(report.as_uri())
            press(page, category)
            for name in ("harbour", *names):
                page.wait(f"document.body.innerText.includes({name!r})")


def test_a_page_does_not_render_its_film_because_another_is_asked_for(film: Film) -> None:
    write_film(film.root, "pier")
    done = film.snakemake("-n", "final", "projects/pier/renders/dailies/index.html")
    assert done.returncode == 0, done.stdout
    assert "Write the dailies of pier" in done.stdout
    assert "projects/harbour/renders/takes/" in done.stdout
    assert "projects/pier/renders/takes/" not in done.stdout


def test_a_seed_that_is_asked_for_on_the_page_is_rendered_and_control_c_ends_it(built: Film) -> None:
    clip_id = "A01_S01_SH002"
    (take,) = built.takes()[clip_id]
    review = start(built, "review", "harbour")
    try:
        assert review.stdout is not None
        found = re.search(r"http://\S+", review.stdout.readline())
        assert found
        address = urlsplit(found[0])
        api = f"/{address.path.split('/')[1]}/api"
        connection = http.client.HTTPConnection(address.netloc, timeout=600)

        def ask(method: str, path: str, body: dict[str, object] | None = None) -> dict[str, object]:
            headers = {"Content-Type": "application/json", "Origin": f"http://{address.netloc}"}
            connection.request(method, f"{api}/{path}", json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            told = dict(json.loads(answer.read()))
            assert answer.status == 200, told
            return told

        ask("POST", "reroll", {"clip": clip_id, "seeds": 1})
        until = time.monotonic() + 900
        while ask("GET", "state")["building"]:
            assert time.monotonic() < until
        (other,) = built.takes()[clip_id] - {take}
        ask("POST", "approve", {"clip": clip_id, "take": other})
        assert f"take: {other}" in built.read(f"review/selects/{clip_id}.yaml")
        connection.close()
    finally:
        review.send_signal(signal.SIGINT)
        told, _ = review.communicate()
    assert review.returncode == 0, told
    assert "Traceback" not in told
