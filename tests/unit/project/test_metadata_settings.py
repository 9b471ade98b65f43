"""metadata.yaml in its older form: each key is read as what it became, and two answers to one question are an error."""

from __future__ import annotations

import pytest

from kit.film import Film
from vtx_app.compile.duration import clip_frames
from vtx_app.errors import SpecError
from vtx_app.project.load import load_film
from vtx_app.project.settings import setting_location

OLDER = """\
defaults:
  pipeline: distilled
  fps: 12
  aspect: "16:9"
  width: 320
  height: 180
  max_seconds: 3
"""


def older(film: Film, block: str = OLDER) -> None:
    """Give the film the older block in place of what it became."""
    film.edit(
        "metadata.yaml",
        "default_pipeline: ti2vid_one_stage\ndefault_resolution: {width: 128, height: 96}\nfps: 8\n",
        block,
    )


def test_every_key_of_the_older_block_is_a_setting(film: Film) -> None:
    older(film)
    settings = load_film("harbour").settings
    names = ("pipeline", "fps", "aspect", "width", "height", "max_seconds")
    assert [settings[name] for name in names] == ["distilled", 12.0, "16:9", 320, 180, 3.0]
    for number, name in enumerate(names, 8):
        place = setting_location(film.folder, settings.values[name])
        assert place.endswith(f"metadata.yaml:{number}: defaults.{name}")


@pytest.mark.parametrize("text", ["max_seconds: 2.5", "defaults: {max_seconds: 2.5}"])
def test_the_longest_shot_is_a_setting(film: Film, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    film.edit("metadata.yaml", "acts_enabled: true", text)
    film.edit_clip("A01_S01_SH002__mara", "mode: fixed\n    seconds: 1.0", "mode: auto\n    min_seconds: 1.0")
    film.edit_clip("A01_S01_SH002__mara", "- Mara ties", f"- {'On and on. ' * 30}Mara ties")
    monkeypatch.setenv("LTX_DEFAULT_MAX_SECONDS", "9")  # a default, which the film's own file overrules
    loaded = load_film("harbour")
    assert clip_frames(loaded.clips["A01_S01_SH002"], loaded) == 20


def test_one_answer_in_both_forms_is_no_contradiction(film: Film) -> None:
    film.edit("metadata.yaml", "acts_enabled: true", "defaults: {fps: 8.0, width: 128}")
    assert setting_location(film.folder, load_film("harbour").settings.values["fps"]).endswith("metadata.yaml:9: fps")


def test_two_answers_are_an_error_with_both_places(film: Film) -> None:
    film.edit("metadata.yaml", "acts_enabled: true", 'defaults:\n  fps: 16\n  height: 480\n  aspect: "16:9"')
    with pytest.raises(SpecError) as error:
        load_film("harbour")
    name = "projects/harbour/metadata.yaml"
    assert error.value.problems == [
        f"{name}:7: defaults.fps: 16.0, but {name}:12: fps is 8.0; keep one of them",
        f"{name}:8: defaults.height: 480, but {name}:11: default_resolution.height is 96; keep one of them",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("defaults: {pipelin: distilled}", ":6: defaults.pipelin: unknown key, did you mean 'pipeline'?"),
        ("defaults: {fps: fast}", ":6: defaults.fps: 'fast': expected a valid number"),
        ("defaults: {max_seconds: 90}", ":6: defaults.max_seconds: 90: expected less than or equal to 15"),
        ("max_seconds: 0", ":6: max_seconds: 0: expected greater than 0"),
    ],
)
def test_a_fault_in_it_is_told_by_line(film: Film, text: str, words: str) -> None:
    film.edit("metadata.yaml", "acts_enabled: true", text)
    with pytest.raises(SpecError, match=r"metadata\.yaml") as error:
        load_film("harbour")
    assert words in error.value.problems[0]
