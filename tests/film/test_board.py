"""The board of a real film, built by Snakemake and read by another program."""

from __future__ import annotations

import yaml
from PIL import Image
from pypdf import PdfReader

from kit.film import CLIPS, IDS, Film

PDF, SHEET = "renders/board/harbour.pdf", "renders/board/contact_sheet.jpg"
BOARD = "Lay out the board of harbour"


def pages(film: Film) -> list[str]:
    return [page.extract_text() for page in PdfReader(film.folder / PDF).pages]


def test_an_edit_of_words_lays_it_out_again_and_renders_no_take(film: Film) -> None:
    jobs = film.dry_run("board")
    assert jobs.takes == IDS
    assert BOARD in jobs.text
    film.build("board")
    (text,) = pages(film)
    beats = [yaml.safe_load(CLIPS[stem])["story_beats"][0] for stem in sorted(CLIPS)]
    places = [text.index(beat) for beat in beats]
    assert places == sorted(places)
    assert "MARA   Nobody today." in text
    assert "INT. QUAY" in text
    assert "1 / 1" in text
    with Image.open(film.folder / SHEET) as sheet:
        assert sheet.format == "JPEG"
    assert film.dry_run("board").nothing
    assert not (film.folder / "renders/clips").exists()

    takes = film.takes()
    film.edit_clip("A01_S01_SH002__mara", "story_beats:\n- Mara ties", "story_beats:\n- On the quay Mara ties")
    jobs = film.dry_run("board")
    assert (jobs.takes, jobs.clips) == ([], [])
    assert BOARD in jobs.text
    film.build("board")
    assert "On the quay Mara ties the ferry up" in pages(film)[0]
    assert film.takes() == takes

    (film.folder / SHEET).unlink()
    film.build("board")
    assert (film.folder / SHEET).exists()


def test_panels_follow_the_cut(film: Film) -> None:
    order = [IDS[2], IDS[0], IDS[1]]
    film.write("story/04_shotlist.yaml", yaml.safe_dump({"version": 1, "shots": [{"clip_id": each} for each in order]}))
    film.write("story/05_edit.yaml", f"clips: {{{IDS[0]}: {{leave_out: true}}}}\n")
    film.build("board")
    (text,) = pages(film)
    assert text.index(IDS[2]) < text.index(IDS[1])
    assert IDS[0] not in text
    assert IDS[4] not in text
    assert "2 panels" in text
