"""Words heard against words written: how they are compared, and that real speech is told apart."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.checked import voice
from kit.film import Film
from kit.shot import MONOLITH_LOCK, print_of
from kit.spoken import Sphinx, spoken
from vtx_app.errors import ProjectError
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import film_lock_text
from vtx_app.plan.clip_plan import ClipPlan
from vtx_app.plan.heard import is_listened_to, word_findings
from vtx_app.plan.planner import plan_film
from vtx_app.qc.recognizer import Whisper, hear, whisper_model
from vtx_app.qc.words import Heard, compare_words, heard_path, read_heard, words_of

SENTENCES = (
    "Nobody will come to the island today.",
    "Go and wake the keeper at once!",
    "I will wait for you in the morning.",
)
DIGEST = "a" * 64


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It’s 12 o'clock — NOBODY, today…", ["its", "twelve", "oclock", "nobody", "today"]),
        ("Inès  wrote: «déjà vu»", ["ines", "wrote", "deja", "vu"]),
        ("今日は", ["今", "日", "は"]),
        ("1871", ["1871"]),
        ("…", []),
    ],
)
def test_words_are_compared_without_case_marks_and_punctuation(text: str, words: list[str]) -> None:
    assert words_of(text) == words


WORDS = st.lists(st.sampled_from("abc"), max_size=8)


@given(WORDS, WORDS)
def test_errors_are_none_only_for_the_same_words_and_the_same_both_ways(one: list[str], other: list[str]) -> None:
    found = compare_words(one, other).wrong
    assert found == compare_words(other, one).wrong
    assert (found == 0) == (one == other)
    assert abs(len(one) - len(other)) <= found <= max(len(one), len(other))


def test_a_word_more_less_and_another_are_one_error_each() -> None:
    written = words_of("go and wake the keeper")
    assert compare_words(written, words_of("go and wake keeper")).rate == 1 / 5
    assert compare_words(written, words_of("go and wake the old keeper")).wrong == 1
    assert compare_words(written, words_of("go and take the keeper")).wrong == 1
    assert compare_words(written, []).rate == 1


@pytest.mark.parametrize("said", SENTENCES)
def test_speech_is_written_down(said: str) -> None:
    """The recognizer leaves out ends of lines, so the line that is heard is the one with the fewest errors."""
    heard = words_of(hear(spoken(said), Sphinx(SENTENCES), "en"))
    assert heard
    assert min(SENTENCES, key=lambda line: compare_words(words_of(line), heard).wrong) == said


def test_silence_and_steady_noise_are_not_listened_to() -> None:
    sphinx = Sphinx(SENTENCES)
    noise = np.random.default_rng(1).normal(0, 0.05, (96_000, 2)).astype(np.float32)
    assert hear(np.zeros((96_000, 2), np.float32), sphinx, None) == hear(noise, sphinx, None) == ""
    assert sphinx.asked == 0
    hear(np.asarray(voice(2), np.float32), sphinx, None)
    assert sphinx.asked == 1


def test_what_was_heard_is_read_as_it_was_written(tmp_path: Path) -> None:
    heard = Heard("A01_S01_SH001", DIGEST, "nobody “today”", "pocketsphinx")
    path = heard_path(tmp_path, heard.clip_id, DIGEST)
    path.parent.mkdir(parents=True)
    path.write_text(heard.file_text(), encoding="utf-8")
    assert read_heard(tmp_path, heard.clip_id, DIGEST) == heard
    for text in ("", "[]", "null", json.dumps(json.loads(heard.file_text()) | {"version": 0}), '{"version": 1}'):
        path.write_text(text, encoding="utf-8")
        assert read_heard(tmp_path, heard.clip_id, DIGEST) is None


def speaking(film: Film) -> ClipPlan:
    return next(each for each in plan_film(film.slug, "final").clips.values() if each.clip_id == "A01_S02_SH001")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nobody today!", []),
        ("somebody today", []),
        ("somebody tomorrow", ["2 of its 2 words are not said as written; “somebody tomorrow” is heard"]),
        ("", ["2 of its 2 words are not said as written; none is heard"]),
    ],
)
def test_another_line_than_the_specs_is_named(film: Film, text: str, said: list[str]) -> None:
    found = word_findings(speaking(film), Heard("A01_S02_SH001", DIGEST, text, "pocketsphinx"))
    assert [each.message for each in found] == said
    assert {each.check for each in found} <= {"words"}


def test_only_takes_of_models_with_dialogue_are_listened_to_and_only_if_asked(film: Film) -> None:
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    film.write("film.lock.yaml", film_lock_text(FilmLock(models={slot: print_of(slot) for slot in MONOLITH_LOCK})))
    assert not is_listened_to(plan_film("harbour", "final"), speaking(film))
    film.edit("metadata.yaml", "renderer: ltx", "renderer: ltx\nqc: {words: true}")
    plan = plan_film("harbour", "final")
    assert [clip.clip_id for clip in plan.clips.values() if is_listened_to(plan, clip)] == ["A01_S02_SH001"]
    sketch = plan_film("harbour", "animatic")
    assert not any(is_listened_to(sketch, clip) for clip in sketch.clips.values())


def test_what_is_missing_to_listen_is_told(tmp_path: Path) -> None:
    """Of the two messages the second needs the extra, which CI does not install."""
    installed = importlib.util.find_spec("faster_whisper") is not None
    missing = r"VTX_ASR_MODEL is not set.*nothing is downloaded" if installed else r"not installed.*'\.\[asr\]'"
    with pytest.raises(ProjectError, match=missing):
        whisper_model(None)
    if installed:
        (tmp_path / "config.json").touch()
        with pytest.raises(ProjectError, match=r"there is no model\.bin and no tokenizer\.json in it"):
            whisper_model(str(tmp_path))
        for name in ("model.bin", "tokenizer.json"):
            (tmp_path / name).touch()
        with pytest.raises(ProjectError, match="can't be loaded"):
            Whisper(whisper_model(str(tmp_path)))
