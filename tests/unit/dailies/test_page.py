"""The page in a real browser: it plays, filters, compares, shows hostile titles as text, and anybody can use it."""

from __future__ import annotations

import json
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from kit.dailies import HOSTILE, faults_for_readers, write_page
from kit.desk import CLIP, planned
from kit.film import IDS, Film, spec
from kit.page import Page, browser_page
from vtx_app.dailies.film_data import film_data
from vtx_app.dailies.page import page_html

SHOWN = "[...document.querySelectorAll('.card:not([hidden])')].map((card) => card.id.slice(5))"
VIDEOS = "[...document.querySelectorAll('#stage video')]"
PLAYS = f"{VIDEOS}.length === %d && {VIDEOS}.every((video) => video.currentTime > 0.05)"


def search(page: Page, words: str) -> None:
    """Type ``words`` into the search field, in place of what is there."""
    page.run(f"document.querySelector('#find').value = {json.dumps(words)}")
    page.run("document.querySelector('#find').dispatchEvent(new Event('input'))")


def test_a_film_is_looked_at_without_a_server(played: Film, tmp_path: Path) -> None:
    """From a file, also when the folder was moved to a name that an address must encode."""
    write_page()
    moved = tmp_path / "a # film? 100% ünï"
    shutil.copytree(played.folder, moved)
    shutil.rmtree(played.folder / "renders")
    with browser_page() as page:
        page.load((moved / "renders/dailies/index.html").as_uri())
        assert page.run(SHOWN) == IDS
        page.wait(
            "[...document.querySelectorAll('.card img')].filter((i) => i.complete && i.naturalWidth > 1000).length >= 5"
        )
        assert page.run(f"document.querySelector('#card-{CLIP} .title').textContent") == HOSTILE
        page.hover(f"#card-{IDS[0]} .thumb")
        page.wait("document.querySelector('.card video') && document.querySelector('.card video').currentTime > 0.05")

        page.run("document.querySelector('#find').focus()")
        for letter in "wheel":
            page.press(letter)
        assert page.run(SHOWN) == ["A01_S02_SH001"]
        search(page, "")
        page.click("#states button")  # planned is the only state but rendered
        assert page.run(SHOWN) == [IDS[-1]]
        page.click("#states button")
        assert page.run(SHOWN) == IDS
        assert page.faults == []
        assert [each for each in page.requests if not each.startswith(("file:", "data:", "about:"))] == []


def test_a_shot_is_played_and_its_takes_compared_by_keyboard(played: Film) -> None:
    path = write_page()
    with browser_page() as page:
        page.load(f"{path.as_uri()}#{CLIP}")  # a link into the film
        page.wait(PLAYS % 1)
        assert page.run("document.querySelector('#shot-title').textContent") == HOSTILE
        assert page.run("typeof window.broken") == "undefined"
        first = page.run("document.querySelector('#stage video').src")
        page.press("2")
        page.wait(f"document.querySelector('#stage video').src !== {json.dumps(first)}")
        page.wait(PLAYS % 1)
        page.press("c")
        page.wait(PLAYS % 2)
        page.press("k")
        page.wait("[...document.querySelectorAll('#stage video')].every((v) => v.paused)")
        page.press("l")
        page.wait("[...document.querySelectorAll('#stage video')].every((v) => !v.paused)")
        page.press("ArrowRight")
        page.press("Escape")  # each key finds what the one before it did, whatever events are still to come
        assert not page.run("document.querySelector('#viewer').open")
        assert page.run("document.activeElement.hash") == "#A01_S02_SH001"  # the shot that it was left at
        assert page.run("location.hash") == ""
        page.press("Enter")
        page.wait("document.querySelector('#shot-id').textContent === 'A01_S02_SH001'")
        assert page.run("document.querySelector('#viewer').open")
        page.press("Escape")
        page.press("ArrowLeft")
        page.press("Enter")
        page.wait(
            f"document.querySelector('#viewer').open && document.querySelector('#shot-id').textContent === '{CLIP}'"
        )
        labels = page.run("[...document.querySelectorAll('.prompt .mono')].map((each) => each.textContent)")
        assert "prompts/characters.yaml: characters.mara.description" in labels
        page.press("2")
        page.press("k")  # stopped before it has begun
        page.wait("document.querySelector('#stage video').readyState >= 3")
        assert page.run("(({paused, muted}) => [paused, muted])(document.querySelector('#stage video'))") == [
            True,
            False,
        ]
        assert page.faults == []


@pytest.mark.parametrize(("width", "height", "phone"), [(1440, 900, False), (390, 844, True)])
def test_the_page_is_readable_on_a_screen_and_on_a_phone_and_for_a_screen_reader(
    played: Film, width: int, height: int, phone: bool
) -> None:
    played.write(  # words that can't be broken between letters by themselves
        f"prompts/clips/{CLIP}__mara.yaml",
        spec(CLIP, "W" * 150, "Q" * 300, continuity={"characters": ["mara"]}),
    )
    played.write(f"review/notes/{CLIP}.md", f"http://example.com/{'a' * 300}\n")
    path = write_page()
    with browser_page(width, height, phone=phone) as page:
        page.load(path.as_uri())
        page.wait("document.querySelectorAll('.card').length === 6")
        assert page.run("document.documentElement.scrollWidth") <= width
        assert faults_for_readers(page) == []
        page.run(f"location.hash = '{CLIP}'")
        page.wait("document.querySelector('#viewer').open")
        assert page.run("document.querySelector('#viewer').scrollWidth") <= width
        assert (
            page.run("document.querySelector('#facts').scrollWidth - document.querySelector('#facts').clientWidth") <= 0
        )
        assert faults_for_readers(page) == []


def many(data: dict[str, Any], count: int) -> dict[str, Any]:
    """The data of a film of ``count`` clips with three takes each, whose own words are all different."""
    whole = deepcopy(data)
    clip = next(each for each in data["clips"] if each["id"] == CLIP)
    whole["clips"], whole["cut"], whole["scenes"] = [], [], []
    for number in range(count):
        scene, shot = divmod(number, 20)
        each = deepcopy(clip)
        own = f"Shot {number}: " + "a long sentence about what is seen here, and about the light and the sea. " * 6
        texts = whole["texts"]
        texts.append(own)
        each |= {"id": f"A{scene // 10 + 1:02d}_S{scene % 10 + 1:02d}_SH{shot + 1:03d}", "title": f"Shot {number}"}
        each["prompt"] = [
            [len(texts) - 1 if text == clip["prompt"][-1][0] else text, at] for text, at in each["prompt"]
        ]
        each["takes"] = [clip["takes"][0] | {"id": f"{number * 3 + at:064x}", "seed": at} for at in range(3)]
        each["shown"] = each["takes"][0]["id"]
        whole["clips"].append(each)
        whole["cut"].append(["clip", number, number * 24, 24, ""])
        if not shot:
            whole["scenes"].append(
                {"id": each["id"].rpartition("_")[0], "title": f"Scene {scene}", "first": number, "clips": 20}
            )
    return whole | {"frames": count * 24}


def test_a_thousand_shots_are_there_at_once(played: Film) -> None:
    """Under two megabytes, and only the pictures that are near are loaded."""
    path = write_page()
    html = page_html(many(film_data(planned()), 1000))
    assert len(html.encode()) < 2_000_000
    path.write_text(html, encoding="utf-8")
    with browser_page() as page:
        page.load(path.as_uri())
        page.wait("document.querySelectorAll('.card').length === 1000")
        page.wait("document.querySelector('.card img').currentSrc")  # the browser knows by now which are near
        assert page.run("[...document.querySelectorAll('.card img')].filter((image) => image.currentSrc).length") < 300
        search(page, "shot 777")
        assert len(page.run(SHOWN)) == 1
