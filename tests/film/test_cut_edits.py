"""What an edit of the cut makes: no take, and exactly what it names. Read off ``snakemake --dry-run``."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

import pytest
from PIL import ImageFont

from kit.film import CLIPS, write_film
from kit.planned_film import PlannedFilm, texts

QUAY, MARA, WHEELHOUSE, WINDOW, IVO, DREAM = (stem.partition("__")[0] for stem in CLIPS)
EDIT = "story/05_edit.yaml"
BOTH = ["A01", "A02"]


@dataclass(frozen=True)
class Row:
    """An edit (``05_edit.yaml``) and what it makes, besides the final."""

    edit: str
    clips: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    mix: bool = False
    poster: bool = False


def of(clip_id: str, edit: str) -> str:
    return f"clips: {{{clip_id}: {{{edit}}}}}\n"


ROWS = {
    "in": Row(of(QUAY, "in: 2"), [QUAY], [], ["A01"], mix=True, poster=True),  # the middle of the first shot
    "out": Row(of(MARA, "out: -2"), [MARA], [], ["A01"], mix=True),
    "out into the handle": Row(of(DREAM, "out: 9"), [DREAM], [], ["A02"], mix=True),
    "leave_out": Row(of(MARA, "leave_out: true"), [], [], ["A01"], mix=True),
    "repeat": Row(of(IVO, "repeat: 2"), [], [], ["A02"], mix=True),
    "hold": Row(of(MARA, "hold: {last: 4}"), [], [f"{MARA}__hold"], ["A01"], mix=True),
    "gain_db": Row(of(MARA, "gain_db: -3"), [], [], ["A01"], mix=True),
    "fade_in of sound": Row(of(MARA, "fade_in: 3"), [], [], ["A01"], mix=True),
    "fade_out of sound": Row(of(IVO, "fade_out: 3"), [], [], ["A02"], mix=True),
    "sound_in": Row(of(MARA, "sound_in: 2"), [], [], ["A01"], mix=True),
    "sound_out": Row(of(MARA, "sound_out: 1"), [], [], ["A01"], mix=True),
    "an L cut into the next act": Row(of(WINDOW, "sound_out: 1"), [], [], BOTH, mix=True),
    "mute": Row(of(DREAM, "mute: true"), [], [], ["A02"], mix=True),
    "dissolve": Row(
        f"transitions: [{{after: {QUAY}, dissolve: 4}}]\n", [MARA], [f"{QUAY}__dissolve"], ["A01"], mix=True
    ),
    "dissolve into the next act": Row(
        f"transitions: [{{before: {IVO}, dissolve: 4}}]\n", [IVO], [f"{WINDOW}__dissolve"], BOTH, mix=True
    ),
    "dip": Row(f"transitions: [{{after: {QUAY}, dip: 4}}]\n", [MARA], [f"{QUAY}__dip"], ["A01"]),
    "fade_in": Row(f"transitions: [{{before: {QUAY}, fade_in: 3}}]\n", [QUAY], [f"{QUAY}__fade_in"], ["A01"]),
    "fade_out": Row(f"transitions: [{{after: {DREAM}, fade_out: 3}}]\n", [], [f"{DREAM}__fade_out"], ["A02"]),
    "card": Row(f"titles: [{{before: {MARA}, text: Later, frames: 8}}]\n", [], [f"{MARA}__title"], ["A01"], mix=True),
    "words over a clip": Row(
        f"titles: [{{over: {MARA}, text: Mara, from: 2, frames: 4}}]\n", [MARA], [f"{MARA}__title"], ["A01"]
    ),
    "end_card": Row("end_card: {text: The end, frames: 8}\n", [], ["end_card"], ["A02"], mix=True),
    "end_roll": Row("end_roll: {file: story/roll.txt, frames: 40}\n", [], ["end_roll"], ["A02"], mix=True),
    "level": Row("sound: {level: 'off'}\n", [], [], BOTH, mix=True),
    "room_tone": Row("sound: {room_tone: 'off'}\n", [], [], BOTH, mix=True),
    "loudness": Row("sound: {loudness: -20}\n", [], [], BOTH, mix=True),
    "peak": Row("sound: {peak: -2}\n", [], [], BOTH, mix=True),
    "music": Row(f"music: [{{file: inputs/audio/hum.wav, from: {IVO}}}]\n", [], [], ["A02"], mix=True),
    "effects": Row(f"effects: [{{file: inputs/audio/hum.wav, from: {MARA}}}]\n", [], [], ["A01"], mix=True),
    "poster": Row(f"poster: {{clip: {MARA}, frame: 3}}\n", poster=True),
}


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlannedFilm]:
    """A finished film, built once: nothing here makes anything."""
    film = write_film(tmp_path_factory.mktemp("cut"))
    film.write("story/roll.txt", "Ada\nIvo\n")
    sound = BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(b"\1\0" * 24_000)
    film.write("inputs/audio/hum.wav", sound.getvalue())
    film.build()
    yield PlannedFilm(film.root, before=texts(film))
    shutil.rmtree(film.root)


@pytest.mark.parametrize("row", ROWS)
def test_an_edit_renders_nothing_and_makes_what_it_names(cut: PlannedFilm, row: str) -> None:
    wanted = ROWS[row]
    path = cut.write(EDIT, wanted.edit)
    jobs = cut.dry_run()
    path.unlink()
    assert jobs.takes == []
    assert Row(wanted.edit, jobs.clips, jobs.drawn, jobs.acts, jobs.mix, jobs.poster) == wanted
    assert jobs.final


def test_what_makes_nothing(cut: PlannedFilm) -> None:
    """A crop is of narrow deliveries alone; a written default, a comment and an empty edit are none."""
    path = cut.folder / EDIT
    for text in (of(QUAY, "crop: 0.2"), of(QUAY, "out: 8"), "# nothing yet\n", f"clips: {{{QUAY}: {{}}}}\n"):
        cut.write(EDIT, text)
        assert cut.dry_run().nothing, text
    path.unlink()


def test_an_edit_undone_finds_everything_made(cut: PlannedFilm) -> None:
    assert cut.dry_run().nothing


def test_metadata_of_the_cut(cut: PlannedFilm) -> None:
    text = cut.read("metadata.yaml")
    cut.write("metadata.yaml", text + "language: en\n")
    jobs = cut.dry_run()
    assert (jobs.takes, jobs.clips, jobs.drawn, jobs.acts, jobs.mix, jobs.final) == ([], [], [], [], False, True)
    cut.write("metadata.yaml", text + "disclosure: Made with AI\n")
    jobs = cut.dry_run()
    cut.write("metadata.yaml", text)
    assert (jobs.takes, jobs.clips, jobs.drawn, jobs.acts) == ([], [], ["disclosure"], ["A02"])
    assert (jobs.mix, jobs.poster, jobs.final) == (True, True, True)


def test_plan_says_what_the_edit_does(cut: PlannedFilm) -> None:
    path = cut.write(EDIT, f"transitions: [{{after: {QUAY}, dissolve: 4}}]\nclips: {{{DREAM}: {{leave_out: true}}}}\n")
    text = cut.dry_run().text
    path.unlink()
    assert "  cut: 1 clip left out, 3 frames shorter by dissolves without handles, 1 frame shorter" in text
    assert "  cut: 1 piece to draw (0.5 s), the film's sound to mix" in text


def test_the_font_of_titles_counts_by_its_content(cut: PlannedFilm) -> None:
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    cut.write("inputs/film.ttf", font.font_bytes)
    path = cut.write(EDIT, f"font: inputs/film.ttf\ntitles: [{{over: {IVO}, text: Ivo, frames: 8}}]\n")
    assert cut.dry_run().drawn == [f"{IVO}__title"]
    path.unlink()
    (cut.folder / "inputs/film.ttf").unlink()


def test_a_shot_that_is_not_listed_is_left_out_and_reported(cut: PlannedFilm) -> None:
    listed = [QUAY, WHEELHOUSE, WINDOW, IVO, DREAM, "A02_S01_SH009"]
    shots = "".join(f"- {{clip_id: {clip_id}}}\n" for clip_id in listed).replace(f"{QUAY}}}", f"{QUAY}, seconds: 2}}")
    path = cut.write("story/04_shotlist.yaml", f"shots:\n{shots}")
    jobs = cut.dry_run()
    path.unlink()
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.mix, jobs.final) == ([], [], ["A01"], True, True)
    name = "projects/harbour/story/04_shotlist.yaml"
    assert f"{name}: 1 spec is not in it and so not in the film: {MARA}. Add it to the list to show it" in jobs.text
    assert f"{name}: 1 of its shots has no spec and is not in the film: A02_S01_SH009" in jobs.text
    assert f"{name}:2: shots.0.seconds: 2, but the spec of {QUAY} says 1, which counts" in jobs.text


def test_a_left_out_clip_is_not_rendered_unless_another_continues_from_it(cut: PlannedFilm) -> None:
    path = cut.write(EDIT, f"clips: {{{MARA}: {{leave_out: true}}, {WHEELHOUSE}: {{leave_out: true}}}}\n")
    for stem in list(CLIPS)[1:3]:
        cut.edit_clip(stem, "seed: 7", "seed: 8")
    jobs = cut.dry_run()
    for stem in list(CLIPS)[1:3]:
        cut.edit_clip(stem, "seed: 8", "seed: 7")
    path.unlink()
    assert jobs.takes == [WHEELHOUSE, WINDOW]
    assert jobs.clips == [WINDOW]


def test_a_transition_that_does_not_fit_ends_the_dry_run_with_its_line(cut: PlannedFilm) -> None:
    path = cut.write(EDIT, f"transitions:\n- {{after: {QUAY}, dissolve: 40}}\n")
    done = cut.snakemake("final", "--dry-run")
    path.unlink()
    assert done.returncode != 0
    assert "projects/harbour/story/05_edit.yaml:2: transitions.0.dissolve: 40 frames: at most" in done.stdout
    assert "Traceback" not in done.stdout
