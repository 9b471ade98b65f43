"""The mix as part of a build: made from takes, remade by an edit of the sound, whole whatever happens."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from kit.build import building, films, identities, left_over
from kit.command import vtx, vtx_json
from kit.film import Film
from kit.sounds import decoded, noise, rms, sound_file
from vtx_app.media.codec import samples_for
from vtx_app.media.flac_stamp import read_sound_stamp
from vtx_app.plan.planner import plan_film

MIX, REPORT, FINAL = "renders/sound/harbour.flac", "renders/sound/harbour.sound.json", "renders/final/harbour.mp4"
FRAMES = 2 * 2 * 24


def cut_as(film: Film, text: str) -> None:
    (film.folder / "story").mkdir(exist_ok=True)
    (film.folder / "story/05_edit.yaml").write_text(f"version: 1\n{text}")


def sound_of(path: Path) -> np.ndarray:
    return decoded(path)


def test_the_film_is_heard_at_its_loudness_and_says_what_was_measured(finished: Film) -> None:
    report = json.loads((finished.folder / REPORT).read_text())
    assert report["after"]["loudness"] == pytest.approx(-16, abs=0.5)
    assert report["after"]["true_peak"] <= -1
    assert [clip["clip_id"] for clip in report["clips"]] == ["A02_S01_SH001", "A02_S01_SH002"]
    mix, film = sound_of(finished.folder / MIX), sound_of(finished.folder / FINAL)
    assert len(mix) == len(film) == samples_for(FRAMES, Fraction(24))
    assert rms(mix - film) < rms(mix) / 8  # AAC


def test_an_act_has_the_sound_of_its_own_stretch(finished: Film) -> None:
    act = sound_of(finished.folder / "renders/acts/A02.mp4")
    assert len(act) == samples_for(FRAMES, Fraction(24))
    assert rms(act - sound_of(finished.folder / MIX)) < rms(act) / 8  # the film's only act


def test_a_take_that_is_gone_is_rendered_for_its_sound_alone(made: Film) -> None:
    """Its clip is current, so nothing but the act's sound needs it."""
    (take,) = (made.folder / "renders/takes/A02_S01_SH002").glob("*.mp4")
    take.unlink()
    (made.folder / "renders/acts/A02.mp4").unlink()
    jobs = made.dry_run("acts")
    assert (jobs.takes, jobs.clips, jobs.acts) == (["A02_S01_SH002"], [], ["A02"])


def test_a_gain_renders_no_take_and_mixes_anew(made: Film) -> None:
    takes, stamp = identities(made), read_sound_stamp(made.folder / MIX)
    clips = {name: data for name, data in films(made).items() if "/clips/" in name}
    cut_as(made, "clips:\n  A02_S01_SH001: {gain_db: -12}\n")
    jobs = made.dry_run()
    assert (jobs.takes, jobs.clips, jobs.final) == ([], [], True)
    made.build()
    assert identities(made) == takes
    assert clips.items() <= films(made).items()
    assert read_sound_stamp(made.folder / MIX) != stamp
    assert made.dry_run().nothing
    cut_as(made, "")
    made.build()
    assert read_sound_stamp(made.folder / MIX) == stamp


def test_music_is_laid_and_steps_back(made: Film) -> None:
    (made.folder / "inputs/audio").mkdir(parents=True)
    sound_file(made.folder / "inputs/audio/theme.flac", noise(5, 0.02))
    cut_as(made, "music:\n  - {file: inputs/audio/theme.flac, to: A02_S01_SH002, duck: {by_db: 18}}\n")
    made.build()
    measured = json.loads((made.folder / REPORT).read_text())
    assert measured["after"]["loudness"] == pytest.approx(-16, abs=0.5)
    assert len(sound_of(made.folder / MIX)) == samples_for(FRAMES, Fraction(24))


def test_music_that_is_too_short_is_told_by_the_dry_run(made: Film) -> None:
    (made.folder / "inputs/audio").mkdir(parents=True)
    sound_file(made.folder / "inputs/audio/theme.flac", noise(1, 0.02))
    cut_as(made, "music:\n  - file: inputs/audio/theme.flac\n    to: A02_S01_SH002\n")
    done = made.snakemake("-n", "final")
    assert done.returncode == 1
    assert "projects/harbour/story/05_edit.yaml:4: music.0.to: 96 frames" in done.stdout
    assert "lasts 24 frames" in done.stdout
    assert "Traceback" not in done.stdout


def test_no_room_for_the_mix_leaves_the_one_that_was_there(made: Film) -> None:
    before = (made.folder / MIX).read_bytes()
    cut_as(made, "sound: {loudness: -20}\n")
    limit = len(before) // 2
    with building(
        made,
        f"projects/harbour/{MIX}",
        file_size=limit,
    ) as build:
        assert build.end() == 1
    assert "harbour.flac can't be written to projects/harbour/renders/sound: File too large. Raise" in build.said
    assert "Traceback" not in build.said
    assert left_over(made) == []
    assert (made.folder / MIX).read_bytes() == before
    made.build()
    assert (made.folder / MIX).read_bytes() != before


def test_a_killed_mix_leaves_the_one_that_was_there(made: Film, finished: Film) -> None:
    before = (made.folder / MIX).read_bytes()
    cut_as(made, "sound: {loudness: -20}\n")
    with building(made, "final") as build:
        assert build.kill_jobs("vtx_app.jobs.mix"), build.said
        assert build.end() != 0
    assert (made.folder / MIX).read_bytes() == before
    cut_as(made, "")
    made.build()
    assert (made.folder / MIX).read_bytes() == (finished.folder / MIX).read_bytes()
    assert left_over(made) == []


def test_a_mix_that_was_cut_short_or_lost_its_report_is_made_again(made: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(made.root)
    whole, report = (made.folder / MIX).read_bytes(), (made.folder / REPORT).read_bytes()

    def current() -> bool:
        mix = plan_film("harbour", "final").mix
        assert mix is not None
        return mix.is_current()

    assert current()
    (made.folder / REPORT).unlink()
    assert not current()
    (made.folder / REPORT).write_bytes(report)
    (made.folder / MIX).write_bytes(whole[: len(whole) // 2])
    assert not current()
    made.build(f"projects/harbour/{MIX}")
    assert (made.folder / MIX).read_bytes() == whole


def test_the_mix_is_one_flac_stream_that_other_programs_can_open(finished: Film) -> None:
    with av.open(str(finished.folder / MIX)) as container:
        (stream,) = container.streams
        assert (stream.codec_context.name, stream.duration) == ("flac", samples_for(FRAMES, Fraction(24)))


def test_a_damaged_take_is_named(made: Film) -> None:
    (take,) = (made.folder / "renders/takes/A02_S01_SH001").glob("*.mp4")
    take.write_bytes(take.read_bytes()[: take.stat().st_size * 2 // 3])
    cut_as(made, "sound: {loudness: -20}\n")
    before = (made.folder / MIX).read_bytes()
    done = made.snakemake(f"projects/harbour/{MIX}")
    assert done.returncode == 1
    assert f"A02_S01_SH001: the take is damaged: {take.relative_to(made.root)}" in done.stdout
    assert "Traceback" not in done.stdout
    assert (made.folder / MIX).read_bytes() == before


def test_plan_shows_what_was_measured(made: Film) -> None:
    said = vtx(made, "plan", "harbour", "--all")
    assert "sound: A02_S01_SH001  -" in said
    assert "mixed to -16." in said
    data = vtx_json(made, "plan", "harbour")
    manifest = json.loads((made.folder / "renders/final/harbour.manifest.json").read_text())
    assert data["sound"] == manifest["sound"]
    cut_as(made, "sound: {loudness: -20}\n")
    assert "mixed to" not in vtx(made, "plan", "harbour")
