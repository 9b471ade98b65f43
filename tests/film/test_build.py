"""A whole film, built by the real Snakemake, and every file of it read back."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from fractions import Fraction
from itertools import accumulate, pairwise
from pathlib import Path

import av

from kit.film import CLIPS, IDS, Film, spec, write_film
from kit.movie import sound_samples
from vtx_app.media.mp4 import read_stamp, top_boxes
from vtx_app.media.reader import probe

FINAL = "projects/harbour/renders/final/harbour.mp4"
FRAMES = {stem: 7 if stem == "A01_S02_SH002__the_window" else 8 for stem in CLIPS}
"""Of each clip: the window continues the wheelhouse, and does not show its last frame again."""


def authored(film: Film) -> dict[str, str]:
    """Every file a person wrote, by its bytes."""
    return {
        path.relative_to(film.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in film.folder.rglob("*")
        if path.is_file() and not {"renders", "logs"} & set(path.relative_to(film.folder).parts)
    }


def test_the_final_is_the_clips_in_order(built: Film) -> None:
    final = probe(built.root / FINAL)
    assert (final.width, final.height, final.rate, final.frames) == (128, 96, Fraction(8), 47)
    assert sound_samples(built.root / FINAL) == 47 * 6_000
    with av.open(str(built.root / FINAL)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 47
        assert container.metadata["title"] == "Harbour"
        assert container.metadata["creation_time"].startswith("2026-01-01T00:00:00")  # SOURCE_DATE_EPOCH of the kit
        titles = [(chapter["metadata"]["title"], chapter["start"]) for chapter in container.chapters()]
    assert titles == [("Act 1, scene 1: The quay", 0), ("Act 1, scene 2", 96_000), ("Act 2, scene 1", 186_000)]
    order = [kind for kind, *_ in top_boxes(built.root / FINAL)]
    assert order.index("moov") < order.index("mdat")


def test_acts_hold_their_clips(built: Film) -> None:
    assert probe(built.folder / "renders/acts/A01.mp4").frames == 31
    assert probe(built.folder / "renders/acts/A02.mp4").frames == 16


def test_every_clip_is_exactly_the_delivery(built: Film) -> None:
    for stem in CLIPS:
        clip = probe(built.folder / f"renders/clips/{stem}.mp4")
        assert (clip.width, clip.height, clip.frames) == (128, 96, FRAMES[stem])
        assert sound_samples(built.folder / f"renders/clips/{stem}.mp4") == 6_000 * FRAMES[stem]
        record = json.loads(built.read(f"renders/clips/{stem}.render.json"))
        assert (built.folder / record["take"]).exists()
        assert record["stamp"] == read_stamp(built.folder / f"renders/clips/{stem}.mp4")


def test_takes_have_the_legal_canvas_and_a_record_without_paths_or_secrets(built: Film) -> None:
    for clip_id, digests in built.takes().items():
        for digest in digests:
            take = probe(built.folder / f"renders/takes/{clip_id}/{digest}.mp4")
            assert (take.width, take.height, take.frames) == (128, 96, 9)
            text = built.read(f"renders/takes/{clip_id}/{digest}.json")
            assert json.loads(text)["digest"] == digest
            assert str(built.root) not in text
            assert str(Path.home()) not in text


def test_the_manifest_lists_every_clip_with_its_place_and_bytes(built: Film) -> None:
    manifest = json.loads(built.read("renders/final/harbour.manifest.json"))
    assert [clip["clip_id"] for clip in manifest["clips"]] == IDS
    ends = list(accumulate(FRAMES.values()))
    assert [(clip["in_frame"], clip["out_frame"]) for clip in manifest["clips"]] == list(pairwise([0, *ends]))
    for clip in manifest["clips"]:
        data = (built.folder / clip["file"]).read_bytes()
        assert clip["sha256"] == hashlib.sha256(data).hexdigest()
        assert clip["digest"] in built.takes()[clip["clip_id"]]


def test_a_build_changes_no_byte_that_a_person_wrote(film: Film) -> None:
    before = authored(film)
    film.build()
    assert authored(film) == before


def test_two_builds_of_the_same_text_are_the_same_bytes(built: Film, tmp_path: Path) -> None:
    again = write_film(tmp_path / "again")
    again.build()
    assert (again.root / FINAL).read_bytes() == (built.root / FINAL).read_bytes()


def test_a_chained_clip_starts_where_its_parent_ends_in_the_film(built: Film) -> None:
    """The first frame of a clip that continues is the last frame that the parent's clip shows."""
    manifest = json.loads(built.read("renders/final/harbour.manifest.json"))
    digests = {clip["clip_id"]: clip["digest"] for clip in manifest["clips"]}

    def frames(clip_id: str) -> list[av.VideoFrame]:
        with av.open(str(built.folder / f"renders/takes/{clip_id}/{digests[clip_id]}.mp4")) as container:
            return list(container.decode(video=0))

    last = frames("A01_S02_SH001")[7].to_ndarray(format="gray").astype(int)
    first = frames("A01_S02_SH002")[0].to_ndarray(format="gray").astype(int)
    assert abs(last - first).mean() < 12


def test_without_acts_the_clips_are_cut_straight_to_the_same_film(built: Film) -> None:
    before = (built.root / FINAL).read_bytes()
    shutil.rmtree(built.folder / "renders/acts")
    built.edit("metadata.yaml", "acts_enabled: true", "acts_enabled: false")
    assert built.dry_run().nothing  # the cut is the same clips in the same order
    (built.root / FINAL).unlink()
    jobs = built.dry_run()
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == ([], [], [], True)
    built.build()
    assert not (built.folder / "renders/acts").exists()
    assert (built.root / FINAL).read_bytes() == before
    refused = built.snakemake("acts", "--dry-run")
    assert refused.returncode != 0
    assert "is cut without acts" in refused.stdout


# -- choosing what to build ------------------------------------------------------------------------


def test_the_film_is_chosen_by_config_then_variable_then_file(film: Film) -> None:
    other = write_film(film.root, "island")
    other.write("config-is-not-here.txt", "")
    assert "harbour: 6 clips" in film.dry_run().text
    assert "island: 6 clips" in film.dry_run(env={"VTX_PROJECT": "island"}).text
    chosen = film.dry_run(env={"VTX_PROJECT": "island"}, words=("--config", "project=harbour"))
    assert "harbour: 6 clips" in chosen.text


def test_every_file_is_a_target_and_films_not_asked_for_are_not_read(film: Film) -> None:
    broken = write_film(film.root, "island")
    broken.write("prompts/characters.yaml", "characters: [")
    clip = "projects/harbour/renders/clips/A01_S01_SH001__empty_quay.mp4"
    jobs = film.dry_run(clip)
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == (["A01_S01_SH001"], ["A01_S01_SH001"], [], False)
    jobs = film.dry_run("projects/harbour/renders/acts/A02.mp4")
    assert (jobs.acts, jobs.final) == (["A02"], False)


def test_two_films_in_one_run(film: Film) -> None:
    write_film(film.root, "island")
    island = "projects/island/renders/clips/A01_S01_SH001__empty_quay.mp4"
    harbour = "projects/harbour/renders/clips/A01_S01_SH001__empty_quay.mp4"
    film.build(island, harbour)
    assert (film.root / island).read_bytes() == (film.root / harbour).read_bytes()


def test_what_jobs_used_is_in_their_logs_and_makes_nothing_stale(built: Film) -> None:
    logs = built.folder / "logs"
    takes = [f"takes/{clip}.{digest}" for clip, digests in built.takes().items() for digest in digests]
    for job in (*takes, *(f"clips/{stem}" for stem in CLIPS), "sound/harbour", "final/harbour"):
        last = (logs / f"{job}.log").read_text(encoding="utf-8").splitlines()[-1]
        used = re.fullmatch(r"done in [\d.]+ s, ([\d.]+) s of processor time, at most (\d+) MB", last)
        assert used is not None, last
        assert float(used[1]) < 60
        assert 10 < int(used[2]) < 2_000
    shutil.rmtree(logs)
    assert built.dry_run().nothing


def test_an_existing_take_as_target_has_nothing_to_do(built: Film) -> None:
    digest = next(iter(built.takes()["A01_S01_SH001"]))
    take = f"projects/harbour/renders/takes/A01_S01_SH001/{digest}.mp4"
    assert built.dry_run(take).nothing
    before = (built.root / take).stat().st_ino, (built.root / take).read_bytes()
    assert built.snakemake(take, "--force").returncode == 0
    assert ((built.root / take).stat().st_ino, (built.root / take).read_bytes()) == before


def test_a_take_that_no_spec_asks_for_is_told(film: Film) -> None:
    refused = film.snakemake(f"projects/harbour/renders/takes/A01_S01_SH001/{'0' * 64}.mp4", "--dry-run")
    assert refused.returncode != 0
    assert "no clip requests the take 000000000000… of A01_S01_SH001" in refused.stdout
    assert "Traceback" not in refused.stdout


def test_the_storyboard_of_a_film_that_is_rendered_by_ltx(film: Film) -> None:
    """No model, no variable: the animatic is built, under its own folder, and the final says what it lacks."""
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    film.build("animatic")
    assert probe(film.folder / "renders/animatic/final/harbour.mp4").frames == 47
    assert not (film.folder / "renders/final").exists()
    refused = film.snakemake("final")
    assert refused.returncode != 0
    assert "LTX_CHECKPOINT_PATH is not set" in refused.stdout
    assert "snakemake animatic" in refused.stdout
    assert "Traceback" not in refused.stdout


def test_the_storyboard_of_an_animatic_film_shares_its_takes(built: Film) -> None:
    jobs = built.dry_run("animatic")
    assert jobs.takes == []
    assert jobs.clips == IDS


def test_a_films_rate_of_23_976_is_exact(film: Film) -> None:
    film.edit("metadata.yaml", "fps: 8", "fps: 23.976")
    clip = "renders/clips/A01_S01_SH001__empty_quay.mp4"
    film.build(f"projects/harbour/{clip}")
    found = probe(film.folder / clip)
    assert (found.rate, found.frames) == (Fraction(24000, 1001), 24)
    assert sound_samples(film.folder / clip) == 48_048


def test_a_small_picture_stands_on_black_in_the_films_frame(film: Film) -> None:
    film.edit("prompts/clips/A02_S01_SH002__dream.yaml", "seed: 7", "seed: 7\n  height: 64")
    clip = "renders/clips/A02_S01_SH002__dream.mp4"
    film.build(f"projects/harbour/{clip}")
    with av.open(str(film.folder / clip)) as container:
        luma = next(container.decode(video=0)).to_ndarray(format="yuv420p")[:96]
    assert luma.shape == (96, 128)
    assert luma[82:].max() <= 20  # below the picture: black at video level 16
    assert luma[30:66].mean() > 25


# -- words -----------------------------------------------------------------------------------------

HOSTILE = {
    "quotes": "She said \"no\", 'never'; {braces} %s {0} $HOME `id`",
    "newlines": "One.\nTwo.\n\n\tThree.",
    "shell": "$(touch pwned) ; touch pwned && echo | cat > pwned #",
    "emoji": "A gull 🐦 over the quay 👩‍👩‍👧",
    "right to left": "הוא אמר שלום ו-مرحبا بالعالم",
    "dash": "--digest -rf --project=../..",
}


def test_hostile_words_are_only_words(film: Film) -> None:
    """Built for real: prompts, titles and dialogue never reach a shell, a format string or a path."""
    for index, words in enumerate(HOSTILE.values()):
        clip_id = f"A03_S01_SH{index + 1:03d}"
        text = spec(
            clip_id,
            words[:150],
            words,
            prompt={"dialogue": [{"character": "mara", "line": words}]},
            story_beats=[words],
        )
        film.write(f"prompts/clips/{clip_id}__words.yaml", text)
    film.write("prompts/clips/A03_S01_SH099__long.yaml", spec("A03_S01_SH099", "Long", "sea " * 12_500))
    film.edit("metadata.yaml", 'title: "Harbour"', 'title: "$(touch pwned) ‮ {0} \\"Harbour\\""')
    text = film.build("projects/harbour/renders/acts/A03.mp4")
    assert not list(film.root.rglob("pwned"))
    assert probe(film.folder / "renders/acts/A03.mp4").frames == 8 * (len(HOSTILE) + 1)
    assert "Traceback" not in text


def test_progress_says_which_clip_and_how_much_is_left(film: Film) -> None:
    text = film.build("final", "animatic")  # both want the same takes, which are told once
    lines = re.findall(r"^take (\d+) of 6: (\w+) \(1\.00 s of film in [\d.]+ s\), (.+)$", text, re.MULTILINE)
    assert [int(number) for number, _, _ in lines] == [1, 2, 3, 4, 5, 6]
    assert sorted(clip_id for _, clip_id, _ in lines) == IDS
    assert lines[-1][2] == "all takes are rendered"
    assert all(re.fullmatch(r"about \d+:\d\d left", left) for _, _, left in lines[:-1])
