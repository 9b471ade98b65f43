"""Titles, poster, disclosure and signature of a real film, built by Snakemake, decoded again and read by others."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from kit.exiftool import exiftool
from kit.film import IDS, Film
from vtx_app.media.jpeg_stamp import read_jpeg_stamp

EDIT = f"""\
titles:
  - {{before: {IDS[0]}, text: Nobody Today, frames: 6, size: 12}}
  - {{over: {IDS[1]}, from: 2, text: The quay, frames: 4, place: lower, size: 10}}
end_card: {{text: The End, frames: 4, colour: "#101010", background: "#f0f0f0", size: 12}}
end_roll: {{file: story/roll.txt, frames: 10, size: 8}}
"""
DISCLOSURE = "Made with AI"
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
FINAL = "renders/final/harbour.mp4"
POSTER = "renders/final/harbour.poster.jpg"


def luma(path: Path) -> NDArray[np.uint8]:
    """The whole film's luma, (frames, height, width)."""
    with av.open(str(path)) as container:
        return np.array([frame.to_ndarray()[: frame.height] for frame in container.decode(video=0)])


@pytest.fixture
def titled(built: Film) -> Film:
    """The finished film with every kind of title, and a disclosure; not yet built again."""
    built.write("story/05_edit.yaml", EDIT)
    built.write("story/roll.txt", "CAST\n\nMara\tAnna 年\n")
    built.edit("metadata.yaml", "renderer: animatic", f"renderer: animatic\ndisclosure: {DISCLOSURE}")
    return built


def test_titles_are_in_the_film_and_cost_no_take(titled: Film) -> None:
    before = luma(titled.folder / FINAL)
    jobs = titled.dry_run()
    assert (jobs.takes, jobs.clips) == ([], [IDS[1]])  # a keyframe where its own frames go on after the words
    lacks = "the font of the titles has no 年, so they are drawn as boxes"
    assert f"projects/harbour/story/roll.txt: {lacks}" in jobs.text
    assert lacks in titled.build()
    after = luma(titled.folder / FINAL)
    clips = len(before)
    disclosed = len(after) - clips - 6 - 4 - 10
    assert disclosed == 24  # three seconds
    card, shots = after[:6], after[6 : 6 + clips]
    assert card[:, :30].max() < 24  # black, but for the words in the middle
    assert card[:, 36:60].max(axis=(1, 2)).min() > 180
    assert np.median(np.abs(shots.astype(int) - before), axis=(1, 2)).max() <= 2
    words = shots[8 + 2 : 8 + 6, 80:92].astype(int)
    assert words.max(axis=(1, 2)).min() > 200
    assert (words.max() - before[8 + 2 : 8 + 6, 80:92].max(axis=(1, 2))).min() > 0
    end = after[6 + clips : 6 + clips + 4]
    assert np.median(end) > 210
    assert end.min() < 60
    roll = after[10 + clips : 20 + clips]
    rows = [np.nonzero(frame.max(1) > 100)[0] for frame in roll]
    tops = [int(each.min()) for each in rows if len(each)]
    rising = tops[: tops.index(0) + 1]  # until its first line leaves
    assert len(rising) >= 6
    assert (np.diff(rising[:-1]) < -9).all()
    assert np.ptp(np.diff(rising[:-1])) <= 1  # by the same step each time
    assert after[-12].max() > 100  # the disclosure, in the middle of its card
    assert titled.dry_run().nothing

    # Another title draws its own frames, and joins its act and the film again.
    files = {path.name: path.read_bytes() for path in (titled.folder / "renders").rglob("*.mp4")}
    titled.edit("story/05_edit.yaml", "Nobody Today", "Somebody Came")
    jobs = titled.dry_run()
    assert (jobs.takes, jobs.clips, jobs.final) == ([], [], True)
    titled.build()
    changed = {
        path.name
        for path in (titled.folder / "renders").rglob("*.mp4")
        if path.read_bytes() != files.get(path.name, b"")
    }
    assert changed == {f"{IDS[0]}__title.mp4", "A01.mp4", "harbour.mp4"}


def test_words_that_do_not_fit_stop_the_dry_run_by_line(titled: Film) -> None:
    titled.edit(
        "story/05_edit.yaml", "The quay, frames: 4, place: lower, size: 10", "Lighthousekeepers, frames: 4, size: 30"
    )
    done = titled.snakemake("--dry-run", "final")
    assert done.returncode != 0
    assert "projects/harbour/story/05_edit.yaml:3: titles.1.text: the words don't fit" in done.stdout
    assert "the largest size that fits is" in done.stdout
    assert "Traceback" not in done.stdout


def test_the_poster_and_what_the_files_say_about_themselves(titled: Film) -> None:
    shots = "".join(
        f"  - {{clip_id: {clip_id}, size: {size}}}\n" for clip_id, size in zip(IDS, ["close", "wide"] * 3, strict=True)
    )
    titled.write("story/04_shotlist.yaml", f"shots:\n{shots}")
    titled.build()
    poster = titled.folder / POSTER
    assert read_jpeg_stamp(poster)
    with Image.open(poster) as picture:
        assert (picture.format, picture.size) == ("JPEG", (128, 96))
        shown = np.asarray(picture.convert("L"), float)
    (record,) = (titled.folder / "renders/clips").glob(f"{IDS[1]}__*.render.json")
    take = luma(titled.folder / json.loads(record.read_text())["take"])[4].astype(float)
    take = take[: shown.shape[0], : shown.shape[1]]
    assert np.corrcoef(shown.ravel(), take.ravel())[0, 1] > 0.99  # the take's own frame, without the slate
    for path in (poster, titled.folder / FINAL):
        found = exiftool(path)
        assert found["XMP-iptcExt:DigitalSourceType"] == TRAINED
        assert found["XMP-dc:Description"] == DISCLOSURE
        assert found["XMP-dc:Title"] == "Harbour"
    with av.open(str(titled.folder / FINAL)) as film:
        pictures = [stream for stream in film.streams.video if stream.disposition & av.stream.Disposition.attached_pic]
        (packet, *_) = film.demux(pictures)
    assert bytes(packet) == poster.read_bytes()

    other = f"poster: {{clip: {IDS[4]}, frame: 7}}\n"
    titled.write("story/05_edit.yaml", EDIT + other)
    jobs = titled.dry_run()
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == ([], [], [], True)
    before = poster.read_bytes()
    titled.build()
    assert poster.read_bytes() != before
    assert titled.dry_run().nothing
    poster.unlink()
    assert not titled.dry_run().text.count("rule take")
    titled.build(POSTER_TARGET)
    assert poster.exists()


POSTER_TARGET = f"projects/harbour/{POSTER}"


def test_a_film_without_a_disclosure_says_nothing_of_ai(built: Film) -> None:
    found = exiftool(built.folder / FINAL)
    assert found["XMP-dc:Title"] == "Harbour"
    assert "XMP-iptcExt:DigitalSourceType" not in found


def test_a_signed_film_verifies_and_is_not_made_again(built: Film, tmp_path: Path) -> None:
    pytest.importorskip("c2pa", reason="c2pa-python is not installed here: pip install '.[sign]'")
    from kit.certificates import issue
    from vtx_app.media.credentials import read_credentials

    own = issue(tmp_path / "own", "Harbour Films")
    before = luma(built.folder / FINAL)
    built.edit("metadata.yaml", "renderer: animatic", "renderer: animatic\nsign: true")
    refused = built.snakemake("final", "--cores", "2")
    assert refused.returncode != 0
    assert "VTX_SIGN_CERTIFICATE is not set" in refused.stdout
    assert "Traceback" not in refused.stdout
    env = {"VTX_SIGN_CERTIFICATE": str(own.certificate), "VTX_SIGN_KEY": str(own.key)}
    youtube = "renders/deliveries/harbour.youtube.mp4"
    built.build("final", f"projects/harbour/{youtube}", env=env)
    for name in (youtube, FINAL):
        found = read_credentials(built.folder / name)
        assert found["state"] == "Valid"
    assert found["faults"] == ["signingCredential.untrusted"]
    assert (found["title"], found["issuer"]) == ("Harbour", "Harbour Films")
    assert found["source_type"] == TRAINED.replace("trainedAlgorithmicMedia", "algorithmicMedia")  # a storyboard
    assert built.dry_run().nothing  # also where nobody can sign
    assert np.array_equal(luma(built.folder / FINAL), before)
    logged = "".join(path.read_text() for path in (built.folder / "logs").rglob("*.log"))
    assert "PRIVATE KEY" not in logged
