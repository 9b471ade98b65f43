"""Why a take is to be rendered: the file and the key whose words changed, whatever of a film is edited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filmkit import Film, picture, spec, write_film
from shotkit import forget

from vtx_app.compile.request import canonical_json
from vtx_app.plan.bill import Bill, bill_of, grouped
from vtx_app.plan.causes import NEW, causes_of
from vtx_app.plan.current import is_current
from vtx_app.plan.film_plan import FilmPlan, plan_film
from vtx_app.plan.summary import takes_to_render


def planned() -> FilmPlan:
    forget()
    plan_film.cache_clear()
    return plan_film("harbour", "final")


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Film:
    """A film all of whose takes are there, with their records."""
    made = write_film(tmp_path)
    monkeypatch.chdir(tmp_path)
    for clip in planned().clips.values():
        clip.take.parent.mkdir(parents=True)
        clip.take.write_bytes(b"a take")
        record = {
            "request": json.loads(canonical_json(clip.request)),
            "rendered_at": "2026-11-20T10:00:00+00:00",
            "wall_seconds": 18.0,
        }
        clip.take.with_suffix(".json").write_text(json.dumps(record), encoding="utf-8")
    return made


def causes(film: Film) -> dict[str, list[str]]:
    plan = planned()
    return grouped(plan, takes_to_render(plan.clips.values()))[0]


def bill() -> Bill:
    return bill_of(planned(), "final", is_current)


def test_nothing_is_to_be_rendered_for_no_reason(film: Film) -> None:
    assert causes(film) == {}
    assert bill().takes == ()


EDITS = [
    ("prompts/characters.yaml", "in a yellow oilskin", "in a black oilskin", "characters.mara.wardrobe.oilskin", 1),
    ("prompts/characters.yaml", "grey braid", "white braid", "characters.mara.description", 2),
    ("prompts/characters.yaml", "low, dry voice", "high voice", "characters.mara.voice", 1),
    ("prompts/characters.yaml", "name: Mara", "name: Maria", "characters.mara.name", 1),
    ("prompts/locations.yaml", "iron rings", "brass rings", "locations.quay.description", 3),
    ("prompts/style_bible.yaml", "soft grain", "hard grain", "global_prefix", 6),
    ("prompts/style_bible.yaml", "Clear northern daylight", "Fog", "profiles.day.prefix", 5),
    ("prompts/style_bible.yaml", "text, watermark", "text, logo", "global_negative", 6),
    ("prompts/style_bible.yaml", 'negative: "night"', 'negative: "dusk"', "profiles.day.negative", 5),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "clips"), EDITS)
def test_an_edit_of_a_bible_is_named_by_its_key(
    film: Film, file: str, old: str, new: str, key: str, clips: int
) -> None:
    film.edit(file, old, new)
    found = causes(film)
    (label,) = found
    assert label == f"{file}: {key}"
    assert len(found[label]) == clips


SPEC_EDITS = [
    ("A01_S01_SH001__empty_quay", "The quay at dawn", "The quay at noon", "prompt.positive"),
    ("A01_S01_SH001__empty_quay", "seed: 7", "seed: 8", "render.seed"),
    ("A01_S01_SH001__empty_quay", "guidance_scale: 4.0", "guidance_scale: 5.0", "render.guidance_scale"),
    ("A01_S01_SH001__empty_quay", "seconds: 1.0", "seconds: 3.0", "length in frames"),
    ("A01_S01_SH001__empty_quay", "negative: blur", "negative: smoke", "negative words"),
    ("A01_S01_SH002__mara", "wardrobe: oilskin", "wardrobe: sunday", "continuity.characters"),
    ("A01_S02_SH001__wheelhouse", "Nobody today.", "Nobody, today.", "prompt.dialogue.0"),
]


@pytest.mark.parametrize(("stem", "old", "new", "key"), SPEC_EDITS)
def test_an_edit_of_a_spec_is_named_by_its_key(film: Film, stem: str, old: str, new: str, key: str) -> None:
    film.edit_clip(stem, old, new)
    assert list(causes(film)) == [f"prompts/clips/{stem}.yaml: {key}"]


def test_what_goes_on_from_a_changed_clip_says_so(film: Film) -> None:
    film.edit_clip("A01_S02_SH001__wheelhouse", "pours tea", "pours rum")
    assert bill().follow == {"A01_S02_SH001": ["A01_S02_SH002"]}
    assert "  goes on from A01_S02_SH001 → 1 clip follows (A01_S02_SH002)" in bill().lines()


def test_a_changed_picture_and_a_new_clip_are_told(film: Film) -> None:
    film.write("inputs/reference_images/ivo.png", picture((1, 2, 3)))
    film.write("prompts/clips/A02_S01_SH003__new.yaml", spec("A02_S01_SH003", "New", "A gull."))
    found = causes(film)
    assert found[NEW] == ["A02_S01_SH003"]
    assert found["inputs/reference_images/ivo.png: its content"] == ["A02_S01_SH001"]


def test_a_cause_has_the_words_then_and_now(film: Film) -> None:
    film.edit("prompts/characters.yaml", "in a yellow oilskin", "in a black oilskin")
    plan = planned()
    (cause,) = causes_of(plan.film, plan.clips["A01_S01_SH002__mara"], "final")
    assert "in a yellow oilskin" in cause.old
    assert cause.new == "in a black oilskin"


def test_someone_who_left_the_shot_is_missed(film: Film) -> None:
    film.edit_clip("A02_S01_SH001__ivo", "  characters:\n  - ivo\n", "")
    assert list(causes(film)) == ["prompts/clips/A02_S01_SH001__ivo.yaml: continuity.characters"]


def test_the_bill_says_what_it_costs_by_what_such_takes_took(film: Film) -> None:
    film.edit("prompts/characters.yaml", "in a yellow oilskin", "in a black oilskin")
    made = bill()
    assert [take.clip.clip_id for take in made.takes] == ["A01_S01_SH002"]
    assert made.estimate is not None
    assert (made.estimate.known, made.estimate.unknown) == (1, 0)
    assert made.estimate.seconds == pytest.approx(18.0)
    assert any("characters.mara.wardrobe.oilskin → 1 clip (A01_S01_SH002)" in line for line in made.lines())


def test_without_records_the_bill_knows_no_history(film: Film) -> None:
    for path in (film.folder / "renders" / "takes").glob("*/*"):
        path.unlink()
    assert any("no history yet" in line for line in bill().lines())
