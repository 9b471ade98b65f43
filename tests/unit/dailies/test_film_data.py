"""What the page is told of a film: states, takes, notes, and where each stretch of a prompt is written."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.dailies import HOSTILE, write_page
from kit.desk import CLIP, decide, note, planned
from kit.film import IDS, Film
from kit.numbered_takes import write_numbered
from vtx_app.dailies.film_data import data_text, film_data
from vtx_app.dailies.page import page_html, plan_dailies
from vtx_app.dailies.paths import page_path
from vtx_app.dailies.prompt_marks import marked_prompt
from vtx_app.errors import RenderError
from vtx_app.files import write_text
from vtx_app.qc.measure import measure_take
from vtx_app.qc.measures import measures_path
from vtx_app.registry.jobs import record_job
from vtx_app.review import decisions


def clips() -> dict[str, dict[str, Any]]:
    """What the page is told, by clip id."""
    return {clip["id"]: clip for clip in film_data(planned())["clips"]}


def test_a_film_of_which_nothing_is_rendered_has_a_page(film: Film) -> None:
    data = film_data(planned())
    assert [clip["id"] for clip in data["clips"]] == IDS
    assert {clip["state"] for clip in data["clips"]} == {"planned"}
    assert data["totals"]["to_render"] == len(IDS)
    assert "Harbour – dailies" in page_html(data)


def test_each_state_is_told_with_its_reason(played: Film) -> None:
    *_, last = IDS
    assert {clip["state"] for name, clip in clips().items() if name != last} == {"rendered"}
    shown = clips()[CLIP]["shown"]
    decide(decisions.approve, shown)
    played.edit("prompts/style_bible.yaml", "soft grain", "hard grain")
    told, data = clips(), film_data(planned())
    assert told[CLIP]["state"] == "approved"
    assert told[IDS[0]]["state"] == "out of date"
    for name in (CLIP, IDS[0]):
        assert [data["labels"][at] for at in told[name]["why"]] == ["prompts/style_bible.yaml: global_prefix"]
    take = planned().clips["A02_S01_SH002__dream"].take
    with pytest.raises(RenderError), record_job("take", "harbour", last, take.digest):
        raise RenderError("ran out of GPU memory")
    assert (clips()[last]["state"], clips()[last]["error"]) == ("failed", "ran out of GPU memory")


def test_takes_and_notes_are_told(played: Film) -> None:
    first, second = clips()[CLIP]["takes"]
    assert (first["seed"], first["at"], first["took"]) == (7, "2026-11-20 10:00", 18.0)
    decide(decisions.reject, second["id"])
    note("softer", first["id"])
    told = clips()[CLIP]
    assert told["takes"][1]["rejected"] is True
    assert [(take, text) for _, take, text in told["notes"]] == [(first["id"][:12], "softer")]


def test_what_checks_find_is_told_with_the_take_and_the_moment(played: Film) -> None:
    first, second = clips()[CLIP]["takes"]
    for take in (first, second):
        film = played.folder / f"renders/takes/{CLIP}/{take['id']}.mp4"
        write_numbered(film, (64, 48), 8, 8)  # not the size that was asked for
        write_text(measures_path(played.folder, CLIP, take["id"]), measure_take(film).text())
    told = clips()[CLIP]["checks"]
    assert {take for take, *_ in told} == {first["id"], second["id"]}
    assert any("64" in message and "48" in message for _, message, *_ in told), told


def test_every_stretch_of_a_prompt_has_its_file_and_key(film: Film) -> None:
    for clip in planned().clips.values():
        stretches = marked_prompt(clip.choice.request.prompt, clip.take.sources.texts())
        assert "".join(words for words, _ in stretches) == clip.choice.request.prompt
        labels = {label: words for words, label in stretches}
        texts = clip.take.sources.texts()["prompt"]
        assert all(
            words.strip(' .,:"').casefold() in texts[label].casefold()
            for label, words in labels.items()
            if label in texts
        )
        marked = sum(len(words) for words, label in stretches if label)
        assert marked >= 0.85 * len(clip.choice.request.prompt), stretches
        assert f"prompts/clips/{clip.clip.stem}.yaml: prompt.positive" in labels


@given(prompt=st.text(), texts=st.dictionaries(st.text(min_size=1), st.text()))
def test_any_prompt_is_whole_in_its_stretches(prompt: str, texts: dict[str, str]) -> None:
    assert "".join(words for words, _ in marked_prompt(prompt, {"prompt": texts})) == prompt


@given(st.text())
def test_data_ends_no_script_element(text: str) -> None:
    written = data_text({"title": text})
    assert not set(written) & set("<>&\u2028\u2029")
    assert json.loads(written) == {"title": text}


def test_a_hostile_title_is_text_in_the_page(played: Film) -> None:
    html = page_html(film_data(planned()))
    assert HOSTILE not in html
    assert len(re.findall("<script", html)) == 3


def test_the_page_is_current_until_something_on_it_changes(played: Film) -> None:
    path = write_page()
    page = path.read_bytes()
    assert plan_dailies(planned()).is_current()
    os.utime(path, (1, 1))
    assert plan_dailies(planned()).is_current()
    note("softer")
    assert not plan_dailies(planned()).is_current()
    write_page()
    assert path.read_bytes() != page
    (played.folder / "review/notes" / f"{CLIP}.md").unlink()
    write_page()
    assert path.read_bytes() == page


def test_a_thumbnail_is_made_once_for_each_take(played: Film) -> None:
    write_page()
    thumbs = sorted((played.folder / "renders/dailies/thumbs").iterdir())
    assert len(thumbs) == len(IDS)  # five clips rendered, one of them twice
    times = [path.stat().st_mtime_ns for path in thumbs]
    write_page()
    assert [path.stat().st_mtime_ns for path in thumbs] == times


def test_a_damaged_take_has_no_thumbnail_and_the_page_is_written(played: Film) -> None:
    from vtx_app.dailies.pictures import make_pictures

    planned().clips["A01_S01_SH001__empty_quay"].take.path.write_bytes(b"no film")
    plan = planned()
    (told,) = make_pictures(plan, plan_dailies(plan))
    assert told.startswith("no thumbnail: ")
    assert "thumb" not in clips()["A01_S01_SH001"]["takes"][0]


def test_paths_are_relative_and_lead_to_the_files(played: Film) -> None:
    path, data = write_page(), film_data(planned())
    assert path == page_path(played.folder, "final").resolve()
    for clip in data["clips"][:-1]:
        assert (path.parent / data["takes"] / clip["id"] / f"{clip['shown']}.mp4").exists()
    assert str(played.root) not in path.read_text(encoding="utf-8")
